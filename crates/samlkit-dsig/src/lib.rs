//! Signatures for SAML: verifies them, makes them, and says why one fails.
//!
//! A signature in an XML document says: *this key was used on a digest of that part of the
//! document*. [`verify()`] turns that into evidence, a [`Signed`] element, and is the only maker
//! of it. It has checked that
//!
//! - the signature is a child of the element that it is about, in the place that the schema has for
//!   it, refers to that element's own `ID`, and the document has no duplicate ID;
//! - it has the one shape that SAML allows (saml-core 5.4): one reference, no transform that could
//!   choose or change content, only algorithms and key sizes that the [`AlgorithmPolicy`] accepts;
//! - the element, in canonical form and without the signature, has the digest that was signed;
//! - one of the keys that *the caller* gave made the signature. The key that a message carries with
//!   it proves nothing: whoever forges a message puts their own into it. It is looked at by
//!   [`explain()`] only, which makes no evidence, and is a type of its own, [`PresentedKey`].
//!
//! What is **not** verified: whether the key is still the right one (that is a matter of where the
//! caller got it, and when), a certificate's dates and issuer (SAML does not use them), whether the
//! content is meant for you, is recent, or was used before, and anything in the document outside the
//! signed element. Values have to be read through [`Signed::root`], which shows exactly what was
//! hashed; what another part of the document says was said by nobody.
//!
//! ```
//! use samlkit_dsig::{AlgorithmPolicy, SignOptions, SigningKey, VerifyingKey, sign, verify};
//! use samlkit_xml::Document;
//!
//! # let pem = include_str!("../../../tests/data/keys/entra-app-active.test-only.pem");
//! # let certificate = include_str!("../../../tests/data/certificates/active.b64");
//! let key = SigningKey::from_pem(pem, None)?;
//! let document = Document::parse(b"<Assertion ID='_1'><Name>ada</Name></Assertion>")?;
//! let octets = sign(&document, "_1", &key, &SignOptions::default())?;
//!
//! let trusted = [VerifyingKey::from_certificate(certificate)?];
//! let document = Document::parse(&octets)?;
//! let signed = verify(document.root(), &trusted, &AlgorithmPolicy::default())?;
//! let names: Vec<_> = signed.root().children().map(|child| child.text()).collect();
//! assert_eq!(names, ["ada"]);
//!
//! let forged = String::from_utf8(octets)?.replace("ada", "eve");
//! let document = Document::parse(forged.as_bytes())?;
//! let rejection = verify(document.root(), &trusted, &AlgorithmPolicy::default()).unwrap_err();
//! assert_eq!(rejection.failures()[0].rule(), "signature.digest");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Messages of the HTTP Redirect binding, whose signatures are in the URL and not in the XML, are in
//! [`redirect`]. [`decrypt`] opens what is encrypted for you, which says nothing of who wrote it.
//! OpenSSL is named in `crypto/` and nowhere else.

mod algorithm;
mod base64;
mod certificate;
mod crypto;
mod encryption;
mod error;
mod evidence;
mod explain;
mod inspection;
mod key;
mod markup;
pub mod namespace;
pub mod parameters;
pub mod redirect;
mod rejection;
mod sign;
mod signature;
#[cfg(test)]
mod testing;
mod verify;

pub use algorithm::{AlgorithmPolicy, Digest, EncryptionPolicy, PublicKey, SignatureAlgorithm};
pub use certificate::Certificate;
pub use crypto::library;
pub use encryption::{Decrypted, DecryptedDocument, decrypt, decrypt_signed};
pub use error::{
    CertificateError, Damage, DecryptError, KeyError, ParameterError, RedirectError, SignError,
};
pub use evidence::{Signed, SignedElement};
pub use explain::{Explanation, Reformatting, explain};
pub use key::{DecryptionKey, PresentedKey, SigningKey, VerifyingKey};
pub use rejection::{Failure, FailureKind, Rejection};
pub use sign::{SignOptions, sign};
pub use signature::is_signed;
pub use verify::verify;
