//! `Organization` (saml-metadata 2.3.2.1), and texts with a language (2.2.4, 2.2.5).

use samlkit_xml::{Element, XML_NAMESPACE};

use super::children;
use crate::value::Value;

/// Who is responsible for an entity or a role.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Organization<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// `OrganizationName`, by language.
    pub names: Vec<Localized<'doc>>,
    /// `OrganizationDisplayName`, by language.
    pub display_names: Vec<Localized<'doc>>,
    /// `OrganizationURL`, by language.
    pub urls: Vec<Localized<'doc>>,
}

/// A text or URI for the readers of one language.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Localized<'doc> {
    /// `xml:lang`.
    pub language: Option<Value<'doc>>,
    /// The text.
    pub text: Value<'doc>,
}

impl<'doc> Localized<'doc> {
    pub(crate) fn read(element: Element<'doc>) -> Self {
        let language = element.attribute_in(XML_NAMESPACE, "lang");
        Self { language: language.map(Value::of_attribute), text: Value::of_element(element) }
    }

    pub(crate) fn read_all(elements: impl Iterator<Item = Element<'doc>>) -> Vec<Self> {
        elements.map(Self::read).collect()
    }
}

impl<'doc> Organization<'doc> {
    pub(crate) fn read(element: Element<'doc>) -> Self {
        Self {
            element,
            names: Localized::read_all(children(element, "OrganizationName")),
            display_names: Localized::read_all(children(element, "OrganizationDisplayName")),
            urls: Localized::read_all(children(element, "OrganizationURL")),
        }
    }
}
