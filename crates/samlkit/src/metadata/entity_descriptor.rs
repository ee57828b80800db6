//! `EntityDescriptor` (saml-metadata 2.3.2): one entity and its roles.

use samlkit_xml::Element;

use super::{
    AffiliationDescriptor, ContactPerson, Extensions, IdpSsoDescriptor, MOST_CHILDREN,
    Organization, Role, SpSsoDescriptor, children, read_all,
};
use crate::density::too_many_inside;
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
    /// How many elements were not read, because there are more than a thousand side by side, or so many in
    /// all that they must be empty: over a thousand, with fewer than 32 octets for each.
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
        // Of an entity that holds too many elements for its length nothing but its own attributes is read.
        let too_many = too_many_inside(element);
        let inside = Some(element).filter(|_| too_many.is_none());
        let child = |local| inside.and_then(|element| children(element, local).next());
        let roles = inside.into_iter().flat_map(Element::children).filter_map(Role::read);
        let contact_persons =
            inside.map(|element| read_all(element, "ContactPerson", ContactPerson::read));
        Self {
            element,
            entity_id: Value::attribute(element, "entityID"),
            id: Value::attribute(element, "ID"),
            valid_until: Value::attribute(element, "validUntil"),
            cache_duration: Value::attribute(element, "cacheDuration"),
            signature: element.children().find(|child| child.is(SIGNATURE, "Signature")),
            extensions: Extensions::read(element),
            omitted: too_many.unwrap_or_else(|| omitted(element)),
            roles: roles.take(MOST_CHILDREN).collect(),
            affiliation: child("AffiliationDescriptor").map(AffiliationDescriptor::read),
            organization: child("Organization").map(Organization::read),
            contact_persons: contact_persons.unwrap_or_default(),
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
