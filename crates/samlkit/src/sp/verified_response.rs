//! What comes out of an accepted response: values that a service can keep.

use chrono::{DateTime, Utc};
use samlkit_dsig::VerifyingKey;

use crate::assertion::{Assertion, NameId, SubjectConfirmationData};
use crate::value::Value;
use crate::verified::Verified;

/// An accepted response: who signed in, and what the identity provider says of him. Every value was
/// read through the signature.
#[derive(Clone, Debug)]
pub struct VerifiedResponse {
    /// The name of the user.
    pub name_id: VerifiedNameId,
    /// The attributes, in the order written; after them those that were encrypted.
    pub attributes: Vec<VerifiedAttribute>,
    /// How many attributes are encrypted and not among these, because no key is given.
    pub encrypted_attributes: usize,
    /// `Issuer`: the identity provider's entity ID.
    pub issuer: String,
    /// `ID` of the assertion, for the replay store.
    pub assertion_id: String,
    /// Until when the assertion can be used here, and so has to be remembered, clock skew not
    /// included: the latest end of those confirmations that can hold for this service provider, or
    /// that of the Conditions, where they end earlier.
    pub not_on_or_after: Option<DateTime<Utc>>,
    /// `InResponseTo` of the confirmation that holds; of several, the first.
    pub in_response_to: Option<String>,
    /// `SessionIndex` of the first statement that has one.
    pub session_index: Option<String>,
    /// `AuthnInstant` of the first statement.
    pub authn_instant: Option<DateTime<Utc>>,
    /// `SessionNotOnOrAfter`, the earliest: the session here has to end by then.
    pub session_not_on_or_after: Option<DateTime<Utc>>,
    /// `AuthnContextClassRef` of the first statement that has one.
    pub authn_context: Option<String>,
    /// The key that signed.
    pub key: VerifyingKey,
    /// Whether the response itself is signed, and not only the assertion in it.
    pub is_response_signed: bool,
}

/// A name, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedNameId {
    /// The name.
    pub value: String,
    /// `Format`.
    pub format: Option<String>,
    /// `NameQualifier`.
    pub name_qualifier: Option<String>,
    /// `SPNameQualifier`.
    pub sp_name_qualifier: Option<String>,
}

/// An attribute with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedAttribute {
    /// `Name`.
    pub name: String,
    /// `FriendlyName`.
    pub friendly_name: Option<String>,
    /// The values that are a text or a NameID, and not nil.
    pub values: Vec<String>,
    /// How many values are not among these, because elements stand in them that are not a NameID.
    pub structured_values: usize,
}

impl VerifiedResponse {
    /// `held` is the confirmation that holds, `usable` are all that can at some time, it among them.
    pub(super) fn new<'s, 'doc: 's>(
        assertion: &Verified<Assertion<'doc>>,
        held: &SubjectConfirmationData<'_>,
        usable: impl Iterator<Item = &'s SubjectConfirmationData<'doc>>,
        key: VerifyingKey,
        is_response_signed: bool,
    ) -> Self {
        let subject = assertion.subject.as_ref();
        let name_id = subject.and_then(|subject| subject.name_id.as_ref());
        let conditions = assertion.conditions.as_ref();
        let until = conditions.and_then(|conditions| conditions.not_on_or_after.as_ref());
        let until = until.and_then(Value::date_time);
        let ends = usable.filter_map(|data| data.not_on_or_after.as_ref()?.date_time());
        // The first that holds may end before another that a replay could then be used by.
        let end = ends.max();
        let statements = &assertion.authn_statements;
        let sessions = statements.iter().filter_map(|s| s.session_not_on_or_after.as_ref());
        let first = |of: fn(&crate::assertion::AuthnStatement<'_>) -> Option<String>| {
            statements.iter().find_map(of)
        };
        Self {
            name_id: VerifiedNameId::new(name_id),
            attributes: assertion.attributes.iter().map(VerifiedAttribute::new).collect(),
            encrypted_attributes: 0,
            issuer: assertion.issuer.as_ref().map_or(String::new(), |i| owned(&i.value)),
            assertion_id: assertion.id.as_ref().map_or(String::new(), owned),
            not_on_or_after: end.into_iter().chain(until).min(),
            in_response_to: held.in_response_to.as_ref().map(owned),
            session_index: first(|s| s.session_index.as_ref().map(owned)),
            authn_instant: statements
                .iter()
                .find_map(|statement| statement.authn_instant.as_ref()?.date_time()),
            session_not_on_or_after: sessions.filter_map(Value::date_time).min(),
            authn_context: first(|s| s.class_ref.as_ref().map(|c| c.trimmed().to_owned())),
            key,
            is_response_signed,
        }
    }
}

impl VerifiedNameId {
    pub(super) fn new(name_id: Option<&NameId<'_>>) -> Self {
        let of = |value: fn(&NameId<'_>) -> Option<String>| name_id.and_then(value);
        Self {
            value: of(|id| Some(owned(&id.value))).unwrap_or_default(),
            format: of(|id| id.format.as_ref().map(owned)),
            name_qualifier: of(|id| id.name_qualifier.as_ref().map(owned)),
            sp_name_qualifier: of(|id| id.sp_name_qualifier.as_ref().map(owned)),
        }
    }
}

impl VerifiedAttribute {
    pub(super) fn new(attribute: &crate::assertion::Attribute<'_>) -> Self {
        let mut values = Vec::with_capacity(attribute.values.len());
        let given = attribute.values.iter().filter(|value| !value.is_nil && !value.is_structured);
        values.extend(given.map(|value| value.text.text().to_owned()));
        Self {
            name: attribute.name.as_ref().map_or(String::new(), owned),
            friendly_name: attribute.friendly_name.as_ref().map(owned),
            values,
            structured_values: attribute.values.iter().filter(|value| value.is_structured).count(),
        }
    }
}

fn owned(value: &Value<'_>) -> String {
    value.text().to_owned()
}
