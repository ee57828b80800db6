//! `Subject` (saml-core 2.4): whom an assertion is about, and how its bearer shows that it is his.

use std::ops::Range;

use super::NameId;
use crate::names::ASSERTION;
use crate::readable::Readable;
use crate::schema::Faults;
use crate::value::Value;

/// Whom the assertion is about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Subject<'doc> {
    /// `NameID`.
    pub name_id: Option<NameId<'doc>>,
    /// Whether there is an `EncryptedID` in its place.
    pub has_encrypted_id: bool,
    /// `SubjectConfirmation`.
    pub confirmations: Vec<SubjectConfirmation<'doc>>,
    /// Where the subject stands.
    pub range: Range<usize>,
}

/// How somebody shows that he is the subject (saml-core 2.4.1.1).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubjectConfirmation<'doc> {
    /// `Method`.
    pub method: Option<Value<'doc>>,
    /// `SubjectConfirmationData`.
    pub data: Option<SubjectConfirmationData<'doc>>,
    /// Where the confirmation stands.
    pub range: Range<usize>,
}

/// The conditions of a confirmation (saml-core 2.4.1.2).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubjectConfirmationData<'doc> {
    /// `Recipient`: the ACS URL.
    pub recipient: Option<Value<'doc>>,
    /// `NotBefore`.
    pub not_before: Option<Value<'doc>>,
    /// `NotOnOrAfter`.
    pub not_on_or_after: Option<Value<'doc>>,
    /// `InResponseTo`: the ID of the request.
    pub in_response_to: Option<Value<'doc>>,
    /// `Address`.
    pub address: Option<Value<'doc>>,
    /// Where the element stands.
    pub range: Range<usize>,
}

impl<'doc> Subject<'doc> {
    pub(crate) fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.at_most_one_id(element, ASSERTION);
        let name_id = element.first(ASSERTION, "NameID").map(|id| NameId::read(id, faults));
        let confirmations = faults.several(element, ASSERTION, "SubjectConfirmation");
        Self {
            name_id,
            has_encrypted_id: element.first(ASSERTION, "EncryptedID").is_some(),
            confirmations: confirmations
                .map(|confirmation| SubjectConfirmation::read(confirmation, faults))
                .collect(),
            range: element.range(),
        }
    }
}

impl<'doc> SubjectConfirmation<'doc> {
    fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.attribute(element, "Method");
        faults.at_most_one_id(element, ASSERTION);
        let data = faults.at_most_one(element, ASSERTION, "SubjectConfirmationData");
        if let Some(data) = data {
            faults.date(data, "NotBefore");
            faults.date(data, "NotOnOrAfter");
        }
        Self {
            method: Value::attribute(element, "Method"),
            data: data.map(|data| SubjectConfirmationData {
                recipient: Value::attribute(data, "Recipient"),
                not_before: Value::attribute(data, "NotBefore"),
                not_on_or_after: Value::attribute(data, "NotOnOrAfter"),
                in_response_to: Value::attribute(data, "InResponseTo"),
                address: Value::attribute(data, "Address"),
                range: data.range(),
            }),
            range: element.range(),
        }
    }
}
