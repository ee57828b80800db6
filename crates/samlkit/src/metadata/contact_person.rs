//! `ContactPerson` (saml-metadata 2.3.2.2).

use samlkit_xml::Element;

use super::texts;
use crate::value::Value;

/// Whom to ask about an entity or a role.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ContactPerson<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// `contactType`: `technical`, `support`, `administrative`, `billing` or `other`.
    pub contact_type: Option<Value<'doc>>,
    /// `Company`.
    pub company: Option<Value<'doc>>,
    /// `GivenName`.
    pub given_name: Option<Value<'doc>>,
    /// `SurName`.
    pub sur_name: Option<Value<'doc>>,
    /// `EmailAddress`.
    pub email_addresses: Vec<Value<'doc>>,
    /// `TelephoneNumber`.
    pub telephone_numbers: Vec<Value<'doc>>,
}

impl<'doc> ContactPerson<'doc> {
    pub(crate) fn read(element: Element<'doc>) -> Self {
        let first = |local| texts(element, local).into_iter().next();
        Self {
            element,
            contact_type: Value::attribute(element, "contactType"),
            company: first("Company"),
            given_name: first("GivenName"),
            sur_name: first("SurName"),
            email_addresses: texts(element, "EmailAddress"),
            telephone_numbers: texts(element, "TelephoneNumber"),
        }
    }
}
