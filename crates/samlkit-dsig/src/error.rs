//! What can be wrong with a key or certificate that is to be read, with what is to be signed, and
//! with the signature of a query. Why the signature of an element is refused is in `rejection`.

use samlkit_xml::{CanonicalizationError, Position};

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::PublicKey;

/// Why the text of an `X509Certificate` element is no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// There is no text.
    #[error("the element is empty")]
    Empty,
    /// The text has the `-----BEGIN` and `-----END` lines of a PEM file.
    #[error("found the -----BEGIN line of a PEM file, expected only the base64 between the lines")]
    PemArmour,
    /// A character that base64 does not have.
    #[error("found {found:?} at character {at}, expected base64")]
    NotBase64 {
        /// The character.
        found: char,
        /// Its place in the text, counted from 1 and with white space.
        at: usize,
    },
    /// The characters are those of base64, but they do not decode.
    #[error("the base64 is cut short or damaged ({characters} characters without white space)")]
    DamagedBase64 {
        /// How many there are, white space not counted.
        characters: usize,
    },
    /// The bytes are no certificate.
    #[error("the {length} bytes are not a DER certificate{}",
        if *.seems_pkcs7 { "; they look like PKCS #7, from which the certificate has to be taken" } else { "" })]
    NotDer {
        /// How many bytes the base64 gives.
        length: usize,
        /// Whether they begin like a PKCS #7 bundle.
        seems_pkcs7: bool,
    },
    /// There is something after the certificate.
    #[error("{extra} bytes follow the certificate; expected one certificate and nothing else")]
    TrailingBytes {
        /// How many bytes follow.
        extra: usize,
    },
}

/// Why a key cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no PEM block.
    #[error(
        "found no PEM block, expected -----BEGIN CERTIFICATE----- or -----BEGIN PUBLIC KEY-----"
    )]
    NoPem,
    /// The PEM block holds something else.
    #[error("found a PEM block with a {label}, expected a CERTIFICATE or PUBLIC KEY")]
    OtherPem {
        /// What the block says that it is.
        label: String,
    },
    /// The octets are no public key.
    #[error("the octets are no DER public key (SubjectPublicKeyInfo)")]
    NotDer,
    /// The certificate is none.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The key in the certificate is of no kind that can be used.
    #[error("the key in the certificate cannot be read")]
    Unreadable,
    /// There is no private key that can be read without a passphrase.
    #[error("found no private key in PEM that can be read without a passphrase")]
    NoPrivateKey,
    /// The certificate is that of another key.
    #[error("the certificate is not that of the private key")]
    OtherCertificate,
}

/// Why something cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// No element has that ID.
    #[error("no element has the attribute ID with the value {id:?}")]
    NoSuchId {
        /// The ID that was asked for.
        id: String,
    },
    /// An ID stands twice in the document.
    #[error("an ID stands twice in the document; a reference to it would mean nothing")]
    DuplicateId,
    /// The element has a signature already.
    #[error("the element at {position} is signed already")]
    AlreadySigned {
        /// Where the element begins.
        position: Position,
    },
    /// The key is not of the kind that the algorithm needs, or refuses to sign.
    #[error("a key of the kind {key} cannot make a signature by {method}")]
    Key {
        /// The kind of the key.
        key: PublicKey,
        /// The algorithm.
        method: SignatureAlgorithm,
    },
    /// A prefix for the PrefixList that is none.
    #[error("{prefix:?} is no prefix")]
    Prefix {
        /// What was given.
        prefix: String,
    },
    /// A value for a query that is not percent-encoded.
    #[error("{value:?} cannot stand in a query; percent-encode it first")]
    QueryValue {
        /// What was given.
        value: String,
    },
    /// There is no canonical form.
    #[error(transparent)]
    Output(#[from] CanonicalizationError),
}

/// Why the signature of a query is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// There is neither SAMLRequest nor SAMLResponse.
    #[error("the query has neither SAMLRequest nor SAMLResponse")]
    NoMessage,
    /// There are both.
    #[error("the query has both SAMLRequest and SAMLResponse")]
    TwoMessages,
    /// A parameter stands twice.
    #[error("{name} stands twice in the query")]
    Repeated {
        /// The name of the parameter.
        name: &'static str,
    },
    /// There is no signature.
    #[error("the query is not signed: it needs both SigAlg and Signature")]
    Unsigned,
    /// A value cannot be decoded.
    #[error("the value of {name} cannot be decoded")]
    NotDecodable {
        /// The name of the parameter.
        name: &'static str,
    },
    /// An algorithm that the profile does not have, or that the policy refuses.
    #[error("the signature algorithm {found:?} is not accepted")]
    Algorithm {
        /// Its URI.
        found: String,
    },
    /// No trusted key made the signature.
    #[error("the signature fits none of the {keys} trusted keys")]
    Invalid {
        /// How many keys are trusted.
        keys: usize,
    },
    /// The signature is good under a trusted key that is too short.
    #[error("the key is {key}, expected {least} bits or more")]
    WeakKey {
        /// The kind of the key.
        key: PublicKey,
        /// The bits that it needs.
        least: u32,
    },
}
