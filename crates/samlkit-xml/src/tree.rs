//! The tree as it is kept: plain lists in document order, and numbers and spans that point into
//! them. It is made by the reader, wrapped by the document, and never changes in between.
//!
//! Not here: anything that a caller sees (`document`). The lists are small on purpose, because a
//! document is mostly held in memory by what its shortest elements cost here: 56 octets for an
//! element, 20 for another node, 28 for an attribute, 16 for a namespace declaration. Whatever can
//! be found again in the text or in a neighbour is not kept.

use std::ops::Range;

/// No prefix, no namespace.
pub(crate) const NONE: u32 = 0;
/// The prefix `xml` and its namespace.
pub(crate) const XML: u32 = 1;

/// Pairs of elements with the same ID that a document keeps. One is a refusal; a few are enough to
/// see what was done.
pub const DUPLICATE_IDS_KEPT: usize = 16;

/// Where a string stands: in the text, or, counted from the text's end, in the decoded values.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// What the reader makes.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<NodeData>,
    pub(crate) elements: Vec<ElementData>,
    pub(crate) attributes: Vec<AttributeData>,
    pub(crate) declarations: Vec<DeclarationData>,
    pub(crate) instructions: Vec<InstructionData>,
    /// Prefixes by number; 0 is none, 1 is `xml`.
    pub(crate) prefixes: Vec<Span>,
    /// Namespace names by number; 0 is none, 1 is that of `xml`.
    pub(crate) namespaces: Vec<Span>,
    /// Values that differ from what stands in the text, one after the other.
    pub(crate) decoded: String,
    /// Attributes that somebody treats as an ID, sorted: the value, the attribute's element.
    pub(crate) ids: Vec<(Span, u32)>,
    /// The first pairs of elements with the same ID.
    pub(crate) duplicate_ids: Vec<(u32, u32)>,
    /// How many such pairs there are.
    pub(crate) duplicate_id_count: usize,
    pub(crate) root: u32,
}

#[derive(Debug)]
pub(crate) struct NodeData {
    pub(crate) kind: NodeKind,
    pub(crate) parent: u32,
    /// The number of the first node after this one's subtree.
    pub(crate) end: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum NodeKind {
    /// The document itself, node 0.
    Document,
    Element(u32),
    Text(Span),
    Comment(Span),
    Instruction(u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct InstructionData {
    pub(crate) target: Span,
    pub(crate) data: Span,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NameData {
    pub(crate) prefix: u32,
    pub(crate) namespace: u32,
    pub(crate) local: Span,
}

#[derive(Debug)]
pub(crate) struct ElementData {
    pub(crate) name: NameData,
    /// The element's own attributes end where those of the next element begin.
    pub(crate) first_attribute: u32,
    /// As [`ElementData::first_attribute`].
    pub(crate) first_declaration: u32,
    pub(crate) start: u32,
    pub(crate) tag_end: u32,
    pub(crate) end: u32,
}

#[derive(Debug)]
pub(crate) struct AttributeData {
    pub(crate) name: NameData,
    pub(crate) value: Span,
    /// Behind the closing quote.
    pub(crate) end: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct DeclarationData {
    pub(crate) prefix: u32,
    pub(crate) namespace: u32,
    pub(crate) source: Span,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start: narrow(start), end: narrow(end) }
    }

    pub(crate) fn range(self) -> Range<usize> {
        wide(self.start)..wide(self.end)
    }

    pub(crate) fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }
}

impl Tree {
    pub(crate) fn element(&self, number: u32) -> Option<&ElementData> {
        self.elements.get(wide(number))
    }

    pub(crate) fn attributes_of(&self, element: u32) -> &[AttributeData] {
        let first = |number| match self.element(number) {
            Some(element) => wide(element.first_attribute),
            None => self.attributes.len(),
        };
        self.attributes.get(first(element)..first(element.saturating_add(1))).unwrap_or(&[])
    }

    pub(crate) fn declarations_of(&self, element: u32) -> &[DeclarationData] {
        let first = |number| match self.element(number) {
            Some(element) => wide(element.first_declaration),
            None => self.declarations.len(),
        };
        self.declarations.get(first(element)..first(element.saturating_add(1))).unwrap_or(&[])
    }

    /// Where an attribute begins: at its prefix, if it has one.
    pub(crate) fn start_of(&self, attribute: &AttributeData) -> usize {
        let AttributeData { name: NameData { prefix, local, .. }, .. } = attribute;
        let before = match self.prefixes.get(wide(*prefix)) {
            Some(span) if *prefix != NONE => span.len().saturating_add(1),
            _ => 0,
        };
        wide(local.start.saturating_sub(before))
    }
}

/// Offsets fit in 32 bits because the greatest size of a document is 1 GiB.
pub(crate) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(crate) fn wide(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// The string at `span` in `text` or, behind its end, in `decoded`.
pub(crate) fn resolve<'t>(text: &'t str, decoded: &'t str, span: Span) -> &'t str {
    let Range { start, end } = span.range();
    match (start.checked_sub(text.len()), end.checked_sub(text.len())) {
        (Some(start), Some(end)) if span.start != span.end => decoded.get(start..end),
        _ => text.get(start..end),
    }
    .unwrap_or("")
}
