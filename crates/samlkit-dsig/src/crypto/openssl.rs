//! The back end over OpenSSL: free functions over octets and handles. No other file names the library.
//! What OpenSSL says of an error is never shown: nobody could act on it, and of a private key it would
//! say too much.

use chrono::{DateTime, TimeDelta, Utc};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::bn::{BigNum, BigNumRef};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::md::{Md, MdRef};
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rand::rand_bytes;
use openssl::rsa::{Padding, Rsa};
use openssl::sha::{Sha1, Sha256, Sha384, Sha512};
use openssl::sign::RsaPssSaltlen;
use openssl::symm::{self, Crypter, Mode};
use openssl::x509::{X509, X509NameRef};

use crate::algorithm::{Cipher, Digest, KeyTransport, PublicKey, SignatureAlgorithm};

/// What OpenSSL says of a certificate.
pub(crate) struct CertificateFacts {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) serial: String,
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) not_after: DateTime<Utc>,
    pub(crate) public_key: PublicKey,
    pub(crate) signature_algorithm: String,
    pub(crate) sha256: [u8; 32],
    pub(crate) sha1: [u8; 20],
    /// The key, which costs most of the decoding; `None` where it cannot be used.
    pub(crate) key: Option<PublicHandle>,
}

/// The name and version of the library that computes, as it calls itself.
pub fn library() -> &'static str {
    openssl::version::version()
}

/// Decodes one DER certificate. OpenSSL's own error says nothing that a user could act on.
pub(crate) fn certificate(der: &[u8]) -> Option<CertificateFacts> {
    certificate_facts(der).ok().flatten()
}

fn certificate_facts(der: &[u8]) -> Result<Option<CertificateFacts>, ErrorStack> {
    let x509 = X509::from_der(der)?;
    let (Some(not_before), Some(not_after)) = (time(x509.not_before())?, time(x509.not_after())?)
    else {
        return Ok(None);
    };
    let sha256 = hash(MessageDigest::sha256(), der)?;
    let sha1 = hash(MessageDigest::sha1(), der)?;
    let (Ok(sha256), Ok(sha1)) = (sha256.as_ref().try_into(), sha1.as_ref().try_into()) else {
        return Ok(None);
    };
    let key = x509.public_key().ok();
    Ok(Some(CertificateFacts {
        subject: name(x509.subject_name()),
        issuer: name(x509.issuer_name()),
        serial: x509.serial_number().to_bn()?.to_hex_str()?.to_string(),
        not_before,
        not_after,
        public_key: key.as_ref().map_or(PublicKey::Unknown, |key| kind_of(key)),
        signature_algorithm: name_of(x509.signature_algorithm().object().nid())
            .unwrap_or_else(|| x509.signature_algorithm().object().to_string()),
        sha256,
        sha1,
        key,
    }))
}

fn time(time: &Asn1TimeRef) -> Result<Option<DateTime<Utc>>, ErrorStack> {
    let since = Asn1Time::from_unix(0)?.diff(time)?;
    let days = TimeDelta::try_days(since.days.into());
    let seconds = TimeDelta::try_seconds(since.secs.into());
    Ok(days.zip(seconds).and_then(|(days, seconds)| {
        DateTime::UNIX_EPOCH.checked_add_signed(days)?.checked_add_signed(seconds)
    }))
}

/// The parts in the order in which they are encoded, as OpenSSL's tools print them.
fn name(name: &X509NameRef) -> String {
    let mut text = String::new();
    for entry in name.entries() {
        if !text.is_empty() {
            text.push_str(", ");
        }
        // OpenSSL has a name for what it does not know, too: UNDEF.
        match entry.object().nid() {
            Nid::UNDEF => text.push_str(&entry.object().to_string()),
            known => text.push_str(known.short_name().unwrap_or("?")),
        }
        text.push('=');
        match entry.data().to_string() {
            Ok(value) => text.push_str(&value),
            Err(_) => text.push('?'),
        }
    }
    text
}

fn name_of(nid: Nid) -> Option<String> {
    (nid != Nid::UNDEF).then(|| nid.long_name().ok().map(str::to_owned)).flatten()
}

fn kind_of<T: HasPublic>(key: &PKeyRef<T>) -> PublicKey {
    let bits = key.bits();
    match key.id() {
        Id::RSA => match key.rsa() {
            Ok(rsa) => PublicKey::Rsa { bits, exponent: exponent(rsa.e()) },
            Err(_) => PublicKey::Unknown,
        },
        Id::EC => {
            let curve = key.ec_key().ok().and_then(|ec| ec.group().curve_name());
            let curve = match curve {
                Some(Nid::X9_62_PRIME256V1) => "P-256".to_owned(),
                Some(Nid::SECP384R1) => "P-384".to_owned(),
                Some(Nid::SECP521R1) => "P-521".to_owned(),
                other => other.and_then(name_of).unwrap_or_else(|| "unnamed curve".to_owned()),
            };
            PublicKey::Ec { curve, bits }
        }
        other => {
            let name = name_of(Nid::from_raw(other.as_raw()));
            PublicKey::Other { name: name.unwrap_or_else(|| "unknown".to_owned()), bits }
        }
    }
}

/// A public exponent in 64 bits, or the greatest such number that is even or odd as it is.
fn exponent(number: &BigNumRef) -> u64 {
    let octets = number.to_vec();
    let fits = <[u8; 8]>::try_from(octets.as_slice()).map(u64::from_be_bytes);
    match octets.len() {
        0..8 => octets.iter().fold(0, |value: u64, &o| value.wrapping_shl(8) | u64::from(o)),
        _ => fits.unwrap_or(if number.is_bit_set(0) { u64::MAX } else { u64::MAX - 1 }),
    }
}

/// A public key in OpenSSL's form.
pub(crate) type PublicHandle = PKey<Public>;
/// A private key in OpenSSL's form.
pub(crate) type PrivateHandle = PKey<Private>;

pub(crate) fn kind(key: &PublicHandle) -> PublicKey {
    kind_of(key)
}

/// The SubjectPublicKeyInfo in `der`; `None` where it is none.
pub(crate) fn public_key_from_der(der: &[u8]) -> Option<PublicHandle> {
    PKey::public_key_from_der(der).ok()
}

/// Whether an elliptic-curve key is a point on its curve, and an RSA modulus odd. OpenSSL looks at the
/// point when it reads one; that it goes on doing so is not left to its version.
pub(crate) fn is_possible(key: &PublicHandle) -> bool {
    match key.id() {
        Id::EC => key.ec_key().and_then(|ec| ec.check_key()).is_ok(),
        Id::RSA => key.rsa().is_ok_and(|rsa| rsa.n().is_bit_set(0)),
        _ => true,
    }
}

pub(crate) fn rsa_public_key(modulus: &[u8], exponent: &[u8]) -> Option<PublicHandle> {
    let (modulus, exponent) =
        (BigNum::from_slice(modulus).ok()?, BigNum::from_slice(exponent).ok()?);
    PKey::from_rsa(Rsa::from_public_components(modulus, exponent).ok()?).ok()
}

/// Reads a private key that has no passphrase; one that has is refused, not asked for.
pub(crate) fn private_key_from_pem(pem: &[u8]) -> Option<PrivateHandle> {
    PKey::private_key_from_pem_callback(pem, |_| Ok(0)).ok()
}

pub(crate) fn public_of(key: &PrivateHandle) -> Option<PublicHandle> {
    public_key_from_der(&key.public_key_to_der().ok()?)
}

pub(crate) fn is_same(a: &PublicHandle, b: &PublicHandle) -> bool {
    a.public_eq(b)
}

/// Whether two values are the same, in a time that does not depend on where they differ.
pub(crate) fn is_equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && openssl::memcmp::eq(a, b)
}

/// A hash function at work. Small pieces are gathered first, because each call costs more than
/// they do.
pub(crate) struct Hasher {
    state: State,
    gathered: Vec<u8>,
}

enum State {
    Sha1(Sha1),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

/// Octets that are gathered before they are hashed.
const GATHERED: usize = 4096;

impl Hasher {
    pub(crate) fn new(digest: Digest) -> Self {
        let state = match digest {
            Digest::Sha1 => State::Sha1(Sha1::new()),
            Digest::Sha256 => State::Sha256(Sha256::new()),
            Digest::Sha384 => State::Sha384(Sha384::new()),
            Digest::Sha512 => State::Sha512(Sha512::new()),
        };
        Self { state, gathered: Vec::with_capacity(GATHERED) }
    }

    pub(crate) fn update(&mut self, piece: &[u8]) {
        if self.gathered.len().saturating_add(piece.len()) > GATHERED {
            self.flush();
            if piece.len() >= GATHERED {
                return self.hash(piece);
            }
        }
        self.gathered.extend_from_slice(piece);
    }

    fn flush(&mut self) {
        let gathered = std::mem::take(&mut self.gathered);
        self.hash(&gathered);
        self.gathered = gathered;
        self.gathered.clear();
    }

    fn hash(&mut self, piece: &[u8]) {
        match &mut self.state {
            State::Sha1(state) => state.update(piece),
            State::Sha256(state) => state.update(piece),
            State::Sha384(state) => state.update(piece),
            State::Sha512(state) => state.update(piece),
        }
    }

    pub(crate) fn finish(mut self) -> Hash {
        self.flush();
        match self.state {
            State::Sha1(state) => Hash::new(&state.finish()),
            State::Sha256(state) => Hash::new(&state.finish()),
            State::Sha384(state) => Hash::new(&state.finish()),
            State::Sha512(state) => Hash::new(&state.finish()),
        }
    }
}

/// The value of a hash function.
#[derive(Debug)]
pub(crate) struct Hash {
    octets: [u8; 64],
    length: usize,
}

impl Hash {
    fn new(value: &[u8]) -> Self {
        let mut octets = [0; 64];
        for (to, from) in octets.iter_mut().zip(value) {
            *to = *from;
        }
        Self { octets, length: value.len() }
    }

    pub(crate) fn octets(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or(&self.octets)
    }
}

fn md(digest: Digest) -> &'static MdRef {
    match digest {
        Digest::Sha1 => Md::sha1(),
        Digest::Sha256 => Md::sha256(),
        Digest::Sha384 => Md::sha384(),
        Digest::Sha512 => Md::sha512(),
    }
}

/// Whether `signature` is the key's over something with this hash value. A signature that
/// OpenSSL cannot even read is none.
pub(crate) fn verify(
    key: &PublicHandle,
    algorithm: SignatureAlgorithm,
    hash: &[u8],
    signature: &[u8],
) -> bool {
    verify_or_error(key, algorithm, hash, signature).unwrap_or(false)
}

fn verify_or_error(
    key: &PublicHandle,
    algorithm: SignatureAlgorithm,
    hash: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    let mut context = PkeyCtx::new(key)?;
    context.verify_init()?;
    prepare(&mut context, algorithm)?;
    if !matches!(algorithm, SignatureAlgorithm::Ecdsa(_)) {
        return context.verify(hash, signature);
    }
    // XML Signature 6.4.3: r and s side by side, each as long as the curve's order.
    let length = coordinate(key);
    let halves = signature.split_at_checked(length).filter(|(_, s)| s.len() == length);
    let Some((r, s)) = halves else { return Ok(false) };
    let der = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
    context.verify(hash, &der.to_der()?)
}

pub(crate) fn sign(
    key: &PrivateHandle,
    algorithm: SignatureAlgorithm,
    hash: &[u8],
) -> Option<Vec<u8>> {
    sign_or_error(key, algorithm, hash).ok()
}

fn sign_or_error(
    key: &PrivateHandle,
    algorithm: SignatureAlgorithm,
    hash: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let mut context = PkeyCtx::new(key)?;
    context.sign_init()?;
    prepare(&mut context, algorithm)?;
    let mut signature = Vec::new();
    context.sign_to_vec(hash, &mut signature)?;
    if !matches!(algorithm, SignatureAlgorithm::Ecdsa(_)) {
        return Ok(signature);
    }
    let length = i32::try_from(coordinate(key)).unwrap_or(i32::MAX);
    let der = EcdsaSig::from_der(&signature)?;
    let mut both = der.r().to_vec_padded(length)?;
    both.extend(der.s().to_vec_padded(length)?);
    Ok(both)
}

fn prepare<T>(context: &mut PkeyCtx<T>, algorithm: SignatureAlgorithm) -> Result<(), ErrorStack> {
    context.set_signature_md(md(algorithm.digest()))?;
    match algorithm {
        SignatureAlgorithm::RsaPkcs1(_) => context.set_rsa_padding(Padding::PKCS1),
        SignatureAlgorithm::RsaPss(digest) => {
            context.set_rsa_padding(Padding::PKCS1_PSS)?;
            context.set_rsa_mgf1_md(md(digest))?;
            context.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)
        }
        SignatureAlgorithm::Ecdsa(_) => Ok(()),
    }
}

/// Octets of r and of s: 32, 48 or 66.
fn coordinate<T: HasPublic>(key: &PKeyRef<T>) -> usize {
    usize::try_from(key.bits().div_ceil(8)).unwrap_or(0)
}

/// The key of `length` octets inside an encrypted key; `None` for whatever goes wrong. `label` is that of
/// OAEP.
///
/// With the padding of PKCS #1 v1.5 nothing goes wrong: a key at random takes the place of one that is
/// not there, so that what follows fails as it does with any other wrong key, and nobody learns about the
/// padding by asking (RFC 3218, 2.3.2).
pub(crate) fn unwrap_key(
    key: &PrivateHandle,
    transport: KeyTransport,
    label: &[u8],
    wrapped: &[u8],
    length: usize,
) -> Option<Vec<u8>> {
    match transport {
        KeyTransport::Oaep(digest, mask) => {
            unwrap_oaep(key, (digest, mask), label, wrapped).filter(|plain| plain.len() == length)
        }
        KeyTransport::Pkcs1 => {
            let mut random = vec![0; length];
            rand_bytes(&mut random).ok()?;
            let plain = unwrap_pkcs1(key, wrapped).unwrap_or_default();
            Some(if plain.len() == length { plain } else { random })
        }
    }
}

fn unwrap_oaep(
    key: &PrivateHandle,
    (digest, mask): (Digest, Digest),
    label: &[u8],
    wrapped: &[u8],
) -> Option<Vec<u8>> {
    let mut context = PkeyCtx::new(key).ok()?;
    context.decrypt_init().ok()?;
    context.set_rsa_padding(Padding::PKCS1_OAEP).ok()?;
    context.set_rsa_oaep_md(md(digest)).ok()?;
    context.set_rsa_mgf1_md(md(mask)).ok()?;
    if !label.is_empty() {
        context.set_rsa_oaep_label(label).ok()?;
    }
    let mut plain = Vec::new();
    context.decrypt_to_vec(wrapped, &mut plain).ok()?;
    Some(plain)
}

fn unwrap_pkcs1(key: &PrivateHandle, wrapped: &[u8]) -> Option<Vec<u8>> {
    let mut context = PkeyCtx::new(key).ok()?;
    context.decrypt_init().ok()?;
    context.set_rsa_padding(Padding::PKCS1).ok()?;
    let mut plain = Vec::new();
    context.decrypt_to_vec(wrapped, &mut plain).ok()?;
    Some(plain)
}

/// Octets of the nonce that stands before the ciphertext in GCM (XML Encryption 1.1, 5.2.4).
const GCM_NONCE: usize = 12;
/// Octets of the tag behind it.
const GCM_TAG: usize = 16;
/// Octets of a block of AES, and of the vector that stands before the ciphertext in CBC.
const BLOCK: usize = 16;

/// The plaintext; `None` for whatever goes wrong.
pub(crate) fn decrypt(cipher: Cipher, key: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    match cipher {
        Cipher::Gcm(length) => {
            let algorithm = match length {
                16 => symm::Cipher::aes_128_gcm(),
                24 => symm::Cipher::aes_192_gcm(),
                _ => symm::Cipher::aes_256_gcm(),
            };
            let (nonce, rest) = value.split_at_checked(GCM_NONCE)?;
            let (text, tag) = rest.split_at_checked(rest.len().checked_sub(GCM_TAG)?)?;
            symm::decrypt_aead(algorithm, key, Some(nonce), &[], text, tag).ok()
        }
        Cipher::Cbc(length) => {
            let algorithm = match length {
                16 => symm::Cipher::aes_128_cbc(),
                24 => symm::Cipher::aes_192_cbc(),
                _ => symm::Cipher::aes_256_cbc(),
            };
            let (vector, text) = value.split_at_checked(BLOCK)?;
            let mut crypter = Crypter::new(algorithm, Mode::Decrypt, key, Some(vector)).ok()?;
            // Only the last octet of XML Encryption's padding says something (5.2.1). OpenSSL refuses
            // what is not whole blocks.
            crypter.pad(false);
            let mut plain = vec![0; text.len().checked_add(BLOCK)?];
            let so_far = crypter.update(text, &mut plain).ok()?;
            let rest = crypter.finalize(plain.get_mut(so_far..)?).ok()?;
            plain.truncate(so_far.checked_add(rest)?);
            let padding = usize::from(*plain.last()?);
            if !(1..=BLOCK).contains(&padding) {
                return None;
            }
            plain.truncate(plain.len().checked_sub(padding)?);
            Some(plain)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{pem, signing_key};

    fn private(name: &str) -> PrivateHandle {
        private_key_from_pem(pem(name).0.as_bytes()).unwrap()
    }

    fn hash_of(digest: Digest, pieces: &[&[u8]]) -> String {
        let mut hasher = Hasher::new(digest);
        pieces.iter().for_each(|piece| hasher.update(piece));
        let hash = hasher.finish();
        hash.octets().iter().map(|octet| format!("{octet:02x}")).collect()
    }

    /// Against the library's own hash of the whole, because here pieces are gathered.
    #[test]
    fn hashing_in_pieces_of_any_size() {
        let text: Vec<u8> =
            (0..20_000u32).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
        for (digest, same) in [
            (Digest::Sha1, MessageDigest::sha1()),
            (Digest::Sha256, MessageDigest::sha256()),
            (Digest::Sha384, MessageDigest::sha384()),
            (Digest::Sha512, MessageDigest::sha512()),
        ] {
            for size in [1, 7, 4095, 4096, 4097, 20_000] {
                let pieces: Vec<&[u8]> = text.chunks(size).collect();
                let whole = hash(same, &text).unwrap();
                let whole: String = whole.iter().map(|octet| format!("{octet:02x}")).collect();
                assert_eq!(hash_of(digest, &pieces), whole, "{digest} {size}");
            }
            let mixed = [&text[..10], &text[10..6000], &text[6000..6001], &text[6001..]];
            assert_eq!(hash_of(digest, &mixed), hash_of(digest, &[&text]));
            assert_eq!(digest.value(&text).len(), digest.length());
        }
        // FIPS 180-4: the value of nothing, and of "abc".
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hash_of(Digest::Sha256, &[]), nothing);
        assert_eq!(hash_of(Digest::Sha1, &[b"abc"]), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    /// What is gathered is bounded: a hasher holds a few kilobytes, not the document.
    #[test]
    fn small_pieces_are_gathered_up_to_a_limit() {
        let mut hasher = Hasher::new(Digest::Sha256);
        hasher.update(&[0; GATHERED - 1]);
        assert_eq!(hasher.gathered.len(), GATHERED - 1);
        hasher.update(&[0]);
        assert_eq!(hasher.gathered.len(), GATHERED);
        hasher.update(&[0]);
        assert_eq!(hasher.gathered.len(), 1);
        hasher.update(&[0; GATHERED]);
        assert_eq!(hasher.gathered.len(), 0);
        hasher.update(&[0; GATHERED - 1]);
        hasher.update(&[0; GATHERED - 1]);
        assert_eq!((hasher.gathered.len(), hasher.gathered.capacity()), (GATHERED - 1, GATHERED));
    }

    #[test]
    fn equal_octets() {
        assert!(is_equal(b"", b"") && is_equal(b"ab", b"ab"));
        assert!(!is_equal(b"ab", b"ac") && !is_equal(b"ab", b"abc") && !is_equal(b"ab", b"a"));
    }

    #[test]
    fn exponents_of_any_length() {
        let of = |octets: &[u8]| exponent(&BigNum::from_slice(octets).unwrap());
        assert_eq!((of(&[]), of(&[3]), of(&[1, 0, 1])), (0, 3, 65_537));
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7]), 0x01_0203_0405_0607);
        assert_eq!(of(&[0xFF, 0, 0, 0, 0, 0, 0, 1]), 0xFF00_0000_0000_0001);
        // Longer ones are shown as even or odd, which is what decides.
        assert_eq!(of(&[1, 0, 0, 0, 0, 0, 0, 0, 1]), u64::MAX);
        assert_eq!(of(&[1, 0, 0, 0, 0, 0, 0, 0, 0]), u64::MAX - 1);
    }

    #[test]
    fn kinds_of_keys() {
        for (name, shown, length) in [
            ("rsa-2048", "RSA 2048", 256),
            ("p256", "EC P-256", 32),
            ("p384", "EC P-384", 48),
            ("p521", "EC P-521", 66),
        ] {
            let public = public_of(&private(name)).unwrap();
            assert_eq!((kind(&public).to_string().as_str(), coordinate(&public)), (shown, length));
            assert!(is_possible(&public) && is_same(&public, &public));
        }
        let ed25519 = PKey::generate_ed25519().unwrap();
        let public = public_of(&ed25519).unwrap();
        assert_eq!(kind(&public), PublicKey::Other { name: "ED25519".to_owned(), bits: 256 });
        assert!(is_possible(&public));
        assert!(library().starts_with("OpenSSL "));
    }

    #[test]
    fn an_even_modulus_is_impossible() {
        let modulus = |last: u8| [&[0x80][..], &[0; 254], &[last]].concat();
        let possible = |last| is_possible(&rsa_public_key(&modulus(last), &[1, 0, 1]).unwrap());
        assert!(possible(1) && !possible(2));
    }

    #[test]
    fn names_of_certificates() {
        assert_eq!(name_of(Nid::UNDEF), None);
        assert_eq!(
            name_of(Nid::SHA256WITHRSAENCRYPTION).as_deref(),
            Some("sha256WithRSAEncryption")
        );
        let epoch = time(&Asn1Time::from_unix(86_399).unwrap()).unwrap();
        assert_eq!(epoch.unwrap().timestamp(), 86_399);
    }

    /// r and s side by side, each padded to the length of the curve; DER is refused.
    #[test]
    fn ecdsa_values_have_one_form() {
        // A half with a zero octet in front comes up in one of 128 signatures, with P-521 in most.
        for (name, times) in [("p256", 300), ("p384", 20), ("p521", 20)] {
            let (key, hash) = (private(name), Digest::Sha256.value(b"x"));
            let algorithm = SignatureAlgorithm::Ecdsa(Digest::Sha256);
            let public = public_of(&key).unwrap();
            let length = coordinate(&public);
            for _ in 0..times {
                let value = sign(&key, algorithm, &hash).unwrap();
                assert_eq!(value.len(), 2 * length);
                assert!(verify(&public, algorithm, &hash, &value));
            }
            let value = sign(&key, algorithm, &hash).unwrap();
            let (r, s) = value.split_at(length);
            let number = |octets: &[u8]| BigNum::from_slice(octets).unwrap();
            let der = EcdsaSig::from_private_components(number(r), number(s)).unwrap();
            assert!(!verify(&public, algorithm, &hash, &der.to_der().unwrap()));
            let longer = [r, &[0][..], s].concat();
            assert!(!verify(&public, algorithm, &hash, &longer));
            assert!(!verify(&public, algorithm, &hash, &vec![0; 2 * length]));
        }
    }

    /// PSS with a salt as long as the hash and no other, and MGF1 over the same hash.
    #[test]
    fn pss_has_one_form() {
        let (key, hash) = (private("rsa-2048"), Digest::Sha256.value(b"x"));
        let public = public_of(&key).unwrap();
        let pss = SignatureAlgorithm::RsaPss(Digest::Sha256);
        let signed = |salt: RsaPssSaltlen, mask: Digest| {
            let mut context = PkeyCtx::new(&key).unwrap();
            context.sign_init().unwrap();
            context.set_signature_md(Md::sha256()).unwrap();
            context.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            context.set_rsa_mgf1_md(md(mask)).unwrap();
            context.set_rsa_pss_saltlen(salt).unwrap();
            let mut value = Vec::new();
            context.sign_to_vec(&hash, &mut value).unwrap();
            verify(&public, pss, &hash, &value)
        };
        assert!(signed(RsaPssSaltlen::DIGEST_LENGTH, Digest::Sha256));
        assert!(signed(RsaPssSaltlen::custom(32), Digest::Sha256));
        for length in [0, 20, 31, 33, 64] {
            assert!(!signed(RsaPssSaltlen::custom(length), Digest::Sha256), "{length}");
        }
        assert!(!signed(RsaPssSaltlen::MAXIMUM_LENGTH, Digest::Sha256));
        assert!(!signed(RsaPssSaltlen::DIGEST_LENGTH, Digest::Sha512));
        // Neither padding passes for the other.
        let pkcs1 = SignatureAlgorithm::RsaPkcs1(Digest::Sha256);
        let value = signing_key("rsa-2048").sign(pkcs1, &hash).unwrap();
        assert!(verify(&public, pkcs1, &hash, &value) && !verify(&public, pss, &hash, &value));
    }

    fn wrap(padding: Padding, label: &[u8], key: &[u8]) -> Vec<u8> {
        let public = public_of(&private("rsa-2048")).unwrap();
        let mut context = PkeyCtx::new(&public).unwrap();
        context.encrypt_init().unwrap();
        context.set_rsa_padding(padding).unwrap();
        if !label.is_empty() {
            context.set_rsa_oaep_label(label).unwrap();
        }
        let mut wrapped = Vec::new();
        context.encrypt_to_vec(key, &mut wrapped).unwrap();
        wrapped
    }

    #[test]
    fn rsa_1_5_gives_a_key_at_random_where_there_is_none() {
        let private = private("rsa-2048");
        let unwrap =
            |wrapped: &[u8]| unwrap_key(&private, KeyTransport::Pkcs1, &[], wrapped, 16).unwrap();
        let key = [7; 16];
        let good = wrap(Padding::PKCS1, &[], &key);
        assert_eq!(unwrap(&good), key);
        let mut bad = good;
        bad[100] ^= 1;
        for wrong in [
            bad,
            wrap(Padding::PKCS1, &[], &key[..15]),
            wrap(Padding::PKCS1, &[], &[7; 17]),
            wrap(Padding::PKCS1_OAEP, &[], &key),
            vec![0; 256],
            Vec::new(),
        ] {
            let (first, second) = (unwrap(&wrong), unwrap(&wrong));
            assert_eq!((first.len(), second.len()), (16, 16));
            // At random, so it is not the key, and not one that can be foreseen.
            assert!(first != key && first != [0; 16] && first != second);
        }
    }

    #[test]
    fn oaep_gives_the_key_or_nothing() {
        let private = private("rsa-2048");
        let oaep = KeyTransport::Oaep(Digest::Sha1, Digest::Sha1);
        let unwrap = |label: &[u8], wrapped: &[u8]| unwrap_key(&private, oaep, label, wrapped, 16);
        let key = [7; 16];
        let good = wrap(Padding::PKCS1_OAEP, &[], &key);
        assert_eq!(unwrap(&[], &good).as_deref(), Some(&key[..]));
        assert_eq!(unwrap(b"x", &good), None);
        let labelled = wrap(Padding::PKCS1_OAEP, b"x", &key);
        assert_eq!(unwrap(b"x", &labelled).as_deref(), Some(&key[..]));
        assert_eq!((unwrap(b"y", &labelled), unwrap(&[], &labelled)), (None, None));
        for length in [15, 17] {
            assert_eq!(unwrap(&[], &wrap(Padding::PKCS1_OAEP, &[], &vec![7; length])), None);
        }
        for (digest, mask) in [(Digest::Sha256, Digest::Sha1), (Digest::Sha1, Digest::Sha256)] {
            let other = KeyTransport::Oaep(digest, mask);
            assert_eq!(unwrap_key(&private, other, &[], &good, 16), None);
        }
        let ec = self::private("p256");
        assert_eq!(unwrap_key(&ec, oaep, &[], &good, 16), None);
    }

    #[test]
    fn aes_in_both_modes_with_keys_of_each_length() {
        for (length, gcm, cbc) in [
            (16, symm::Cipher::aes_128_gcm(), symm::Cipher::aes_128_cbc()),
            (24, symm::Cipher::aes_192_gcm(), symm::Cipher::aes_192_cbc()),
            (32, symm::Cipher::aes_256_gcm(), symm::Cipher::aes_256_cbc()),
        ] {
            let key = vec![9; length];
            let (nonce, vector, plain) = ([1; GCM_NONCE], [2; BLOCK], b"seventeen octets.");
            let mut tag = [0; GCM_TAG];
            let text = symm::encrypt_aead(gcm, &key, Some(&nonce), &[], plain, &mut tag).unwrap();
            let value = [&nonce[..], &text, &tag].concat();
            assert_eq!(decrypt(Cipher::Gcm(length), &key, &value).as_deref(), Some(&plain[..]));
            assert_eq!(decrypt(Cipher::Gcm(length), &key, &value[1..]), None);
            // The padding of PKCS #7 is one of those that XML Encryption allows.
            let text = symm::encrypt(cbc, &key, Some(&vector), plain).unwrap();
            let value = [&vector[..], &text].concat();
            assert_eq!(decrypt(Cipher::Cbc(length), &key, &value).as_deref(), Some(&plain[..]));
            assert_eq!(decrypt(Cipher::Cbc(length), &key, &value[1..]), None);
            for short in [0, 15, 16, 17, 31] {
                assert_eq!(decrypt(Cipher::Cbc(length), &key, &value[..short]), None, "{short}");
            }
            for short in [0, 11, 12, 27] {
                assert_eq!(decrypt(Cipher::Gcm(length), &key, &value[..short]), None, "{short}");
            }
        }
    }
}
