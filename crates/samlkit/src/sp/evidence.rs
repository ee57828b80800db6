//! Which assertion of a response is signed, and by what: the one child of the response, by its own
//! signature or by that of the response around it. Any other arrangement is refused, whatever else
//! is signed in the document.

use samlkit_dsig::{FailureKind, Signed, SignedElement, VerifyingKey, is_signed, verify};
use samlkit_xml::Element;

use super::context::Context;
use super::refusal::RefusalKind;
use super::rejection::{Refusals, Refused};
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
    refusals: &mut Refusals,
) -> Result<Evidence<'doc>, Refused> {
    let around = own(context, response, refusals);
    let inside = match assertion {
        Some(assertion) => own(context, assertion, refusals),
        None => Ok(None),
    };
    let (around, inside) = match (around, inside) {
        (Ok(around), Ok(inside)) => (around, inside),
        (Err(refused), _) | (_, Err(refused)) => {
            look_elsewhere(response, assertion, refusals);
            return Err(refused);
        }
    };
    let by_response = around.as_ref().and_then(|signed| {
        let of_response = signed.root().children().filter(|c| c.is(ASSERTION, "Assertion"));
        let mut same = of_response.filter(|c| Some(c.range()) == assertion.map(Element::range));
        Some((same.next()?, signed.key().clone()))
    });
    let by_itself = inside.map(|signed| (signed.root(), signed.key().clone()));
    let is_response_signed = around.is_some();
    match by_itself.or(by_response) {
        Some((assertion, key)) => Ok(Evidence { assertion, key, is_response_signed }),
        // The response is signed, and has nothing in it that could be read.
        None if is_response_signed => Err(refusals
            .any()
            .err()
            .unwrap_or_else(|| refusals.add(RefusalKind::NoAssertion, response.start_tag_range()))),
        None => Err(look_elsewhere(response, assertion, refusals)
            .unwrap_or_else(|| missing(context, assertion.unwrap_or(response), refusals))),
    }
}

/// What an element's own signature gives, if it has one.
pub(super) fn own<'doc>(
    context: &Context<'_>,
    element: Element<'doc>,
    refusals: &mut Refusals,
) -> Result<Option<Signed<'doc>>, Refused> {
    if !is_signed(element) {
        return Ok(None);
    }
    let verdict = verify(element, &context.idp.keys, &context.sp.policy);
    verdict.map(Some).map_err(|rejection| refusals.add_signature(rejection))
}

/// Notes that an element that should be signed is not.
pub(super) fn missing(
    context: &Context<'_>,
    element: Element<'_>,
    refusals: &mut Refusals,
) -> Refused {
    match verify(element, &context.idp.keys, &context.sp.policy) {
        Err(rejection) => refusals.add_signature(rejection),
        Ok(_) => {
            let kind = FailureKind::Missing { element: element.name().to_string() };
            refusals.add(RefusalKind::Signature(kind), element.start_tag_range())
        }
    }
}

/// A signed element that stands somewhere else than where it is read from is the mark of an attack:
/// it was moved away to make room for another. Either its signature went with it, or that stayed and
/// refers to where it is now.
fn look_elsewhere(
    response: Element<'_>,
    assertion: Option<Element<'_>>,
    refusals: &mut Refusals,
) -> Option<Refused> {
    let signatures = response.descendants().filter(|e| e.is(SIGNATURE, "Signature"));
    let moved = signatures.filter_map(|signature| {
        let parent = signature.parent()?;
        let is_read = parent == response || Some(parent) == assertion;
        if !is_read && (parent.is(ASSERTION, "Assertion") || parent.name() == response.name()) {
            return Some(parent);
        }
        // Its own reference, and not one deeper inside: signatures may stand in each other.
        let info = signature.children().find(|e| e.is(SIGNATURE, "SignedInfo"))?;
        let reference = info.children().find(|e| e.is(SIGNATURE, "Reference"))?;
        let id = reference.attribute("URI")?.value().strip_prefix('#')?;
        response.document().element_by_id(id).filter(|signed| *signed != parent)
    });
    let moved = moved.take(1).next()?;
    let kind = RefusalKind::Wrapping { signed: moved.name().to_string() };
    Some(refusals.add(kind, moved.start_tag_range()))
}
