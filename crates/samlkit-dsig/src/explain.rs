//! Why a signature failed, as facts for a report. Nothing here is evidence, and no key that is
//! found here is ever trusted.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit_xml::Element;

use crate::key::VerifyingKey;
use crate::signature::{Failures, NAMESPACE, Signature};

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

/// What was done to content after it was signed, where that can be told from its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reformatting {
    /// White space was put between elements.
    SpaceBetweenElements,
    /// White space was put around texts, too.
    SpaceAroundTexts,
    /// Line ends became carriage return and line feed.
    CarriageReturnsAdded,
    /// Line ends were carriage return and line feed, and are no more.
    CarriageReturnsLost,
}

impl Reformatting {
    /// What was done, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::SpaceBetweenElements => "white space was put between elements",
            Self::SpaceAroundTexts => "white space was put around texts",
            Self::CarriageReturnsAdded => "carriage returns were added at line ends",
            Self::CarriageReturnsLost => "carriage returns were taken from line ends",
        }
    }
}

/// Whether `element` would have the digest that its signature states, had it not been formatted in
/// another way; `None` where the digest is good as it is, or where no such change explains it.
///
/// It explains a refusal and makes nothing good: only octets that a trusted key signed are trusted.
pub fn reformatted(element: Element<'_>) -> Option<Reformatting> {
    let child = crate::verify::signatures(element).next()?;
    let signature = Signature::read(child, &mut Failures::default());
    let reference = signature.reference.as_ref()?;
    let method = reference.canonicalization.as_ref()?;
    let ((digest, _), (expected, _)) = (reference.digest.as_ref()?, reference.value.as_ref()?);
    let octets = method.octets(element, Some(child)).ok()?;
    let is_signed = |octets: &[u8]| digest.value(octets) == *expected;
    if is_signed(&octets) {
        return None;
    }
    let pieces = pieces(&octets);
    let is_blank = |text: &[u8]| text.trim_ascii().is_empty();
    let without_blank = |keep_leaves: bool| {
        let mut written = Vec::with_capacity(octets.len());
        for (at, (piece, is_tag)) in pieces.iter().enumerate() {
            let tag = |at: Option<usize>| at.and_then(|at| pieces.get(at)).map(|(tag, _)| *tag);
            let opened = tag(at.checked_sub(1)).is_some_and(|tag| !tag.starts_with(b"</"));
            let closes = tag(at.checked_add(1)).is_some_and(|tag| tag.starts_with(b"</"));
            if *is_tag || !is_blank(piece) || (keep_leaves && opened && closes) {
                written.extend_from_slice(piece);
            }
        }
        written
    };
    let trimmed = || {
        let trim = |(piece, is_tag): &(&[u8], bool)| {
            if *is_tag { piece.to_vec() } else { piece.trim_ascii().to_vec() }
        };
        pieces.iter().map(trim).collect::<Vec<_>>().concat()
    };
    // Canonical octets are UTF-8, and carriage returns are references in them.
    let text = std::str::from_utf8(&octets).ok()?;
    if is_signed(&without_blank(true)) || is_signed(&without_blank(false)) {
        return Some(Reformatting::SpaceBetweenElements);
    }
    if is_signed(&trimmed()) {
        return Some(Reformatting::SpaceAroundTexts);
    }
    if is_signed(text.replace("&#xD;", "").as_bytes()) {
        return Some(Reformatting::CarriageReturnsAdded);
    }
    let returned = text.replace('\n', "&#xD;\n");
    is_signed(returned.as_bytes()).then_some(Reformatting::CarriageReturnsLost)
}

/// Canonical octets as tags and the texts between them; what is a tag is marked.
fn pieces(octets: &[u8]) -> Vec<(&[u8], bool)> {
    let mut pieces = Vec::new();
    let mut rest = octets;
    while !rest.is_empty() {
        let is_tag = rest.starts_with(b"<");
        let mut quoted = false;
        let mut ends = rest.iter().enumerate().filter(|(_, octet)| {
            // Canonical XML has no other quotes.
            quoted ^= is_tag && **octet == b'"';
            if is_tag { !quoted && **octet == b'>' } else { **octet == b'<' }
        });
        let end = ends.next().map_or(rest.len(), |(at, _)| at.saturating_add(usize::from(is_tag)));
        let Some((piece, after)) = rest.split_at_checked(end) else { break };
        pieces.push((piece, is_tag));
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use samlkit_xml::Document;

    use super::*;
    use crate::{SignOptions, SigningKey, sign};

    /// What explains that `signed`, changed so, has another digest.
    fn explained(signed: &str, change: impl Fn(&str) -> String) -> Option<Reformatting> {
        let pem = include_str!("../../../tests/data/keys/rsa-2048.test-only.pem");
        let key = SigningKey::from_pem(pem, None).unwrap();
        let document = Document::parse(signed.as_bytes()).unwrap();
        let signed = sign(&document, "_1", &key, &SignOptions::default()).unwrap();
        let changed = change(&String::from_utf8(signed).unwrap());
        reformatted(Document::parse(changed.as_bytes()).unwrap().root())
    }

    const ONE_LINE: &str = "<a ID='_1'><b x='1 &gt; 2'><c>ada</c></b><d> </d></a>";

    #[test]
    fn what_editors_do() {
        let pretty = |text: &str| text.replace("<b", "\n  <b").replace("</b>", "\n  </b>\n");
        assert_eq!(explained(ONE_LINE, pretty), Some(Reformatting::SpaceBetweenElements));
        let around = |text: &str| pretty(text).replace("ada", "\n  ada\n").replace("> <", "><");
        let dense = ONE_LINE.replace("> <", "><");
        assert_eq!(explained(&dense, around), Some(Reformatting::SpaceAroundTexts));
        let added = |text: &str| text.replace("\n", "&#xD;\n");
        assert_eq!(
            explained("<a ID='_1'>x\ny</a>", added),
            Some(Reformatting::CarriageReturnsAdded)
        );
        let lost = |text: &str| text.replace("&#13;", "");
        assert_eq!(
            explained("<a ID='_1'>x&#13;\ny</a>", lost),
            Some(Reformatting::CarriageReturnsLost)
        );
    }

    #[test]
    fn other_changes_and_none() {
        assert_eq!(explained(ONE_LINE, |text| text.replace("ada", "eve")), None);
        assert_eq!(explained(ONE_LINE, |text| text.replace("ada", "a da")), None);
        assert_eq!(explained(ONE_LINE, str::to_owned), None);
    }
}
