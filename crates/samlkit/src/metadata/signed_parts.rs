//! Which signatures of a metadata document vouch for which entities. A signature is over the element that
//! it stands in, so it vouches for an entity if it is the entity's own or that of a group around it, and
//! the chain of `EntitiesDescriptor`s down from the root is the only way to stand around (saml-metadata
//! 2.3). A signed entity in any other place, in `Extensions` for example, was moved there to make room for
//! one that nobody signed; it vouches for nothing, and its being there is the mark of an attack.
//!
//! This is about places only. Whether a signature is good is asked of each of [`SignedParts::signed`] by
//! whoever judges: [`Metadata::verify`] with trusted keys, a report without any.

use samlkit_dsig::is_signed;
use samlkit_xml::Element;

use super::Metadata;
use crate::names::METADATA;

/// The signed and unsigned parts of a metadata document, each list in document order.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SignedParts<'doc> {
    /// The groups and entities with a signature of their own that are in no other group with one: each
    /// vouches for all entities in it.
    pub signed: Vec<Element<'doc>>,
    /// The entities that no signature is over, wherever they stand.
    pub unsigned: Vec<Element<'doc>>,
    /// The groups and entities with a signature that stand where metadata has none.
    pub misplaced: Vec<Element<'doc>>,
}

impl<'doc> Metadata<'doc> {
    /// Sorts the groups and entities of the document by what is signed.
    pub fn signed_parts(&self) -> SignedParts<'doc> {
        let mut parts = SignedParts::default();
        // Where the last signed part ends, and the groups that are open in the chain.
        let mut covered = 0;
        let mut open: Vec<Element<'doc>> = Vec::new();
        for element in self.root().descendants() {
            let is_entity = element.is(METADATA, "EntityDescriptor");
            if !is_entity && !element.is(METADATA, "EntitiesDescriptor") {
                continue;
            }
            let start = element.range().start;
            while open.last().is_some_and(|group| group.range().end <= start) {
                open.pop();
            }
            let in_chain = element == self.root() || element.parent() == open.last().copied();
            if in_chain && !is_entity {
                open.push(element);
            }
            match (in_chain, is_signed(element)) {
                (true, true) if start >= covered => {
                    covered = element.range().end;
                    parts.signed.push(element);
                }
                (false, true) => parts.misplaced.push(element),
                (_, false) if is_entity && start >= covered => parts.unsigned.push(element),
                _ => {}
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use samlkit_xml::Document;

    use super::*;

    const SIGNATURE: &str = "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>";

    /// The IDs of the signed, unsigned and misplaced elements.
    fn parts(inside: &str) -> [Vec<String>; 3] {
        let xml = inside.replace("<S/>", SIGNATURE);
        let (name, rest) = xml.split_once(' ').unwrap();
        let xml = format!("{name} xmlns='{METADATA}' {rest}");
        let document = Document::parse(xml.as_bytes()).unwrap();
        let SignedParts { signed, unsigned, misplaced } =
            Metadata::read(&document).unwrap().signed_parts();
        [signed, unsigned, misplaced].map(|elements| {
            elements.iter().map(|e| e.attribute("ID").unwrap().value().to_owned()).collect()
        })
    }

    fn ids(list: &[&str]) -> Vec<String> {
        list.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn an_entity_by_itself() {
        let [signed, unsigned, misplaced] =
            parts("<EntityDescriptor ID='a'><S/></EntityDescriptor>");
        assert_eq!((signed, unsigned, misplaced), (ids(&["a"]), ids(&[]), ids(&[])));
        let [signed, unsigned, misplaced] = parts("<EntityDescriptor ID='a'/>");
        assert_eq!((signed, unsigned, misplaced), (ids(&[]), ids(&["a"]), ids(&[])));
    }

    #[test]
    fn a_signed_entity_outside_the_chain() {
        for hidden in
            ["Extensions", "IDPSSODescriptor><Extensions", "KeyInfo", "x:y xmlns:x='urn:x'"]
        {
            let close: String = hidden
                .rsplit("><")
                .map(|tag| format!("</{}>", tag.split(' ').next().unwrap()))
                .collect();
            let [signed, unsigned, misplaced] = parts(&format!(
                "<EntityDescriptor ID='evil'><{hidden}><EntityDescriptor ID='a'><S/>\
                 </EntityDescriptor>{close}</EntityDescriptor>"
            ));
            assert_eq!((signed, unsigned, misplaced), (ids(&[]), ids(&["evil"]), ids(&["a"])));
        }
        // Also where the one around is signed, and where a group is hidden.
        let [signed, unsigned, misplaced] = parts(
            "<EntityDescriptor ID='evil'><S/><Extensions><EntitiesDescriptor ID='g'><S/>\
             <EntityDescriptor ID='a'/></EntitiesDescriptor></Extensions></EntityDescriptor>",
        );
        assert_eq!((signed, unsigned, misplaced), (ids(&["evil"]), ids(&[]), ids(&["g"])));
        // An entity in an entity is in no chain either.
        let [_, unsigned, misplaced] = parts(
            "<EntityDescriptor ID='evil'><EntityDescriptor ID='a'><S/></EntityDescriptor>\
             </EntityDescriptor>",
        );
        assert_eq!((unsigned, misplaced), (ids(&["evil"]), ids(&["a"])));
        // One that nobody signed is not covered by a neighbour, wherever it stands.
        let [signed, unsigned, misplaced] = parts(
            "<EntitiesDescriptor ID='g'><Extensions><EntityDescriptor ID='evil'/></Extensions>\
             <EntityDescriptor ID='a'><S/></EntityDescriptor></EntitiesDescriptor>",
        );
        assert_eq!((signed, unsigned, misplaced), (ids(&["a"]), ids(&["evil"]), ids(&[])));
    }

    #[test]
    fn groups_vouch_for_what_is_in_them() {
        let group = |signature: &str, inside: &str| {
            format!("<EntitiesDescriptor ID='g'>{signature}{inside}</EntitiesDescriptor>")
        };
        let two = "<EntityDescriptor ID='a'><S/></EntityDescriptor><EntityDescriptor ID='b'/>";
        let [signed, unsigned, misplaced] = parts(&group("<S/>", two));
        assert_eq!((signed, unsigned, misplaced), (ids(&["g"]), ids(&[]), ids(&[])));
        let [signed, unsigned, misplaced] = parts(&group("", two));
        assert_eq!((signed, unsigned, misplaced), (ids(&["a"]), ids(&["b"]), ids(&[])));
        let nested = format!(
            "<EntitiesDescriptor ID='h'><S/>{two}</EntitiesDescriptor><EntityDescriptor ID='c'/>"
        );
        let [signed, unsigned, misplaced] = parts(&group("", &nested));
        assert_eq!((signed, unsigned, misplaced), (ids(&["h"]), ids(&["c"]), ids(&[])));
    }
}
