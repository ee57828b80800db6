//! Canonicalization: from a subtree to the octets that a signature is over. Exclusive XML
//! Canonicalization 1.0 with its PrefixList, Canonical XML 1.0 and 1.1, each with and without
//! comments, of a document or of one element, with one element left out (the signature that is
//! inside what it signs).
//!
//! The octets go into a sink piece by piece, so that a digest needs no copy. One walk over the
//! nodes in document order, no recursion; what is rendered for a prefix is kept by the number of
//! the prefix, and undone at the end tag. Time is linear in the output; the output is bounded by
//! [`OUTPUT_FACTOR`], because exclusive canonicalization may write one long namespace name for each
//! of many elements.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::HashSet;

use crate::XML_NAMESPACE;
use crate::document::{Document, Element, ElementData, NameData, NodeKind, wide};
use crate::limits::{Limit, LimitExceeded};
use crate::xml_base;

/// Canonical octets for each octet of the document, at most. Escapes need up to six (`"` in
/// single quotes), and only where a document is nothing else.
pub const OUTPUT_FACTOR: usize = 8;
/// Canonical octets that are always allowed.
pub const OUTPUT_ALWAYS: usize = 1 << 20;

/// The numbers of the prefixes that every tree has.
const NO_PREFIX: u32 = 0;
const XML_PREFIX: u32 = 1;

/// The families of canonicalization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Exclusive XML Canonicalization 1.0: an element takes only the namespaces that it uses.
    Exclusive,
    /// Canonical XML 1.0: it takes every namespace and `xml:` attribute that is in scope.
    Inclusive,
    /// Canonical XML 1.1: as 1.0, but `xml:id` is not inherited and `xml:base` is joined.
    Inclusive11,
}

/// A method of canonicalization.
///
/// ```
/// use samlkit_xml::{Canonicalization, Document};
///
/// let document = Document::parse(b"<a xmlns='urn:a' xmlns:u='urn:unused'><b y='2' x=\"1\"/></a>")?;
/// let exclusive = Canonicalization::by_uri("http://www.w3.org/2001/10/xml-exc-c14n#").unwrap();
/// let b = document.root().children().next().unwrap();
/// assert_eq!(exclusive.octets(b, None)?, b"<b xmlns=\"urn:a\" x=\"1\" y=\"2\"></b>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonicalization<'a> {
    /// Which family.
    pub form: Form,
    /// Whether comments are kept.
    pub comments: bool,
    /// The PrefixList of exclusive canonicalization: prefixes that are treated as Canonical XML
    /// does; `#default` is the default namespace. The other forms pass over it.
    pub prefixes: Vec<&'a str>,
}

/// STUB
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CanonicalizationError {
    /// L
    #[error(transparent)]
    Limit(LimitExceeded),
    /// R
    #[error("relative {name}")]
    RelativeNamespace {
        /// n
        name: String,
    },
}

/// The identifiers of the methods (RFC 9231, 3.1; Exclusive XML Canonicalization 1.0, 4).
const METHODS: [(&str, Form, bool); 6] = [
    ("http://www.w3.org/2001/10/xml-exc-c14n#", Form::Exclusive, false),
    ("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", Form::Exclusive, true),
    ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", Form::Inclusive, false),
    ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", Form::Inclusive, true),
    ("http://www.w3.org/2006/12/xml-c14n11", Form::Inclusive11, false),
    ("http://www.w3.org/2006/12/xml-c14n11#WithComments", Form::Inclusive11, true),
];

impl<'a> Canonicalization<'a> {
    /// The method of that identifier, with an empty PrefixList.
    pub fn by_uri(uri: &str) -> Option<Self> {
        let (_, form, comments) = METHODS.iter().find(|(known, ..)| *known == uri)?;
        Some(Self { form: *form, comments: *comments, prefixes: Vec::new() })
    }

    /// All methods, each with an empty PrefixList.
    pub fn all() -> impl Iterator<Item = Self> {
        let method = |&(_, form, comments): &_| Self { form, comments, prefixes: Vec::new() };
        METHODS.iter().map(method)
    }

    /// The method's identifier.
    pub fn uri(&self) -> &'static str {
        let same =
            |method: &&(&str, Form, bool)| (method.1, method.2) == (self.form, self.comments);
        METHODS.iter().find(same).map_or("", |(uri, ..)| uri)
    }

    /// Gives the canonical octets of `element` and all inside it to `sink`, in pieces, but for what
    /// is inside `without`.
    ///
    /// # Errors
    /// [`CanonicalizationError`].
    pub fn element(
        &self,
        element: Element<'_>,
        without: Option<Element<'_>>,
        sink: impl FnMut(&[u8]),
    ) -> Result<(), CanonicalizationError> {
        let mut walk = Walk::new(self, element.document(), sink);
        walk.without = without.map(|element| element.node);
        walk.subtree(element.node)
    }

    /// Gives the canonical octets of a whole document to `sink`, in pieces.
    ///
    /// # Errors
    /// [`CanonicalizationError`].
    pub fn document(
        &self,
        document: &Document<'_>,
        sink: impl FnMut(&[u8]),
    ) -> Result<(), CanonicalizationError> {
        Walk::new(self, document, sink).document()
    }

    /// The canonical octets of `element` in one piece.
    ///
    /// # Errors
    /// [`CanonicalizationError`].
    pub fn octets(
        &self,
        element: Element<'_>,
        without: Option<Element<'_>>,
    ) -> Result<Vec<u8>, CanonicalizationError> {
        let mut octets = Vec::with_capacity(element.range().len());
        self.element(element, without, |piece| octets.extend_from_slice(piece))?;
        Ok(octets)
    }
}

/// An attribute as it is written: its own, or one that the inclusive forms bring from above.
struct Attribute<'d> {
    namespace: u32,
    prefix: u32,
    local: &'d str,
    value: Cow<'d, str>,
}

/// An element whose end tag is still to be written.
struct Open {
    node: u32,
    end: u32,
    /// How long the list of undone renderings was before it.
    undo: usize,
}

struct Walk<'d, Sink> {
    document: &'d Document<'d>,
    form: Form,
    comments: bool,
    without: Option<u32>,
    /// By the number of the prefix: whether PrefixList names it. Empty where it names none.
    listed: Vec<bool>,
    /// By the number of the prefix: one more than the number of the namespace that the nearest
    /// element in the output gave it; 0 where none did.
    rendered: Vec<u32>,
    /// What `rendered` held before, for the end tags.
    undo: Vec<(u32, u32)>,
    open: Vec<Open>,
    /// The prefixes to declare on the element at hand.
    declare: Vec<(u32, u32)>,
    attributes: Vec<Attribute<'d>>,
    /// By the number of the namespace: its place among all, sorted by name.
    ranks: OnceCell<Vec<u32>>,
    sink: Sink,
    written: usize,
    max: usize,
}

impl<'d, Sink: FnMut(&[u8])> Walk<'d, Sink> {
    fn new(method: &Canonicalization<'_>, document: &'d Document<'d>, sink: Sink) -> Self {
        let prefixes = &document.tree.prefixes;
        let mut listed = Vec::new();
        if method.form == Form::Exclusive && !method.prefixes.is_empty() {
            let names: HashSet<&str> = method.prefixes.iter().copied().collect();
            let is_listed = |(number, name): (usize, &str)| {
                names.contains(if number == wide(NO_PREFIX) { "#default" } else { name })
            };
            let names = prefixes.iter().map(|&span| document.str(span)).enumerate();
            listed = names.map(is_listed).collect();
        }
        Self {
            document,
            form: method.form,
            comments: method.comments,
            without: None,
            listed,
            rendered: vec![0; prefixes.len()],
            // Room for what a SAML message needs, so that it is asked for once.
            undo: Vec::with_capacity(16),
            open: Vec::with_capacity(16),
            declare: Vec::with_capacity(8),
            attributes: Vec::with_capacity(8),
            ranks: OnceCell::new(),
            sink,
            written: 0,
            max: document.text().len().saturating_mul(OUTPUT_FACTOR).saturating_add(OUTPUT_ALWAYS),
        }
    }

    fn put(&mut self, piece: &[u8]) {
        self.written = self.written.saturating_add(piece.len());
        if self.written <= self.max {
            (self.sink)(piece);
        }
    }

    fn within_limit(&self) -> Result<(), CanonicalizationError> {
        if self.written <= self.max {
            Ok(())
        } else {
            Err(CanonicalizationError::Limit(LimitExceeded { limit: Limit::Octets, max: self.max }))
        }
    }

    fn document(&mut self) -> Result<(), CanonicalizationError> {
        let root = self.document.tree.root;
        let mut node = 1;
        while let Some(data) = self.document.tree.nodes.get(wide(node)) {
            let shown = match data.kind {
                NodeKind::Comment(_) => self.comments,
                NodeKind::Instruction { .. } => true,
                _ => false,
            };
            if node == root {
                self.subtree(node)?;
            } else if shown {
                if node > root {
                    self.put(b"\n");
                }
                self.leaf(data.kind);
                if node < root {
                    self.put(b"\n");
                }
            }
            node = data.end;
        }
        self.within_limit()
    }

    fn subtree(&mut self, apex: u32) -> Result<(), CanonicalizationError> {
        let document = self.document;
        let end = document.tree.nodes.get(wide(apex)).map_or(apex, |data| data.end);
        let mut node = apex;
        while node < end {
            while self.open.last().is_some_and(|open| open.end <= node) {
                self.end_tag();
            }
            let Some(data) = document.tree.nodes.get(wide(node)) else { break };
            if self.without == Some(node) {
                node = data.end;
                continue;
            }
            if let NodeKind::Element(number) = data.kind {
                if let Some(element) = document.tree.elements.get(wide(number)) {
                    let undo = self.undo.len();
                    self.start_tag(node, element, node == apex);
                    self.open.push(Open { node, end: data.end, undo });
                    self.within_limit()?;
                }
            } else {
                self.leaf(data.kind);
            }
            node = node.saturating_add(1);
        }
        while !self.open.is_empty() {
            self.end_tag();
        }
        self.within_limit()
    }

    fn leaf(&mut self, kind: NodeKind) {
        let document = self.document;
        match kind {
            NodeKind::Text(span) => self.put_escaped(document.str(span), text_escape),
            NodeKind::Comment(span) if self.comments => {
                self.put(b"<!--");
                self.put(document.str(span).as_bytes());
                self.put(b"-->");
            }
            NodeKind::Instruction { target, data } => {
                self.put(b"<?");
                self.put(document.str(target).as_bytes());
                let data = document.str(data);
                if !data.is_empty() {
                    self.put(b" ");
                    self.put(data.as_bytes());
                }
                self.put(b"?>");
            }
            _ => {}
        }
    }

    fn start_tag(&mut self, node: u32, element: &'d ElementData, is_apex: bool) {
        self.find_declarations(node, element, is_apex);
        self.find_attributes(node, element, is_apex);
        self.put(b"<");
        self.put_name(element.name.prefix, self.document.str(element.name.local));
        // Both lists are given back, to be used again for the next element.
        let declare = std::mem::take(&mut self.declare);
        for &(prefix, namespace) in &declare {
            let prefix = self.prefix(prefix);
            self.put(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
            self.put(prefix.as_bytes());
            self.put(b"=\"");
            self.put_escaped(self.namespace(namespace), attribute_escape);
            self.put(b"\"");
        }
        self.declare = declare;
        let attributes = std::mem::take(&mut self.attributes);
        for attribute in &attributes {
            self.put(b" ");
            self.put_name(attribute.prefix, attribute.local);
            self.put(b"=\"");
            self.put_escaped(&attribute.value, attribute_escape);
            self.put(b"\"");
        }
        self.attributes = attributes;
        self.put(b">");
    }

    fn end_tag(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let document = self.document;
        if let Some(NodeKind::Element(number)) =
            document.tree.nodes.get(wide(open.node)).map(|data| data.kind)
            && let Some(element) = document.tree.elements.get(wide(number))
        {
            self.put(b"</");
            self.put_name(element.name.prefix, document.str(element.name.local));
            self.put(b">");
        }
        for (prefix, before) in self.undo.drain(open.undo..).rev() {
            if let Some(rendered) = self.rendered.get_mut(wide(prefix)) {
                *rendered = before;
            }
        }
    }

    /// Fills `declare` with what the element has to declare, sorted by prefix.
    fn find_declarations(&mut self, node: u32, element: &'d ElementData, is_apex: bool) {
        let tree = &self.document.tree;
        self.declare.clear();
        if self.form == Form::Exclusive {
            self.use_name(element.name);
            for attribute in tree.attributes.get(element.attributes.range()).unwrap_or(&[]) {
                if attribute.name.prefix != NO_PREFIX {
                    self.use_name(attribute.name);
                }
            }
        }
        if self.form != Form::Exclusive || !self.listed.is_empty() {
            // Below the apex a prefix stands for something else only where it is declared anew. At
            // the apex everything counts that is in scope, the nearest declaration first.
            let mut here = Some(node);
            while let Some((data, of)) = here.and_then(|node| self.element_at(node)) {
                let declarations = tree.declarations.get(data.declarations.range());
                for declaration in declarations.unwrap_or(&[]) {
                    let is_listed = || self.listed.get(wide(declaration.prefix)) == Some(&true);
                    if self.form != Form::Exclusive || is_listed() {
                        let known = self.rendered.get(wide(declaration.prefix));
                        if !is_apex || known == Some(&0) {
                            self.render(declaration.prefix, declaration.namespace);
                        }
                    }
                }
                here = is_apex.then_some(of);
            }
        }
        let document = self.document;
        let name = |prefix: u32| document.tree.prefixes.get(wide(prefix)).map(|&s| document.str(s));
        self.declare.sort_unstable_by(|a, b| name(a.0).cmp(&name(b.0)));
    }

    /// An element's data and the number of its parent.
    fn element_at(&self, node: u32) -> Option<(&'d ElementData, u32)> {
        let data = self.document.tree.nodes.get(wide(node))?;
        match data.kind {
            NodeKind::Element(number) => {
                Some((self.document.tree.elements.get(wide(number))?, data.parent))
            }
            _ => None,
        }
    }

    fn use_name(&mut self, name: NameData) {
        self.render(name.prefix, name.namespace);
    }

    /// Declares the prefix, unless the output already gives it that namespace here.
    fn render(&mut self, prefix: u32, namespace: u32) {
        let Some(rendered) = self.rendered.get_mut(wide(prefix)) else { return };
        let before = *rendered;
        let after = namespace.saturating_add(1);
        if prefix == XML_PREFIX || before == after {
            return;
        }
        *rendered = after;
        self.undo.push((prefix, before));
        // `xmlns=""` is written only to take back what an element around it said.
        if before != 0 || namespace != 0 {
            self.declare.push((prefix, namespace));
        }
    }

    /// Fills `attributes`, sorted by namespace name and local name.
    fn find_attributes(&mut self, node: u32, element: &'d ElementData, is_apex: bool) {
        let document = self.document;
        self.attributes.clear();
        for data in document.tree.attributes.get(element.attributes.range()).unwrap_or(&[]) {
            self.attributes.push(Attribute {
                namespace: data.name.namespace,
                prefix: data.name.prefix,
                local: document.str(data.name.local),
                value: Cow::Borrowed(document.str(data.value)),
            });
        }
        if is_apex && self.form != Form::Exclusive {
            self.inherit_attributes(node);
        }
        if self.attributes.len() > 1 {
            let mut attributes = std::mem::take(&mut self.attributes);
            attributes.sort_unstable_by(|a, b| {
                self.compare_namespaces(a.namespace, b.namespace).then_with(|| a.local.cmp(b.local))
            });
            self.attributes = attributes;
        }
    }

    /// Brings the `xml:` attributes of the elements around an apex, as the inclusive forms do
    /// (Canonical XML 1.0, 2.4; 1.1, 2.4).
    fn inherit_attributes(&mut self, apex: u32) {
        let document = self.document;
        let of_xml = |element: Element<'d>| {
            let attributes = element.attributes();
            attributes.filter(|attribute| attribute.name().namespace == XML_NAMESPACE)
        };
        let mut bases: Vec<&'d str> = Vec::new();
        let own = self.attributes.iter().filter(|attribute| attribute.prefix == XML_PREFIX);
        let mut known: HashSet<&'d str> = own.map(|attribute| attribute.local).collect();
        let mut above = Element { document, node: apex }.parent();
        while let Some(element) = above {
            for attribute in of_xml(element) {
                let (local, value) = (attribute.name().local, attribute.value());
                let is_simple = matches!(local, "lang" | "space");
                if self.form == Form::Inclusive11 && local == "base" {
                    bases.push(value);
                }
                let inherits = self.form == Form::Inclusive || is_simple;
                if inherits && known.insert(local) {
                    self.attributes.push(Attribute {
                        namespace: 1,
                        prefix: XML_PREFIX,
                        local,
                        value: Cow::Borrowed(value),
                    });
                }
            }
            above = element.parent();
        }
        if !bases.is_empty() {
            let own = |known: &Attribute<'_>| known.prefix == XML_PREFIX && known.local == "base";
            let own =
                self.attributes.iter().position(own).map(|at| self.attributes.swap_remove(at));
            // From the innermost outwards, each is resolved against the one around it.
            let innermost = own.map(|attribute| attribute.value);
            let joined = bases.into_iter().fold(innermost, |inner, outer| match inner {
                Some(inner) => Some(Cow::Owned(xml_base::join(outer, &inner))),
                None => Some(Cow::Borrowed(outer)),
            });
            if let Some(value) = joined.filter(|value| !value.is_empty()) {
                self.attributes.push(Attribute {
                    namespace: 1,
                    prefix: XML_PREFIX,
                    local: "base",
                    value,
                });
            }
        }
    }

    /// By name; long names that begin alike are compared once for each document.
    fn compare_namespaces(&self, a: u32, b: u32) -> Ordering {
        if a == b || a == 0 || b == 0 {
            return a.cmp(&b);
        }
        let ranks = self.ranks.get_or_init(|| {
            let mut sorted: Vec<(&str, usize)> = Vec::new();
            let names = self.document.tree.namespaces.iter().map(|&span| self.document.str(span));
            sorted.extend(names.enumerate().map(|(number, name)| (name, number)));
            sorted.sort_unstable();
            let mut ranks = vec![0; sorted.len()];
            for (rank, (_, number)) in (0u32..).zip(sorted) {
                if let Some(place) = ranks.get_mut(number) {
                    *place = rank;
                }
            }
            ranks
        });
        ranks.get(wide(a)).cmp(&ranks.get(wide(b)))
    }

    fn prefix(&self, number: u32) -> &'d str {
        self.document.numbered(&self.document.tree.prefixes, number)
    }

    fn namespace(&self, number: u32) -> &'d str {
        self.document.numbered(&self.document.tree.namespaces, number)
    }

    fn put_name(&mut self, prefix: u32, local: &str) {
        if prefix != NO_PREFIX {
            self.put(self.prefix(prefix).as_bytes());
            self.put(b":");
        }
        self.put(local.as_bytes());
    }

    fn put_escaped(&mut self, text: &str, escape: impl Fn(u8) -> &'static [u8]) {
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|&byte| !escape(byte).is_empty()) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            self.put(before);
            if let Some((&byte, after)) = after.split_first() {
                self.put(escape(byte));
                rest = after;
            }
        }
        self.put(rest);
    }
}

/// What stands for a character of text; empty where it stands for itself.
#[inline]
fn text_escape(byte: u8) -> &'static [u8] {
    match byte {
        b'&' => b"&amp;",
        b'<' => b"&lt;",
        b'>' => b"&gt;",
        b'\r' => b"&#xD;",
        _ => b"",
    }
}

/// What stands for a character of an attribute's value; empty where it stands for itself.
#[inline]
fn attribute_escape(byte: u8) -> &'static [u8] {
    match byte {
        b'&' => b"&amp;",
        b'<' => b"&lt;",
        b'"' => b"&quot;",
        b'\t' => b"&#x9;",
        b'\n' => b"&#xA;",
        b'\r' => b"&#xD;",
        _ => b"",
    }
}
