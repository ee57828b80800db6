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
        match entry.object().nid().short_name() {
            Ok(short) => text.push_str(short),
            Err(_) => text.push_str(&entry.object().to_string()),
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
            if text.is_empty() || !text.len().is_multiple_of(BLOCK) {
                return None;
            }
            let mut crypter = Crypter::new(algorithm, Mode::Decrypt, key, Some(vector)).ok()?;
            // Only the last octet of XML Encryption's padding says something (5.2.1).
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
