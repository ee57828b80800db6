//! `Attribute` (saml-core 2.7.3.1): what is said of the user, or in metadata of an entity.

use samlkit_xml::XML_NAMESPACE;

use super::NameId;
use crate::names::{ASSERTION, SCHEMA_INSTANCE};
use crate::readable::Readable;
use crate::schema::Faults;
use crate::value::Value;

/// A name with its values.
#[derive(Clone, Debug)]
#[non_exhaustive]
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

/// A value of an attribute. The schema allows any content (`xs:anyType`); what can be read is a text
/// or one `NameID`. A value with other elements in it is no fault, and has no text: the text outside
/// of them would be a part only, and not what somebody else reads.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttributeValue<'doc> {
    /// The text: directly inside, or that of the `NameID` inside. Empty where the value is
    /// structured.
    pub text: Value<'doc>,
    /// Whether elements other than one `NameID` stand inside, or a `NameID` with text around it.
    pub is_structured: bool,
    /// `xsi:type`, as written; what its prefix stands for is not signed in exclusive
    /// canonicalization.
    pub xsi_type: Option<Value<'doc>>,
    /// `xml:lang`.
    pub language: Option<Value<'doc>>,
    /// Whether it says `xsi:nil`: there is a value, and it is nothing.
    pub is_nil: bool,
    /// The `NameID` inside, as `eduPersonTargetedID` has one.
    pub name_id: Option<Box<NameId<'doc>>>,
}

impl<'doc> Attribute<'doc> {
    /// Reads an attribute of metadata, which has a schema of its own.
    pub(crate) fn read<R: Readable<'doc>>(element: R) -> Self {
        Self::of_assertion(element, &mut Faults::default())
    }

    /// The `saml:Attribute` children of `parent`, which is metadata.
    pub(crate) fn read_all<R: Readable<'doc>>(parent: R) -> Vec<Self> {
        Self::all_of_statement(parent, &mut Faults::default())
    }

    /// Reads an attribute that is said of a user.
    pub(crate) fn of_assertion<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.attribute(element, "Name");
        Self {
            name: Value::attribute(element, "Name"),
            name_format: Value::attribute(element, "NameFormat"),
            friendly_name: Value::attribute(element, "FriendlyName"),
            values: element
                .read_all(ASSERTION, "AttributeValue", |value| AttributeValue::read(value, faults)),
        }
    }

    /// The attributes of an `AttributeStatement`.
    pub(crate) fn all_of_statement<R: Readable<'doc>>(
        statement: R,
        faults: &mut Faults,
    ) -> Vec<Self> {
        if faults.is_overfull() {
            return Vec::new();
        }
        statement
            .read_all(ASSERTION, "Attribute", |attribute| Self::of_assertion(attribute, faults))
    }
}

impl<'doc> AttributeValue<'doc> {
    fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        let content = Value::content(element);
        let mut children = element.children();
        let name_id = match (children.next(), children.next()) {
            (Some(child), None)
                if child.is(ASSERTION, "NameID") && content.trimmed().is_empty() =>
            {
                Some(Box::new(NameId::read(child, faults)))
            }
            _ => None,
        };
        let is_structured = name_id.is_none() && element.children().next().is_some();
        let of = |namespace, local| element.attribute_in(namespace, local).map(Value::of_attribute);
        Self {
            text: match &name_id {
                Some(name_id) => name_id.value.clone(),
                None if is_structured => content.emptied(),
                None => content,
            },
            is_structured,
            xsi_type: of(SCHEMA_INSTANCE, "type"),
            language: of(XML_NAMESPACE, "lang"),
            is_nil: of(SCHEMA_INSTANCE, "nil").and_then(|nil| nil.boolean()) == Some(true),
            name_id,
        }
    }
}
