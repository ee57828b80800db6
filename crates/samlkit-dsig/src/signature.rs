//! The `Signature` element as a value (XML Signature 1.1, 4; saml-core 5.4): its parts in the one
//! shape that the profile has. Reading judges the shape and nothing else; what is wrong is noted
//! and reading goes on, so that a report can name all of it.

use std::ops::Range;

use samlkit_xml::{Canonicalization, Element, Form, Node};

use crate::algorithm::{Digest, MGF1, RSA_PSS_WITH_PARAMETERS, SignatureAlgorithm};
use crate::base64;
use crate::namespace::{
    EXCLUSIVE_C14N as EXCLUSIVE, SIGNATURE as NAMESPACE, SIGNATURE_MORE as MORE,
};
use crate::rejection::{FailureKind, Failures, Noted};

pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// Whether a signature stands directly inside an element, good or not.
pub fn is_signed(element: Element<'_>) -> bool {
    signatures(element).next().is_some()
}

/// The signatures that are children of an element.
pub(crate) fn signatures(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    element.children().filter(|child| child.is(NAMESPACE, "Signature"))
}

/// A `Signature`, as far as it could be read.
#[derive(Debug)]
pub(crate) struct Signature<'doc> {
    pub(crate) signed_info: Result<Element<'doc>, Noted>,
    /// How SignedInfo becomes octets.
    pub(crate) canonicalization: Result<Canonicalization<'doc>, Noted>,
    pub(crate) method: Result<(SignatureAlgorithm, Range<usize>), Noted>,
    pub(crate) reference: Result<Reference<'doc>, Noted>,
    pub(crate) value: Result<(Vec<u8>, Range<usize>), Noted>,
}

/// The one `Reference`.
#[derive(Debug)]
pub(crate) struct Reference<'doc> {
    pub(crate) uri: Option<&'doc str>,
    pub(crate) range: Range<usize>,
    /// How the element becomes octets, its signature left out.
    pub(crate) canonicalization: Result<Canonicalization<'doc>, Noted>,
    pub(crate) digest: Result<(Digest, Range<usize>), Noted>,
    pub(crate) value: Result<(Vec<u8>, Range<usize>), Noted>,
}

impl<'doc> Signature<'doc> {
    pub(crate) fn read(element: Element<'doc>, failures: &mut Failures) -> Self {
        let own = Parent { element, name: "Signature" };
        let [signed_info, value, _key_info] =
            own.sequence(["SignedInfo", "SignatureValue", "KeyInfo"], failures);
        let signed_info = own.needed(signed_info, "SignedInfo", failures);
        let value = own.needed(value, "SignatureValue", failures);
        let value = value.and_then(|value| octets(value, "SignatureValue", failures));
        let signed_info = match signed_info {
            Ok(signed_info) => signed_info,
            Err(noted) => {
                return Self {
                    signed_info: Err(noted),
                    canonicalization: Err(noted),
                    method: Err(noted),
                    reference: Err(noted),
                    value,
                };
            }
        };
        let own = Parent { element: signed_info, name: "SignedInfo" };
        let references = signed_info.children().filter(|child| child.is(NAMESPACE, "Reference"));
        let count = references.count();
        let [canonicalization, method, reference] = if count > 1 {
            // Their number has a message of its own.
            let first = |local| signed_info.children().find(|child| child.is(NAMESPACE, local));
            [first("CanonicalizationMethod"), first("SignatureMethod"), None]
        } else {
            own.sequence(["CanonicalizationMethod", "SignatureMethod", "Reference"], failures)
        };
        let canonicalization = own.needed(canonicalization, "CanonicalizationMethod", failures);
        let method = own.needed(method, "SignatureMethod", failures);
        let reference = reference.ok_or_else(|| {
            failures.add(FailureKind::References { count }, signed_info.start_tag_range())
        });
        Self {
            signed_info: Ok(signed_info),
            canonicalization: canonicalization.and_then(|method| {
                let name = "CanonicalizationMethod";
                let uri = algorithm(method, name, failures)?;
                canonicalization_of(method, uri, name, failures).ok_or_else(|| {
                    let role = "canonicalization method";
                    let found = uri.to_owned();
                    failures.add(FailureKind::Algorithm { role, found }, method.start_tag_range())
                })
            }),
            method: method.and_then(|method| signature_method(method, failures)),
            reference: reference.map(|reference| Reference::read(reference, failures)),
            value,
        }
    }
}

impl<'doc> Reference<'doc> {
    fn read(element: Element<'doc>, failures: &mut Failures) -> Self {
        let own = Parent { element, name: "Reference" };
        let [transforms, method, value] =
            own.sequence(["Transforms", "DigestMethod", "DigestValue"], failures);
        let method = own.needed(method, "DigestMethod", failures);
        let value = own.needed(value, "DigestValue", failures);
        let transforms = transforms
            .ok_or_else(|| failures.add(FailureKind::NoTransform, element.start_tag_range()));
        let digest = method.and_then(|method| {
            no_children(method, "DigestMethod", failures);
            let uri = algorithm(method, "DigestMethod", failures)?;
            let place = method.start_tag_range();
            match Digest::by_uri(uri) {
                Some(digest) => Ok((digest, place)),
                None => {
                    let (role, found) = ("digest method", uri.to_owned());
                    Err(failures.add(FailureKind::Algorithm { role, found }, place))
                }
            }
        });
        Self {
            uri: element.attribute("URI").map(|uri| uri.value()),
            range: element.start_tag_range(),
            canonicalization: transforms.and_then(|list| Self::transforms(list, failures)),
            digest,
            value: value.and_then(|value| octets(value, "DigestValue", failures)),
        }
    }

    /// Enveloped-signature, then at most one canonicalization (saml-core 5.4.4).
    fn transforms(
        list: Element<'doc>,
        failures: &mut Failures,
    ) -> Result<Canonicalization<'doc>, Noted> {
        // Without a transform that says otherwise, octets come from Canonical XML 1.0 (XML
        // Signature 4.4.3.2).
        let mut method =
            Canonicalization { form: Form::Inclusive, comments: false, prefixes: Vec::new() };
        let mut wrong = None;
        let mut count = 0usize;
        for transform in list.children() {
            count = count.saturating_add(1);
            if !transform.is(NAMESPACE, "Transform") {
                wrong = Some(unexpected(transform, "Transforms", failures));
                continue;
            }
            let uri = match algorithm(transform, "Transform", failures) {
                Ok(uri) => uri,
                Err(noted) => {
                    wrong = Some(noted);
                    continue;
                }
            };
            let before = failures.count();
            let expected = match count {
                1 if uri == ENVELOPED => {
                    no_children(transform, "Transform", failures);
                    None
                }
                1 => Some("enveloped-signature first"),
                2 => match canonicalization_of(transform, uri, "Transform", failures) {
                    Some(read) => {
                        method = read;
                        None
                    }
                    None => Some("a canonicalization"),
                },
                _ => Some("no more than two transforms"),
            };
            if let Some(expected) = expected {
                let kind = FailureKind::Transform { found: uri.to_owned(), expected };
                failures.add(kind, transform.start_tag_range());
            }
            if failures.count() > before {
                wrong = failures.any().err();
            }
        }
        if count == 0 {
            wrong = Some(failures.add(FailureKind::NoTransform, list.start_tag_range()));
        }
        // A same-document reference by ID has no comments, whatever the method is called (XML
        // Signature 4.4.3.3).
        method.comments = false;
        wrong.map_or(Ok(method), Err)
    }
}

/// An element whose children are read, under the name that messages give it.
#[derive(Clone, Copy)]
struct Parent<'doc> {
    element: Element<'doc>,
    name: &'static str,
}

impl<'doc> Parent<'doc> {
    /// The children, which have to be among these, in this order, each at most once.
    fn sequence<const N: usize>(
        self,
        names: [&'static str; N],
        failures: &mut Failures,
    ) -> [Option<Element<'doc>>; N] {
        let mut found = [None; N];
        let mut reached = 0;
        for child in self.element.children() {
            let place = names.iter().position(|local| child.is(NAMESPACE, local));
            let Some((at, slot)) = place.and_then(|at| Some((at, found.get_mut(at)?))) else {
                unexpected(child, self.name, failures);
                continue;
            };
            match slot {
                Some(_) => {
                    let name = names.get(at).copied().unwrap_or_default();
                    let kind = FailureKind::RepeatedChild { parent: self.name, child: name };
                    failures.add(kind, child.start_tag_range());
                }
                None if at < reached => _ = unexpected(child, self.name, failures),
                None => {
                    *slot = Some(child);
                    reached = at;
                }
            }
        }
        found
    }

    fn needed(
        self,
        found: Option<Element<'doc>>,
        child: &'static str,
        failures: &mut Failures,
    ) -> Result<Element<'doc>, Noted> {
        found.ok_or_else(|| {
            let kind = FailureKind::MissingChild { parent: self.name, child };
            failures.add(kind, self.element.start_tag_range())
        })
    }
}

fn unexpected(child: Element<'_>, parent: &'static str, failures: &mut Failures) -> Noted {
    let kind = FailureKind::UnexpectedChild { parent, found: child.name().to_string() };
    failures.add(kind, child.start_tag_range())
}

fn no_children(element: Element<'_>, name: &'static str, failures: &mut Failures) {
    for child in element.children() {
        unexpected(child, name, failures);
    }
}

fn algorithm<'doc>(
    element: Element<'doc>,
    name: &'static str,
    failures: &mut Failures,
) -> Result<&'doc str, Noted> {
    let attribute = element.attribute("Algorithm").ok_or_else(|| {
        let kind = FailureKind::MissingAttribute { element: name, attribute: "Algorithm" };
        failures.add(kind, element.start_tag_range())
    });
    attribute.map(|attribute| attribute.value())
}

/// The canonicalization that an element names, with the PrefixList inside it; `None` if `uri` is
/// none.
fn canonicalization_of<'doc>(
    element: Element<'doc>,
    uri: &str,
    name: &'static str,
    failures: &mut Failures,
) -> Option<Canonicalization<'doc>> {
    let mut method = Canonicalization::by_uri(uri)?;
    let mut lists = 0u32;
    for child in element.children() {
        let is_list = child.is(EXCLUSIVE, "InclusiveNamespaces");
        if is_list && method.form == Form::Exclusive && lists == 0 {
            lists = 1;
            let list = child.attribute("PrefixList").map_or("", |list| list.value());
            method.prefixes = list.split_ascii_whitespace().collect();
            no_children(child, "InclusiveNamespaces", failures);
        } else {
            unexpected(child, name, failures);
        }
    }
    Some(method)
}

fn signature_method(
    element: Element<'_>,
    failures: &mut Failures,
) -> Result<(SignatureAlgorithm, Range<usize>), Noted> {
    let uri = algorithm(element, "SignatureMethod", failures)?;
    let method = if uri == RSA_PSS_WITH_PARAMETERS {
        pss_parameters(element)
    } else {
        no_children(element, "SignatureMethod", failures);
        SignatureAlgorithm::by_uri(uri)
    };
    let place = element.start_tag_range();
    match method {
        Some(method) => Ok((method, place)),
        None => {
            let (role, found) = ("signature method", uri.to_owned());
            Err(failures.add(FailureKind::Algorithm { role, found }, place))
        }
    }
}

/// RSA-PSS with its parameters (RFC 9231, 2.3.9), as long as they say what the identifiers without
/// parameters mean: MGF1 over the same hash, a salt as long as its value, trailer 1. Left out, the
/// hash is SHA-256.
fn pss_parameters(method: Element<'_>) -> Option<SignatureAlgorithm> {
    let mut children = method.children();
    let parameters = children.next();
    if children.next().is_some() {
        return None;
    }
    let (mut digest, mut mask, mut salt) = (Digest::Sha256, None, None);
    for parameter in parameters.into_iter().flat_map(|parameters| parameters.children()) {
        let name = parameter.name();
        let uri = || parameter.attribute("Algorithm").map(|attribute| attribute.value());
        match (name.namespace, name.local) {
            (NAMESPACE, "DigestMethod") => digest = Digest::by_uri(uri()?)?,
            (MORE, "MaskGenerationFunction") => {
                let inner = parameter.children().next();
                let inner = inner.and_then(|inner| inner.attribute("Algorithm"));
                mask = Some((uri()?, inner.map(|attribute| attribute.value())));
            }
            (MORE, "SaltLength") => salt = Some(parameter.text().trim().parse::<usize>().ok()?),
            (MORE, "TrailerField") if parameter.text().trim() == "1" => {}
            _ => return None,
        }
    }
    let is_parameters = parameters.is_none_or(|element| element.is(MORE, "RSAPSSParams"));
    let mask_is_same = mask.is_none_or(|(function, inner)| {
        function == MGF1
            && inner.map_or(digest == Digest::Sha256, |uri| Digest::by_uri(uri) == Some(digest))
    });
    let salt_is_same = salt.is_none_or(|length| length == digest.length());
    (is_parameters && mask_is_same && salt_is_same).then_some(SignatureAlgorithm::RsaPss(digest))
}

/// The octets of a value in base64, and where it stands.
fn octets(
    element: Element<'_>,
    name: &'static str,
    failures: &mut Failures,
) -> Result<(Vec<u8>, Range<usize>), Noted> {
    let range = element.content_range();
    no_children(element, name, failures);
    // A value with a comment in it is read in two ways by two readers.
    if element.nodes().any(|node| !matches!(node, Node::Text(_) | Node::Element(_))) {
        failures.add(FailureKind::SplitValue { element: name }, range.clone());
    }
    match base64::decode(&element.text()) {
        Some(octets) => Ok((octets, range)),
        None => Err(failures.add(FailureKind::NotBase64 { element: name }, range)),
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "tests")]
mod tests {
    use samlkit_xml::Document;

    use super::*;
    use crate::testing::{GOOD, INCLUSIVE, element};

    /// What reading the `Signature` in `xml` notes, and the text at each place.
    fn failures(xml: &str) -> Vec<(FailureKind, String)> {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let mut failures = Failures::default();
        Signature::read(element(&document, "Signature"), &mut failures);
        let place = |range: Range<usize>| document.text()[range].to_owned();
        failures.in_order().into_iter().map(|f| (f.kind, place(f.range))).collect()
    }

    /// `GOOD` with base64 in it.
    fn good() -> String {
        GOOD.replace("DIGEST", "YWRh").replace("VALUE", " ZX\nZl ")
    }

    /// [`failures`] of [`good`] with one thing changed, where there is one.
    fn failure(from: &str, to: &str) -> (FailureKind, String) {
        assert!(good().contains(from), "{from}");
        let mut all = failures(&good().replacen(from, to, 1));
        assert_eq!(all.len(), 1, "{from} to {to}: {all:?}");
        all.remove(0)
    }

    fn unexpected(parent: &'static str, found: &str) -> FailureKind {
        FailureKind::UnexpectedChild { parent, found: found.to_owned() }
    }

    fn tag(name: &str, uri: &str) -> String {
        format!("<{name} Algorithm='{uri}'/>")
    }

    #[test]
    fn the_parts_are_read() {
        let xml = good();
        let document = Document::parse(xml.as_bytes()).unwrap();
        assert!(is_signed(document.root()) && !is_signed(element(&document, "Name")));
        let mut failures = Failures::default();
        let read = Signature::read(element(&document, "Signature"), &mut failures);
        assert_eq!(failures.count(), 0);
        assert!(failures.any().is_ok());
        assert_eq!(read.signed_info.unwrap(), element(&document, "SignedInfo"));
        assert_eq!(read.canonicalization.unwrap().uri(), EXCLUSIVE);
        assert_eq!(read.method.unwrap().0, SignatureAlgorithm::RsaPkcs1(Digest::Sha256));
        let (value, range) = read.value.unwrap();
        assert_eq!((value.as_slice(), &xml[range]), (&b"eve"[..], " ZX\nZl "));
        let reference = read.reference.unwrap();
        assert_eq!(reference.uri, Some("#_1"));
        assert_eq!(&xml[reference.range], "<Reference URI='#_1'>");
        assert_eq!(reference.digest.unwrap().0, Digest::Sha256);
        assert_eq!(reference.value.unwrap().0, b"ada");
        assert_eq!(reference.canonicalization.unwrap().uri(), EXCLUSIVE);
    }

    #[test]
    fn parts_that_are_missing() {
        let missing = |parent, child| FailureKind::MissingChild { parent, child };
        let signature = "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'>";
        let exclusive = EXCLUSIVE;
        for (part, parent, place) in [
            ("SignatureValue", "Signature", signature),
            ("CanonicalizationMethod", "SignedInfo", "<SignedInfo>"),
            ("SignatureMethod", "SignedInfo", "<SignedInfo>"),
            ("DigestMethod", "Reference", "<Reference URI='#_1'>"),
            ("DigestValue", "Reference", "<Reference URI='#_1'>"),
        ] {
            let (before, rest) = good().split_once(&format!("<{part}")).map_or_else(
                || panic!("{part}"),
                |(before, rest)| (before.to_owned(), rest.to_owned()),
            );
            let end = if part.ends_with("Value") { format!("</{part}>") } else { "/>".to_owned() };
            let after = rest.split_once(&end).unwrap().1;
            let all = failures(&format!("{before}{after}"));
            assert_eq!(all, [(missing(parent, part), place.to_owned())]);
        }
        let (before, rest) = GOOD.split_once("<SignedInfo>").unwrap();
        let after = rest.split_once("</SignedInfo>").unwrap().1.replace("VALUE", "");
        let all = failures(&format!("{before}{after}"));
        assert_eq!(all, [(missing("Signature", "SignedInfo"), signature.to_owned())]);
        let transforms = format!(
            "<Transforms>{}{}</Transforms>",
            tag("Transform", ENVELOPED),
            tag("Transform", exclusive)
        );
        let place = "<Reference URI='#_1'>".to_owned();
        assert_eq!(failure(&transforms, ""), (FailureKind::NoTransform, place));
        let place = "<Transforms>".to_owned();
        let empty = failure(&transforms, "<Transforms></Transforms>");
        assert_eq!(empty, (FailureKind::NoTransform, place));
    }

    #[test]
    fn parts_that_come_again_or_in_another_order() {
        for (from, to, parent, child) in [
            ("</SignedInfo>", "</SignedInfo><SignedInfo/>", "Signature", "SignedInfo"),
            ("<KeyInfo/>", "<SignatureValue/><KeyInfo/>", "Signature", "SignatureValue"),
            ("<KeyInfo/>", "<KeyInfo/><KeyInfo x=''/>", "Signature", "KeyInfo"),
            (
                "<Reference",
                "<CanonicalizationMethod/><Reference",
                "SignedInfo",
                "CanonicalizationMethod",
            ),
            ("<Reference", "<SignatureMethod/><Reference", "SignedInfo", "SignatureMethod"),
            ("<DigestMethod", "<Transforms/><DigestMethod", "Reference", "Transforms"),
            ("<DigestValue", "<DigestMethod/><DigestValue", "Reference", "DigestMethod"),
            ("</Reference>", "<DigestValue/></Reference>", "Reference", "DigestValue"),
        ] {
            let (kind, place) = failure(from, to);
            assert_eq!(kind, FailureKind::RepeatedChild { parent, child });
            assert!(place.starts_with(&format!("<{child}")), "{place}");
        }
        // The first is read, and the second named, whatever it says.
        let second = "<DigestValue>ZXZl</DigestValue></Reference>";
        assert_eq!(failure("</Reference>", second).1, "<DigestValue>");

        let value = "<SignatureValue> ZX\nZl </SignatureValue>";
        let signature = "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'>";
        let moved = good().replace(value, "").replace(signature, &format!("{signature}{value}"));
        let place = "<SignedInfo>".to_owned();
        assert_eq!(
            failures(&moved),
            [
                (unexpected("Signature", "SignedInfo"), place),
                (
                    FailureKind::MissingChild { parent: "Signature", child: "SignedInfo" },
                    signature.to_owned()
                ),
            ]
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
        );
        let exclusive = tag("CanonicalizationMethod", EXCLUSIVE);
        let method = tag("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
        let all = failures(
            &good().replace(&format!("{exclusive}{method}"), &format!("{method}{exclusive}")),
        );
        let kinds: Vec<_> = all.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(
            kinds,
            [
                FailureKind::MissingChild { parent: "SignedInfo", child: "CanonicalizationMethod" },
                unexpected("SignedInfo", "CanonicalizationMethod"),
            ]
        );
    }

    #[test]
    fn elements_that_the_profile_does_not_have() {
        for (from, to, parent, found) in [
            ("<KeyInfo/>", "<KeyInfo/><Object/>", "Signature", "Object"),
            (
                "<SignedInfo>",
                "<p:SignedInfo xmlns:p='urn:x'/><SignedInfo>",
                "Signature",
                "p:SignedInfo",
            ),
            ("</SignedInfo>", "<x/></SignedInfo>", "SignedInfo", "x"),
            ("</Reference>", "<x/></Reference>", "Reference", "x"),
            ("</Transforms>", "<x/></Transforms>", "Transforms", "x"),
            ("YWRh", "Y<x/>WRh", "DigestValue", "x"),
            (" ZX", "<x/> ZX", "SignatureValue", "x"),
        ] {
            let (kind, place) = failure(from, to);
            assert_eq!(kind, unexpected(parent, found));
            assert!(place.starts_with(&format!("<{found}")), "{place}");
        }
        for (name, uri) in [
            ("CanonicalizationMethod", EXCLUSIVE),
            ("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
            ("Transform", ENVELOPED),
            ("Transform", EXCLUSIVE),
            ("DigestMethod", "http://www.w3.org/2001/04/xmlenc#sha256"),
        ] {
            let to = format!("<{name} Algorithm='{uri}'><x/></{name}>");
            let (kind, place) = failure(&tag(name, uri), &to);
            assert_eq!((kind, &*place), (unexpected(name, "x"), "<x/>"));
            // Without its identifier it says nothing.
            let all = failures(&good().replace(&tag(name, uri), &format!("<{name}/>")));
            let attribute = "Algorithm";
            let expected = FailureKind::MissingAttribute { element: name, attribute };
            assert_eq!(all, [(expected, format!("<{name}/>"))]);
        }
    }

    #[test]
    fn one_reference() {
        let reference = good();
        let reference = reference.split_once("<Reference").unwrap().1;
        let reference = reference.split_once("</Reference>").unwrap().0;
        let reference = format!("<Reference{reference}</Reference>");
        let place = || "<SignedInfo>".to_owned();
        assert_eq!(failure(&reference, ""), (FailureKind::References { count: 0 }, place()));
        for count in [2, 3] {
            let failed = failure(&reference, &reference.repeat(count));
            assert_eq!(failed, (FailureKind::References { count }, place()));
        }
        // What is wrong besides is said as well.
        let all = failures(
            &good()
                .replace(&reference, "<Reference/><Reference/>")
                .replace("<CanonicalizationMethod", "<Other"),
        );
        let kinds: Vec<_> = all.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(
            kinds,
            [
                FailureKind::MissingChild { parent: "SignedInfo", child: "CanonicalizationMethod" },
                FailureKind::References { count: 2 },
            ]
        );
    }

    #[test]
    fn transforms_in_every_wrong_order() {
        let enveloped = tag("Transform", ENVELOPED);
        let exclusive = tag("Transform", EXCLUSIVE);
        let base64 = tag("Transform", "http://www.w3.org/2000/09/xmldsig#base64");
        let list = format!("{enveloped}{exclusive}");
        let wrong = |found: &str, expected| {
            let found = found.split('\'').nth(1).unwrap().to_owned();
            FailureKind::Transform { found, expected }
        };
        let (first, second) = ("enveloped-signature first", "a canonicalization");
        let third = "no more than two transforms";
        for (transforms, failed) in [
            (vec![&exclusive], vec![(&exclusive, first)]),
            (vec![&exclusive, &enveloped], vec![(&exclusive, first), (&enveloped, second)]),
            (vec![&enveloped, &enveloped], vec![(&enveloped, second)]),
            (vec![&enveloped, &base64], vec![(&base64, second)]),
            (vec![&base64, &exclusive], vec![(&base64, first)]),
            (vec![&enveloped, &exclusive, &exclusive], vec![(&exclusive, third)]),
            (
                vec![&enveloped, &exclusive, &base64, &enveloped],
                vec![(&base64, third), (&enveloped, third)],
            ),
        ] {
            let text: String = transforms.into_iter().map(String::as_str).collect();
            let expected: Vec<_> =
                failed.into_iter().map(|(tag, why)| (wrong(tag, why), tag.clone())).collect();
            assert_eq!(failures(&good().replace(&list, &text)), expected, "{text}");
        }
        // None of them gives octets to compare.
        let text = good().replace(&list, &format!("{enveloped}{exclusive}{exclusive}"));
        let document = Document::parse(text.as_bytes()).unwrap();
        let read = Signature::read(element(&document, "Signature"), &mut Failures::default());
        assert!(read.reference.unwrap().canonicalization.is_err());
        for wrong in [
            "<x/>".to_owned(),
            "<Transform/>".to_owned(),
            format!("{enveloped}<x/>"),
            format!("{enveloped}<Transform/>"),
            format!("<Transform Algorithm='{ENVELOPED}'><XPath/></Transform>{exclusive}"),
            format!("{enveloped}<Transform Algorithm='{EXCLUSIVE}'><x/></Transform>"),
        ] {
            let text = good().replace(&list, &wrong);
            let document = Document::parse(text.as_bytes()).unwrap();
            let read = Signature::read(element(&document, "Signature"), &mut Failures::default());
            assert!(read.reference.unwrap().canonicalization.is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_failure_elsewhere_is_none_of_the_transforms() {
        let text = good().replace("<SignedInfo>", "<x/><SignedInfo>");
        let document = Document::parse(text.as_bytes()).unwrap();
        let mut failures = Failures::default();
        let read = Signature::read(element(&document, "Signature"), &mut failures);
        assert_eq!(failures.count(), 1);
        assert!(read.reference.unwrap().canonicalization.is_ok());
    }

    /// The prefixes of the second transform of `GOOD` with these children, or what is noted.
    fn prefixes(uri: &str, children: &str) -> Result<Vec<String>, Vec<(FailureKind, String)>> {
        let to = format!("<Transform Algorithm='{uri}'>{children}</Transform>");
        let text = good().replace(&tag("Transform", EXCLUSIVE), &to);
        let all = failures(&text);
        if !all.is_empty() {
            return Err(all);
        }
        let document = Document::parse(text.as_bytes()).unwrap();
        let read = Signature::read(element(&document, "Signature"), &mut Failures::default());
        let method = read.reference.unwrap().canonicalization.unwrap();
        assert!(!method.comments);
        Ok(method.prefixes.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn a_prefix_list_belongs_to_exclusive_canonicalization_once() {
        let list =
            format!("<n:InclusiveNamespaces xmlns:n='{EXCLUSIVE}' PrefixList=' a  #default'/>");
        let commented = format!("{EXCLUSIVE}WithComments");
        for uri in [EXCLUSIVE, &commented] {
            assert_eq!(prefixes(uri, &list).unwrap(), ["a", "#default"]);
        }
        let none = list.replace("PrefixList", "prefixlist");
        assert_eq!(prefixes(EXCLUSIVE, &none).unwrap(), [""; 0]);
        let inner = list.replace("/>", "><x/></n:InclusiveNamespaces>");
        let twice = format!("{list}{}", list.replace(" a  #default", "b"));
        let foreign = "<InclusiveNamespaces PrefixList='a'/>";
        for (uri, children, parent, found) in [
            (EXCLUSIVE, inner.as_str(), "InclusiveNamespaces", "x"),
            (EXCLUSIVE, &twice, "Transform", "n:InclusiveNamespaces"),
            (INCLUSIVE, &list, "Transform", "n:InclusiveNamespaces"),
            (EXCLUSIVE, foreign, "Transform", "InclusiveNamespaces"),
        ] {
            let all = prefixes(uri, children).unwrap_err();
            let [(kind, place)] = all.as_slice() else { panic!("{all:?}") };
            assert_eq!(*kind, unexpected(parent, found));
            assert!(children.ends_with(place.as_str()) || place == "<x/>", "{place}");
        }
    }

    #[test]
    fn a_value_that_is_not_base64_alone() {
        for element in ["DigestValue", "SignatureValue"] {
            let inside = if element == "DigestValue" { "YWRh" } else { " ZX\nZl " };
            for wrong in ["*", "YWR", "YWRh\u{A0}"] {
                let (kind, place) =
                    failure(&format!("{inside}</{element}"), &format!("{wrong}</{element}"));
                assert_eq!((kind, &*place), (FailureKind::NotBase64 { element }, wrong));
            }
            for split in ["YW<!-- x -->Rh", "YW<?x y?>Rh"] {
                let (kind, place) =
                    failure(&format!("{inside}</{element}"), &format!("{split}</{element}"));
                assert_eq!((kind, &*place), (FailureKind::SplitValue { element }, split));
            }
        }
    }

    /// The algorithm of a SignatureMethod `rsa-pss` with these children, if it is accepted.
    fn pss(children: &str) -> Option<SignatureAlgorithm> {
        let method = format!(
            "<SignatureMethod Algorithm='{RSA_PSS_WITH_PARAMETERS}'>{children}</SignatureMethod>"
        );
        let rsa = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
        let text = good().replace(&tag("SignatureMethod", rsa), &method);
        let document = Document::parse(text.as_bytes()).unwrap();
        let mut failures = Failures::default();
        let read = Signature::read(element(&document, "Signature"), &mut failures);
        let Ok((method, range)) = read.method else {
            let all = failures.in_order();
            let (role, found) = ("signature method", RSA_PSS_WITH_PARAMETERS.to_owned());
            let [failure] = all.as_slice() else { panic!("{all:?}") };
            assert_eq!(failure.kind, FailureKind::Algorithm { role, found });
            let place = &text[failure.range.clone()];
            assert!(place.starts_with("<SignatureMethod "), "{place}");
            return None;
        };
        assert_eq!(failures.count(), 0);
        assert!(text[range].starts_with("<SignatureMethod "));
        Some(method)
    }

    #[test]
    fn pss_with_the_parameters_that_it_has_without_them() {
        let params = |inside: &str| {
            format!(
                "<p:RSAPSSParams xmlns:p='{MORE}' xmlns:ds='{NAMESPACE}'>{inside}</p:RSAPSSParams>"
            )
        };
        let hash = |digest: Digest| format!("<ds:DigestMethod Algorithm='{}'/>", digest.uri());
        let mask = |digest: Digest| {
            let inner = hash(digest);
            format!(
                "<p:MaskGenerationFunction Algorithm='{MGF1}'>{inner}</p:MaskGenerationFunction>"
            )
        };
        let salt = |length: &str| format!("<p:SaltLength>{length}</p:SaltLength>");
        let trailer = |field: &str| format!("<p:TrailerField>{field}</p:TrailerField>");
        for (digest, length) in [
            (Digest::Sha1, "20"),
            (Digest::Sha256, "32"),
            (Digest::Sha384, " 48 "),
            (Digest::Sha512, "64"),
        ] {
            let full = [hash(digest), mask(digest), salt(length), trailer(" 1 ")].concat();
            assert_eq!(pss(&params(&full)), Some(SignatureAlgorithm::RsaPss(digest)));
            let short = [hash(digest), mask(digest)].concat();
            assert_eq!(pss(&params(&short)), Some(SignatureAlgorithm::RsaPss(digest)));
        }
        let sha256 = Some(SignatureAlgorithm::RsaPss(Digest::Sha256));
        let bare = format!("<p:MaskGenerationFunction Algorithm='{MGF1}'/>");
        for same in
            ["", &params(""), &params(&mask(Digest::Sha256)), &params(&bare), &params(&salt("32"))]
        {
            assert_eq!(pss(same), sha256, "{same}");
        }
        let sha512 = hash(Digest::Sha512);
        for (wrong, why) in [
            (params(&[sha512.clone(), bare.clone()].concat()), "the mask's hash is SHA-256"),
            (params(&[sha512.clone(), mask(Digest::Sha256)].concat()), "another hash in the mask"),
            (params(&mask(Digest::Sha512)), "another hash in the mask"),
            (params(&mask(Digest::Sha256).replace("#MGF1", "#MGF2")), "another mask"),
            (params("<p:MaskGenerationFunction/>"), "a mask without a name"),
            (params(&mask(Digest::Sha256).replace("xmlenc#sha256", "x#md5")), "an unknown hash"),
            (params("<ds:DigestMethod Algorithm='urn:md5'/>"), "an unknown hash"),
            (params("<ds:DigestMethod/>"), "a hash without a name"),
            (params(&salt("20")), "another salt"),
            (params(&salt("0")), "no salt"),
            (params(&salt("x")), "a salt that is no number"),
            (params(&salt("-32")), "a salt below nothing"),
            (params(&[sha512.clone(), salt("32")].concat()), "the salt of another hash"),
            (params(&trailer("2")), "another trailer"),
            (params(&trailer("")), "an empty trailer"),
            (params("<p:Other/>"), "an unknown parameter"),
            (params("<ds:SaltLength>32</ds:SaltLength>"), "a parameter in another namespace"),
            (params("<p:DigestMethod/>"), "a parameter in another namespace"),
            (format!("<RSAPSSParams xmlns='{NAMESPACE}'/>"), "parameters in another namespace"),
            (format!("<p:Params xmlns:p='{MORE}'/>"), "something else"),
            ([params(""), params("")].concat(), "parameters twice"),
        ] {
            assert_eq!(pss(&wrong), None, "{why}: {wrong}");
        }
    }
}
