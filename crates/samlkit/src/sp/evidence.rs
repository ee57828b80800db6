//! Which assertion of a response is signed, and by what: the one child of the response, by its own
//! signature or by that of the response around it. Any other arrangement is refused, whatever else
//! is signed in the document.

use samlkit_dsig::{
    FailureKind, Rejection as SignatureRejection, Signed, SignedElement, VerifyingKey, is_signed,
    verify,
};
use samlkit_xml::Element;

use super::refusal::{Refusal, RefusalKind};
use super::rules::Context;
use crate::names::{ASSERTION, SIGNATURE};

/// The evidence for an assertion.
pub(super) struct Evidence<'doc> {
    pub(super) assertion: SignedElement<'doc>,
    pub(super) key: VerifyingKey,
    pub(super) is_response_signed: bool,
}

/// Finds the evidence for `assertion`, a child of `response`; notes all that keeps it from being
/// any.
pub(super) fn find<'doc>(
    context: &Context<'_>,
    response: Element<'doc>,
    assertion: Option<Element<'doc>>,
    refusals: &mut Vec<Refusal>,
) -> Option<Evidence<'doc>> {
    let around = by_own_signature(context, response, refusals);
    let own = assertion.and_then(|assertion| by_own_signature(context, assertion, refusals));
    let by_response = around.as_ref().and_then(|signed| {
        let of_response = signed.root().children().filter(|c| c.is(ASSERTION, "Assertion"));
        let mut same = of_response.filter(|c| Some(c.range()) == assertion.map(Element::range));
        Some((same.next()?, signed.key().clone()))
    });
    let by_itself = own.map(|signed| (signed.root(), signed.key().clone()));
    if refusals.iter().any(Refusal::is_about_signatures) {
        look_elsewhere(response, assertion, refusals);
        return None;
    }
    let Some((assertion, key)) = by_itself.or(by_response) else {
        if around.is_none() && !look_elsewhere(response, assertion, refusals) {
            missing(context, assertion.unwrap_or(response), refusals);
        }
        return None;
    };
    Some(Evidence { assertion, key, is_response_signed: around.is_some() })
}

/// What an element's own signature gives, if it has one.
pub(super) fn by_own_signature<'doc>(
    context: &Context<'_>,
    element: Element<'doc>,
    refusals: &mut Vec<Refusal>,
) -> Option<Signed<'doc>> {
    if !is_signed(element) {
        return None;
    }
    let verdict = verify(element, &context.idp.keys, &context.sp.policy);
    verdict.map_err(|rejection| note(rejection, refusals)).ok()
}

/// Notes that an element that should be signed is not.
pub(super) fn missing(context: &Context<'_>, element: Element<'_>, refusals: &mut Vec<Refusal>) {
    let verdict = verify(element, &context.idp.keys, &context.sp.policy);
    verdict.map_err(|rejection| note(rejection, refusals)).ok();
}

fn note(rejection: SignatureRejection, refusals: &mut Vec<Refusal>) {
    // That an ID stands twice is said once, of the document.
    let failures = rejection.into_failures().into_iter();
    for failure in failures.filter(|failure| failure.kind != FailureKind::DuplicateId) {
        let range = failure.range.clone();
        refusals.push(Refusal { kind: RefusalKind::Signature(failure.kind), range });
    }
}

/// A signed element that stands somewhere else than where it is read from is the mark of an attack:
/// it was moved away to make room for another. Either its signature went with it, or that stayed and
/// refers to where it is now.
fn look_elsewhere(
    response: Element<'_>,
    assertion: Option<Element<'_>>,
    refusals: &mut Vec<Refusal>,
) -> bool {
    let signatures = response.descendants().filter(|e| e.is(SIGNATURE, "Signature"));
    let moved = signatures.filter_map(|signature| {
        let parent = signature.parent()?;
        let is_read = parent == response || Some(parent) == assertion;
        if !is_read && (parent.is(ASSERTION, "Assertion") || parent.name() == response.name()) {
            return Some(parent);
        }
        let reference = signature.descendants().find(|e| e.is(SIGNATURE, "Reference"))?;
        let id = reference.attribute("URI")?.value().strip_prefix('#')?;
        response.document().element_by_id(id).filter(|signed| *signed != parent)
    });
    let Some(moved) = moved.take(1).next() else { return false };
    refusals.push(Refusal {
        kind: RefusalKind::Wrapping { signed: moved.name().to_string() },
        range: moved.start_tag_range(),
    });
    true
}
