//! The algorithms of the profile, one table each: what a URI names, and what the policy says to it.
//! Identifiers: RFC 9231, XML Signature 1.1 (6.2, 6.4), XML Encryption 1.1 (5.8).

use std::fmt;

use crate::crypto::Hasher;

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

    /// The value of the function for these octets.
    pub fn value(self, octets: &[u8]) -> Vec<u8> {
        let mut hasher = Hasher::new(self);
        hasher.update(octets);
        hasher.finish().octets().to_vec()
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
    pub(crate) fn lacks(&self, key: &crate::PublicKey) -> Option<u32> {
        match *key {
            crate::PublicKey::Rsa { bits } => (bits < self.rsa_bits).then_some(self.rsa_bits),
            crate::PublicKey::Ec { bits, .. } => (bits < self.ec_bits).then_some(self.ec_bits),
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
}
