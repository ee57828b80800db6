//! What is encrypted inside an assertion: the name of the user (saml-core 2.2.4) and attributes
//! (2.7.3.2). Both are opened only where the assertion is signed, and read through that evidence.
//! An assertion that is encrypted as a whole is opened in `encrypted_assertion`.

use std::ops::Range;

use samlkit_dsig::{DecryptError, SignedElement, decrypt_signed};

use super::refusal::RefusalKind;
use super::service_provider::ServiceProvider;
use super::verified_response::{VerifiedAttribute, VerifiedNameId, VerifiedResponse};
use crate::assertion::{Attribute, NameId};
use crate::names::ASSERTION;
use crate::readable::Readable;
use crate::schema::Faults;

/// Opens what is encrypted in `assertion` and puts it into `verified`: the name where there is no
/// other, attributes after those that are not encrypted. Without keys nothing is opened.
pub(super) fn open(
    sp: &ServiceProvider,
    assertion: SignedElement<'_>,
    verified: &mut VerifiedResponse,
    mut refuse: impl FnMut(RefusalKind, Range<usize>),
) {
    let statements = assertion.all(ASSERTION, "AttributeStatement");
    let attributes = statements.flat_map(|s| s.all(ASSERTION, "EncryptedAttribute"));
    if sp.decryption_keys.is_empty() {
        verified.encrypted_attributes = attributes.count();
        return;
    }
    for encrypted in attributes {
        let attribute = opened(sp, encrypted, "Attribute", |attribute, faults| {
            VerifiedAttribute::new(&Attribute::of_assertion(attribute, faults))
        });
        match attribute {
            Ok(attribute) => verified.attributes.push(attribute),
            Err(kind) => refuse(kind, encrypted.range()),
        }
    }
    let subject = assertion.first(ASSERTION, "Subject");
    let is_plain = subject.is_none_or(|s| s.first(ASSERTION, "NameID").is_some());
    let encrypted = subject.and_then(|subject| subject.first(ASSERTION, "EncryptedID"));
    let Some(encrypted) = encrypted.filter(|_| !is_plain) else { return };
    let name = opened(sp, encrypted, "NameID", |name_id, faults| {
        VerifiedNameId::new(Some(&NameId::read(name_id, faults)))
    });
    match name {
        Ok(name_id) if name_id.value.trim().is_empty() => {
            refuse(RefusalKind::EmptyNameId, encrypted.range());
        }
        Ok(name_id) => verified.name_id = name_id,
        Err(kind) => refuse(kind, encrypted.range()),
    }
}

/// What is read of the one element `local` in `encrypted`, or the first thing that is wrong with it.
fn opened<T>(
    sp: &ServiceProvider,
    encrypted: SignedElement<'_>,
    local: &str,
    read: impl FnOnce(SignedElement<'_>, &mut Faults) -> T,
) -> Result<T, RefusalKind> {
    let failed = || RefusalKind::Decryption(DecryptError::Failed);
    let decrypted = decrypt_signed(encrypted, &sp.decryption_keys, sp.encryption_policy)
        .map_err(RefusalKind::Decryption)?;
    let document = decrypted.document(&sp.limits).map_err(|_| failed())?;
    let element = document.signed_element();
    let element = element.filter(|element| element.is(ASSERTION, local));
    let mut faults = Faults::default();
    let value = read(element.ok_or_else(failed)?, &mut faults);
    match faults.iter().next() {
        Some((fault, _)) => Err(RefusalKind::AssertionSchema(fault.clone())),
        None => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sp::rejection::Rejection;
    use crate::sp::tests::{CERTIFICATE, OTHER_KEY, OUR_KEY, opened, rules, signed};

    const GOOD: &str = include_str!("../../../../tests/data/encrypted-parts/good.xml");
    const EMPTY: &str = include_str!("../../../../tests/data/encrypted-parts/empty.xml");
    const OTHER: &str = include_str!("../../../../tests/data/encrypted-parts/other.xml");
    const ELEMENT: &str = include_str!("../../../../tests/data/encrypted-parts/element.xml");

    fn judged(xml: &str, key: Option<&str>) -> Result<VerifiedResponse, Rejection> {
        opened(&signed(xml, "_a1"), key, &[CERTIFICATE])
    }

    fn why(xml: &str) -> RefusalKind {
        let rejection = judged(xml, Some(OUR_KEY)).unwrap_err();
        let [refusal] = rejection.refusals() else { panic!("{rejection}") };
        refusal.kind.clone()
    }

    #[test]
    fn a_name_and_an_attribute() {
        let verified = judged(GOOD, Some(OUR_KEY)).unwrap();
        assert_eq!(verified.name_id().value(), "ada@example.com");
        let format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
        assert_eq!(verified.name_id().format(), Some(format));
        let [_, attribute] = verified.attributes() else { panic!("{verified:?}") };
        assert_eq!(attribute.values(), ["ada@example.com"]);
        assert_eq!(verified.encrypted_attributes(), 0);
    }

    #[test]
    fn what_is_inside_is_not_a_name() {
        assert_eq!(why(EMPTY), RefusalKind::EmptyNameId);
        assert_eq!(why(OTHER), RefusalKind::Decryption(DecryptError::Failed));
        let kind = why(ELEMENT);
        assert!(matches!(kind, RefusalKind::AssertionSchema(_)), "{kind}");
    }

    #[test]
    fn a_key_that_is_not_there_or_does_not_fit() {
        assert_eq!(rules(judged(GOOD, None)), ["assertion.encrypted"]);
        // For the name and for the attribute.
        assert_eq!(rules(judged(GOOD, Some(OTHER_KEY))), ["assertion.decryption"; 2]);
        // Without the name, the attribute is reported and not a fault.
        let (before, rest) = GOOD.split_once("<EncryptedID").unwrap();
        let (_, after) = rest.split_once("</EncryptedID>").unwrap();
        let plain = format!("{before}<NameID>ada</NameID>{after}");
        let verified = judged(&plain, None).unwrap();
        assert_eq!((verified.attributes().len(), verified.encrypted_attributes()), (1, 1));
        assert_eq!(judged(&plain, Some(OUR_KEY)).unwrap().attributes().len(), 2);
    }
}
