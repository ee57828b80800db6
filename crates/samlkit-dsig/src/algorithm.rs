//! The algorithms of the profile, one table each: what a URI names, which kinds of keys there are, and
//! what the policies say to both. Identifiers: RFC 9231, XML Signature 1.1 (6.2, 6.4), XML Encryption
//! 1.1 (5.2, 5.5, 5.8). Nothing is computed here, so every other file may use it.

use std::fmt;

use crate::namespace::{ENCRYPTION, ENCRYPTION_11};

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Digest {
    /// SHA-1, which only a policy that names it accepts.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A way to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Digest),
    /// RSASSA-PSS, with MGF1 over the same hash and a salt as long as its value.
    RsaPss(Digest),
    /// ECDSA over P-256, P-384 or P-521.
    Ecdsa(Digest),
}

const DIGESTS: [(&str, Digest); 4] = [
    ("http://www.w3.org/2000/09/xmldsig#sha1", Digest::Sha1),
    ("http://www.w3.org/2001/04/xmlenc#sha256", Digest::Sha256),
    ("http://www.w3.org/2001/04/xmldsig-more#sha384", Digest::Sha384),
    ("http://www.w3.org/2001/04/xmlenc#sha512", Digest::Sha512),
];

const SIGNATURES: [(&str, SignatureAlgorithm); 12] = {
    use SignatureAlgorithm::{Ecdsa, RsaPkcs1, RsaPss};
    [
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", RsaPkcs1(Digest::Sha256)),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", RsaPkcs1(Digest::Sha384)),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", RsaPkcs1(Digest::Sha512)),
        ("http://www.w3.org/2000/09/xmldsig#rsa-sha1", RsaPkcs1(Digest::Sha1)),
        ("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", RsaPss(Digest::Sha256)),
        ("http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", RsaPss(Digest::Sha384)),
        ("http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", RsaPss(Digest::Sha512)),
        ("http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1", RsaPss(Digest::Sha1)),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", Ecdsa(Digest::Sha256)),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", Ecdsa(Digest::Sha384)),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", Ecdsa(Digest::Sha512)),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", Ecdsa(Digest::Sha1)),
    ]
};

/// RSA-PSS with its parameters in a child element (RFC 9231, 2.3.9).
pub(crate) const RSA_PSS_WITH_PARAMETERS: &str = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss";
/// The mask generation function that PSS has (RFC 9231, 2.3.9).
pub(crate) const MGF1: &str = "http://www.w3.org/2007/05/xmldsig-more#MGF1";

impl Digest {
    /// The hash function that a URI names; `None` if it is none of the profile's.
    pub fn by_uri(uri: &str) -> Option<Self> {
        DIGESTS.iter().find(|(known, _)| *known == uri).map(|(_, digest)| *digest)
    }

    /// The URI that names it.
    pub fn uri(self) -> &'static str {
        DIGESTS.iter().find(|(_, digest)| *digest == self).map_or("", |(uri, _)| uri)
    }

    /// The octets of its values.
    pub fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

impl SignatureAlgorithm {
    /// The algorithm that a URI names; `None` if it is none of the profile's, or needs parameters.
    pub fn by_uri(uri: &str) -> Option<Self> {
        SIGNATURES.iter().find(|(known, _)| *known == uri).map(|(_, algorithm)| *algorithm)
    }

    /// The URI that names it.
    pub fn uri(self) -> &'static str {
        SIGNATURES.iter().find(|(_, algorithm)| *algorithm == self).map_or("", |(uri, _)| uri)
    }

    /// The hash function in it.
    pub fn digest(self) -> Digest {
        match self {
            Self::RsaPkcs1(digest) | Self::RsaPss(digest) | Self::Ecdsa(digest) => digest,
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RsaPkcs1(digest) => write!(f, "RSA with {digest}"),
            Self::RsaPss(digest) => write!(f, "RSA-PSS with {digest}"),
            Self::Ecdsa(digest) => write!(f, "ECDSA with {digest}"),
        }
    }
}

/// How data is encrypted (XML Encryption 1.1, 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    /// AES in CBC mode; octets of the key.
    Cbc(usize),
    /// AES in Galois/Counter mode; octets of the key.
    Gcm(usize),
}

impl Cipher {
    /// The cipher that a URI names; `None` if it is none of the profile's.
    pub(crate) fn by_uri(uri: &str) -> Option<Self> {
        match (uri.strip_prefix(ENCRYPTION), uri.strip_prefix(ENCRYPTION_11)) {
            (Some("aes128-cbc"), _) => Some(Self::Cbc(16)),
            (Some("aes192-cbc"), _) => Some(Self::Cbc(24)),
            (Some("aes256-cbc"), _) => Some(Self::Cbc(32)),
            (_, Some("aes128-gcm")) => Some(Self::Gcm(16)),
            (_, Some("aes192-gcm")) => Some(Self::Gcm(24)),
            (_, Some("aes256-gcm")) => Some(Self::Gcm(32)),
            _ => None,
        }
    }

    /// Octets of its key.
    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Cbc(length) | Self::Gcm(length) => length,
        }
    }
}

/// How the key of the data is encrypted (XML Encryption 1.1, 5.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyTransport {
    /// RSA-OAEP with these hash functions: of the padding, and of its mask.
    Oaep(Digest, Digest),
    /// RSA with the padding of PKCS #1 v1.5.
    Pkcs1,
}

impl KeyTransport {
    /// The transport that a URI names, with the hash function and the mask generation function that
    /// are named beside it; `None` if any of them is none of the profile's. Left out, both are SHA-1
    /// (XML Encryption 1.1, 5.5.2).
    pub(crate) fn by_uri(uri: &str, digest: Option<&str>, mask: Option<&str>) -> Option<Self> {
        let digest = digest.map_or(Some(Digest::Sha1), Digest::by_uri)?;
        let mask = match mask.map(|uri| uri.strip_prefix(ENCRYPTION_11)) {
            None | Some(Some("mgf1sha1")) => Digest::Sha1,
            Some(Some("mgf1sha256")) => Digest::Sha256,
            Some(Some("mgf1sha384")) => Digest::Sha384,
            Some(Some("mgf1sha512")) => Digest::Sha512,
            Some(_) => return None,
        };
        match (uri.strip_prefix(ENCRYPTION), uri.strip_prefix(ENCRYPTION_11)) {
            (Some("rsa-oaep-mgf1p"), _) => Some(Self::Oaep(digest, Digest::Sha1)),
            (_, Some("rsa-oaep")) => Some(Self::Oaep(digest, mask)),
            (Some("rsa-1_5"), _) => Some(Self::Pkcs1),
            _ => None,
        }
    }
}

/// The kind and size of a public key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// RSA.
    Rsa {
        /// Bits of the modulus.
        bits: u32,
        /// The public exponent. One of more than 64 bits is shown as the greatest number of 64 bits
        /// that is even or odd as it is.
        exponent: u64,
    },
    /// An elliptic curve.
    Ec {
        /// The name that NIST gives it, if it has one.
        curve: String,
        /// Bits of the field.
        bits: u32,
    },
    /// Another kind that the cryptographic library knows.
    Other {
        /// The library's name for it.
        name: String,
        /// Bits, as the library counts them.
        bits: u32,
    },
    /// A key that cannot be read, for example a point that is not on its curve.
    Unknown,
}

/// The usual RSA exponent, and the least that NIST allows (SP 800-56B, 6.2).
const USUAL_EXPONENT: u64 = 65_537;
/// Under the exponent 1 every number signs itself, and an even one has no private half.
const LEAST_EXPONENT: u64 = 3;

impl PublicKey {
    /// Whether anybody can sign under this key without its private half: an RSA exponent below 3 or
    /// even. Such a key is no key: [`VerifyingKey`](crate::VerifyingKey) cannot be made of it.
    ///
    /// ```
    /// use samlkit_dsig::PublicKey;
    ///
    /// assert!(PublicKey::Rsa { bits: 2048, exponent: 1 }.proves_nothing());
    /// assert!(!PublicKey::Rsa { bits: 2048, exponent: 65_537 }.proves_nothing());
    /// ```
    pub fn proves_nothing(&self) -> bool {
        matches!(self, Self::Rsa { exponent, .. }
            if *exponent < LEAST_EXPONENT || exponent.is_multiple_of(2))
    }

    /// Whether it is an RSA key whose exponent is below 65,537, the least that NIST allows.
    pub fn has_small_exponent(&self) -> bool {
        matches!(self, Self::Rsa { exponent, .. } if *exponent < USUAL_EXPONENT)
    }

    /// Whether a key of this kind can have made a signature of that algorithm. Of elliptic curves only
    /// those of NIST can (RFC 9231, 2.3.6 names no other that anybody uses).
    pub(crate) fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        match (self, algorithm) {
            (Self::Rsa { .. }, SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss(_)) => {
                true
            }
            (Self::Ec { curve, .. }, SignatureAlgorithm::Ecdsa(_)) => {
                matches!(curve.as_str(), "P-256" | "P-384" | "P-521")
            }
            _ => false,
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits, .. } => write!(f, "RSA {bits}"),
            Self::Ec { curve, .. } => write!(f, "EC {curve}"),
            Self::Other { name, bits } => write!(f, "{name} {bits}"),
            Self::Unknown => f.write_str("unreadable key"),
        }
    }
}

/// Which old ways to encrypt are accepted. The default: neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EncryptionPolicy {
    cbc: bool,
    rsa_pkcs1: bool,
}

impl EncryptionPolicy {
    /// Accepts AES in CBC mode outside signed content too. Whoever can send messages can change
    /// such a ciphertext without the key.
    #[must_use]
    pub fn allow_cbc(mut self) -> Self {
        self.cbc = true;
        self
    }

    /// Accepts RSA with the padding of PKCS #1 v1.5 (Bleichenbacher 1998).
    #[must_use]
    pub fn allow_rsa_pkcs1(mut self) -> Self {
        self.rsa_pkcs1 = true;
        self
    }

    pub(crate) fn accepts_cipher(self, cipher: Cipher) -> bool {
        self.cbc || !matches!(cipher, Cipher::Cbc(_))
    }

    pub(crate) fn accepts_transport(self, transport: KeyTransport) -> bool {
        self.rsa_pkcs1 || transport != KeyTransport::Pkcs1
    }
}

/// Which algorithms and keys are good enough. The default: SHA-256 and up, RSA from 2048 bits,
/// elliptic curves from 256. MD5, HMAC and DSA have no name here and cannot be allowed.
///
/// ```
/// use samlkit_dsig::{AlgorithmPolicy, Digest};
///
/// let policy = AlgorithmPolicy::default();
/// assert!(!policy.accepts(Digest::Sha1));
/// assert!(policy.allow_sha1().accepts(Digest::Sha1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmPolicy {
    sha1: bool,
    rsa_bits: u32,
    ec_bits: u32,
}

/// Bits of an RSA key at least (NIST SP 800-131A, 3).
const RSA_BITS: u32 = 2048;
/// Bits of an elliptic curve at least (NIST SP 800-57 part 1, 5.6.1).
const EC_BITS: u32 = 256;

impl Default for AlgorithmPolicy {
    fn default() -> Self {
        Self { sha1: false, rsa_bits: RSA_BITS, ec_bits: EC_BITS }
    }
}

impl AlgorithmPolicy {
    /// Accepts SHA-1 too. Collisions can be made since 2017: only for a partner that has nothing
    /// else, and for as long as it has not.
    #[must_use]
    pub fn allow_sha1(mut self) -> Self {
        self.sha1 = true;
        self
    }

    /// Sets the least size of RSA keys in bits.
    #[must_use]
    pub fn rsa_bits(mut self, least: u32) -> Self {
        self.rsa_bits = least;
        self
    }

    /// Sets the least size of elliptic curves in bits.
    #[must_use]
    pub fn ec_bits(mut self, least: u32) -> Self {
        self.ec_bits = least;
        self
    }

    /// Whether a hash function is good enough.
    pub fn accepts(&self, digest: Digest) -> bool {
        digest != Digest::Sha1 || self.sha1
    }

    /// The bits that a key of this kind needs, if it has fewer.
    pub(crate) fn lacks(&self, key: &PublicKey) -> Option<u32> {
        match *key {
            PublicKey::Rsa { bits, .. } => (bits < self.rsa_bits).then_some(self.rsa_bits),
            PublicKey::Ec { bits, .. } => (bits < self.ec_bits).then_some(self.ec_bits),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_name_one_algorithm_each() {
        for (uri, algorithm) in SIGNATURES {
            assert_eq!((SignatureAlgorithm::by_uri(uri), algorithm.uri()), (Some(algorithm), uri));
        }
        for (uri, digest) in DIGESTS {
            assert_eq!((Digest::by_uri(uri), digest.uri()), (Some(digest), uri));
        }
        for refused in [
            "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
            "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
            "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
            "",
        ] {
            assert_eq!(SignatureAlgorithm::by_uri(refused), None);
        }
    }

    #[test]
    fn ciphers_by_name_with_the_length_of_their_keys() {
        for (local, cipher, length) in [
            ("aes128-cbc", Cipher::Cbc(16), 16),
            ("aes192-cbc", Cipher::Cbc(24), 24),
            ("aes256-cbc", Cipher::Cbc(32), 32),
        ] {
            let named = Cipher::by_uri(&format!("{ENCRYPTION}{local}"));
            assert_eq!((named, cipher.key_length()), (Some(cipher), length));
            assert_eq!(Cipher::by_uri(&format!("{ENCRYPTION_11}{local}")), None);
        }
        for (local, cipher, length) in [
            ("aes128-gcm", Cipher::Gcm(16), 16),
            ("aes192-gcm", Cipher::Gcm(24), 24),
            ("aes256-gcm", Cipher::Gcm(32), 32),
        ] {
            let named = Cipher::by_uri(&format!("{ENCRYPTION_11}{local}"));
            assert_eq!((named, cipher.key_length()), (Some(cipher), length));
            assert_eq!(Cipher::by_uri(&format!("{ENCRYPTION}{local}")), None);
        }
        assert_eq!(Cipher::by_uri(&format!("{ENCRYPTION}tripledes-cbc")), None);
    }

    #[test]
    fn transports_with_their_functions() {
        use Digest::{Sha1, Sha256, Sha384, Sha512};
        let old = |local: &str, digest, mask| {
            KeyTransport::by_uri(&format!("{ENCRYPTION}{local}"), digest, mask)
        };
        let new = |digest, mask: Option<&str>| {
            let mask = mask.map(|local| format!("{ENCRYPTION_11}{local}"));
            KeyTransport::by_uri(&format!("{ENCRYPTION_11}rsa-oaep"), digest, mask.as_deref())
        };
        assert_eq!(old("rsa-1_5", None, None), Some(KeyTransport::Pkcs1));
        assert_eq!(old("rsa-oaep-mgf1p", None, None), Some(KeyTransport::Oaep(Sha1, Sha1)));
        // The old identifier has its mask in its name.
        assert_eq!(
            old(
                "rsa-oaep-mgf1p",
                Some(Sha256.uri()),
                Some("http://www.w3.org/2009/xmlenc11#mgf1sha512")
            ),
            Some(KeyTransport::Oaep(Sha256, Sha1))
        );
        assert_eq!(new(None, None), Some(KeyTransport::Oaep(Sha1, Sha1)));
        for (local, digest) in [
            ("mgf1sha1", Sha1),
            ("mgf1sha256", Sha256),
            ("mgf1sha384", Sha384),
            ("mgf1sha512", Sha512),
        ] {
            let read = new(Some(Sha384.uri()), Some(local));
            assert_eq!(read, Some(KeyTransport::Oaep(Sha384, digest)));
        }
        assert_eq!(new(Some("urn:x"), None), None);
        assert_eq!(new(None, Some("mgf1md5")), None);
        let foreign =
            KeyTransport::by_uri(&format!("{ENCRYPTION_11}rsa-oaep"), None, Some("urn:x"));
        assert_eq!(foreign, None);
        assert_eq!(old("rsa-oaep", None, None), None);
    }

    #[test]
    fn which_keys_fit_and_which_are_too_short() {
        let rsa = |bits| PublicKey::Rsa { bits, exponent: 65_537 };
        let ec = |curve: &str, bits| PublicKey::Ec { curve: curve.to_owned(), bits };
        let ecdsa = SignatureAlgorithm::Ecdsa(Digest::Sha256);
        for algorithm in [
            SignatureAlgorithm::RsaPkcs1(Digest::Sha256),
            SignatureAlgorithm::RsaPss(Digest::Sha256),
        ] {
            assert!(rsa(2048).fits(algorithm) && !ec("P-256", 256).fits(algorithm));
        }
        for curve in ["P-256", "P-384", "P-521"] {
            assert!(ec(curve, 256).fits(ecdsa));
        }
        assert!(!ec("secp256k1", 256).fits(ecdsa) && !rsa(2048).fits(ecdsa));
        let policy = AlgorithmPolicy::default();
        assert_eq!((policy.lacks(&rsa(2047)), policy.lacks(&rsa(2048))), (Some(2048), None));
        let lacks = |curve, bits| policy.lacks(&ec(curve, bits));
        assert_eq!((lacks("P-224", 224), lacks("P-256", 256)), (Some(256), None));
        assert_eq!(policy.ec_bits(384).lacks(&ec("P-256", 256)), Some(384));
        assert_eq!(policy.rsa_bits(1024).lacks(&rsa(1024)), None);
    }

    #[test]
    fn exponents_that_prove_nothing_and_small_ones() {
        for (exponent, nothing, small) in [
            (0, true, true),
            (1, true, true),
            (2, true, true),
            (3, false, true),
            (65_536, true, true),
            (65_537, false, false),
            (65_538, true, false),
            (u64::MAX, false, false),
        ] {
            let key = PublicKey::Rsa { bits: 2048, exponent };
            assert_eq!(
                (key.proves_nothing(), key.has_small_exponent()),
                (nothing, small),
                "{exponent}"
            );
        }
        assert!(!PublicKey::Unknown.proves_nothing() && !PublicKey::Unknown.has_small_exponent());
    }

    #[test]
    fn names_that_a_reader_knows() {
        let names: Vec<String> = DIGESTS.iter().map(|(_, digest)| digest.to_string()).collect();
        assert_eq!(names, ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]);
        let lengths: Vec<usize> = DIGESTS.iter().map(|(_, digest)| digest.length()).collect();
        assert_eq!(lengths, [20, 32, 48, 64]);
        let shown = |algorithm: SignatureAlgorithm| algorithm.to_string();
        assert_eq!(shown(SignatureAlgorithm::RsaPkcs1(Digest::Sha256)), "RSA with SHA-256");
        assert_eq!(shown(SignatureAlgorithm::RsaPss(Digest::Sha384)), "RSA-PSS with SHA-384");
        assert_eq!(shown(SignatureAlgorithm::Ecdsa(Digest::Sha512)), "ECDSA with SHA-512");
        let other = PublicKey::Other { name: "ED25519".to_owned(), bits: 256 };
        assert_eq!(other.to_string(), "ED25519 256");
        assert_eq!(PublicKey::Unknown.to_string(), "unreadable key");
    }

    #[test]
    fn old_ways_are_accepted_by_name_only() {
        let oaep = KeyTransport::Oaep(Digest::Sha1, Digest::Sha1);
        let none = EncryptionPolicy::default();
        for (policy, cbc, pkcs1) in [
            (none, false, false),
            (none.allow_cbc(), true, false),
            (none.allow_rsa_pkcs1(), false, true),
            (none.allow_cbc().allow_rsa_pkcs1(), true, true),
        ] {
            assert_eq!(policy.accepts_cipher(Cipher::Cbc(16)), cbc);
            assert!(policy.accepts_cipher(Cipher::Gcm(16)) && policy.accepts_transport(oaep));
            assert_eq!(policy.accepts_transport(KeyTransport::Pkcs1), pkcs1);
        }
        let policy = AlgorithmPolicy::default();
        for digest in [Digest::Sha256, Digest::Sha384, Digest::Sha512] {
            assert!(policy.accepts(digest) && policy.allow_sha1().accepts(digest));
        }
        assert!(!policy.accepts(Digest::Sha1) && policy.allow_sha1().accepts(Digest::Sha1));
        // Of other kinds of keys nothing is said: they fit no algorithm.
        assert_eq!(policy.lacks(&PublicKey::Unknown), None);
        assert!(!PublicKey::Unknown.fits(SignatureAlgorithm::Ecdsa(Digest::Sha256)));
    }
}
