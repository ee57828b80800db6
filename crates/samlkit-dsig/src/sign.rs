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
