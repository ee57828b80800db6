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
