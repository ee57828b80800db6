//! The `Signature` element as a value (XML Signature 1.1, 4; saml-core 5.4): its parts in the one
//! shape that the profile has. Reading judges the shape and nothing else; what is wrong is noted
//! and reading goes on, so that a report can name all of it.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit_xml::{Canonicalization, Element, Form, Node};

use crate::algorithm::{Digest, MGF1, RSA_PSS_WITH_PARAMETERS, SignatureAlgorithm};
use crate::rejection::{Failure, FailureKind};

/// The namespace of XML Signature.
pub(crate) const NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The namespace of what RFC 9231 added in 2007.
const MORE: &str = "http://www.w3.org/2007/05/xmldsig-more#";
/// The identifier of exclusive canonicalization, which is the namespace of its parameters too.
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// A `Signature`, as far as it could be read. What is `None` was noted as a failure.
#[derive(Debug)]
pub(crate) struct Signature<'doc> {
    pub(crate) signed_info: Option<Element<'doc>>,
    /// How SignedInfo becomes octets.
    pub(crate) canonicalization: Option<Canonicalization<'doc>>,
    pub(crate) method: Option<(SignatureAlgorithm, Range<usize>)>,
    pub(crate) reference: Option<Reference<'doc>>,
    pub(crate) value: Option<(Vec<u8>, Range<usize>)>,
    pub(crate) key_info: Option<Element<'doc>>,
}

/// The one `Reference`.
#[derive(Debug)]
pub(crate) struct Reference<'doc> {
    pub(crate) uri: Option<&'doc str>,
    pub(crate) range: Range<usize>,
    /// How the element becomes octets, its signature left out.
    pub(crate) canonicalization: Option<Canonicalization<'doc>>,
    pub(crate) digest: Option<(Digest, Range<usize>)>,
    pub(crate) value: Option<(Vec<u8>, Range<usize>)>,
}

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Failures(pub(crate) Vec<Failure>);

impl Failures {
    pub(crate) fn add(&mut self, kind: impl Into<FailureKind>, range: Range<usize>) {
        self.0.push(Failure { kind: kind.into(), range });
    }
}

/// What a parent's children have to be: the names of a sequence, and which of them may be missing.
type Sequence = &'static [(&'static str, bool)];

impl<'doc> Signature<'doc> {
    pub(crate) fn read(element: Element<'doc>, failures: &mut Failures) -> Self {
        let sequence: Sequence =
            &[("SignedInfo", true), ("SignatureValue", true), ("KeyInfo", false)];
        let [signed_info, value, key_info] = parts(element, "Signature", sequence, failures);
        let mut signature = Self {
            signed_info,
            canonicalization: None,
            method: None,
            reference: None,
            value: value.and_then(|value| base64(value, "SignatureValue", failures)),
            key_info,
        };
        let Some(signed_info) = signed_info else { return signature };
        let references = signed_info.children().filter(|child| child.is(NAMESPACE, "Reference"));
        let count = references.count();
        if count != 1 {
            failures.add(FailureKind::References { count }, signed_info.start_tag_range());
        }
        // The references are counted above, so that their number has a message of its own.
        let sequence: Sequence =
            &[("CanonicalizationMethod", true), ("SignatureMethod", true), ("Reference", false)];
        let [canonicalization, method, reference] = if count > 1 {
            let first = |local| signed_info.children().find(|child| child.is(NAMESPACE, local));
            [first("CanonicalizationMethod"), first("SignatureMethod"), None]
        } else {
            parts(signed_info, "SignedInfo", sequence, failures)
        };
        signature.canonicalization = canonicalization.and_then(|method| {
            let uri = algorithm(method, "CanonicalizationMethod", failures)?;
            let read = canonicalization_of(method, uri, "CanonicalizationMethod", failures);
            if read.is_none() {
                let role = "canonicalization method";
                let found = uri.to_owned();
                failures.add(FailureKind::Algorithm { role, found }, method.start_tag_range());
            }
            read
        });
        signature.method = method.and_then(|method| signature_method(method, failures));
        signature.reference = reference.map(|reference| Reference::read(reference, failures));
        signature
    }
}

impl<'doc> Reference<'doc> {
    fn read(element: Element<'doc>, failures: &mut Failures) -> Self {
        let sequence: Sequence =
            &[("Transforms", false), ("DigestMethod", true), ("DigestValue", true)];
        let [transforms, method, value] = parts(element, "Reference", sequence, failures);
        let digest = method.and_then(|method| {
            no_children(method, "DigestMethod", failures);
            let uri = algorithm(method, "DigestMethod", failures)?;
            let digest = Digest::by_uri(uri);
            if digest.is_none() {
                let kind = FailureKind::Algorithm { role: "digest method", found: uri.to_owned() };
                failures.add(kind, method.start_tag_range());
            }
            Some((digest?, method.start_tag_range()))
        });
        if transforms.is_none() {
            failures.add(FailureKind::NoTransform, element.start_tag_range());
        }
        Self {
            uri: element.attribute("URI").map(|uri| uri.value()),
            range: element.start_tag_range(),
            canonicalization: transforms.and_then(|list| Self::transforms(list, failures)),
            digest,
            value: value.and_then(|value| base64(value, "DigestValue", failures)),
        }
    }

    /// Enveloped-signature, then at most one canonicalization (saml-core 5.4.4).
    fn transforms(list: Element<'doc>, failures: &mut Failures) -> Option<Canonicalization<'doc>> {
        let noted = failures.0.len();
        // Without a transform that says otherwise, octets come from Canonical XML 1.0 (XML
        // Signature 4.4.3.2).
        let mut method =
            Canonicalization { form: Form::Inclusive, comments: false, prefixes: Vec::new() };
        let mut count = 0usize;
        for transform in list.children() {
            count = count.saturating_add(1);
            if !transform.is(NAMESPACE, "Transform") {
                unexpected(transform, "Transforms", failures);
                continue;
            }
            let Some(uri) = algorithm(transform, "Transform", failures) else { continue };
            let expected = match count {
                1 if uri == ENVELOPED => {
                    no_children(transform, "Transform", failures);
                    continue;
                }
                1 => "enveloped-signature first",
                2 => match canonicalization_of(transform, uri, "Transform", failures) {
                    Some(read) => {
                        method = read;
                        continue;
                    }
                    None => "a canonicalization",
                },
                _ => "no more than two transforms",
            };
            let kind = FailureKind::Transform { found: uri.to_owned(), expected };
            failures.add(kind, transform.start_tag_range());
        }
        if count == 0 {
            failures.add(FailureKind::NoTransform, list.start_tag_range());
        }
        // A same-document reference by ID has no comments, whatever the method is called (XML
        // Signature 4.4.3.3).
        method.comments = false;
        (failures.0.len() == noted).then_some(method)
    }
}

/// The children of an element, which have to be these, in this order, each once.
fn parts<'doc, const N: usize>(
    parent: Element<'doc>,
    name: &'static str,
    sequence: Sequence,
    failures: &mut Failures,
) -> [Option<Element<'doc>>; N] {
    let mut found = [None; N];
    let mut reached = 0;
    for child in parent.children() {
        let place = sequence.iter().position(|(local, _)| child.is(NAMESPACE, local));
        let Some((at, slot)) = place.and_then(|at| Some((at, found.get_mut(at)?))) else {
            unexpected(child, name, failures);
            continue;
        };
        match slot {
            Some(_) => {
                let child_name = sequence.get(at).map_or("", |(local, _)| local);
                let kind = FailureKind::RepeatedChild { parent: name, child: child_name };
                failures.add(kind, child.start_tag_range());
            }
            None if at < reached => unexpected(child, name, failures),
            None => {
                *slot = Some(child);
                reached = at;
            }
        }
    }
    for ((child, is_needed), slot) in sequence.iter().zip(&found) {
        if *is_needed && slot.is_none() {
            let kind = FailureKind::MissingChild { parent: name, child };
            failures.add(kind, parent.start_tag_range());
        }
    }
    found
}

fn unexpected(child: Element<'_>, parent: &'static str, failures: &mut Failures) {
    let kind = FailureKind::UnexpectedChild { parent, found: child.name().to_string() };
    failures.add(kind, child.start_tag_range());
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
) -> Option<&'doc str> {
    let attribute = element.attribute("Algorithm");
    if attribute.is_none() {
        let kind = FailureKind::MissingAttribute { element: name, attribute: "Algorithm" };
        failures.add(kind, element.start_tag_range());
    }
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
) -> Option<(SignatureAlgorithm, Range<usize>)> {
    let uri = algorithm(element, "SignatureMethod", failures)?;
    let method = if uri == RSA_PSS_WITH_PARAMETERS {
        pss_parameters(element)
    } else {
        no_children(element, "SignatureMethod", failures);
        SignatureAlgorithm::by_uri(uri)
    };
    if method.is_none() {
        let kind = FailureKind::Algorithm { role: "signature method", found: uri.to_owned() };
        failures.add(kind, element.start_tag_range());
    }
    Some((method?, element.start_tag_range()))
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

/// The octets of a base64 value, white space passed over.
fn base64(
    element: Element<'_>,
    name: &'static str,
    failures: &mut Failures,
) -> Option<(Vec<u8>, Range<usize>)> {
    let range = element.content_range();
    no_children(element, name, failures);
    // A value with a comment in it is read in two ways by two readers.
    if element.nodes().any(|node| !matches!(node, Node::Text(_) | Node::Element(_))) {
        failures.add(FailureKind::SplitValue { element: name }, range.clone());
    }
    let packed: String = element.text().split_ascii_whitespace().collect();
    let Ok(octets) = STANDARD.decode(&packed) else {
        failures.add(FailureKind::NotBase64 { element: name }, range);
        return None;
    };
    Some((octets, range))
}
