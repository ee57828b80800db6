//! The read-only document, as everything else sees it: elements with names, attributes, text and
//! ranges in the input. Text is borrowed from the input unless references or line ends had to be
//! replaced. Nothing changes after reading except what is left of the budget.
//!
//! Not here: how the tree is kept (`tree`) and made (`reader`).

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use crate::budget::Budget;
use crate::decode::decode;
use crate::encoding::Encoding;
use crate::error::{Error, ErrorKind, Failure};
use crate::limits::{Limit, Limits};
use crate::position::{LineIndex, Position};
use crate::reader;
use crate::reserved::XML_NAMESPACE;
use crate::tree::{
    AttributeData, ElementData, InstructionData, NameData, NodeData, NodeKind, Span, Tree,
};
use crate::tree::{narrow, resolve, wide};

/// An XML document that was read whole and found well-formed and namespace-well-formed.
///
/// A document is for one verdict or one report: what is done with it is taken from its
/// [`Budget`], and never given back. To verify it again and again, parse it again.
///
/// Offsets and ranges count bytes of [`Document::text`]; for UTF-8 input that is the input
/// itself, its byte order mark included.
#[derive(Debug)]
pub struct Document<'input> {
    text: Cow<'input, str>,
    encoding: Encoding,
    pub(crate) tree: Tree,
    lines: LineIndex,
    budget: Budget,
    /// By the number of the namespace: its place among all, sorted by name.
    namespace_ranks: OnceLock<Vec<u32>>,
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
        let (text, encoding) = decode(bytes).map_err(|f| undecodable(bytes, f))?;
        let lines = LineIndex::default();
        match reader::read(&text, encoding, limits) {
            Ok(tree) => {
                let budget = Budget::new(limits, text.len());
                let namespace_ranks = OnceLock::new();
                Ok(Self { text, encoding, tree, lines, budget, namespace_ranks })
            }
            Err(Failure { kind, at }) => {
                Err(Error { kind, position: lines.position(&text, encoding, at) })
            }
        }
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
    /// describes.
    pub fn element_by_id(&self, id: &str) -> Option<Element<'_>> {
        // Sorted by value, and those of one value by place.
        let ids = &self.tree.ids;
        let first = ids.partition_point(|&(value, _)| self.str(value) < id);
        let found = ids.get(first).filter(|&&(value, _)| self.str(value) == id);
        found.map(|&(_, node)| Element { document: self, node })
    }

    /// The pairs of elements that carry the same ID value (`xml.duplicate-id`): the first one
    /// and a later one. The first [`DUPLICATE_IDS_KEPT`](crate::DUPLICATE_IDS_KEPT) of them; [`Document::duplicate_id_count`]
    /// is how many there are.
    ///
    /// An ID is what any of SAML 2.0 (`ID`), XML Signature (`Id`), `xml:id` and the verifiers in
    /// use take for one: each attribute named `id` in whatever case and namespace. Such a document
    /// is well-formed, and can be read; a signature in it must not be believed.
    pub fn duplicate_ids(&self) -> impl Iterator<Item = (Element<'_>, Element<'_>)> {
        let element = |node| Element { document: self, node };
        self.tree.duplicate_ids.iter().map(move |&(a, b)| (element(a), element(b)))
    }

    /// How many pairs of elements carry the same ID value, in all.
    pub fn duplicate_id_count(&self) -> usize {
        self.tree.duplicate_id_count
    }

    /// What may still be done with the document.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// By the number of the namespace: its place among all, sorted by name. Long names that begin
    /// alike are compared once for each document.
    pub(crate) fn namespace_ranks(&self) -> &[u32] {
        self.namespace_ranks.get_or_init(|| {
            let count = self.tree.namespaces.len();
            let mut sorted: Vec<u32> = (0..narrow(count)).collect();
            sorted.sort_unstable_by_key(|&number| self.numbered(&self.tree.namespaces, number));
            let mut ranks = vec![0; count];
            for (rank, number) in (0..).zip(sorted) {
                if let Some(place) = ranks.get_mut(wide(number)) {
                    *place = rank;
                }
            }
            ranks
        })
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
        wide(name.local.len()) == local.len()
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
    let position = match decode(before) {
        Ok((text, encoding)) => LineIndex::default().position(&text, encoding, text.len()),
        Err(_) => Position { line: 1, column: 1, offset: 0 },
    };
    Error { kind: failure.kind, position: Position { offset: failure.at, ..position } }
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
        let found = self.number().map_or(&[][..], |number| document.tree.attributes_of(number));
        found.iter().map(move |data| Attribute { document, data })
    }

    /// The namespace declarations on this element, in the order written.
    pub fn namespace_declarations(self) -> impl Iterator<Item = NamespaceDeclaration<'doc>> {
        let document = self.document;
        let found = self.number().map_or(&[][..], |number| document.tree.declarations_of(number));
        found.iter().map(move |data| NamespaceDeclaration {
            prefix: document.numbered(&document.tree.prefixes, data.prefix),
            namespace: document.numbered(&document.tree.namespaces, data.namespace),
            range: data.source.range(),
        })
    }

    /// The namespace that a prefix stands for here, as in the value of `xsi:type`; the empty
    /// prefix is the default namespace. `None` where nothing is declared.
    ///
    /// What it takes to look is taken from the document's [`Budget`](crate::Budget), because it may be asked
    /// for thousands of elements under thousands of declarations; `None`, too, once that is spent.
    pub fn namespace_of_prefix(self, prefix: &str) -> Option<&'doc str> {
        if prefix == "xml" {
            return Some(XML_NAMESPACE);
        }
        let mut here = Some(self);
        while let Some(element) = here {
            let looked_at = element.namespace_declarations().count().saturating_add(1);
            self.document.budget.spend(Limit::CanonicalOctets, looked_at).ok()?;
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
                NodeKind::Instruction(number) => {
                    let instruction = document.tree.instructions.get(wide(number))?;
                    let InstructionData { target, data } = *instruction;
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
        self.data().map_or(0..0, |data| wide(data.start)..wide(data.end))
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

    /// Its number among the elements.
    fn number(self) -> Option<u32> {
        match self.node_data()?.kind {
            NodeKind::Element(number) => Some(number),
            _ => None,
        }
    }

    fn data(self) -> Option<&'doc ElementData> {
        self.document.tree.element(self.number()?)
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
        self.document.tree.start_of(self.data)..wide(self.data.end)
    }

    /// The range of what is between the quotes.
    pub fn value_range(self) -> Range<usize> {
        let end = wide(self.data.end).saturating_sub(1);
        // Between the name and the value there is `=`, white space, and the quote.
        let after_name = wide(self.data.name.local.end);
        let between = self.document.text.get(after_name..end).unwrap_or("").as_bytes();
        let quote = memchr::memchr2(b'"', b'\'', between).unwrap_or(between.len());
        after_name.saturating_add(quote).saturating_add(1).min(end)..end
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
