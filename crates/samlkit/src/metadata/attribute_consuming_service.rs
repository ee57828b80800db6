//! `AttributeConsumingService` (saml-metadata 2.4.4.1): what a service provider wants to know of a
//! user.

use samlkit_xml::Element;

use super::{Localized, children};
use crate::assertion::Attribute;
use crate::value::Value;

/// A service of a service provider and the attributes that it needs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttributeConsumingService<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// `index`.
    pub index: Option<Value<'doc>>,
    /// `isDefault`.
    pub is_default: Option<Value<'doc>>,
    /// `ServiceName`, by language.
    pub service_names: Vec<Localized<'doc>>,
    /// `ServiceDescription`, by language.
    pub service_descriptions: Vec<Localized<'doc>>,
    /// `RequestedAttribute`.
    pub requested_attributes: Vec<RequestedAttribute<'doc>>,
}

/// An attribute that a service asks for (saml-metadata 2.4.4.2).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestedAttribute<'doc> {
    /// The attribute.
    pub attribute: Attribute<'doc>,
    /// `isRequired`.
    pub is_required: Option<Value<'doc>>,
}

impl<'doc> AttributeConsumingService<'doc> {
    pub(crate) fn read(element: Element<'doc>) -> Self {
        let requested = children(element, "RequestedAttribute").map(|child| RequestedAttribute {
            attribute: Attribute::read(child),
            is_required: Value::attribute(child, "isRequired"),
        });
        Self {
            element,
            index: Value::attribute(element, "index"),
            is_default: Value::attribute(element, "isDefault"),
            service_names: Localized::read_all(children(element, "ServiceName")),
            service_descriptions: Localized::read_all(children(element, "ServiceDescription")),
            requested_attributes: requested.collect(),
        }
    }
}
