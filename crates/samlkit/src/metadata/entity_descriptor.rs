//! `EntityDescriptor` (saml-metadata 2.3.2): one entity and its roles.

use samlkit_xml::Element;

use super::{
    AffiliationDescriptor, ContactPerson, Extensions, IdpSsoDescriptor, MOST_CHILDREN,
    Organization, Role, SpSsoDescriptor, children, read_all,
};
use crate::names::{METADATA, SIGNATURE};
use crate::value::Value;

/// The metadata of one entity.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EntityDescriptor<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// `entityID`.
    pub entity_id: Option<Value<'doc>>,
    /// `ID`, to which a signature refers.
    pub id: Option<Value<'doc>>,
    /// `validUntil`.
    pub valid_until: Option<Value<'doc>>,
    /// `cacheDuration`.
    pub cache_duration: Option<Value<'doc>>,
    /// `ds:Signature`. That it is there does not say that it is good.
    pub signature: Option<Element<'doc>>,
    /// `Extensions`.
    pub extensions: Extensions<'doc>,
    /// The roles, in the order written; of very many the first.
    pub roles: Vec<Role<'doc>>,
    /// How many elements were not read, because there are more than a thousand side by side.
    pub omitted: usize,
    /// `AffiliationDescriptor`.
    pub affiliation: Option<AffiliationDescriptor<'doc>>,
    /// `Organization`.
    pub organization: Option<Organization<'doc>>,
    /// `ContactPerson`.
    pub contact_persons: Vec<ContactPerson<'doc>>,
}

impl<'doc> EntityDescriptor<'doc> {
    /// Reads an `md:EntityDescriptor` element.
    pub(crate) fn read(element: Element<'doc>) -> Self {
        let affiliation = children(element, "AffiliationDescriptor").next();
        Self {
            element,
            entity_id: Value::attribute(element, "entityID"),
            id: Value::attribute(element, "ID"),
            valid_until: Value::attribute(element, "validUntil"),
            cache_duration: Value::attribute(element, "cacheDuration"),
            signature: element.children().find(|child| child.is(SIGNATURE, "Signature")),
            extensions: Extensions::read(element),
            omitted: omitted(element),
            roles: element.children().filter_map(Role::read).take(MOST_CHILDREN).collect(),
            affiliation: affiliation.map(AffiliationDescriptor::read),
            organization: children(element, "Organization").next().map(Organization::read),
            contact_persons: read_all(element, "ContactPerson", ContactPerson::read),
        }
    }

    /// The identity provider roles.
    pub fn idp_roles(&self) -> impl Iterator<Item = &IdpSsoDescriptor<'doc>> {
        self.roles.iter().filter_map(|role| match role {
            Role::IdpSso(idp) => Some(idp),
            _ => None,
        })
    }

    /// The service provider roles.
    pub fn sp_roles(&self) -> impl Iterator<Item = &SpSsoDescriptor<'doc>> {
        self.roles.iter().filter_map(|role| match role {
            Role::SpSso(sp) => Some(sp),
            _ => None,
        })
    }
}

/// How many children of SAML's own elements stand behind a thousand others.
fn omitted(entity: Element<'_>) -> usize {
    // A thousand elements need several times as many octets, so mostly nothing is counted.
    if entity.range().len() < MOST_CHILDREN.saturating_mul(4) {
        return 0;
    }
    let own = entity.descendants().filter(|e| e.name().namespace == METADATA);
    let counts = own.map(|element| element.children().count().saturating_sub(MOST_CHILDREN));
    counts.fold(0, usize::saturating_add)
}
