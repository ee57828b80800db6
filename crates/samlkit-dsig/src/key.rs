//! Keys: the ones that signatures are checked with, parsed once from what the configuration or
//! metadata says, and the ones to sign with. A certificate is kept with its key to explain by; its
//! dates and issuer decide nothing here (Metadata Interoperability Profile, 2.6.1).

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::algorithm::{Digest, SignatureAlgorithm};
use crate::certificate::{Certificate, PublicKey};
use crate::crypto;
use crate::error::KeyError;

/// A public key that is trusted to check signatures with. Cheap to clone.
///
/// ```
/// use samlkit_dsig::{KeyError, VerifyingKey};
///
/// assert_eq!(VerifyingKey::from_pem("no key").unwrap_err(), KeyError::NoPem);
/// ```
#[derive(Clone)]
pub struct VerifyingKey(Arc<Verifying>);

struct Verifying {
    handle: crypto::PublicHandle,
    kind: PublicKey,
    certificate: Option<Certificate>,
}

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
                let packed: String = body.split_ascii_whitespace().collect();
                Self::from_public_key_der(&STANDARD.decode(packed).map_err(|_| KeyError::NotDer)?)
            }
            other => Err(KeyError::OtherPem { label: other.to_owned() }),
        }
    }

    /// The key in the text of an `X509Certificate` element.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_certificate(base64: &str) -> Result<Self, KeyError> {
        let der = Certificate::der_of_base64(base64)?;
        let (certificate, handle) = Certificate::with_key(&der)?;
        let handle = handle.ok_or(KeyError::Unreadable)?;
        let kind = certificate.public_key.clone();
        Ok(Self(Arc::new(Verifying { handle, kind, certificate: Some(certificate) })))
    }

    /// A bare public key (SubjectPublicKeyInfo in DER, RFC 5280, 4.1.2.7).
    ///
    /// # Errors
    /// [`KeyError::NotDer`].
    pub fn from_public_key_der(der: &[u8]) -> Result<Self, KeyError> {
        let handle = crypto::public_key_from_der(der).ok_or(KeyError::NotDer)?;
        Ok(Self::bare(handle))
    }

    /// The key that an `RSAKeyValue` in a message spells out: to explain by, never to trust.
    pub(crate) fn from_rsa_value(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        Some(Self::bare(crypto::rsa_public_key(modulus, exponent)?))
    }

    fn bare(handle: crypto::PublicHandle) -> Self {
        let kind = crypto::kind(&handle);
        Self(Arc::new(Verifying { handle, kind, certificate: None }))
    }

    /// The kind and size of the key.
    pub fn kind(&self) -> &PublicKey {
        &self.0.kind
    }

    /// The certificate that the key came in.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.0.certificate.as_ref()
    }

    pub(crate) fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        fits(self.kind(), algorithm)
    }

    /// Whether the key made `signature` over something with this hash value.
    pub(crate) fn verifies(
        &self,
        algorithm: SignatureAlgorithm,
        hash: &[u8],
        signature: &[u8],
    ) -> bool {
        self.fits(algorithm) && crypto::verify(&self.0.handle, algorithm, hash, signature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({}", self.kind())?;
        if let Some(certificate) = self.certificate() {
            write!(f, ", {}, sha256 {}", certificate.subject, certificate.sha256_hex())?;
        }
        f.write_str(")")
    }
}

/// Whether a key of this kind can have made a signature of that algorithm. Of elliptic curves
/// only those of NIST count (RFC 9231, 2.3.6 names no other that anybody uses).
fn fits(kind: &PublicKey, algorithm: SignatureAlgorithm) -> bool {
    match (kind, algorithm) {
        (
            PublicKey::Rsa { .. },
            SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss(_),
        ) => true,
        (PublicKey::Ec { curve, .. }, SignatureAlgorithm::Ecdsa(_)) => {
            matches!(curve.as_str(), "P-256" | "P-384" | "P-521")
        }
        _ => false,
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
        if !fits(&self.kind, algorithm) {
            return None;
        }
        crypto::sign(&self.handle, algorithm, hash)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kind)
    }
}
