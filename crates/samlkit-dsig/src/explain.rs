//! Why a signature failed, as facts for a report. Nothing here is evidence, and no key that is
//! found here is ever trusted.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit_xml::Element;

use crate::key::VerifyingKey;
use crate::signature::NAMESPACE;

/// The key that a `KeyInfo` spells out: in its first certificate, or as an `RSAKeyValue`.
pub(crate) fn key_of(key_info: Element<'_>) -> Option<VerifyingKey> {
    for child in key_info.children() {
        if child.is(NAMESPACE, "X509Data")
            && let Some(text) = text_of(child, "X509Certificate")
        {
            return VerifyingKey::from_certificate(&text).ok();
        }
        if child.is(NAMESPACE, "KeyValue")
            && let Some(value) = child.children().find(|value| value.is(NAMESPACE, "RSAKeyValue"))
        {
            let number = |local| octets(&text_of(value, local)?);
            return VerifyingKey::from_rsa_value(&number("Modulus")?, &number("Exponent")?);
        }
    }
    None
}

/// A signature that refers to `element` from deeper inside it, and what it stands in.
pub(crate) fn signature_below(element: Element<'_>) -> Option<(Element<'_>, Element<'_>)> {
    let id = element.attribute("ID").map(|id| id.value()).filter(|id| !id.is_empty())?;
    let mut references = element.descendants().filter(|inside| inside.is(NAMESPACE, "Reference"));
    let reference = references.find(|reference| {
        let uri = reference.attribute("URI").map(|uri| uri.value());
        uri.and_then(|uri| uri.strip_prefix('#')) == Some(id)
    })?;
    let signature = reference.parent()?.parent()?;
    signature.is(NAMESPACE, "Signature").then_some((signature, signature.parent()?))
}

/// Whether a `KeyInfo` names a place to fetch the key from. Nothing is ever fetched.
pub(crate) fn points_elsewhere(key_info: Element<'_>) -> bool {
    key_info.children().any(|child| child.is(NAMESPACE, "RetrievalMethod"))
}

/// The key that the signature on `element` carries with it, if it does: what a report may show and
/// compare. It says who claims to have signed, and nothing makes it true.
pub fn presented_key(element: Element<'_>) -> Option<VerifyingKey> {
    let signature = crate::verify::signatures(element).next()?;
    let key_info = signature.children().find(|child| child.is(NAMESPACE, "KeyInfo"))?;
    key_of(key_info)
}

fn text_of<'doc>(parent: Element<'doc>, local: &str) -> Option<Cow<'doc, str>> {
    parent.children().find(|child| child.is(NAMESPACE, local)).map(Element::text)
}

fn octets(text: &str) -> Option<Vec<u8>> {
    let packed: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(packed).ok()
}

pub(crate) fn base64(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}
