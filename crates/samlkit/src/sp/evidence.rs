//! Which assertion of a response is signed, and by what: the one child of the response, by its own
//! signature or by that of the response around it. Any other arrangement of assertion and signature is
//! refused. What stands beside them in the document is not read.

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

#[cfg(test)]
mod tests {
    use samlkit_dsig::{SignOptions, SigningKey, sign};
    use samlkit_xml::Document;

    use super::VerifyingKey;
    use crate::sp::identity_provider::IdentityProvider;
    use crate::sp::rejection::Rejection;
    use crate::sp::tests::{
        CERTIFICATE, GOOD, asked, now, rules, signed, sp, verdict, verdict_as_is, with,
    };
    use crate::sp::verified_response::VerifiedResponse;

    fn judged(xml: &str) -> Result<VerifiedResponse, Rejection> {
        verdict_as_is(&sp(), xml, Some(&asked()))
    }

    /// The text before the assertion, the assertion, and the text after it.
    fn parts(xml: &str) -> (&str, &str, &str) {
        let (before, rest) = xml.split_at(xml.find("<Assertion ").unwrap());
        let (assertion, after) = rest.split_at(rest.find("</p:Response>").unwrap());
        (before, assertion, after)
    }

    /// The start tag where the first refusal of `signature.wrapping` is.
    fn wrapped(xml: &str) -> String {
        let rejection = judged(xml).unwrap_err();
        let wrapping = rejection.refusals().iter().find(|r| r.rule() == "signature.wrapping");
        let range = wrapping.unwrap_or_else(|| panic!("{rejection}")).range.clone();
        xml.get(range).unwrap().to_owned()
    }

    /// Another assertion in the place of the good one, and that in `Extensions`.
    fn moved(original: &str, forged: &str) -> String {
        let (before, _, after) = parts(GOOD);
        format!("{before}<p:Extensions>{original}</p:Extensions>{forged}{after}")
    }

    fn forged() -> String {
        parts(GOOD).1.replace("_a", "_e").replace(">ada<", ">eve<")
    }

    #[test]
    fn either_signature_is_enough_and_neither_may_fail() {
        let both = signed(&signed(GOOD, "_a"), "_r");
        assert!(judged(&both).unwrap().is_response_signed());
        for xml in [both, signed(GOOD, "_a"), signed(GOOD, "_r")] {
            let changed = xml.replace(">ada<", ">eve<");
            let rules = rules(judged(&changed));
            assert!(!rules.is_empty());
            assert!(rules.iter().all(|rule| *rule == "signature.digest"), "{rules:?}");
        }
        // One that fails is not made up for by the other.
        let broken = signed(GOOD, "_a").replace(">ada<", ">eve<");
        assert_eq!(rules(judged(&signed(&broken, "_r"))), ["signature.digest"]);
    }

    /// Of two keys it is that of the assertion: the nearer one says more of what is read.
    #[test]
    fn by_which_key() {
        let rsa = include_str!("../../../../tests/data/keys/rsa-2048.test-only.pem");
        let rsa = SigningKey::from_pem(rsa, None).unwrap();
        let assertion = signed(GOOD, "_a");
        let document = Document::parse(assertion.as_bytes()).unwrap();
        let both = sign(&document, "_r", &rsa, &SignOptions::default()).unwrap();
        let other = include_str!("../../../../tests/data/keys/rsa-2048.crt.pem");
        let keys = [CERTIFICATE, other].map(|pem| VerifyingKey::from_pem(pem).unwrap());
        let idp = IdentityProvider::new("https://idp/", keys.clone());
        let verified = sp().verify_without_replay(&idp, &both, Some(&asked()), now()).unwrap();
        assert!(verified.is_response_signed());
        assert_eq!(format!("{:?}", verified.key()), format!("{:?}", keys[0]));
    }

    #[test]
    fn nothing_is_signed() {
        let rejection = judged(GOOD).unwrap_err();
        let expected = "signature.missing: <Assertion> is not signed";
        assert_eq!(rejection.to_string(), expected);
        // Something else is, which nothing is read from.
        let foreign = "<p:Extensions><x:x xmlns:x='urn:x' ID='_x'/></p:Extensions><p:Status>";
        let foreign = signed(&with("<p:Status>", foreign), "_x");
        assert_eq!(judged(&foreign).unwrap_err().to_string(), expected);
    }

    #[test]
    fn a_signed_assertion_elsewhere() {
        let original = signed(GOOD, "_a");
        let xml = moved(parts(&original).1, &forged());
        assert_eq!(rules(judged(&xml)), ["signature.wrapping"]);
        assert!(wrapped(&xml).contains("'_a'"));
        // The same where the forged one has a signature that is no good.
        let broken = signed(GOOD, "_a").replace("_a", "_e").replace(">ada<", ">eve<");
        let rules = rules(judged(&moved(parts(&original).1, parts(&broken).1)));
        assert!(rules.contains(&"signature.wrapping"), "{rules:?}");
        assert!(rules.contains(&"signature.digest"), "{rules:?}");
    }

    #[test]
    fn a_signature_that_stays_and_refers_to_what_was_moved() {
        let original = signed(GOOD, "_a");
        let (before, rest) = original.split_once("<ds:Signature").unwrap();
        let (inside, after) = rest.split_once("</ds:Signature>").unwrap();
        let with_it = format!("</Issuer><ds:Signature{inside}</ds:Signature>");
        let without = format!("{before}{after}");
        let forged = forged().replacen("</Issuer>", &with_it, 1);
        assert!(wrapped(&moved(parts(&without).1, &forged)).contains("'_a'"));
    }

    #[test]
    fn a_signed_response_inside_another() {
        let original = signed(GOOD, "_r");
        let xml = with("ID='_r'", "ID='_o'").replace("'_a'", "'_e'");
        let (before, assertion, after) = parts(&xml);
        let xml = format!("{before}<p:Extensions>{original}</p:Extensions>{assertion}{after}");
        let rejection = judged(&xml).unwrap_err();
        assert_eq!(rules(judged(&xml)), ["signature.wrapping"], "{rejection}");
    }

    #[test]
    fn a_response_without_an_assertion() {
        let (before, _, after) = parts(GOOD);
        let none = format!("{before}{after}");
        assert_eq!(rules(verdict(&none, "_r")), ["assertion.missing"]);
        let rules = rules(judged(&none));
        assert_eq!(rules.len(), 2, "{rules:?}");
        assert!(rules.contains(&"assertion.missing") && rules.contains(&"signature.missing"));
    }
}
