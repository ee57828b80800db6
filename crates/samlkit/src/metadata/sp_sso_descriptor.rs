//! `SPSSODescriptor` (saml-metadata 2.4.4): a service provider.

use samlkit_xml::Element;

use super::{
    AttributeConsumingService, Endpoint, RoleDescriptor, RoleKind, SsoDescriptor, children,
};
use crate::value::Value;

/// A service provider.
#[derive(Clone, Debug)]
#[doc(alias = "SPSSODescriptor")]
#[non_exhaustive]
pub struct SpSsoDescriptor<'doc> {
    /// What every role has.
    pub role: RoleDescriptor<'doc>,
    /// What both single sign-on roles have.
    pub sso: SsoDescriptor<'doc>,
    /// `AuthnRequestsSigned`.
    pub authn_requests_signed: Option<Value<'doc>>,
    /// `WantAssertionsSigned`.
    pub want_assertions_signed: Option<Value<'doc>>,
    /// `AssertionConsumerService`.
    pub assertion_consumer_services: Vec<Endpoint<'doc>>,
    /// `AttributeConsumingService`.
    pub attribute_consuming_services: Vec<AttributeConsumingService<'doc>>,
}

impl<'doc> SpSsoDescriptor<'doc> {
    pub(crate) fn read(element: Element<'doc>) -> Self {
        let services = children(element, "AttributeConsumingService");
        Self {
            role: RoleDescriptor::read(element, RoleKind::SpSso),
            sso: SsoDescriptor::read(element),
            authn_requests_signed: Value::attribute(element, "AuthnRequestsSigned"),
            want_assertions_signed: Value::attribute(element, "WantAssertionsSigned"),
            assertion_consumer_services: Endpoint::read_all(element, "AssertionConsumerService"),
            attribute_consuming_services: services.map(AttributeConsumingService::read).collect(),
        }
    }

    /// All endpoints of the role, in no particular order.
    pub fn endpoints(&self) -> impl Iterator<Item = &Endpoint<'doc>> {
        let sso = &self.sso;
        [
            &self.assertion_consumer_services,
            &sso.single_logout_services,
            &sso.artifact_resolution_services,
            &sso.manage_name_id_services,
        ]
        .into_iter()
        .flatten()
    }
}
