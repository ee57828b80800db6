//! `IDPSSODescriptor` (saml-metadata 2.4.3): an identity provider.

use samlkit_xml::Element;

use super::{Endpoint, RoleDescriptor, RoleKind, SsoDescriptor, texts};
use crate::assertion::Attribute;
use crate::value::Value;

/// An identity provider for single sign-on.
#[derive(Clone, Debug)]
#[doc(alias = "IDPSSODescriptor")]
#[non_exhaustive]
pub struct IdpSsoDescriptor<'doc> {
    /// What every role has.
    pub role: RoleDescriptor<'doc>,
    /// What both single sign-on roles have.
    pub sso: SsoDescriptor<'doc>,
    /// `WantAuthnRequestsSigned`.
    pub want_authn_requests_signed: Option<Value<'doc>>,
    /// `SingleSignOnService`.
    pub single_sign_on_services: Vec<Endpoint<'doc>>,
    /// `NameIDMappingService`.
    pub name_id_mapping_services: Vec<Endpoint<'doc>>,
    /// `AssertionIDRequestService`.
    pub assertion_id_request_services: Vec<Endpoint<'doc>>,
    /// `AttributeProfile`.
    pub attribute_profiles: Vec<Value<'doc>>,
    /// `saml:Attribute`: what the identity provider can say of a user.
    pub attributes: Vec<Attribute<'doc>>,
}

impl<'doc> IdpSsoDescriptor<'doc> {
    pub(crate) fn read(element: Element<'doc>) -> Self {
        Self {
            role: RoleDescriptor::read(element, RoleKind::IdpSso),
            sso: SsoDescriptor::read(element),
            want_authn_requests_signed: Value::attribute(element, "WantAuthnRequestsSigned"),
            single_sign_on_services: Endpoint::read_all(element, "SingleSignOnService"),
            name_id_mapping_services: Endpoint::read_all(element, "NameIDMappingService"),
            assertion_id_request_services: Endpoint::read_all(element, "AssertionIDRequestService"),
            attribute_profiles: texts(element, "AttributeProfile"),
            attributes: Attribute::read_all(element),
        }
    }

    /// All endpoints of the role, in no particular order.
    pub fn endpoints(&self) -> impl Iterator<Item = &Endpoint<'doc>> {
        let sso = &self.sso;
        [
            &self.single_sign_on_services,
            &sso.single_logout_services,
            &sso.artifact_resolution_services,
            &sso.manage_name_id_services,
            &self.name_id_mapping_services,
            &self.assertion_id_request_services,
        ]
        .into_iter()
        .flatten()
    }
}
