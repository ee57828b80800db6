//! `RoleDescriptor` (saml-metadata 2.4.1) and `SSODescriptorType` (2.4.2): what all roles, and
//! what the two single sign-on roles have in common.

use samlkit_xml::Element;

use super::{
    ContactPerson, Endpoint, Extensions, IdpSsoDescriptor, KeyDescriptor, Organization,
    SpSsoDescriptor, children, read_all, texts,
};
use crate::names::{METADATA, PROTOCOL, SCHEMA_INSTANCE, SIGNATURE, WS_ADDRESSING, WS_FEDERATION};
use crate::value::Value;

/// A role that an entity plays.
#[derive(Clone, Debug)]
pub enum Role<'doc> {
    /// `IDPSSODescriptor`.
    IdpSso(IdpSsoDescriptor<'doc>),
    /// `SPSSODescriptor`.
    SpSso(SpSsoDescriptor<'doc>),
    /// Any other, of which only the common part is read.
    Other(RoleDescriptor<'doc>),
}

/// Which role it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoleKind<'doc> {
    /// `IDPSSODescriptor`: an identity provider for single sign-on.
    IdpSso,
    /// `SPSSODescriptor`: a service provider.
    SpSso,
    /// `AuthnAuthorityDescriptor`.
    AuthnAuthority,
    /// `AttributeAuthorityDescriptor`.
    AttributeAuthority,
    /// `PDPDescriptor`.
    Pdp,
    /// A `RoleDescriptor` whose `xsi:type` is one of WS-Federation's: its local name.
    WsFederation(&'doc str),
    /// A `RoleDescriptor` with another `xsi:type`, as written, or with none.
    Unknown(Option<&'doc str>),
}

/// What every role has.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RoleDescriptor<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// Which role it is.
    pub kind: RoleKind<'doc>,
    /// `validUntil`.
    pub valid_until: Option<Value<'doc>>,
    /// `cacheDuration`.
    pub cache_duration: Option<Value<'doc>>,
    /// `protocolSupportEnumeration`: protocols separated by white space.
    pub protocol_support_enumeration: Option<Value<'doc>>,
    /// `errorURL`.
    pub error_url: Option<Value<'doc>>,
    /// `ds:Signature` over the role, if it has its own.
    pub signature: Option<Element<'doc>>,
    /// `Extensions`.
    pub extensions: Extensions<'doc>,
    /// `KeyDescriptor`.
    pub key_descriptors: Vec<KeyDescriptor<'doc>>,
    /// `Organization`.
    pub organization: Option<Organization<'doc>>,
    /// `ContactPerson`.
    pub contact_persons: Vec<ContactPerson<'doc>>,
    /// The addresses of WS-Federation endpoints.
    pub ws_federation_addresses: Vec<Value<'doc>>,
}

/// What both single sign-on roles have (saml-metadata 2.4.2).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SsoDescriptor<'doc> {
    /// `ArtifactResolutionService`.
    pub artifact_resolution_services: Vec<Endpoint<'doc>>,
    /// `SingleLogoutService`.
    pub single_logout_services: Vec<Endpoint<'doc>>,
    /// `ManageNameIDService`.
    pub manage_name_id_services: Vec<Endpoint<'doc>>,
    /// `NameIDFormat`.
    pub name_id_formats: Vec<Value<'doc>>,
}

impl<'doc> Role<'doc> {
    /// Reads `element` if it is a role.
    pub(crate) fn read(element: Element<'doc>) -> Option<Self> {
        if element.name().namespace != METADATA {
            return None;
        }
        let other = |kind| Some(Role::Other(RoleDescriptor::read(element, kind)));
        match element.name().local {
            "IDPSSODescriptor" => Some(Role::IdpSso(IdpSsoDescriptor::read(element))),
            "SPSSODescriptor" => Some(Role::SpSso(SpSsoDescriptor::read(element))),
            "AuthnAuthorityDescriptor" => other(RoleKind::AuthnAuthority),
            "AttributeAuthorityDescriptor" => other(RoleKind::AttributeAuthority),
            "PDPDescriptor" => other(RoleKind::Pdp),
            "RoleDescriptor" => other(RoleKind::of_type(element)),
            _ => None,
        }
    }

    /// What every role has.
    pub fn common(&self) -> &RoleDescriptor<'doc> {
        match self {
            Self::IdpSso(idp) => &idp.role,
            Self::SpSso(sp) => &sp.role,
            Self::Other(role) => role,
        }
    }
}

impl<'doc> RoleKind<'doc> {
    fn of_type(element: Element<'doc>) -> Self {
        let written = element.attribute_in(SCHEMA_INSTANCE, "type").map(|a| a.value().trim());
        let Some(written) = written else { return Self::Unknown(None) };
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        match element.namespace_of_prefix(prefix) {
            Some(WS_FEDERATION) => Self::WsFederation(local),
            _ => Self::Unknown(Some(written)),
        }
    }

    /// Whether the role is one of SAML's own.
    pub fn is_saml(&self) -> bool {
        !matches!(self, Self::WsFederation(_) | Self::Unknown(_))
    }
}

impl<'doc> RoleDescriptor<'doc> {
    pub(crate) fn read(element: Element<'doc>, kind: RoleKind<'doc>) -> Self {
        let is_ws_federation = matches!(kind, RoleKind::WsFederation(_));
        let addresses = element
            .descendants()
            .filter(|inside| is_ws_federation && inside.is(WS_ADDRESSING, "Address"));
        Self {
            element,
            kind,
            valid_until: Value::attribute(element, "validUntil"),
            cache_duration: Value::attribute(element, "cacheDuration"),
            protocol_support_enumeration: Value::attribute(element, "protocolSupportEnumeration"),
            error_url: Value::attribute(element, "errorURL"),
            signature: element.children().find(|child| child.is(SIGNATURE, "Signature")),
            extensions: Extensions::read(element),
            key_descriptors: KeyDescriptor::read_all(element),
            organization: children(element, "Organization").next().map(Organization::read),
            contact_persons: read_all(element, "ContactPerson", ContactPerson::read),
            ws_federation_addresses: addresses.map(Value::of_element).collect(),
        }
    }

    /// Whether the role lists SAML 2.0 among its protocols.
    pub fn supports_saml2(&self) -> bool {
        let listed = self.protocol_support_enumeration.as_ref();
        listed.is_some_and(|value| value.text().split_ascii_whitespace().any(|p| p == PROTOCOL))
    }
}

impl<'doc> SsoDescriptor<'doc> {
    pub(crate) fn read(element: Element<'doc>) -> Self {
        Self {
            artifact_resolution_services: Endpoint::read_all(element, "ArtifactResolutionService"),
            single_logout_services: Endpoint::read_all(element, "SingleLogoutService"),
            manage_name_id_services: Endpoint::read_all(element, "ManageNameIDService"),
            name_id_formats: texts(element, "NameIDFormat"),
        }
    }
}
