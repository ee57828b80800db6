//! What can be wrong with a key or certificate that is to be read.

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
