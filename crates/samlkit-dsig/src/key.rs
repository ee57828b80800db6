//! Keys: [`VerifyingKey`], which is trusted, because the configuration or metadata named it;
//! [`PresentedKey`], which a message brought along, and which proves nothing; and the private keys to
//! sign and to decrypt with. Each is parsed once. A certificate is kept with its key to explain by; its
//! dates and issuer decide nothing here (Metadata Interoperability Profile, 2.6.1).
//!
//! Trusted and presented are two types, and nothing turns one into the other. A key under which
//! anybody could have signed is neither: it is a [`KeyError`].

use std::fmt;
use std::sync::Arc;

use crate::algorithm::{Digest, KeyTransport, PublicKey, SignatureAlgorithm};
use crate::base64;
use crate::certificate::Certificate;
use crate::crypto;
use crate::error::KeyError;

/// A public key that was found to be a possible one, with the certificate that it came in.
struct Public {
    handle: crypto::PublicHandle,
    kind: PublicKey,
    certificate: Option<Certificate>,
}

impl Public {
    fn new(
        handle: crypto::PublicHandle,
        certificate: Option<Certificate>,
    ) -> Result<Arc<Self>, KeyError> {
        let kind = crypto::kind(&handle);
        if let PublicKey::Rsa { exponent, .. } = kind
            && kind.proves_nothing()
        {
            return Err(KeyError::Exponent { exponent });
        }
        if !crypto::is_possible(&handle) {
            return Err(KeyError::Impossible { key: kind });
        }
        Ok(Arc::new(Self { handle, kind, certificate }))
    }

    fn of_certificate(base64: &str) -> Result<Arc<Self>, KeyError> {
        let der = Certificate::der_of_base64(base64)?;
        let (certificate, handle) = Certificate::with_key(&der)?;
        Self::new(handle.ok_or(KeyError::Unreadable)?, Some(certificate))
    }

    fn verifies(&self, method: SignatureAlgorithm, hash: &[u8], signature: &[u8]) -> bool {
        self.kind.fits(method) && crypto::verify(&self.handle, method, hash, signature)
    }

    fn show(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{name}({}", self.kind)?;
        if let Some(certificate) = &self.certificate {
            write!(f, ", {}, sha256 {}", certificate.subject, certificate.sha256_hex())?;
        }
        f.write_str(")")
    }
}

/// A public key that is trusted to check signatures with. Cheap to clone.
///
/// ```
/// use samlkit_dsig::{KeyError, VerifyingKey};
///
/// assert_eq!(VerifyingKey::from_pem("no key").unwrap_err(), KeyError::NoPem);
/// ```
#[derive(Clone)]
pub struct VerifyingKey(Arc<Public>);

impl VerifyingKey {
    /// The key in a PEM certificate (`BEGIN CERTIFICATE`) or a PEM public key (`BEGIN PUBLIC KEY`);
    /// the first in the text.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let after = pem.split_once("-----BEGIN ").ok_or(KeyError::NoPem)?.1;
        let (label, rest) = after.split_once("-----").ok_or(KeyError::NoPem)?;
        let body = rest.split_once("-----END ").ok_or(KeyError::NoPem)?.0;
        match label {
            "CERTIFICATE" => Self::from_certificate(body),
            "PUBLIC KEY" => {
                Self::from_public_key_der(&base64::decode(body).ok_or(KeyError::NotDer)?)
            }
            other => Err(KeyError::OtherPem { label: other.to_owned() }),
        }
    }

    /// The key in the text of an `X509Certificate` element.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_certificate(base64: &str) -> Result<Self, KeyError> {
        Public::of_certificate(base64).map(Self)
    }

    /// A bare public key (SubjectPublicKeyInfo in DER, RFC 5280, 4.1.2.7).
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_public_key_der(der: &[u8]) -> Result<Self, KeyError> {
        let handle = crypto::public_key_from_der(der).ok_or(KeyError::NotDer)?;
        Public::new(handle, None).map(Self)
    }

    /// The kind and size of the key.
    pub fn kind(&self) -> &PublicKey {
        &self.0.kind
    }

    /// The certificate that the key came in.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.0.certificate.as_ref()
    }

    /// Whether the key made `signature` over something with this hash value.
    pub(crate) fn verifies(
        &self,
        method: SignatureAlgorithm,
        hash: &[u8],
        signature: &[u8],
    ) -> bool {
        self.0.verifies(method, hash, signature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show("VerifyingKey", f)
    }
}

/// A key that a message carries beside its signature. Whoever forges a message puts their own key into
/// it, so it is something to look at and to compare, never something to trust, and it does not become
/// that:
///
/// ```compile_fail,E0277
/// # fn trust(presented: samlkit_dsig::PresentedKey) {
/// let trusted: samlkit_dsig::VerifyingKey = presented.into();
/// # }
/// ```
#[derive(Clone)]
pub struct PresentedKey(Arc<Public>);

impl PresentedKey {
    /// The key in the text of an `X509Certificate` element.
    pub(crate) fn from_certificate(base64: &str) -> Result<Self, KeyError> {
        Public::of_certificate(base64).map(Self)
    }

    /// The key that an `RSAKeyValue` spells out.
    pub(crate) fn from_rsa_value(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let handle = crypto::rsa_public_key(modulus, exponent).ok_or(KeyError::Unreadable)?;
        Public::new(handle, None).map(Self)
    }

    /// The kind and size of the key.
    pub fn kind(&self) -> &PublicKey {
        &self.0.kind
    }

    /// The certificate that the key came in.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.0.certificate.as_ref()
    }

    /// Whether the key made `signature` over something with this hash value. That is a fact about
    /// the key, and no evidence.
    pub(crate) fn verifies(
        &self,
        method: SignatureAlgorithm,
        hash: &[u8],
        signature: &[u8],
    ) -> bool {
        self.0.verifies(method, hash, signature)
    }
}

impl fmt::Debug for PresentedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show("PresentedKey", f)
    }
}

/// A private key to sign with, and the certificate that goes into `KeyInfo`. Neither [`fmt::Debug`]
/// nor any other output shows the key.
pub struct SigningKey {
    handle: crypto::PrivateHandle,
    kind: PublicKey,
    certificate: Option<String>,
}

impl SigningKey {
    /// Reads a private key without a passphrase (`BEGIN PRIVATE KEY` and its older forms), and
    /// the PEM certificate that goes with it, if `KeyInfo` is to carry one.
    ///
    /// # Errors
    /// [`KeyError`]; a certificate of another key is one.
    pub fn from_pem(key: &str, certificate: Option<&str>) -> Result<Self, KeyError> {
        let handle = crypto::private_key_from_pem(key.as_bytes()).ok_or(KeyError::NoPrivateKey)?;
        let public = crypto::public_of(&handle).ok_or(KeyError::NoPrivateKey)?;
        let mut base64 = None;
        if let Some(pem) = certificate {
            let trusted = VerifyingKey::from_pem(pem)?;
            if trusted.certificate().is_none() {
                return Err(KeyError::NoPem);
            }
            if !crypto::is_same(&trusted.0.handle, &public) {
                return Err(KeyError::OtherCertificate);
            }
            let body = pem.split("-----").nth(2).unwrap_or("");
            base64 = Some(body.split_ascii_whitespace().collect());
        }
        Ok(Self { kind: crypto::kind(&public), handle, certificate: base64 })
    }

    /// The kind and size of the key.
    pub fn kind(&self) -> &PublicKey {
        &self.kind
    }

    /// The base64 of the certificate for `KeyInfo`.
    pub(crate) fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// The usual algorithm of a key of this kind: with SHA-256, or the hash as long as the curve.
    pub fn usual_algorithm(&self) -> SignatureAlgorithm {
        match &self.kind {
            PublicKey::Ec { curve, .. } => SignatureAlgorithm::Ecdsa(match curve.as_str() {
                "P-384" => Digest::Sha384,
                "P-521" => Digest::Sha512,
                _ => Digest::Sha256,
            }),
            _ => SignatureAlgorithm::RsaPkcs1(Digest::Sha256),
        }
    }

    pub(crate) fn sign(&self, algorithm: SignatureAlgorithm, hash: &[u8]) -> Option<Vec<u8>> {
        self.kind.fits(algorithm).then(|| crypto::sign(&self.handle, algorithm, hash)).flatten()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kind)
    }
}

/// A private key to decrypt with. Nothing shows it. Cheap to clone.
#[derive(Clone)]
pub struct DecryptionKey(crypto::PrivateHandle);

impl DecryptionKey {
    /// Reads a private key without a passphrase. Only an RSA key opens anything: XML Encryption's key
    /// transport is RSA, and with a key of another kind each try fails.
    ///
    /// # Errors
    /// [`KeyError::NoPrivateKey`].
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = crypto::private_key_from_pem(pem.as_bytes());
        key.map(Self).ok_or(KeyError::NoPrivateKey)
    }

    /// The key of `length` octets that was encrypted for this one.
    pub(crate) fn unwrap(
        &self,
        transport: KeyTransport,
        label: &[u8],
        wrapped: &[u8],
        length: usize,
    ) -> Option<Vec<u8>> {
        crypto::unwrap_key(&self.0, transport, label, wrapped, length)
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecryptionKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::CertificateError;
    use crate::testing::{certificate, pem, signing_key, trusted};

    fn why(pem: &str) -> KeyError {
        VerifyingKey::from_pem(pem).unwrap_err()
    }

    #[test]
    fn a_public_key_from_either_kind_of_pem() {
        let key = trusted("p256");
        assert_eq!(key.kind(), &PublicKey::Ec { curve: "P-256".to_owned(), bits: 256 });
        let subject = key.certificate().map(|certificate| certificate.subject.as_str());
        assert_eq!(subject, Some("CN=p256, for tests"));
        let bare = include_str!("../../../tests/data/keys/p256.pub.pem");
        let bare = VerifyingKey::from_pem(bare).unwrap();
        assert_eq!((bare.kind(), bare.certificate()), (key.kind(), None));
        assert!(crypto::is_same(&bare.0.handle, &key.0.handle));
        assert!(!crypto::is_same(&bare.0.handle, &trusted("p384").0.handle));
        // The first in the text.
        let two = format!("A text.\n{}{}", pem("p384").1, pem("p256").1);
        let first = VerifyingKey::from_pem(&two).unwrap();
        assert_eq!(first.kind().to_string(), "EC P-384");
        assert_eq!(format!("{bare:?}"), "VerifyingKey(EC P-256)");
        let hex = key.certificate().unwrap().sha256_hex();
        let shown = format!("VerifyingKey(EC P-256, CN=p256, for tests, sha256 {hex})");
        assert_eq!(format!("{key:?}"), shown);
    }

    #[test]
    fn pem_that_holds_no_public_key() {
        for text in ["", "no key", "-----BEGIN CERTIFICATE", "-----BEGIN CERTIFICATE-----\nAAAA"] {
            assert_eq!(why(text), KeyError::NoPem);
        }
        let label = "RSA PRIVATE KEY".to_owned();
        let other = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----";
        assert_eq!(why(other), KeyError::OtherPem { label });
        for body in ["AAAA", "*"] {
            let text = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----");
            assert_eq!(why(&text), KeyError::NotDer);
            let text = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----");
            assert!(matches!(why(&text), KeyError::Certificate(_)));
        }
        assert_eq!(VerifyingKey::from_public_key_der(&[]).unwrap_err(), KeyError::NotDer);
        let empty = KeyError::Certificate(CertificateError::Empty);
        assert_eq!(VerifyingKey::from_certificate(" ").unwrap_err(), empty);
    }

    #[test]
    fn keys_that_prove_nothing_and_one_that_proves_little() {
        for (text, expected) in [
            (
                include_str!("../../../tests/data/certificates/rsa-exponent-1.b64"),
                KeyError::Exponent { exponent: 1 },
            ),
            (
                include_str!("../../../tests/data/certificates/rsa-exponent-2.b64"),
                KeyError::Exponent { exponent: 2 },
            ),
            (
                include_str!("../../../tests/data/certificates/ec-off-the-curve.b64"),
                KeyError::Unreadable,
            ),
        ] {
            assert_eq!(VerifyingKey::from_certificate(text).unwrap_err(), expected);
            assert_eq!(PresentedKey::from_certificate(text).unwrap_err(), expected);
        }
        let three = include_str!("../../../tests/data/certificates/rsa-exponent-3.b64");
        let three = VerifyingKey::from_certificate(three).unwrap();
        assert_eq!(three.kind(), &PublicKey::Rsa { bits: 2048, exponent: 3 });
        assert!(three.kind().has_small_exponent());
    }

    #[test]
    fn numbers_that_are_no_rsa_key() {
        let modulus = |last: u8| [&[0x80][..], &[0; 254], &[last]].concat();
        let of = |modulus: &[u8], exponent: &[u8]| PresentedKey::from_rsa_value(modulus, exponent);
        let good = of(&modulus(1), &[1, 0, 1]).unwrap();
        assert_eq!(good.kind(), &PublicKey::Rsa { bits: 2048, exponent: 65_537 });
        assert!(good.certificate().is_none());
        let key = PublicKey::Rsa { bits: 2048, exponent: 65_537 };
        assert_eq!(of(&modulus(2), &[1, 0, 1]).unwrap_err(), KeyError::Impossible { key });
        for (octets, exponent) in [(&[0][..], 0), (&[1], 1), (&[2], 2), (&[1, 0], 256), (&[], 0)] {
            let expected = KeyError::Exponent { exponent };
            assert_eq!(of(&modulus(1), octets).unwrap_err(), expected);
        }
    }

    #[test]
    fn private_keys_and_the_certificates_that_go_with_them() {
        let (private, own) = pem("p256");
        let none = |result: Result<SigningKey, KeyError>| result.unwrap_err();
        assert_eq!(none(SigningKey::from_pem("", None)), KeyError::NoPrivateKey);
        assert_eq!(none(SigningKey::from_pem(own, None)), KeyError::NoPrivateKey);
        assert_eq!(none(SigningKey::from_pem(private, Some("x"))), KeyError::NoPem);
        let bare = include_str!("../../../tests/data/keys/p256.pub.pem");
        assert_eq!(none(SigningKey::from_pem(private, Some(bare))), KeyError::NoPem);
        let other = pem("p384").1;
        assert_eq!(none(SigningKey::from_pem(private, Some(other))), KeyError::OtherCertificate);
        let key = SigningKey::from_pem(private, Some(own)).unwrap();
        assert_eq!(key.certificate(), Some(certificate("p256").as_str()));
        assert_eq!(SigningKey::from_pem(private, None).unwrap().certificate(), None);
        assert_eq!(key.kind(), trusted("p256").kind());
        assert_eq!(format!("{key:?}"), "SigningKey(EC P-256)");
        assert_eq!(DecryptionKey::from_pem(own).unwrap_err(), KeyError::NoPrivateKey);
        let key = DecryptionKey::from_pem(private).unwrap();
        assert_eq!(format!("{key:?}"), "DecryptionKey");
    }

    /// A passphrase is not asked for on a terminal that a server does not have.
    #[test]
    fn a_private_key_with_a_passphrase_is_refused() {
        let encrypted = include_str!("../../../tests/data/keys/passphrase.test-only.pem");
        assert!(encrypted.contains("BEGIN ENCRYPTED PRIVATE KEY"));
        assert_eq!(SigningKey::from_pem(encrypted, None).unwrap_err(), KeyError::NoPrivateKey);
        assert_eq!(DecryptionKey::from_pem(encrypted).unwrap_err(), KeyError::NoPrivateKey);
    }

    #[test]
    fn the_usual_algorithm_of_each_key_and_what_it_cannot_make() {
        use SignatureAlgorithm::{Ecdsa, RsaPkcs1};
        for (name, usual, other) in [
            ("rsa-2048", RsaPkcs1(Digest::Sha256), Ecdsa(Digest::Sha256)),
            ("p256", Ecdsa(Digest::Sha256), RsaPkcs1(Digest::Sha256)),
            ("p384", Ecdsa(Digest::Sha384), RsaPkcs1(Digest::Sha256)),
            ("p521", Ecdsa(Digest::Sha512), RsaPkcs1(Digest::Sha256)),
        ] {
            let (key, hash) = (signing_key(name), usual.digest().value(b"x"));
            assert_eq!(key.usual_algorithm(), usual);
            let value = key.sign(usual, &hash).unwrap();
            assert!(trusted(name).verifies(usual, &hash, &value));
            assert!(!trusted(name).verifies(other, &hash, &value));
            assert_eq!(key.sign(other, &hash), None);
            // A hash of another length is not signed.
            assert!(name.starts_with('p') || key.sign(usual, &hash[1..]).is_none());
        }
    }
}
