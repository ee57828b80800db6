//! Elements that hold more elements than anything genuine of their length. An empty element takes up
//! sixteen octets in a document and three hundred when it is read into a type, so a limit for each parent
//! is not enough: a thousand parents of a thousand children are a million. An entity or an assertion with
//! over a thousand elements has at least 32 octets of text for each. `<AttributeValue></AttributeValue>`
//! has 33.
//!
//! Reading it as a tree is bounded by the limit on nodes of [`Limits`](samlkit_xml::Limits), not here.

use crate::readable::Readable;

/// Elements that any entity or assertion may hold, however short they are.
const ALWAYS: usize = 1_000;
/// Octets for each element of one that holds more.
const OCTETS: usize = 32;

/// How many elements `element` holds, if that is too many for its length.
pub(crate) fn too_many_inside<'doc, R: Readable<'doc>>(element: R) -> Option<usize> {
    let octets = element.range().len();
    // A thousand elements need four octets each, so mostly nothing is counted.
    if octets < ALWAYS.saturating_mul(4) {
        return None;
    }
    let most = ALWAYS.max(octets / OCTETS);
    let mut count: usize = 0;
    let mut open = vec![element.children()];
    while let Some(children) = open.last_mut() {
        match children.next() {
            Some(child) => {
                count = count.saturating_add(1);
                open.push(child.children());
            }
            None => {
                open.pop();
            }
        }
    }
    (count > most).then_some(count)
}

#[cfg(test)]
mod tests {
    use samlkit_xml::Document;

    use super::*;

    fn judged(piece: &str, count: usize) -> Option<usize> {
        let inside = piece.repeat(count);
        let xml = format!("<a><b>{inside}</b></a>");
        too_many_inside(Document::parse(xml.as_bytes()).unwrap().root())
    }

    #[test]
    fn a_thousand_are_never_too_many() {
        assert_eq!(judged("<c/>", 999), None);
        assert_eq!(judged("<c/>", 1000), Some(1001));
    }

    #[test]
    fn those_with_text_are_not_too_many() {
        // 33 octets each, and as many as nobody has.
        assert_eq!(judged("<AttributeValue></AttributeValue>", 50_000), None);
        assert_eq!(judged("<AttributeValue              />", 50_000), Some(50_001));
    }

    #[test]
    fn every_level_is_counted() {
        assert_eq!(judged("<c><d/><d><e/></d></c>", 1000), Some(4001));
    }
}
