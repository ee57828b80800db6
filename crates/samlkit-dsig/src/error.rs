//! What can be wrong with a key or certificate that is to be read, with what is to be signed, and
//! with a query and its signature. Why the signature of an element is refused is in `rejection`.

use samlkit_xml::{CanonicalizationError, Limit, LimitExceeded, Position};

use crate::algorithm::{PublicKey, SignatureAlgorithm};

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
    /// An RSA key under which anybody can sign, or nobody: its exponent is below 3 or even.
    #[error(
        "the RSA exponent is {exponent}, expected an odd number from 3 on: the key proves nothing"
    )]
    Exponent {
        /// The exponent.
        exponent: u64,
    },
    /// A key that no honest maker makes: a point that is not on its curve, an even modulus.
    #[error(
        "the {key} key is not a possible key: a point that is not on its curve, or an even modulus"
    )]
    Impossible {
        /// Its kind.
        key: PublicKey,
    },
    /// There is no private key that can be read without a passphrase.
    #[error("found no private key in PEM that can be read without a passphrase")]
    NoPrivateKey,
    /// The certificate is that of another key.
    #[error("the certificate is not that of the private key")]
    OtherCertificate,
}

/// Why something cannot be decrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecryptError {
    /// An algorithm that the profile does not have, or that the policy refuses.
    #[error("the {role} {found:?} is not accepted")]
    Algorithm {
        /// What the algorithm is for.
        role: &'static str,
        /// Its URI.
        found: String,
    },
    /// A part that has to be there is not.
    #[error("the encrypted data has no {what}")]
    Missing {
        /// What is missing.
        what: &'static str,
    },
    /// A part that may not be there, or not a second time.
    #[error("<{parent}> holds <{found}>, which may not be there")]
    Unexpected {
        /// The element that holds it.
        parent: String,
        /// Its name.
        found: String,
    },
    /// What was to be decrypted was not signed by the evidence that was given for it.
    #[error("<{element}> is not part of what was signed")]
    NotSigned {
        /// Its name.
        element: String,
    },
    /// No key is given.
    #[error("no key is given to decrypt with")]
    NoKey,
    /// More encrypted keys than may be tried on one document.
    #[error("{0}")]
    Limit(LimitExceeded),
    /// More encrypted keys for one element, times keys of the reader's, than are tried.
    #[error("{found} {limit} would be needed, and at most {max} are done for what nobody signed")]
    TooManyKeys {
        /// Which kind of operation.
        limit: Limit,
        /// How many would be needed.
        found: usize,
        /// How many are done.
        max: usize,
    },
    /// It did not work. There is no saying why.
    #[error("it could not be decrypted")]
    Failed,
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
    /// A duplicate ID.
    #[error("the document has a duplicate ID, so a reference to it would mean nothing")]
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
    /// An entry of the PrefixList that is not a prefix.
    #[error("{prefix:?} is not a prefix")]
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
    /// The element has no canonical form.
    #[error(transparent)]
    Canonicalization(#[from] CanonicalizationError),
}

/// What is wrong with the parameters of a query or of a form body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// There is neither SAMLRequest nor SAMLResponse.
    #[error("found neither SAMLRequest nor SAMLResponse")]
    NoMessage,
    /// There are both.
    #[error("found both SAMLRequest and SAMLResponse, expected one of them")]
    TwoMessages,
    /// There are two of a parameter; a percent-encoded spelling and a name without a value are of
    /// that parameter too.
    #[error("found the parameter {name} more than once, expected it once")]
    Repeated {
        /// The name of the parameter.
        name: &'static str,
    },
    /// A name that other programs may take for that of a parameter.
    #[error("found a parameter {found:?}, which other programs may take for {expected}")]
    Alike {
        /// The name, with percent-encoding undone once; the end of it if it is long.
        found: String,
        /// The parameter that it is like.
        expected: &'static str,
    },
    /// A `%` without two hexadecimal digits.
    #[error("the value of {name} has {found:?}, expected % and two hexadecimal digits")]
    Escape {
        /// The name of the parameter.
        name: &'static str,
        /// What stands there.
        found: String,
    },
    /// A value that is not UTF-8.
    #[error("the value of {name} is not UTF-8")]
    NotUtf8 {
        /// The name of the parameter.
        name: &'static str,
    },
    /// There is nothing in it.
    #[error("the value of {name} is empty")]
    Empty {
        /// The name of the parameter.
        name: &'static str,
    },
    /// A character that base64 does not have (RFC 4648, 4).
    #[error("the value of {name} is not base64: found {found:?} at character {at}{}", .damage.hint())]
    NotBase64 {
        /// The name of the parameter.
        name: &'static str,
        /// The character.
        found: char,
        /// Its place in the decoded value, counted from 1.
        at: usize,
        /// What may have happened to the value.
        damage: Damage,
    },
    /// The characters are those of base64, but no encoder writes them so: there are too few, `=`
    /// stands where it must not, or bits behind the last octet are set.
    #[error("the base64 in {name} is cut short or damaged ({characters} characters)")]
    Incomplete {
        /// The name of the parameter.
        name: &'static str,
        /// How many characters there are, without line breaks.
        characters: usize,
    },
}

/// What a character that is not of base64 tells of the value's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// A space.
    Space,
    /// `-` or `_`.
    UrlAlphabet,
    /// `%`.
    EscapedTwice,
    /// U+FEFF.
    ByteOrderMark,
    /// A line break, where the binding forbids them.
    LineBreak,
    /// Anything else.
    Other,
}

impl Damage {
    pub(crate) fn of(found: char) -> Self {
        match found {
            ' ' => Self::Space,
            '-' | '_' => Self::UrlAlphabet,
            '%' => Self::EscapedTwice,
            '\u{FEFF}' => Self::ByteOrderMark,
            '\r' | '\n' => Self::LineBreak,
            _ => Self::Other,
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Space => "; a + that is not written as %2B becomes a space",
            Self::UrlAlphabet => "; that is base64 for URLs, expected + and / instead of - and _",
            Self::EscapedTwice => "; the value is percent-encoded twice",
            Self::ByteOrderMark => ", a byte order mark",
            Self::LineBreak => "; the Redirect binding allows no line breaks",
            Self::Other => "",
        }
    }
}

/// Why a query is not a message of the Redirect binding, or its signature is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// The parameters, or the spelling of one.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// An encoding of the message other than DEFLATE (saml-bindings 3.4.4).
    #[error("the SAMLEncoding is {found:?}, expected {expected}")]
    Encoding {
        /// What SAMLEncoding says.
        found: String,
        /// The encoding that there is.
        expected: &'static str,
    },
    /// The base64 does not hold one whole DEFLATE stream (RFC 1951).
    #[error("{name} is not DEFLATE (RFC 1951): found {found}")]
    NotDeflate {
        /// The parameter.
        name: &'static str,
        /// What it holds instead.
        found: &'static str,
    },
    /// Octets follow the DEFLATE stream.
    #[error("{extra} octets follow the DEFLATE stream in {name}, expected none")]
    TrailingOctets {
        /// The parameter.
        name: &'static str,
        /// How many.
        extra: usize,
    },
    /// The message is too large when inflated.
    #[error("the message inflates to more than {max} octets")]
    InflateLimit {
        /// How many octets are allowed.
        max: usize,
    },
    /// There is no signature.
    #[error("the query is not signed: it has neither SigAlg nor Signature")]
    Unsigned,
    /// One half of a signature.
    #[error("the query has no {missing}, expected both SigAlg and Signature or neither")]
    HalfSigned {
        /// The parameter that is not there.
        missing: &'static str,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Each message says what happened on the way, where that can be told from the character.
    #[test]
    fn what_a_foreign_character_tells() {
        for (found, damage, end) in [
            (' ', Damage::Space, "character 7; a + that is not written as %2B becomes a space"),
            ('-', Damage::UrlAlphabet, "base64 for URLs, expected + and / instead of - and _"),
            ('_', Damage::UrlAlphabet, "base64 for URLs, expected + and / instead of - and _"),
            ('%', Damage::EscapedTwice, "; the value is percent-encoded twice"),
            ('\u{FEFF}', Damage::ByteOrderMark, "character 7, a byte order mark"),
            ('\r', Damage::LineBreak, "; the Redirect binding allows no line breaks"),
            ('\n', Damage::LineBreak, "; the Redirect binding allows no line breaks"),
            ('*', Damage::Other, "found '*' at character 7"),
        ] {
            assert_eq!(Damage::of(found), damage);
            let message = ParameterError::NotBase64 { name: "x", found, at: 7, damage }.to_string();
            assert!(message.ends_with(end), "{message}");
        }
    }
}
