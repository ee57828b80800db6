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
    /// Reads an RSA private key without a passphrase.
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
