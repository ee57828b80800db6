//! The read-only tree. Nodes stand in one list in document order; a node knows its parent, the
//! end of its subtree and its range in the input, and text is borrowed from the input unless
//! references or line ends had to be replaced. Nothing here changes after reading.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::encoding::{self, Encoding};
use crate::error::{Error, ErrorKind, Failure};
use crate::limits::{Limit, Limits};
use crate::position::{LineIndex, Position};
use crate::reader;

/// An XML document that was read whole and found well-formed and namespace-well-formed.
///
/// Offsets and ranges count bytes of [`Document::text`]; for UTF-8 input that is the input
/// itself, its byte order mark included.
#[derive(Debug)]
pub struct Document<'input> {
    text: Cow<'input, str>,
    encoding: Encoding,
    pub(crate) tree: Tree,
    lines: LineIndex,
}

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
    /// Prefixes by number; 0 is none, 1 is `xml`.
    pub(crate) prefixes: Vec<Span>,
    /// Namespace names by number; 0 is none, 1 is that of `xml`.
    pub(crate) namespaces: Vec<Span>,
    /// Values that differ from what stands in the text, one after the other.
    pub(crate) decoded: String,
    /// Attributes that somebody treats as an ID, sorted: the value, the attribute's element.
    pub(crate) ids: Vec<(Span, u32)>,
    pub(crate) duplicate_ids: Vec<(u32, u32)>,
    pub(crate) root: u32,
}

#[derive(Debug)]
pub(crate) struct NodeData {
    pub(crate) kind: NodeKind,
    pub(crate) parent: u32,
    /// The number of the first node after this one's subtree.
    pub(crate) end: u32,
    pub(crate) source: Span,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum NodeKind {
    /// The document itself, node 0.
    Document,
    Element(u32),
    Text(Span),
    Comment(Span),
    Instruction {
        target: Span,
        data: Span,
    },
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
    pub(crate) attributes: Span,
    pub(crate) declarations: Span,
    pub(crate) tag_end: u32,
}

#[derive(Debug)]
pub(crate) struct AttributeData {
    pub(crate) name: NameData,
    pub(crate) value: Span,
    pub(crate) source: Span,
    /// Between the quotes.
    pub(crate) value_source: Span,
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
}

/// Offsets fit in 32 bits because [`Limits::size`] stops at 1 GiB.
pub(crate) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(crate) fn wide(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

impl<'input> Document<'input> {
    /// Reads a document within [`Limits::default`].
    ///
    /// # Errors
    /// The first thing in it that XML 1.0, Namespaces 1.0 or this crate's profile refuses.
    pub fn parse(bytes: &'input [u8]) -> Result<Self, Error> {
        Self::parse_with(bytes, &Limits::default())
    }

    /// Reads a document within the given limits.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_with(bytes: &'input [u8], limits: &Limits) -> Result<Self, Error> {
        if bytes.len() > limits.size {
            let kind = ErrorKind::Limit { limit: Limit::Size, max: limits.size };
            return Err(Error { kind, position: Position { line: 1, column: 1, offset: 0 } });
        }
        let (text, encoding) = encoding::decode(bytes).map_err(|f| undecodable(bytes, f))?;
        let lines = LineIndex::default();
        match reader::read(&text, encoding, limits) {
            Ok(tree) => Ok(Self { text, encoding, tree, lines }),
            Err(Failure { kind, at }) => {
                Err(Error { kind, position: lines.position(&text, encoding, at) })
            }
        }
    }

    /// STUB
    pub fn budget(&self) -> &crate::limits::Budget {
        &crate::limits::Budget
    }

    /// The root element.
    pub fn root(&self) -> Element<'_> {
        Element { document: self, node: self.tree.root }
    }

    /// The text as it was read, a byte order mark included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The encoding that the input was in.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether the input begins with a byte order mark.
    pub fn has_byte_order_mark(&self) -> bool {
        self.text.starts_with('\u{FEFF}')
    }

    /// The line, the column and the offset in the input of an offset into [`Document::text`].
    pub fn position(&self, offset: usize) -> Position {
        self.lines.position(&self.text, self.encoding, offset)
    }

    /// All elements, in document order.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.root().descendants()
    }

    /// The first element with the given ID, in an attribute that [`Document::duplicate_ids`]
    /// counts.
    pub fn element_by_id(&self, id: &str) -> Option<Element<'_>> {
        // Sorted by value, and those of one value by place.
        let ids = &self.tree.ids;
        let first = ids.partition_point(|&(value, _)| self.str(value) < id);
        let found = ids.get(first).filter(|&&(value, _)| self.str(value) == id);
        found.map(|&(_, node)| Element { document: self, node })
    }

    /// The pairs of elements that carry the same ID value (`xml.duplicate-id`): the first one
    /// and a later one.
    ///
    /// An ID is what any of SAML 2.0 (`ID`), XML Signature (`Id`), `xml:id` and the verifiers in
    /// use take for one: each attribute named `id` in whatever case and namespace. Such a document
    /// is well-formed, and can be read; a signature in it must not be believed.
    pub fn duplicate_ids(&self) -> impl Iterator<Item = (Element<'_>, Element<'_>)> {
        let element = |node| Element { document: self, node };
        self.tree.duplicate_ids.iter().map(move |&(a, b)| (element(a), element(b)))
    }

    pub(crate) fn str(&self, span: Span) -> &str {
        resolve(&self.text, &self.tree.decoded, span)
    }

    fn name(&self, name: NameData) -> Name<'_> {
        Name {
            prefix: self.numbered(&self.tree.prefixes, name.prefix),
            local: self.str(name.local),
            namespace: self.numbered(&self.tree.namespaces, name.namespace),
        }
    }

    /// The local name first: it is short, and mostly another.
    fn is_named(&self, name: NameData, namespace: &str, local: &str) -> bool {
        let length = wide(name.local.end).wrapping_sub(wide(name.local.start));
        length == local.len()
            && self.str(name.local) == local
            && self.numbered(&self.tree.namespaces, name.namespace) == namespace
    }

    pub(crate) fn numbered(&self, list: &[Span], number: u32) -> &str {
        list.get(wide(number)).map_or("", |&span| self.str(span))
    }
}

/// The error of bytes that are no text; its offset counts bytes.
fn undecodable(bytes: &[u8], failure: Failure) -> Error {
    let before = bytes.get(..failure.at).unwrap_or(bytes);
    let position = match encoding::decode(before) {
        Ok((text, encoding)) => LineIndex::default().position(&text, encoding, text.len()),
        Err(_) => Position { line: 1, column: 1, offset: 0 },
    };
    Error { kind: failure.kind, position: Position { offset: failure.at, ..position } }
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

/// The name of an element or attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name<'doc> {
    /// The prefix as written; empty where there is none.
    pub prefix: &'doc str,
    /// The local part.
    pub local: &'doc str,
    /// The namespace name; empty for none.
    pub namespace: &'doc str,
}

impl fmt::Display for Name<'_> {
    /// Writes the name as it stands in the document, with its prefix.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.prefix.is_empty() {
            write!(f, "{}:", self.prefix)?;
        }
        f.write_str(self.local)
    }
}

/// A node below the document.
#[derive(Clone, Copy, Debug)]
pub enum Node<'doc> {
    /// An element.
    Element(Element<'doc>),
    /// Text between two other nodes, references replaced, CDATA sections and text joined.
    Text(&'doc str),
    /// A comment.
    Comment(&'doc str),
    /// A processing instruction.
    Instruction {
        /// Its name.
        target: &'doc str,
        /// What follows the name, without the white space between.
        data: &'doc str,
    },
}

/// An element of a [`Document`]. Two are equal if they are the same element of the same document.
#[derive(Clone, Copy)]
pub struct Element<'doc> {
    pub(crate) document: &'doc Document<'doc>,
    pub(crate) node: u32,
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.node == other.node
    }
}

impl Eq for Element<'_> {}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}> at {}", self.name(), self.position())
    }
}

impl<'doc> Element<'doc> {
    /// The document that the element belongs to.
    pub fn document(self) -> &'doc Document<'doc> {
        self.document
    }

    /// The element's name.
    pub fn name(self) -> Name<'doc> {
        self.data().map_or(Name { prefix: "", local: "", namespace: "" }, |data| {
            self.document.name(data.name)
        })
    }

    /// Whether the element has this namespace and local name.
    pub fn is(self, namespace: &str, local: &str) -> bool {
        self.data().is_some_and(|data| self.document.is_named(data.name, namespace, local))
    }

    /// The attribute of that local name in no namespace, which is where SAML has all of its own.
    pub fn attribute(self, local: &str) -> Option<Attribute<'doc>> {
        self.attribute_in("", local)
    }

    /// The attribute of that namespace and local name.
    pub fn attribute_in(self, namespace: &str, local: &str) -> Option<Attribute<'doc>> {
        self.attributes().find(|a| a.document.is_named(a.data.name, namespace, local))
    }

    /// The attributes in the order written, namespace declarations not among them.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'doc>> {
        let document = self.document;
        let range = self.data().map_or(0..0, |data| data.attributes.range());
        let found = document.tree.attributes.get(range).unwrap_or(&[]);
        found.iter().map(move |data| Attribute { document, data })
    }

    /// The namespace declarations on this element, in the order written.
    pub fn namespace_declarations(self) -> impl Iterator<Item = NamespaceDeclaration<'doc>> {
        let document = self.document;
        let range = self.data().map_or(0..0, |data| data.declarations.range());
        let found = document.tree.declarations.get(range).unwrap_or(&[]);
        found.iter().map(move |data| NamespaceDeclaration {
            prefix: document.numbered(&document.tree.prefixes, data.prefix),
            namespace: document.numbered(&document.tree.namespaces, data.namespace),
            range: data.source.range(),
        })
    }

    /// The namespace that a prefix stands for here, as in the value of `xsi:type`; the empty
    /// prefix is the default namespace. `None` where nothing is declared.
    pub fn namespace_of_prefix(self, prefix: &str) -> Option<&'doc str> {
        if prefix == "xml" {
            return Some(crate::XML_NAMESPACE);
        }
        let mut here = Some(self);
        while let Some(element) = here {
            if let Some(d) = element.namespace_declarations().find(|d| d.prefix == prefix) {
                return Some(d.namespace).filter(|n| !n.is_empty());
            }
            here = element.parent();
        }
        None
    }

    /// The element around this one.
    pub fn parent(self) -> Option<Self> {
        let parent = self.node_data()?.parent;
        let above = Self { document: self.document, node: parent };
        above.data().map(|_| above)
    }

    /// The nodes directly inside, in document order.
    pub fn nodes(self) -> impl Iterator<Item = Node<'doc>> {
        let document = self.document;
        let end = self.node_data().map_or(0, |data| data.end);
        let mut next = self.node.saturating_add(1);
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let (this, data) = (next, document.tree.nodes.get(wide(next))?);
            next = data.end;
            Some(match data.kind {
                NodeKind::Element(_) | NodeKind::Document => {
                    Node::Element(Element { document, node: this })
                }
                NodeKind::Text(span) => Node::Text(document.str(span)),
                NodeKind::Comment(span) => Node::Comment(document.str(span)),
                NodeKind::Instruction { target, data } => {
                    Node::Instruction { target: document.str(target), data: document.str(data) }
                }
            })
        })
    }

    /// The elements directly inside, in document order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.nodes().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// This element and all inside it, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        let document = self.document;
        let end = self.node_data().map_or(0, |data| data.end);
        (self.node..end)
            .map(move |node| Self { document, node })
            .filter(|element| element.data().is_some())
    }

    /// The text directly inside, whole: comments and processing instructions do not end it,
    /// elements inside add nothing. Borrowed unless something stands in between.
    pub fn text(self) -> Cow<'doc, str> {
        let mut text = Cow::Borrowed("");
        for node in self.nodes() {
            if let Node::Text(piece) = node {
                if text.is_empty() {
                    text = Cow::Borrowed(piece);
                } else {
                    text.to_mut().push_str(piece);
                }
            }
        }
        text
    }

    /// The range of the whole element in [`Document::text`], from `<` to the last `>`.
    pub fn range(self) -> Range<usize> {
        self.node_data().map_or(0..0, |data| data.source.range())
    }

    /// The range of the start tag in [`Document::text`].
    pub fn start_tag_range(self) -> Range<usize> {
        self.range().start..self.data().map_or(0, |data| wide(data.tag_end))
    }

    /// The range of what stands between start and end tag; empty at the tag's end where the
    /// element is empty.
    pub fn content_range(self) -> Range<usize> {
        let start = self.start_tag_range().end;
        let text = self.document.text.get(start..self.range().end).unwrap_or("");
        // The last `<` of an element with content is that of its end tag.
        start..start.saturating_add(memchr::memrchr(b'<', text.as_bytes()).unwrap_or(0))
    }

    /// Where the element begins.
    pub fn position(self) -> Position {
        self.document.position(self.range().start)
    }

    fn node_data(self) -> Option<&'doc NodeData> {
        self.document.tree.nodes.get(wide(self.node))
    }

    fn data(self) -> Option<&'doc ElementData> {
        match self.node_data()?.kind {
            NodeKind::Element(number) => self.document.tree.elements.get(wide(number)),
            _ => None,
        }
    }
}

/// An attribute of an element.
#[derive(Clone, Copy)]
pub struct Attribute<'doc> {
    document: &'doc Document<'doc>,
    data: &'doc AttributeData,
}

impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={:?}", self.name(), self.value())
    }
}

impl<'doc> Attribute<'doc> {
    /// The attribute's name.
    pub fn name(self) -> Name<'doc> {
        self.document.name(self.data.name)
    }

    /// The value after normalization (XML 1.0, 3.3.3): references replaced, literal white space
    /// turned into spaces.
    pub fn value(self) -> &'doc str {
        self.document.str(self.data.value)
    }

    /// The range of the attribute in [`Document::text`], from its name to the closing quote.
    pub fn range(self) -> Range<usize> {
        self.data.source.range()
    }

    /// The range of what stands between the quotes.
    pub fn value_range(self) -> Range<usize> {
        self.data.value_source.range()
    }
}

/// A namespace declaration on an element: `xmlns="…"` or `xmlns:prefix="…"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceDeclaration<'doc> {
    /// The prefix; empty for the default namespace.
    pub prefix: &'doc str,
    /// The namespace name; empty where the default namespace is taken back.
    pub namespace: &'doc str,
    /// The range of the declaration in [`Document::text`].
    pub range: Range<usize>,
}
