//! `AuthnRequest` (saml-core 3.4.1): what a service provider asks for.

use crate::assertion::NameId;
use crate::names::{ASSERTION, PROTOCOL};
use crate::readable::Readable;
use crate::schema::Faults;
use crate::value::Value;

/// A request to sign somebody in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthnRequest<'doc> {
    /// `ID`, which the response names.
    pub id: Option<Value<'doc>>,
    /// `Version`.
    pub version: Option<Value<'doc>>,
    /// `IssueInstant`.
    pub issue_instant: Option<Value<'doc>>,
    /// `Destination`.
    pub destination: Option<Value<'doc>>,
    /// `Issuer`: the service provider.
    pub issuer: Option<NameId<'doc>>,
    /// `AssertionConsumerServiceURL`.
    pub assertion_consumer_service_url: Option<Value<'doc>>,
    /// `AssertionConsumerServiceIndex`.
    pub assertion_consumer_service_index: Option<Value<'doc>>,
    /// `ProtocolBinding`.
    pub protocol_binding: Option<Value<'doc>>,
    /// `ForceAuthn`.
    pub force_authn: Option<Value<'doc>>,
    /// `IsPassive`.
    pub is_passive: Option<Value<'doc>>,
    /// `NameIDPolicy`.
    pub name_id_policy: Option<NameIdPolicy<'doc>>,
    /// `RequestedAuthnContext`.
    pub requested_authn_context: Option<RequestedAuthnContext<'doc>>,
    /// Whether there is a `Subject`.
    pub has_subject: bool,
    /// Whether there is a `Scoping`.
    pub has_scoping: bool,
}

/// What the name of the user shall be (saml-core 3.4.1.1).
#[derive(Clone, Debug)]
#[doc(alias = "NameIDPolicy")]
#[non_exhaustive]
pub struct NameIdPolicy<'doc> {
    /// `Format`.
    pub format: Option<Value<'doc>>,
    /// `SPNameQualifier`.
    pub sp_name_qualifier: Option<Value<'doc>>,
    /// `AllowCreate`.
    pub allow_create: Option<Value<'doc>>,
}

/// How the user shall have signed in (saml-core 3.3.2.2.1).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestedAuthnContext<'doc> {
    /// `Comparison`.
    pub comparison: Option<Value<'doc>>,
    /// `AuthnContextClassRef`.
    pub class_refs: Vec<Value<'doc>>,
}

impl<'doc> AuthnRequest<'doc> {
    /// That the Issuer has to be there is the profile's (saml-profiles 4.1.4.1).
    pub(crate) fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.element(element, PROTOCOL, "AuthnRequest");
        faults.envelope(element);
        let issuer = faults.one(element, ASSERTION, "Issuer");
        faults.at_most_one(element, PROTOCOL, "Extensions");
        let subject = faults.at_most_one(element, ASSERTION, "Subject");
        let policy = faults.at_most_one(element, PROTOCOL, "NameIDPolicy");
        faults.at_most_one(element, ASSERTION, "Conditions");
        let context = faults.at_most_one(element, PROTOCOL, "RequestedAuthnContext");
        let scoping = faults.at_most_one(element, PROTOCOL, "Scoping");
        let of = |local| Value::attribute(element, local);
        Self {
            id: of("ID"),
            version: of("Version"),
            issue_instant: of("IssueInstant"),
            destination: of("Destination"),
            issuer: issuer.map(|issuer| NameId::read_issuer(issuer, faults)),
            assertion_consumer_service_url: of("AssertionConsumerServiceURL"),
            assertion_consumer_service_index: of("AssertionConsumerServiceIndex"),
            protocol_binding: of("ProtocolBinding"),
            force_authn: of("ForceAuthn"),
            is_passive: of("IsPassive"),
            name_id_policy: policy.map(|policy| NameIdPolicy {
                format: Value::attribute(policy, "Format"),
                sp_name_qualifier: Value::attribute(policy, "SPNameQualifier"),
                allow_create: Value::attribute(policy, "AllowCreate"),
            }),
            requested_authn_context: context.map(|context| RequestedAuthnContext {
                comparison: Value::attribute(context, "Comparison"),
                class_refs: context.read_all(ASSERTION, "AuthnContextClassRef", |class| {
                    Value::text_only(class, faults)
                }),
            }),
            has_subject: subject.is_some(),
            has_scoping: scoping.is_some(),
        }
    }
}
