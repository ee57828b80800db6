//! Messages of the HTTP Redirect binding (saml-bindings 3.4.4.1): the DEFLATE of the XML, in base64,
//! in a parameter of the URL, and a signature that is not in the XML. What is signed is
//! `SAMLRequest=…` or `SAMLResponse=…`, then `RelayState=…` if there is one, then `SigAlg=…`, octet
//! by octet as received.
//!
//! A query is read once: [`Query::read`] refuses whatever could be read in two ways, and what
//! [`verify`] gives hands out the message that was verified, as elements and never as a text that
//! another reader would have to take apart again. Encodings other than DEFLATE do not exist here.

use std::borrow::Cow;
use std::fmt;

use flate2::{Decompress, FlushDecompress, Status};
use samlkit_xml::{Document, Limits};

use crate::algorithm::{AlgorithmPolicy, SignatureAlgorithm};
use crate::base64;
use crate::crypto::Hasher;
use crate::error::{RedirectError, SignError};
use crate::evidence::SignedElement;
use crate::key::{SigningKey, VerifyingKey};
use crate::parameters::{self, LineBreaks, Part, RELAY_STATE, REQUEST, RESPONSE};

pub use crate::parameters::Parameter;

const ALGORITHM: &str = "SigAlg";
const SIGNATURE: &str = "Signature";
const ENCODING: &str = "SAMLEncoding";
/// Every parameter that the binding defines.
const NAMES: [&str; 6] = [REQUEST, RESPONSE, RELAY_STATE, ALGORITHM, SIGNATURE, ENCODING];
/// The only encoding that saml-bindings defines (3.4.4.1), and the default.
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

/// Octets that a message may inflate to: a megabyte, as for a response. DEFLATE makes a thousand
/// octets of one, so the length of the URL is no limit.
pub const INFLATED: usize = 1 << 20;
/// Octets to inflate at a time.
const STEP: usize = 1 << 13;

/// A query that was read, signed or not. Nothing of it is verified: see [`verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct Query {
    parameter: Parameter,
    xml: Vec<u8>,
    relay_state: Option<String>,
    signature: Option<Signature>,
}

#[derive(Clone, PartialEq, Eq)]
struct Signature {
    /// The URI of the algorithm.
    algorithm: String,
    value: Vec<u8>,
    /// What may have been signed.
    octets: Vec<String>,
}

impl Query {
    /// Reads a query: what follows the first `?` in the URL, exactly as received, without `#` and
    /// what follows that. Parameters that the binding does not define are passed over, unless other
    /// programs could take them for one that it does.
    ///
    /// ```
    /// use samlkit_dsig::redirect::{Parameter, Query};
    ///
    /// let query = Query::read("SAMLRequest=s0nUtwMA&RelayState=a+b")?;
    /// assert_eq!((query.parameter(), query.xml()), (Parameter::Request, &b"<a/>"[..]));
    /// assert_eq!((query.relay_state(), query.is_signed()), (Some("a b"), false));
    ///
    /// assert!(Query::read("SAMLRequest=s0nUtwMA&SAMLRequ%65st=s0nUtwMA").is_err());
    /// assert!(Query::read("https://x/?SAMLRequest=s0nUtwMA").is_err());
    /// # Ok::<(), samlkit_dsig::RedirectError>(())
    /// ```
    ///
    /// # Errors
    /// [`RedirectError`], except what only verification can say.
    pub fn read(query: &str) -> Result<Self, RedirectError> {
        let parts = parameters::split(query, &NAMES)?;
        let of = |name| parameters::of(&parts, name);
        let (parameter, message) = parameters::message(&parts)?;
        if let Some(encoding) = of(ENCODING) {
            let found = parameters::value(encoding)?;
            if found != DEFLATE {
                let (found, expected) = (found.into_owned(), DEFLATE);
                return Err(RedirectError::Encoding { found, expected });
            }
        }
        let signature = match (of(ALGORITHM), of(SIGNATURE)) {
            (Some(algorithm), Some(signature)) => {
                Some(Signature::read(&parts, message, algorithm, signature)?)
            }
            (None, None) => None,
            (None, Some(_)) => return Err(RedirectError::HalfSigned { missing: ALGORITHM }),
            (Some(_), None) => return Err(RedirectError::HalfSigned { missing: SIGNATURE }),
        };
        let relay_state = of(RELAY_STATE).map(parameters::form_value).transpose()?;
        let base64 = parameters::value(message)?;
        let deflated = parameters::base64(message.name, &base64, LineBreaks::Refused)?;
        let xml = inflate(message.name, &deflated)?;
        Ok(Self { parameter, xml, relay_state, signature })
    }

    /// Which message it is.
    pub fn parameter(&self) -> Parameter {
        self.parameter
    }

    /// The octets of the message, inflated. Nobody vouches for them.
    pub fn xml(&self) -> &[u8] {
        &self.xml
    }

    /// The relay state, decoded as forms are: `+` is a space. `None` if there is no such parameter.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    /// Whether the query has a signature, good or not.
    pub fn is_signed(&self) -> bool {
        self.signature.is_some()
    }
}

/// Shows what the message is and not what it says.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, octets) = (self.parameter.name(), self.xml.len());
        let signed = if self.is_signed() { "signed" } else { "unsigned" };
        write!(f, "Query({name} of {octets} octets, {signed})")
    }
}

impl Signature {
    fn read(
        parts: &[Part<'_>],
        message: Part<'_>,
        algorithm: Part<'_>,
        signature: Part<'_>,
    ) -> Result<Self, RedirectError> {
        let uri = parameters::value(algorithm)?.into_owned();
        // The specification forbids white space here too (3.4.4.1), but in a signature's value it can
        // change nothing that is read.
        let text = parameters::value(signature)?;
        let packed: Cow<'_, str> = match text.contains(|c: char| c.is_ascii_whitespace()) {
            true => text.split_ascii_whitespace().collect::<String>().into(),
            false => text,
        };
        let value = parameters::base64(SIGNATURE, &packed, LineBreaks::Refused)?;
        let in_order: Vec<Part<'_>> =
            [Some(message), parameters::of(parts, RELAY_STATE), Some(algorithm)]
                .into_iter()
                .flatten()
                .collect();
        // Some senders sign the parameters in the order in which they write them.
        let as_received: Vec<Part<'_>> =
            parts.iter().copied().filter(|part| in_order.contains(part)).collect();
        let mut octets = vec![joined(&in_order)];
        if as_received != in_order {
            octets.push(joined(&as_received));
        }
        Ok(Self { algorithm: uri, value, octets })
    }
}

fn joined(parts: &[Part<'_>]) -> String {
    let wholes: Vec<&str> = parts.iter().map(|part| part.whole).collect();
    wholes.join("&")
}

/// A query whose signature was verified. There is no other way to make one than [`verify`], and none
/// to take out of it what was not signed:
///
/// ```compile_fail,E0451
/// # fn forge<'q>(query: &'q samlkit_dsig::redirect::Query, key: samlkit_dsig::VerifyingKey) {
/// let forged = samlkit_dsig::redirect::SignedQuery { query, key };
/// # }
/// ```
///
/// ```compile_fail,E0599
/// # fn reparse(signed: samlkit_dsig::redirect::SignedQuery<'_>) {
/// let text = signed.message(); // there is no text to be read a second time
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SignedQuery<'q> {
    query: &'q Query,
    key: VerifyingKey,
}

impl<'q> SignedQuery<'q> {
    /// Which message it is.
    pub fn parameter(&self) -> Parameter {
        self.query.parameter
    }

    /// The relay state, which was signed with the message.
    pub fn relay_state(&self) -> Option<&'q str> {
        self.query.relay_state()
    }

    /// The trusted key that signed.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The message, parsed.
    ///
    /// # Errors
    /// What is wrong with the XML.
    pub fn document(&self, limits: &Limits) -> Result<SignedDocument<'q>, samlkit_xml::Error> {
        Document::parse_with(&self.query.xml, limits).map(SignedDocument)
    }
}

/// The document of a query whose signature was verified.
///
/// ```compile_fail,E0603
/// # fn forge(document: samlkit_xml::Document<'_>) {
/// let forged = samlkit_dsig::redirect::SignedDocument(document);
/// # }
/// ```
#[derive(Debug)]
pub struct SignedDocument<'q>(Document<'q>);

impl SignedDocument<'_> {
    /// The root element. All that stands in it was signed.
    pub fn root(&self) -> SignedElement<'_> {
        SignedElement::whole(self.0.root())
    }
}

/// Verifies the signature of a query.
///
/// ```
/// use samlkit_dsig::redirect::{Query, verify};
/// use samlkit_dsig::{AlgorithmPolicy, RedirectError};
///
/// let query = Query::read("SAMLRequest=s0nUtwMA&RelayState=x")?;
/// let error = verify(&query, &[], &AlgorithmPolicy::default()).unwrap_err();
/// assert_eq!(error, RedirectError::Unsigned);
/// # Ok::<(), RedirectError>(())
/// ```
///
/// # Errors
/// [`RedirectError::Unsigned`], [`RedirectError::Algorithm`], [`RedirectError::Invalid`],
/// [`RedirectError::WeakKey`].
pub fn verify<'q>(
    query: &'q Query,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
) -> Result<SignedQuery<'q>, RedirectError> {
    let Some(Signature { algorithm, value, octets }) = &query.signature else {
        return Err(RedirectError::Unsigned);
    };
    let known = SignatureAlgorithm::by_uri(algorithm).filter(|a| policy.accepts(a.digest()));
    let method = known.ok_or_else(|| RedirectError::Algorithm { found: algorithm.clone() })?;
    let key = octets.iter().find_map(|octets| {
        let mut hasher = Hasher::new(method.digest());
        hasher.update(octets.as_bytes());
        let hash = hasher.finish();
        keys.iter().find(|key| key.verifies(method, hash.octets(), value))
    });
    let key = key.ok_or(RedirectError::Invalid { keys: keys.len() })?;
    if let Some(least) = policy.lacks(key.kind()) {
        return Err(RedirectError::WeakKey { key: key.kind().clone(), least });
    }
    Ok(SignedQuery { query, key: key.clone() })
}

/// Signs a message for the Redirect binding. `message` and `relay_state` are values as they shall
/// stand in the URL, percent-encoded; what comes back is the whole query.
///
/// # Errors
/// [`SignError::Key`] if the key cannot make the signature, [`SignError::QueryValue`] if a value
/// is not percent-encoded.
pub fn sign_query(
    parameter: Parameter,
    message: &str,
    relay_state: Option<&str>,
    key: &SigningKey,
    method: Option<SignatureAlgorithm>,
) -> Result<String, SignError> {
    for value in [Some(message), relay_state].into_iter().flatten() {
        if value.contains(|c: char| !c.is_ascii_graphic() || "&=#\"<>".contains(c)) {
            return Err(SignError::QueryValue { value: value.to_owned() });
        }
    }
    let method = method.unwrap_or_else(|| key.usual_algorithm());
    let mut query = format!("{}={message}", parameter.name());
    if let Some(relay_state) = relay_state {
        query.push_str("&RelayState=");
        query.push_str(relay_state);
    }
    query.push_str("&SigAlg=");
    query.push_str(&parameters::encode(method.uri()));
    let mut hasher = Hasher::new(method.digest());
    hasher.update(query.as_bytes());
    let value = key
        .sign(method, hasher.finish().octets())
        .ok_or_else(|| SignError::Key { key: key.kind().clone(), method })?;
    query.push_str("&Signature=");
    query.push_str(&parameters::encode(&base64::encode(&value)));
    Ok(query)
}

/// The octets that one DEFLATE stream holds (RFC 1951), which is all that `deflated` is.
fn inflate(name: &'static str, deflated: &[u8]) -> Result<Vec<u8>, RedirectError> {
    let not_deflate = |damage| RedirectError::NotDeflate { name, found: instead(deflated, damage) };
    let mut inflater = Decompress::new(false);
    let (mut inflated, mut consumed) = (Vec::new(), 0);
    loop {
        inflated.reserve(STEP);
        let before = inflated.len();
        let rest = deflated.get(consumed..).unwrap_or(&[]);
        let status = inflater
            .decompress_vec(rest, &mut inflated, FlushDecompress::None)
            .map_err(|_| not_deflate("octets that are not"))?;
        if inflated.len() > INFLATED {
            return Err(RedirectError::InflateLimit { max: INFLATED });
        }
        consumed = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
        let extra = deflated.len().saturating_sub(consumed);
        match status {
            Status::StreamEnd if extra == 0 => return Ok(inflated),
            Status::StreamEnd => return Err(RedirectError::TrailingOctets { name, extra }),
            _ if inflated.len() == before && extra == 0 => {
                return Err(not_deflate("a stream that is cut short"));
            }
            _ => {}
        }
    }
}

/// What octets that are no DEFLATE stream are, as far as they show it.
fn instead(octets: &[u8], otherwise: &'static str) -> &'static str {
    match *octets {
        [b'<', ..] => "XML that is not deflated",
        [first @ 0x78, second, ..]
            if u16::from_be_bytes([first, second]).is_multiple_of(ZLIB_CHECK) =>
        {
            "the header of a zlib stream (RFC 1950)"
        }
        _ => otherwise,
    }
}

/// A zlib header is a multiple of this, read as a number of two octets (RFC 1950, 2.2).
const ZLIB_CHECK: u16 = 31;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;
    use crate::algorithm::Digest;
    use crate::error::ParameterError;
    use crate::testing::{signing_key, trusted};

    /// The DEFLATE of `<a/>` in base64.
    const MESSAGE: &str = "s0nUtwMA";

    fn why(query: &str) -> RedirectError {
        Query::read(query).unwrap_err()
    }

    #[test]
    fn a_message_and_its_relay_state() {
        let query = Query::read("utm=x&SAMLResp%6Fnse=s0nUtw%4DA&RelayState=%C3%A9%2B+&y").unwrap();
        assert_eq!((query.parameter(), query.xml()), (Parameter::Response, &b"<a/>"[..]));
        assert_eq!((query.relay_state(), query.is_signed()), (Some("é+ "), false));
        assert_eq!(format!("{query:?}"), "Query(SAMLResponse of 4 octets, unsigned)");
        let encoding = "SAMLEncoding=urn%3Aoasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
        let query = Query::read(&format!("{encoding}&SAMLRequest={MESSAGE}&RelayState=")).unwrap();
        assert_eq!(query.relay_state(), Some(""));
        // A `+` is of base64 and can be no space.
        let stored = "AQQA+/88YS8+";
        assert!(Query::read(&format!("SAMLRequest={stored}")).is_ok());
    }

    #[test]
    fn each_parameter_once() {
        for name in NAMES {
            let value = if [REQUEST, RESPONSE].contains(&name) { MESSAGE } else { "x" };
            let escaped = name.replacen('S', "%53", 1);
            for second in [format!("{name}={value}"), format!("{escaped}={value}"), escaped] {
                let query = format!("{name}={value}&a&{second}");
                let expected = RedirectError::Parameter(ParameterError::Repeated { name });
                assert_eq!(why(&query), expected, "{query}");
            }
            let alike = format!("SAMLRequest={MESSAGE}&{}=x", name.to_ascii_uppercase());
            let expected =
                ParameterError::Alike { found: name.to_ascii_uppercase(), expected: name };
            assert_eq!(why(&alike), expected.into(), "{alike}");
        }
        let both = format!("SAMLRequest={MESSAGE}&SAMLResponse={MESSAGE}");
        assert_eq!(why(&both), ParameterError::TwoMessages.into());
        assert_eq!(why("RelayState=x"), ParameterError::NoMessage.into());
        assert_eq!(why("SAMLRequest"), ParameterError::Empty { name: REQUEST }.into());
    }

    #[test]
    fn values_that_cannot_be_decoded() {
        let escape = |name, found: &str| ParameterError::Escape { name, found: found.to_owned() };
        for (query, expected) in [
            ("SAMLRequest=s0nUtwM%4".to_owned(), escape(REQUEST, "%4")),
            (format!("SAMLRequest={MESSAGE}&RelayState=%"), escape(RELAY_STATE, "%")),
            (format!("SAMLRequest={MESSAGE}&SAMLEncoding=%g0"), escape(ENCODING, "%g0")),
            (format!("SAMLRequest={MESSAGE}&SigAlg=%&Signature="), escape(ALGORITHM, "%")),
            (format!("SAMLRequest={MESSAGE}&SigAlg=&Signature=%"), escape(SIGNATURE, "%")),
            (
                format!("SAMLRequest={MESSAGE}&RelayState=%FF"),
                ParameterError::NotUtf8 { name: RELAY_STATE },
            ),
            (
                format!("SAMLRequest={MESSAGE}&SigAlg=&Signature="),
                ParameterError::Empty { name: SIGNATURE },
            ),
        ] {
            assert_eq!(Query::read(&query), Err(expected.into()), "{query}");
        }
        let breaks = why("SAMLRequest=s0nU%0AtwMA");
        assert!(breaks.to_string().ends_with("allows no line breaks"), "{breaks}");
    }

    #[test]
    fn half_a_signature_and_another_encoding() {
        let half = |query: &str| why(&format!("SAMLRequest={MESSAGE}&{query}"));
        assert_eq!(half("SigAlg=x"), RedirectError::HalfSigned { missing: SIGNATURE });
        assert_eq!(half("Signature=AA=="), RedirectError::HalfSigned { missing: ALGORITHM });
        for found in ["", "x", "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:deflate"] {
            let found = found.to_owned();
            let query = format!("SAMLEncoding={found}");
            assert_eq!(half(&query), RedirectError::Encoding { found, expected: DEFLATE });
        }
    }

    #[test]
    fn one_whole_stream() {
        let of = |octets: &[u8]| inflate(REQUEST, octets);
        assert_eq!(of(&[0xB3, 0x49, 0xD4, 0xB7, 0x03, 0x00]).unwrap(), b"<a/>");
        let extra = RedirectError::TrailingOctets { name: REQUEST, extra: 1 };
        assert_eq!(of(&[0xB3, 0x49, 0xD4, 0xB7, 0x03, 0x00, 0x00]), Err(extra));
        for (octets, found) in [
            (&[0xB3, 0x49, 0xD4, 0xB7][..], "a stream that is cut short"),
            (&[], "a stream that is cut short"),
            (b"<a/>", "XML that is not deflated"),
            (
                &[0x78, 0x9C, 0xB3, 0x49, 0xD4, 0xB7, 0x03, 0x00],
                "the header of a zlib stream (RFC 1950)",
            ),
            (&[0xFF], "octets that are not"),
            // Like the header of zlib, but not a multiple of 31.
            (&[0x78, 0x9D, 0, 0, 0], "octets that are not"),
        ] {
            let expected = RedirectError::NotDeflate { name: REQUEST, found };
            assert_eq!(of(octets), Err(expected), "{octets:?}");
        }
    }

    /// The DEFLATE of that many spaces.
    fn deflate(length: usize) -> Vec<u8> {
        use std::io::Write as _;

        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; length]).unwrap();
        encoder.finish().unwrap()
    }

    /// Where a step ends, all octets may be read and the end of the stream not yet be reached.
    #[test]
    fn a_message_that_ends_where_a_step_does() {
        for length in [0, 1, STEP - 1, STEP, STEP + 1, 2 * STEP, 4 * STEP] {
            assert_eq!(inflate(REQUEST, &deflate(length)).unwrap().len(), length);
        }
    }

    #[test]
    fn a_message_as_large_as_allowed_and_one_octet_more() {
        assert_eq!(inflate(REQUEST, &deflate(INFLATED)).unwrap().len(), INFLATED);
        let limit = Err(RedirectError::InflateLimit { max: INFLATED });
        assert_eq!(inflate(REQUEST, &deflate(INFLATED + 1)), limit);
        assert_eq!(inflate(REQUEST, &deflate(10 * INFLATED)), limit);
    }

    fn signed(relay_state: Option<&str>, method: Option<SignatureAlgorithm>) -> String {
        let key = signing_key("rsa-2048");
        sign_query(Parameter::Response, MESSAGE, relay_state, &key, method).unwrap()
    }

    fn judged(query: &str, keys: &[&str], policy: AlgorithmPolicy) -> Result<(), RedirectError> {
        let query = Query::read(query).unwrap();
        let keys: Vec<_> = keys.iter().map(|name| trusted(name)).collect();
        verify(&query, &keys, &policy).map(|_| ())
    }

    fn is_good(query: &str) -> bool {
        judged(query, &["rsa-2048"], AlgorithmPolicy::default()).is_ok()
    }

    #[test]
    fn a_signed_query_hands_out_the_message_that_was_signed() {
        for relay_state in [None, Some("a%20b+c")] {
            let text = signed(relay_state, None);
            assert!(text.starts_with(&format!("SAMLResponse={MESSAGE}&")));
            let query = Query::read(&text).unwrap();
            assert!(query.is_signed());
            assert_eq!(format!("{query:?}"), "Query(SAMLResponse of 4 octets, signed)");
            let keys = [trusted("p256"), trusted("rsa-2048")];
            let signed = verify(&query, &keys, &AlgorithmPolicy::default()).unwrap();
            assert_eq!(signed.parameter(), Parameter::Response);
            assert_eq!(signed.relay_state(), relay_state.map(|_| "a b c"));
            assert_eq!(signed.key().kind().to_string(), "RSA 2048");
            let document = signed.document(&Limits::default()).unwrap();
            assert_eq!(document.root().name().local, "a");
            assert!(signed.document(&Limits::default().size(3)).is_err());
        }
    }

    #[test]
    fn every_part_that_is_signed_and_its_octets() {
        let text = signed(Some("x"), None);
        assert!(is_good(&text));
        // Parameters that are not the binding's are passed over, wherever they stand.
        assert!(is_good(&format!("utm=1&{text}&y")));
        let invalid = Err(RedirectError::Invalid { keys: 1 });
        for (from, to) in [
            ("RelayState=x", "RelayState=y"),
            ("RelayState=x", "RelayState=%78"),
            ("&RelayState=x", ""),
            ("SAMLResponse=", "SAMLRequest="),
            ("s0nUtwMA", "s0nUt%77MA"),
            ("xmldsig-more%23rsa-sha256", "xmldsig-more%23rsa-sha512"),
            ("xmldsig-more%23", "xmldsig%2Dmore%23"),
        ] {
            assert!(text.contains(from), "{from} in {text}");
            let changed = text.replace(from, to);
            assert_eq!(judged(&changed, &["rsa-2048"], AlgorithmPolicy::default()), invalid);
        }
        assert_eq!(
            judged(
                &signed(None, None).replace("&SigAlg", "&RelayState=x&SigAlg"),
                &["rsa-2048"],
                AlgorithmPolicy::default()
            ),
            invalid
        );
        let other = judged(&text, &["rsa-1024", "p256"], AlgorithmPolicy::default());
        assert_eq!(other, Err(RedirectError::Invalid { keys: 2 }));
    }

    /// In the order of the specification, or in the order in which they were sent.
    #[test]
    fn the_order_of_what_is_signed() {
        let text = signed(Some("x"), None);
        let parts: Vec<&str> = text.split('&').collect();
        let [message, relay_state, algorithm, signature] = parts.as_slice() else {
            panic!("{text}")
        };
        for order in [
            [signature, algorithm, relay_state, message],
            [relay_state, message, signature, algorithm],
        ] {
            assert!(is_good(&order.map(|part| *part).join("&")), "{order:?}");
        }
        // Signed as sent: by hand, because `sign_query` follows the specification.
        let octets = format!("{relay_state}&{algorithm}&{message}");
        let method = SignatureAlgorithm::RsaPkcs1(Digest::Sha256);
        let value = signing_key("rsa-2048").sign(method, &method.digest().value(octets.as_bytes()));
        let value = parameters::encode(&base64::encode(&value.unwrap()));
        assert!(is_good(&format!("{octets}&Signature={value}")));
        // Not if it is sent in a third order.
        let third = format!("{algorithm}&{message}&{relay_state}&Signature={value}");
        assert!(!is_good(&third));
        // White space in the value changes nothing.
        let spaced = format!("{octets}&Signature={}%0D%0A%20{}", &value[..40], &value[40..]);
        assert!(is_good(&spaced));
    }

    #[test]
    fn algorithms_and_keys_under_the_policy() {
        let policy = AlgorithmPolicy::default();
        let sha1 = signed(None, Some(SignatureAlgorithm::RsaPkcs1(Digest::Sha1)));
        let found = "http://www.w3.org/2000/09/xmldsig#rsa-sha1".to_owned();
        assert_eq!(judged(&sha1, &["rsa-2048"], policy), Err(RedirectError::Algorithm { found }));
        assert_eq!(judged(&sha1, &["rsa-2048"], policy.allow_sha1()), Ok(()));
        let found = "http://www.w3.org/2001/04/xmldsig-more#rsa-md5".to_owned();
        let md5 = signed(None, None).replace("rsa-sha256", "rsa-md5");
        assert_eq!(judged(&md5, &["rsa-2048"], policy), Err(RedirectError::Algorithm { found }));
        let weak = signing_key("rsa-1024");
        let weak = sign_query(Parameter::Request, MESSAGE, None, &weak, None).unwrap();
        let key = crate::PublicKey::Rsa { bits: 1024, exponent: 65_537 };
        let expected = Err(RedirectError::WeakKey { key, least: 2048 });
        assert_eq!(judged(&weak, &["rsa-1024"], policy), expected);
        assert_eq!(judged(&weak, &["rsa-1024"], policy.rsa_bits(1024)), Ok(()));
        let unsigned = format!("SAMLRequest={MESSAGE}");
        assert_eq!(judged(&unsigned, &["p256"], policy), Err(RedirectError::Unsigned));
        for name in ["p256", "p384", "p521"] {
            let key = signing_key(name);
            let text = sign_query(Parameter::Request, MESSAGE, None, &key, None).unwrap();
            assert_eq!(judged(&text, &[name], policy), Ok(()));
        }
    }

    #[test]
    fn what_cannot_be_signed_in_a_query() {
        let key = signing_key("p256");
        let why = |message: &str, relay_state: Option<&str>, method| {
            sign_query(Parameter::Request, message, relay_state, &key, method).unwrap_err()
        };
        for wrong in ["a b", "a&b", "a=b", "a#b", "a\"", "<a", "a>", "\u{e9}", "a\n"] {
            let expected = SignError::QueryValue { value: wrong.to_owned() };
            assert_eq!(why(wrong, None, None), expected);
            assert_eq!(why(MESSAGE, Some(wrong), None), expected);
        }
        let method = SignatureAlgorithm::RsaPkcs1(Digest::Sha256);
        let kind = key.kind().clone();
        assert_eq!(why(MESSAGE, None, Some(method)), SignError::Key { key: kind, method });
    }
}
