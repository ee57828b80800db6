//! What comes out of an accepted response: values that a service can keep.

use chrono::{DateTime, Utc};
use samlkit_dsig::VerifyingKey;

use crate::assertion::{Assertion, NameId, SubjectConfirmationData};
use crate::value::Value;
use crate::verified::Verified;

/// An accepted response: who signed in, and what the identity provider says of them. Every value was
/// read through the signature. It cannot be made by hand:
///
/// ```compile_fail,E0451
/// # fn forge(login: samlkit::sp::VerifiedResponse) {
/// let forged = samlkit::sp::VerifiedResponse { issuer: "https://idp/".to_owned(), ..login };
/// # }
/// ```
///
/// With the feature `serde` it can be written into a session, without the key. It is not read back as
/// evidence.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct VerifiedResponse {
    /// The name of the user.
    pub(super) name_id: VerifiedNameId,
    /// The attributes, in the order written; after them those that were encrypted.
    pub(super) attributes: Vec<VerifiedAttribute>,
    /// How many attributes are encrypted and not among these, because no key is given.
    pub(super) encrypted_attributes: usize,
    /// `Issuer`: the identity provider's entity ID.
    pub(super) issuer: String,
    /// `ID` of the assertion, for the replay store.
    pub(super) assertion_id: String,
    /// Until when the assertion can be used here, and so has to be remembered, clock skew not
    /// included: the latest end of those confirmations that can hold for this service provider, or
    /// that of the Conditions, where they end earlier.
    pub(super) not_on_or_after: Option<DateTime<Utc>>,
    /// `InResponseTo` of the confirmation that holds; of several, the first.
    pub(super) in_response_to: Option<String>,
    /// `SessionIndex` of the first statement that has one.
    pub(super) session_index: Option<String>,
    /// `AuthnInstant` of the first statement.
    pub(super) authn_instant: Option<DateTime<Utc>>,
    /// `SessionNotOnOrAfter`, the earliest: the session here has to end by then.
    pub(super) session_not_on_or_after: Option<DateTime<Utc>>,
    /// `AuthnContextClassRef` of the first statement that has one.
    pub(super) authn_context: Option<String>,
    /// The key that signed.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) key: VerifyingKey,
    /// Whether the response itself is signed, and not only the assertion in it.
    pub(super) is_response_signed: bool,
}

/// A name, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct VerifiedNameId {
    /// The name.
    pub(super) value: String,
    /// `Format`.
    pub(super) format: Option<String>,
    /// `NameQualifier`.
    pub(super) name_qualifier: Option<String>,
    /// `SPNameQualifier`.
    pub(super) sp_name_qualifier: Option<String>,
}

/// An attribute with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct VerifiedAttribute {
    /// `Name`.
    pub(super) name: String,
    /// `FriendlyName`.
    pub(super) friendly_name: Option<String>,
    /// The values that are a text or a NameID, and not nil.
    pub(super) values: Vec<String>,
    /// How many values are not among these, because elements stand in them that are not a NameID.
    pub(super) structured_values: usize,
}

impl VerifiedResponse {
    /// The name of the user.
    pub fn name_id(&self) -> &VerifiedNameId {
        &self.name_id
    }

    /// The attributes, in the order written; after them those that were encrypted.
    pub fn attributes(&self) -> &[VerifiedAttribute] {
        &self.attributes
    }

    /// The values of all attributes of that `Name`. Nothing forbids two attributes of one name, so there
    /// is no *the* attribute.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.attributes.iter().filter(move |attribute| attribute.name == name);
        named.flat_map(|attribute| attribute.values.iter().map(String::as_str))
    }

    /// How many attributes are encrypted and not among these, because no key is given.
    pub fn encrypted_attributes(&self) -> usize {
        self.encrypted_attributes
    }

    /// `Issuer`: the identity provider's entity ID.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `ID` of the assertion, for the replay store.
    pub fn assertion_id(&self) -> &str {
        &self.assertion_id
    }

    /// Until when the assertion can be used here, and so has to be remembered, clock skew not
    /// included: the latest end of those confirmations that can hold for this service provider, or
    /// that of the Conditions, where they end earlier.
    pub fn not_on_or_after(&self) -> Option<DateTime<Utc>> {
        self.not_on_or_after
    }

    /// `InResponseTo` of the confirmation that holds; of several, the first.
    pub fn in_response_to(&self) -> Option<&str> {
        self.in_response_to.as_deref()
    }

    /// `SessionIndex` of the first statement that has one; a logout request names it.
    pub fn session_index(&self) -> Option<&str> {
        self.session_index.as_deref()
    }

    /// `AuthnInstant` of the first statement.
    pub fn authn_instant(&self) -> Option<DateTime<Utc>> {
        self.authn_instant
    }

    /// `SessionNotOnOrAfter`, the earliest: the session here has to end by then.
    pub fn session_ends(&self) -> Option<DateTime<Utc>> {
        self.session_not_on_or_after
    }

    /// `AuthnContextClassRef` of the first statement that has one.
    pub fn authn_context(&self) -> Option<&str> {
        self.authn_context.as_deref()
    }

    /// The key that signed.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Whether the response itself is signed, and not only the assertion in it.
    pub fn is_response_signed(&self) -> bool {
        self.is_response_signed
    }

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
    /// The name, as written.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// `Format`.
    pub fn format(&self) -> Option<&str> {
        self.format.as_deref()
    }

    /// `NameQualifier`.
    pub fn name_qualifier(&self) -> Option<&str> {
        self.name_qualifier.as_deref()
    }

    /// `SPNameQualifier`.
    pub fn sp_name_qualifier(&self) -> Option<&str> {
        self.sp_name_qualifier.as_deref()
    }

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
    /// `Name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `FriendlyName`.
    pub fn friendly_name(&self) -> Option<&str> {
        self.friendly_name.as_deref()
    }

    /// The values that are a text or a NameID, and not nil.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// How many values are not among these, because elements stand in them that are not a NameID.
    pub fn structured_values(&self) -> usize {
        self.structured_values
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sp::tests::{CERTIFICATE, GOOD, verdict, with};

    fn at(time: &str) -> Option<DateTime<Utc>> {
        Some(format!("2026-06-01T{time}Z").parse().unwrap())
    }

    #[test]
    fn all_that_is_said_can_be_asked_for() {
        let name = "<NameID Format='f' NameQualifier='n' SPNameQualifier='s'>ada</NameID>";
        let attributes = "<Attribute Name='groups' FriendlyName='Groups'>\
            <AttributeValue>admins</AttributeValue><AttributeValue><x/></AttributeValue>\
            <AttributeValue><x/></AttributeValue></Attribute>\
            <Attribute Name='mail'><AttributeValue>a@b</AttributeValue></Attribute>";
        let statement =
            "<AuthnStatement SessionIndex='i' SessionNotOnOrAfter='2026-06-01T20:00:00Z' ";
        let other = "<AuthnStatement AuthnInstant='2026-06-01T11:00:00Z' SessionIndex='j' \
            SessionNotOnOrAfter='2026-06-01T19:00:00Z'><AuthnContext/></AuthnStatement>";
        let xml = with("<NameID>ada</NameID>", name)
            .replace("</AttributeStatement>", &format!("{attributes}</AttributeStatement>"))
            .replace("<AuthnStatement ", statement)
            .replace("</AuthnStatement>", &format!("</AuthnStatement>{other}"));
        let verified = verdict(&xml, "_a").unwrap();
        assert_eq!(verified.issuer(), "https://idp/");
        assert_eq!(verified.assertion_id(), "_a");
        assert_eq!(verified.not_on_or_after(), at("12:05:00"));
        assert_eq!(verified.in_response_to(), Some("_q"));
        assert_eq!(verified.session_index(), Some("i"));
        assert_eq!(verified.authn_instant(), at("12:00:00"));
        assert_eq!(verified.session_ends(), at("19:00:00"));
        assert_eq!(verified.authn_context(), Some("urn:c"));
        let key = VerifyingKey::from_pem(CERTIFICATE).unwrap();
        assert_eq!(format!("{:?}", verified.key()), format!("{key:?}"));
        assert_eq!(verified.encrypted_attributes(), 0);
        let name = verified.name_id();
        let name = (name.value(), name.format(), name.name_qualifier(), name.sp_name_qualifier());
        assert_eq!(name, ("ada", Some("f"), Some("n"), Some("s")));
        assert_eq!(verified.values("groups").collect::<Vec<_>>(), ["users", "admins"]);
        let [first, second, third] = verified.attributes() else { panic!("{verified:?}") };
        assert_eq!((first.name(), first.friendly_name()), ("groups", None));
        assert_eq!((first.values(), first.structured_values()), (&["users".to_owned()][..], 0));
        assert_eq!((second.friendly_name(), second.structured_values()), (Some("Groups"), 2));
        assert_eq!(third.name(), "mail");
    }

    #[test]
    fn by_which_signature() {
        assert!(!verdict(GOOD, "_a").unwrap().is_response_signed());
        assert!(verdict(GOOD, "_r").unwrap().is_response_signed());
    }

    /// Each is absent where nothing says it, and never empty.
    #[test]
    fn what_is_not_said_is_none() {
        let context = "<AuthnContextClassRef>urn:c</AuthnContextClassRef>";
        let verified = verdict(&with(context, ""), "_a").unwrap();
        assert_eq!(verified.session_index(), None);
        assert_eq!(verified.session_ends(), None);
        assert_eq!(verified.authn_context(), None);
        let name = verified.name_id();
        let name = (name.format(), name.name_qualifier(), name.sp_name_qualifier());
        assert_eq!(name, (None, None, None));
    }
}
