//! X.509 certificates as SAML carries them: base64 of DER in an `X509Certificate` element (XML
//! Signature 4.5.4). Says what is in one; judges nothing, and follows no chain.

use std::collections::HashMap;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::{DateTime, Utc};

use crate::algorithm::{Digest, PublicKey};
use crate::crypto;
use crate::error::CertificateError;

/// A decoded certificate.
///
/// ```
/// use samlkit_dsig::{Certificate, CertificateError};
///
/// assert_eq!(Certificate::from_base64(" "), Err(CertificateError::Empty));
/// let error = Certificate::from_base64("MIIC*").unwrap_err();
/// assert_eq!(error.to_string(), "found '*' at character 5, expected base64");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certificate {
    /// The subject's name, its parts in the order encoded: `CN=…, O=…`.
    pub subject: String,
    /// The issuer's name, written like the subject's.
    pub issuer: String,
    /// The serial number in hexadecimal.
    pub serial: String,
    /// The first moment at which it is valid.
    pub not_before: DateTime<Utc>,
    /// The last moment at which it is valid.
    pub not_after: DateTime<Utc>,
    /// The kind and size of the key in it.
    pub public_key: PublicKey,
    /// The algorithm by which the certificate itself is signed, as OpenSSL names it:
    /// `sha256WithRSAEncryption`.
    pub signature_algorithm: String,
    /// The SHA-256 fingerprint.
    pub sha256: [u8; 32],
    /// The SHA-1 fingerprint, which Entra's portal shows as *Thumbprint*.
    pub sha1: [u8; 20],
    /// The object identifiers of the extensions in the order encoded, dotted. Entra's have none.
    pub extensions: Vec<String>,
}

/// Missing padding is no reason to keep a certificate from being looked at.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// `1.2.840.113549.1.7`: the identifiers of PKCS #7 begin like this.
const PKCS7: [u8; 8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07];

impl Certificate {
    /// Decodes the text of an `X509Certificate` element. White space anywhere is passed over.
    ///
    /// # Errors
    /// Whatever keeps the text from being one certificate, with the place.
    pub fn from_base64(text: &str) -> Result<Self, CertificateError> {
        Self::from_der(&Self::der_of_base64(text)?)
    }

    /// [`Certificate::from_base64`], but what is in `known`, by its SHA-256 fingerprint, is not decoded
    /// once more: to take a fingerprint costs little, to decode a key a lot.
    ///
    /// # Errors
    /// Those of [`Certificate::from_base64`].
    pub fn from_base64_or_known(
        text: &str,
        known: &HashMap<[u8; 32], &Self>,
    ) -> Result<Self, CertificateError> {
        let der = Self::der_of_base64(text)?;
        let sha256 = Digest::Sha256.value(&der);
        match <[u8; 32]>::try_from(sha256).ok().and_then(|sha256| known.get(&sha256)) {
            Some(known) => Ok((*known).clone()),
            None => Self::from_der(&der),
        }
    }

    /// The octets that the text of an `X509Certificate` element stands for.
    pub(crate) fn der_of_base64(text: &str) -> Result<Vec<u8>, CertificateError> {
        let is_space = |c: char| c.is_ascii_whitespace();
        let packed: String = text.chars().filter(|&c| !is_space(c)).collect();
        if packed.is_empty() {
            return Err(CertificateError::Empty);
        }
        if text.trim_start().starts_with("-----BEGIN") {
            return Err(CertificateError::PemArmour);
        }
        let foreign = |c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c) || is_space(c));
        if let Some((before, found)) = text.chars().enumerate().find(|&(_, c)| foreign(c)) {
            return Err(CertificateError::NotBase64 { found, at: before.saturating_add(1) });
        }
        let damaged = |_| CertificateError::DamagedBase64 { characters: packed.len() };
        BASE64.decode(&packed).map_err(damaged)
    }

    /// Decodes a DER certificate, which has to fill the bytes to the last.
    ///
    /// # Errors
    /// [`CertificateError::NotDer`] or [`CertificateError::TrailingBytes`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        Self::with_key(der).map(|(certificate, _)| certificate)
    }

    /// [`Certificate::from_der`], and the key in it, decoded once for both.
    pub(crate) fn with_key(
        der: &[u8],
    ) -> Result<(Self, Option<crypto::PublicHandle>), CertificateError> {
        let not_der = || CertificateError::NotDer {
            length: der.len(),
            seems_pkcs7: der.windows(PKCS7.len()).take(32).any(|window| window == PKCS7),
        };
        let (_, after) = Element::read(der).ok_or_else(not_der)?;
        if !after.is_empty() {
            return Err(CertificateError::TrailingBytes { extra: after.len() });
        }
        let facts = crypto::certificate(der).ok_or_else(not_der)?;
        let certificate = Self {
            subject: facts.subject,
            issuer: facts.issuer,
            serial: facts.serial,
            not_before: facts.not_before,
            not_after: facts.not_after,
            public_key: facts.public_key,
            signature_algorithm: facts.signature_algorithm,
            sha256: facts.sha256,
            sha1: facts.sha1,
            extensions: extensions(der).unwrap_or_default(),
        };
        Ok((certificate, facts.key))
    }

    /// The SHA-256 fingerprint as tools print it: `7C:1E:40:…`.
    pub fn sha256_hex(&self) -> String {
        hex(&self.sha256)
    }

    /// The SHA-1 fingerprint as tools print it. Entra's portal leaves the colons out.
    pub fn sha1_hex(&self) -> String {
        hex(&self.sha1)
    }
}

fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// One element of DER (X.690, 8.1): enough to find the extensions, which the openssl crate does
/// not list.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
}

const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;
/// `[3] EXPLICIT Extensions` in a TBSCertificate (RFC 5280, 4.1).
const EXTENSIONS: u8 = 0xA3;

impl<'a> Element<'a> {
    /// The element at the start of `bytes`, and what follows it.
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&tag, rest) = bytes.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..0x80 => (usize::from(first), rest),
            // The indefinite form, which DER does not have (X.690, 10.1).
            0x80 => return None,
            _ => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
                let length = digits.iter().try_fold(0usize, |length, &digit| {
                    length.checked_mul(256)?.checked_add(usize::from(digit))
                })?;
                (length, rest)
            }
        };
        let (content, rest) = rest.split_at_checked(length)?;
        Some((Self { tag, content }, rest))
    }

    fn children(&self) -> impl Iterator<Item = Element<'a>> {
        let mut rest = self.content;
        std::iter::from_fn(move || {
            let (element, after) = Element::read(rest)?;
            rest = after;
            Some(element)
        })
    }
}

fn extensions(der: &[u8]) -> Option<Vec<String>> {
    let (certificate, _) = Element::read(der)?;
    let signed = certificate.children().next()?;
    let Some(wrapper) = signed.children().find(|element| element.tag == EXTENSIONS) else {
        return Some(Vec::new());
    };
    let list = wrapper.children().next()?;
    let identifiers = list.children().filter(|element| element.tag == SEQUENCE);
    let identifiers = identifiers.filter_map(|extension| extension.children().next());
    Some(
        identifiers.filter(|id| id.tag == OBJECT_IDENTIFIER).map(|id| dotted(id.content)).collect(),
    )
}

/// An object identifier with dots (X.690, 8.19).
fn dotted(content: &[u8]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut number = 0u64;
    for &byte in content {
        number = number.saturating_mul(128).saturating_add(u64::from(byte & 0x7F));
        if byte & 0x80 != 0 {
            continue;
        }
        if numbers.is_empty() {
            // The first two numbers share one: 40 times the first, which is at most 2.
            let first = (number / 40).min(2);
            numbers.push(first);
            number = number.saturating_sub(first.saturating_mul(40));
        }
        numbers.push(number);
        number = 0;
    }
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_are_written_with_dots() {
        assert_eq!(dotted(&[0x55, 0x1D, 0x13]), "2.5.29.19");
        assert_eq!(dotted(&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01]), "1.2.840.113549.1");
        assert_eq!(dotted(&[0x88, 0x37]), "2.999");
        assert_eq!(dotted(&[]), "");
    }

    #[test]
    fn what_is_no_certificate_says_why() {
        let why = |text: &str| Certificate::from_base64(text).unwrap_err();
        assert_eq!(why("\n"), CertificateError::Empty);
        assert_eq!(why("-----BEGIN CERTIFICATE-----\nMIIC"), CertificateError::PemArmour);
        assert_eq!(why("MI IC\n#"), CertificateError::NotBase64 { found: '#', at: 7 });
        assert_eq!(why("MIICA"), CertificateError::DamagedBase64 { characters: 5 });
        assert_eq!(why("AAAA"), CertificateError::TrailingBytes { extra: 1 });
        assert_eq!(why("MAA="), CertificateError::NotDer { length: 2, seems_pkcs7: false });
        let signed_data = "MA0GCSqGSIb3DQEHAgUA";
        assert!(matches!(why(signed_data), CertificateError::NotDer { seems_pkcs7: true, .. }));
    }

    #[test]
    fn lengths_that_lie_are_no_element() {
        for lie in [
            &[0x30][..],
            &[0x30, 5, 0],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0],
        ] {
            assert!(Element::read(lie).is_none(), "{lie:?}");
        }
        assert!(Element::read(&[0x30, 0x89, 9, 9, 9, 9, 9, 9, 9, 9, 9]).is_none());
    }

    fn certificate(text: &str) -> Certificate {
        Certificate::from_base64(text).unwrap()
    }

    #[test]
    fn what_is_in_a_certificate() {
        let text = include_str!("../../../tests/data/certificates/names.b64");
        let names = certificate(text);
        assert_eq!(names.subject, "CN=Ada, O=Engine, Ltd, 1.2.3.4=x");
        assert_eq!((names.issuer.as_str(), names.serial.as_str()), ("CN=Babbage", "0102"));
        assert_eq!(names.not_before.to_rfc3339(), "1960-01-02T03:04:05+00:00");
        assert_eq!(names.not_after.to_rfc3339(), "2060-01-02T03:04:05+00:00");
        let curve = "secp256k1".to_owned();
        assert_eq!(names.public_key, PublicKey::Ec { curve, bits: 256 });
        assert_eq!(names.signature_algorithm, "ecdsa-with-SHA384");
        assert_eq!(names.extensions, [""; 0]);
        let ed25519 = certificate(include_str!("../../../tests/data/certificates/ed25519.b64"));
        let other = PublicKey::Other { name: "ED25519".to_owned(), bits: 256 };
        assert_eq!((ed25519.public_key, ed25519.signature_algorithm.as_str()), (other, "ED25519"));
        let off =
            certificate(include_str!("../../../tests/data/certificates/ec-off-the-curve.b64"));
        assert_eq!(off.public_key, PublicKey::Unknown);
    }

    #[test]
    fn fingerprints_as_tools_print_them() {
        let active = certificate(include_str!("../../../tests/data/certificates/active.b64"));
        // As `openssl x509 -fingerprint` says.
        assert_eq!(
            active.sha256_hex(),
            "5F:14:9E:01:02:4C:E6:FC:C2:1E:4C:21:E9:ED:45:AF:22:4E:57:57:8F:25:8A:AB:06:0F:85:AE:\
             1A:A8:A3:49"
        );
        assert_eq!(
            active.sha1_hex(),
            "34:69:3C:DC:9B:CB:12:24:8B:05:E5:52:AB:B3:B9:86:59:8D:E9:7A"
        );
        assert_eq!(active.serial, "722770E6A6FC013A26FD6D66DB359B9C");
        let rsa = PublicKey::Rsa { bits: 2048, exponent: 65_537 };
        assert_eq!(active.public_key, rsa);
    }

    #[test]
    fn extensions_in_their_order() {
        let two = certificate(include_str!("../../../tests/data/certificates/two-extensions.b64"));
        assert_eq!(two.extensions.first().map(String::as_str), Some("2.5.29.19"));
        assert_eq!(two.extensions.len(), 2);
        let large = certificate(include_str!("../../../tests/data/certificates/large.b64"));
        // The identifiers of the key, of the issuer's key, the constraints, the other names.
        assert_eq!(large.extensions, ["2.5.29.14", "2.5.29.35", "2.5.29.19", "2.5.29.17"]);
        let repeated =
            certificate(include_str!("../../../tests/data/certificates/repeated-extension.b64"));
        let [first, second] = repeated.extensions.as_slice() else { panic!("{repeated:?}") };
        assert_eq!(first, second);
    }

    #[test]
    fn extensions_are_found_where_they_are_and_nowhere_else() {
        // A certificate, its signed part, and in that the extensions: one identifier.
        let inside = [0xA3, 0x0B, 0x30, 0x09, 0x30, 0x07, 0x06, 0x03, 0x55, 0x1D, 0x13, 0x04, 0x00];
        let wrap = |inside: &[u8]| {
            let length = u8::try_from(inside.len()).unwrap();
            let signed = [&[0x30, length], inside].concat();
            [&[0x30, length + 2], signed.as_slice()].concat()
        };
        assert_eq!(extensions(&wrap(&inside)), Some(vec!["2.5.29.19".to_owned()]));
        let changed = |at: usize, to: u8| {
            let mut changed = inside;
            changed[at] = to;
            extensions(&wrap(&changed))
        };
        // Another tag in the place of the wrapper, of an extension, of the identifier.
        for at in [0, 4, 6] {
            assert_eq!(changed(at, 0x31), Some(Vec::new()));
        }
        assert_eq!(extensions(&[0x30, 0]), None);
    }

    #[test]
    fn a_known_certificate_is_not_decoded_again() {
        let text = include_str!("../../../tests/data/certificates/active.b64");
        let mut known = certificate(text);
        known.subject = "known".to_owned();
        let of = |text: &str| {
            let list = HashMap::from([(known.sha256, &known)]);
            Certificate::from_base64_or_known(text, &list)
        };
        assert_eq!(of(text).unwrap().subject, "known");
        let next = include_str!("../../../tests/data/certificates/next.b64");
        assert_eq!(of(next), Certificate::from_base64(next));
        assert_eq!(of("*"), Err(CertificateError::NotBase64 { found: '*', at: 1 }));
    }

    #[test]
    fn lengths_in_every_form() {
        let read = |bytes: &[u8]| {
            let (element, rest) = Element::read(bytes)?;
            Some((element.tag, element.content.len(), rest.len()))
        };
        assert_eq!(read(&[0x30, 2, 1, 2, 3]), Some((0x30, 2, 1)));
        assert_eq!(read(&[0x30, 0x81, 2, 1, 2, 3]), Some((0x30, 2, 1)));
        assert_eq!(read(&[&[0x30, 0x82, 1, 2][..], &[0; 258]].concat()), Some((0x30, 258, 0)));
        assert_eq!(read(&[&[0x30, 0x7F][..], &[0; 127]].concat()), Some((0x30, 127, 0)));
        assert_eq!(read(&[0x30]), None);
    }

    /// A bundle is recognized near its beginning, where its identifier is.
    #[test]
    fn pkcs_7_is_looked_for_at_the_beginning_only() {
        let after = |zeros: usize| {
            let der = [vec![0; zeros], PKCS7.to_vec(), vec![0]].concat();
            let der = [&[0x30, u8::try_from(der.len()).unwrap()], der.as_slice()].concat();
            match Certificate::from_der(&der).unwrap_err() {
                CertificateError::NotDer { length, seems_pkcs7 } => (length - zeros, seems_pkcs7),
                other => panic!("{other}"),
            }
        };
        assert_eq!((after(0), after(29), after(30)), ((11, true), (11, true), (11, false)));
    }
}
