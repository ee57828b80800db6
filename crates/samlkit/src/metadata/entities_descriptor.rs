//! `EntitiesDescriptor` (saml-metadata 2.3.1): a group of entities and of further groups, and the
//! document that holds one or the other.

use samlkit_xml::{Document, Element};

use super::{EntityDescriptor, Extensions};
use crate::kind::{Kind, NotTheRoot};
use crate::names::{METADATA, SIGNATURE};
use crate::value::Value;

/// A metadata document: one entity, or a group of them.
#[derive(Clone, Debug)]
pub struct Metadata<'doc> {
    root: Element<'doc>,
}

/// A group of entities. Groups hold groups to any depth that the reader allows, so what is inside
/// is read when asked for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EntitiesDescriptor<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// `Name`.
    pub name: Option<Value<'doc>>,
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
}

impl<'doc> Metadata<'doc> {
    /// Takes the document for metadata.
    ///
    /// # Errors
    /// [`NotTheRoot`] where the root is neither `md:EntityDescriptor` nor `md:EntitiesDescriptor`.
    pub fn read(document: &'doc Document<'doc>) -> Result<Self, NotTheRoot> {
        let root = document.root();
        match Kind::of(root) {
            Some(kind) if kind.is_metadata() => Ok(Self { root }),
            _ => Err(NotTheRoot::new(root, "EntityDescriptor or EntitiesDescriptor")),
        }
    }

    /// The root element.
    pub fn root(&self) -> Element<'doc> {
        self.root
    }

    /// All entities in document order, those in groups within groups too. Each is read anew.
    pub fn entities(&self) -> impl Iterator<Item = EntityDescriptor<'doc>> + use<'doc> {
        self.metadata_elements("EntityDescriptor").map(EntityDescriptor::read)
    }

    /// The entities of that ID, in document order. No other is read.
    pub fn entities_of_id<'i>(
        &self,
        entity_id: &'i str,
    ) -> impl Iterator<Item = EntityDescriptor<'doc>> + use<'doc, 'i> {
        let has_id = move |element: &Element<'doc>| {
            element.attribute("entityID").is_some_and(|id| id.value() == entity_id)
        };
        self.metadata_elements("EntityDescriptor").filter(has_id).map(EntityDescriptor::read)
    }

    /// All groups in document order, the outermost first.
    pub fn groups(&self) -> impl Iterator<Item = EntitiesDescriptor<'doc>> + use<'doc> {
        self.metadata_elements("EntitiesDescriptor").map(EntitiesDescriptor::read)
    }

    /// The elements of that name that stand where the schema has them: at the root, or in groups.
    fn metadata_elements(
        &self,
        local: &'static str,
    ) -> impl Iterator<Item = Element<'doc>> + use<'doc> {
        let root = self.root;
        let mut open: Vec<Element<'doc>> = Vec::new();
        root.descendants().filter(move |&element| {
            while open.last().is_some_and(|group| group.range().end <= element.range().start) {
                open.pop();
            }
            let in_place = element == root || element.parent() == open.last().copied();
            if in_place && element.is(METADATA, "EntitiesDescriptor") {
                open.push(element);
            }
            in_place && element.is(METADATA, local)
        })
    }
}

impl<'doc> EntitiesDescriptor<'doc> {
    /// Reads an `md:EntitiesDescriptor` element, without the entities in it.
    pub(crate) fn read(element: Element<'doc>) -> Self {
        Self {
            element,
            name: Value::attribute(element, "Name"),
            id: Value::attribute(element, "ID"),
            valid_until: Value::attribute(element, "validUntil"),
            cache_duration: Value::attribute(element, "cacheDuration"),
            signature: element.children().find(|child| child.is(SIGNATURE, "Signature")),
            extensions: Extensions::read(element),
        }
    }

    /// The entities directly in this group.
    pub fn entities(&self) -> impl Iterator<Item = EntityDescriptor<'doc>> + use<'doc> {
        let entities = self.element.children().filter(|e| e.is(METADATA, "EntityDescriptor"));
        entities.map(EntityDescriptor::read)
    }

    /// The groups directly in this group.
    pub fn groups(&self) -> impl Iterator<Item = EntitiesDescriptor<'doc>> + use<'doc> {
        let groups = self.element.children().filter(|e| e.is(METADATA, "EntitiesDescriptor"));
        groups.map(Self::read)
    }
}
