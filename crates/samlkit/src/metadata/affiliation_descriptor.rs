//! `AffiliationDescriptor` (saml-metadata 2.5): a group of entities that share identifiers.

use samlkit_xml::Element;

use super::texts;
use crate::value::Value;

/// An affiliation: its owner and its members.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AffiliationDescriptor<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// `affiliationOwnerID`.
    pub affiliation_owner_id: Option<Value<'doc>>,
    /// `AffiliateMember`: entity IDs.
    pub affiliate_members: Vec<Value<'doc>>,
}

impl<'doc> AffiliationDescriptor<'doc> {
    pub(crate) fn read(element: Element<'doc>) -> Self {
        Self {
            element,
            affiliation_owner_id: Value::attribute(element, "affiliationOwnerID"),
            affiliate_members: texts(element, "AffiliateMember"),
        }
    }
}
