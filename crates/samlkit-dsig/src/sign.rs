//! Signing: an enveloped signature in the profile's one shape, put where the schema has it. No
//! other octet of the document changes.

use samlkit_xml::{Canonicalization, Document, Element, Encoding, Form};

use crate::algorithm::{Digest, SignatureAlgorithm};
use crate::base64;
use crate::crypto::Hasher;
use crate::error::SignError;
use crate::key::SigningKey;
use crate::markup::attribute_value;
use crate::namespace::{ASSERTION, EXCLUSIVE_C14N as EXCLUSIVE, SIGNATURE as NAMESPACE};
use crate::signature::{ENVELOPED, signatures};

/// How to sign. The default is what the key is usual for, SHA-256 over the content, and no prefix
/// that is treated in another way.
///
/// ```
/// use samlkit_dsig::{Digest, SignOptions};
///
/// let options = SignOptions::default().digest(Digest::Sha512).prefix("xs");
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Default)]
pub struct SignOptions {
    method: Option<SignatureAlgorithm>,
    digest: Option<Digest>,
    prefixes: Vec<String>,
}

impl SignOptions {
    /// Sets the algorithm; [`SigningKey::usual_algorithm`] unless changed.
    #[must_use]
    pub fn method(mut self, method: SignatureAlgorithm) -> Self {
        self.method = Some(method);
        self
    }

    /// Sets the hash function over the content; SHA-256 unless changed.
    #[must_use]
    pub fn digest(mut self, digest: Digest) -> Self {
        self.digest = Some(digest);
        self
    }

    /// Adds a prefix whose declaration is signed wherever it is in scope (PrefixList); for values that
    /// have prefixes in them, such as `xsi:type="xs:string"`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefixes.push(prefix.into());
        self
    }
}

/// Signs the element of `document` with the `ID` `id`, and gives the document with the signature in
/// it, in the encoding that it came in.
///
/// ```no_run
/// use samlkit_dsig::{SignOptions, SigningKey, sign};
/// use samlkit_xml::Document;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (key_pem, certificate_pem, metadata) = ("", "", b"");
/// let key = SigningKey::from_pem(key_pem, Some(certificate_pem))?;
/// let document = Document::parse(metadata)?;
/// let signed = sign(&document, "_1", &key, &SignOptions::default())?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`SignError`].
pub fn sign(
    document: &Document<'_>,
    id: &str,
    key: &SigningKey,
    options: &SignOptions,
) -> Result<Vec<u8>, SignError> {
    let element = target(document, id)?;
    let method = options.method.unwrap_or_else(|| key.usual_algorithm());
    let digest = options.digest.unwrap_or(Digest::Sha256);
    let prefixes: Vec<&str> = options.prefixes.iter().map(String::as_str).collect();
    if let Some(wrong) = prefixes.iter().find(|prefix| !is_token(prefix)) {
        return Err(SignError::Prefix { prefix: (*wrong).to_owned() });
    }
    let exclusive = Canonicalization { form: Form::Exclusive, comments: false, prefixes };
    let mut hasher = Hasher::new(digest);
    exclusive.element(element, None, |piece| hasher.update(piece))?;
    let content = base64::encode(hasher.finish().octets());

    let inclusive = match exclusive.prefixes.join(" ") {
        list if list.is_empty() => String::new(),
        list => format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{list}\">\
             </ec:InclusiveNamespaces>"
        ),
    };
    let (method_uri, digest_uri) = (method.uri(), digest.uri());
    // Written as its own canonical form, so that these are the octets that a verifier hashes.
    let rest = format!(
        "<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{method_uri}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\">{inclusive}</ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{digest_uri}\"></ds:DigestMethod>\
         <ds:DigestValue>{content}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
        attribute_value(id)
    );
    let mut hasher = Hasher::new(method.digest());
    hasher.update(format!("<ds:SignedInfo xmlns:ds=\"{NAMESPACE}\">").as_bytes());
    hasher.update(rest.as_bytes());
    let value = key
        .sign(method, hasher.finish().octets())
        .ok_or_else(|| SignError::Key { key: key.kind().clone(), method })?;
    let value = base64::encode(&value);
    let key_info = key.certificate().map_or(String::new(), |certificate| {
        format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>\
             </ds:X509Data></ds:KeyInfo>"
        )
    });
    let signature = format!(
        "<ds:Signature xmlns:ds=\"{NAMESPACE}\"><ds:SignedInfo>{rest}\
         <ds:SignatureValue>{value}</ds:SignatureValue>{key_info}</ds:Signature>"
    );
    Ok(encode(&insert(element, &signature), document.encoding()))
}

fn target<'doc>(document: &'doc Document<'doc>, id: &str) -> Result<Element<'doc>, SignError> {
    if document.duplicate_ids().next().is_some() {
        return Err(SignError::DuplicateId);
    }
    let has_id =
        |element: &Element<'_>| element.attribute("ID").is_some_and(|own| own.value() == id);
    let element = document.element_by_id(id).filter(has_id);
    let element = element.ok_or_else(|| SignError::NoSuchId { id: id.to_owned() })?;
    match signatures(element).next() {
        Some(_) => Err(SignError::AlreadySigned { position: element.position() }),
        None => Ok(element),
    }
}

/// The document's text with `signature` after the element's Issuer, or before all else in it.
fn insert(element: Element<'_>, signature: &str) -> String {
    let text = element.document().text();
    let first = element.children().next();
    let issuer = first.filter(|first| first.is(ASSERTION, "Issuer"));
    let at = issuer.map_or(element.start_tag_range().end, |issuer| issuer.range().end);
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    match before.strip_suffix("/>").filter(|_| issuer.is_none()) {
        // An empty element has to be opened.
        Some(before) => format!("{before}>{signature}</{}>{after}", element.name()),
        None => format!("{before}{signature}{after}"),
    }
}

fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    }
}

fn is_token(prefix: &str) -> bool {
    !prefix.is_empty() && !prefix.contains(|c: char| c.is_whitespace() || "<>&\"".contains(c))
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;
    use crate::algorithm::{AlgorithmPolicy, PublicKey};
    use crate::testing::{certificate, element, pem, signing_key, trusted};
    use crate::verify;

    fn why(xml: &str, id: &str, options: &SignOptions) -> SignError {
        let document = Document::parse(xml.as_bytes()).unwrap();
        sign(&document, id, &signing_key("p256"), options).unwrap_err()
    }

    /// The signed text, which has to verify.
    fn signed(xml: &str, options: &SignOptions) -> String {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let octets = sign(&document, "_1", &signing_key("p256"), options).unwrap();
        let document = Document::parse(&octets).unwrap();
        let element = document.element_by_id("_1").unwrap();
        let signed = verify(element, &[trusted("p256")], &AlgorithmPolicy::default()).unwrap();
        assert_eq!(signed.digest(), options.digest.unwrap_or(Digest::Sha256));
        assert_eq!(signed.canonicalization().prefixes, options.prefixes);
        document.text().to_owned()
    }

    #[test]
    fn the_signature_is_put_where_the_schema_has_it() {
        let usual = SignOptions::default();
        let issuer = format!("<Issuer xmlns='{ASSERTION}'/>");
        for (before, after) in [
            ("<r><a ID='_1'>".to_owned(), "<b/></a></r>"),
            ("<a ID='_1'>".to_owned(), "x</a>"),
            ("<a ID='_1'><Issuer/>".to_owned(), "</a>"),
            (format!("<a ID='_1'>{issuer}"), "<b/></a>"),
        ] {
            let text = signed(&format!("{before}{after}"), &usual);
            let before = before.trim_end_matches("<Issuer/>");
            assert!(text.starts_with(&format!("{before}<ds:Signature ")), "{text}");
            assert!(text.ends_with(after), "{text}");
        }
        let text = signed("<p:a xmlns:p='urn:p' ID='_1' />", &usual);
        assert!(text.starts_with("<p:a xmlns:p='urn:p' ID='_1' ><ds:Signature "), "{text}");
        assert!(text.ends_with("</ds:Signature></p:a>"), "{text}");
        let text = signed(&format!("<a ID='_1'><b/>{issuer}</a>"), &usual);
        assert!(text.starts_with("<a ID='_1'><ds:Signature "), "{text}");
    }

    #[test]
    fn options_and_the_certificate() {
        let digest = Some(Digest::Sha512);
        let prefixes = vec!["p".to_owned(), "#default".to_owned()];
        let options = SignOptions { method: None, digest, prefixes };
        let xml = "<r xmlns:p='urn:p'><a ID='_1' x='p:y'/></r>";
        let text = signed(xml, &options);
        assert!(text.contains("PrefixList=\"p #default\""));
        assert!(!signed(xml, &SignOptions::default()).contains("InclusiveNamespaces"));
        assert!(text.contains(&format!("<ds:X509Certificate>{}<", certificate("p256"))));
        let document = Document::parse(xml.as_bytes()).unwrap();
        let bare = SigningKey::from_pem(pem("p256").0, None).unwrap();
        let octets = sign(&document, "_1", &bare, &options).unwrap();
        assert!(!String::from_utf8(octets).unwrap().contains("KeyInfo"));
        // An ID that has to be escaped in the reference.
        let document = Document::parse(b"<a ID='&lt;&amp;&#10;\"'/>").unwrap();
        let octets = sign(&document, "<&\n\"", &bare, &SignOptions::default()).unwrap();
        let document = Document::parse(&octets).unwrap();
        assert!(verify(document.root(), &[trusted("p256")], &AlgorithmPolicy::default()).is_ok());
    }

    #[test]
    fn the_encoding_stays() {
        let xml = "<a ID='_1'>\u{e9}\u{1F600}</a>";
        let encoded = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{FEFF}".encode_utf16().chain(xml.encode_utf16()).flat_map(order).collect()
        };
        for octets in
            [encoded(u16::to_be_bytes), encoded(u16::to_le_bytes), xml.as_bytes().to_vec()]
        {
            let document = Document::parse(&octets).unwrap();
            let signed =
                sign(&document, "_1", &signing_key("p256"), &SignOptions::default()).unwrap();
            // All that was there is there, octet by octet.
            let at = octets.len() - encode(&xml[11..], document.encoding()).len();
            assert!(signed.starts_with(&octets[..at]) && signed.ends_with(&octets[at..]));
            let again = Document::parse(&signed).unwrap();
            assert_eq!(again.encoding(), document.encoding());
            let policy = AlgorithmPolicy::default();
            assert!(verify(element(&again, "a"), &[trusted("p256")], &policy).is_ok());
        }
    }

    #[test]
    fn what_cannot_be_signed() {
        let usual = SignOptions::default();
        let no = |id: &str| SignError::NoSuchId { id: id.to_owned() };
        assert_eq!(why("<a ID='_1'/>", "_2", &usual), no("_2"));
        // An attribute of another name is an ID to others, and none that SAML refers to.
        assert_eq!(why("<a Id='_1'/>", "_1", &usual), no("_1"));
        assert_eq!(why("<a ID='_1'><b id='_1'/></a>", "_1", &usual), SignError::DuplicateId);
        assert_eq!(
            why("<a ID='_1'><b ID='_2'/><c ID='_2'/></a>", "_1", &usual),
            SignError::DuplicateId
        );
        let xml = format!("<r>\n<a ID='_1'><Signature xmlns='{NAMESPACE}'/></a></r>");
        match why(&xml, "_1", &usual) {
            SignError::AlreadySigned { position } => {
                assert_eq!((position.line, position.column), (2, 1));
            }
            other => panic!("{other}"),
        }
        for prefix in ["", "a b", "a<", "a>", "a&", "a\"", "a\u{A0}"] {
            let prefix = prefix.to_owned();
            let prefixes = vec!["ok".to_owned(), prefix.clone()];
            let options = SignOptions { prefixes, ..SignOptions::default() };
            assert_eq!(why("<a ID='_1'/>", "_1", &options), SignError::Prefix { prefix });
        }
        let method = SignatureAlgorithm::RsaPkcs1(Digest::Sha256);
        let options = SignOptions { method: Some(method), ..SignOptions::default() };
        let key = PublicKey::Ec { curve: "P-256".to_owned(), bits: 256 };
        assert_eq!(why("<a ID='_1'/>", "_1", &options), SignError::Key { key, method });
    }
}
