//! `EndpointType` and `IndexedEndpointType` (saml-metadata 2.2.2, 2.2.3): where messages go, and
//! by which binding.

use samlkit_xml::Element;

use super::read_all;
use crate::value::Value;

/// An endpoint, such as a `SingleSignOnService` or an `AssertionConsumerService`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Endpoint<'doc> {
    /// The element itself; its name says what the endpoint is for.
    pub element: Element<'doc>,
    /// `Binding`.
    pub binding: Option<Value<'doc>>,
    /// `Location`.
    pub location: Option<Value<'doc>>,
    /// `ResponseLocation`, where responses go if not to `Location`.
    pub response_location: Option<Value<'doc>>,
    /// `index`, which an indexed endpoint must have.
    pub index: Option<Value<'doc>>,
    /// `isDefault`, which an indexed endpoint may have.
    pub is_default: Option<Value<'doc>>,
}

impl<'doc> Endpoint<'doc> {
    pub(crate) fn read_all(parent: Element<'doc>, local: &str) -> Vec<Self> {
        let endpoint = |element| Self {
            element,
            binding: Value::attribute(element, "Binding"),
            location: Value::attribute(element, "Location"),
            response_location: Value::attribute(element, "ResponseLocation"),
            index: Value::attribute(element, "index"),
            is_default: Value::attribute(element, "isDefault"),
        };
        read_all(parent, local, endpoint)
    }

    /// Whether the endpoint has this binding.
    pub fn has_binding(&self, binding: &str) -> bool {
        self.binding.as_ref().is_some_and(|value| value.trimmed() == binding)
    }
}
