//! `Attribute` (saml-core 2.7.3.1): what is said of the user, or in metadata of an entity.

use samlkit_xml::XML_NAMESPACE;

use super::NameId;
use crate::names::{ASSERTION, SCHEMA_INSTANCE};
use crate::readable::Readable;
use crate::value::Value;

/// A name with its values.
#[derive(Clone, Debug)]
pub struct Attribute<'doc> {
    /// `Name`.
    pub name: Option<Value<'doc>>,
    /// `NameFormat`.
    pub name_format: Option<Value<'doc>>,
    /// `FriendlyName`.
    pub friendly_name: Option<Value<'doc>>,
    /// `AttributeValue`.
    pub values: Vec<AttributeValue<'doc>>,
}

/// A value of an attribute.
#[derive(Clone, Debug)]
pub struct AttributeValue<'doc> {
    /// The text: directly inside, or that of the `NameID` inside.
    pub text: Value<'doc>,
    /// `xsi:type`, as written; what its prefix stands for is not signed in exclusive
    /// canonicalization.
    pub xsi_type: Option<Value<'doc>>,
    /// `xml:lang`.
    pub language: Option<Value<'doc>>,
    /// Whether it says `xsi:nil`: there is a value, and it is nothing.
    pub is_nil: bool,
    /// The `NameID` inside, as `eduPersonTargetedID` has one.
    pub name_id: Option<NameId<'doc>>,
}

impl<'doc> Attribute<'doc> {
    pub(crate) fn read<R: Readable<'doc>>(element: R) -> Self {
        Self {
            name: Value::attribute(element, "Name"),
            name_format: Value::attribute(element, "NameFormat"),
            friendly_name: Value::attribute(element, "FriendlyName"),
            values: element.read_all(ASSERTION, "AttributeValue", AttributeValue::read),
        }
    }

    /// The `saml:Attribute` children of `parent`.
    pub(crate) fn read_all<R: Readable<'doc>>(parent: R) -> Vec<Self> {
        parent.read_all(ASSERTION, "Attribute", Self::read)
    }
}

impl<'doc> AttributeValue<'doc> {
    fn read<R: Readable<'doc>>(element: R) -> Self {
        let name_id = element.first(ASSERTION, "NameID").map(NameId::read);
        let of = |namespace, local| element.attribute_in(namespace, local).map(Value::of_attribute);
        Self {
            text: name_id.as_ref().map_or_else(|| Value::content(element), |id| id.value.clone()),
            xsi_type: of(SCHEMA_INSTANCE, "type"),
            language: of(XML_NAMESPACE, "lang"),
            is_nil: of(SCHEMA_INSTANCE, "nil").and_then(|nil| nil.boolean()) == Some(true),
            name_id,
        }
    }
}
