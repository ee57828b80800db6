//! Keys and certificates of SAML's signatures.
//!
//! For now this crate decodes certificates and says what is in them ([`Certificate`]). It trusts
//! none: SAML metadata uses a certificate as the envelope of a key, and whether a key is trusted
//! is a matter of where the metadata came from, not of the certificate's issuer or dates
//! (Metadata Interoperability Profile, 2.6.1).
//!
//! OpenSSL is named in `crypto` and nowhere else.

mod certificate;
mod crypto;
mod error;

pub use certificate::{Certificate, PublicKey};
pub use error::CertificateError;
