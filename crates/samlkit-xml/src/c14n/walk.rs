//! How the nodes of a subtree are written, and which namespaces and `xml:` attributes they bring
//! along (Canonical XML 1.0, 2.3 and 2.4; 1.1, 2.4; Exclusive XML Canonicalization 1.0, 3).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;

use super::output::{CanonicalizationError, Output};
use crate::document::{Document, Element};
use crate::reserved::XML_NAMESPACE;
use crate::tree::{ElementData, InstructionData, NONE, NameData, NodeKind, Span, XML, wide};
use crate::xml_base;

/// Octets that a node, an attribute or a declaration costs that is looked at and not written.
const PASSED_OVER: usize = 1;

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

/// An attribute as it is written: its own, or one that the inclusive forms bring from above.
struct Attribute<'d> {
    namespace: u32,
    prefix: u32,
    local: &'d str,
    value: Cow<'d, str>,
}

/// An element whose end tag is still to be written.
struct Open {
    name: NameData,
    end: u32,
    /// How long the list of undone renderings was before it.
    undo: usize,
}

/// One walk over the nodes in document order, without recursion. What is rendered for a prefix is
/// kept by the number of the prefix, and undone at the end tag.
pub(super) struct Walk<'d, Sink> {
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
    output: Output<'d, Sink>,
}

impl<'d, Sink: FnMut(&[u8])> Walk<'d, Sink> {
    pub(super) fn new(
        document: &'d Document<'d>,
        form: Form,
        comments: bool,
        prefix_list: &[&str],
        sink: Sink,
    ) -> Self {
        let mut output = Output::new(document.budget(), sink);
        let prefixes = &document.tree.prefixes;
        let has_list = form == Form::Exclusive && !prefix_list.is_empty();
        // Tables are paid for before they are made: each walk needs them, whatever it writes.
        output.pay(prefixes.len());
        if has_list {
            output.pay(prefix_list.iter().map(|prefix| prefix.len().saturating_add(1)).sum());
            output.pay(prefixes.iter().map(|&prefix| wide(prefix.len())).sum());
        }
        let (mut listed, mut rendered) = (Vec::new(), Vec::new());
        if output.open_account() {
            rendered = vec![0; prefixes.len()];
            if has_list {
                let names: HashSet<&str> = prefix_list.iter().copied().collect();
                let is_listed = |(number, &span): (u32, &Span)| {
                    names.contains(if number == NONE { "#default" } else { document.str(span) })
                };
                listed = (0..).zip(prefixes).map(is_listed).collect();
            }
        }
        Self {
            document,
            form,
            comments,
            without: None,
            listed,
            rendered,
            // Room for what a SAML message needs, so it is asked for once.
            undo: Vec::with_capacity(16),
            open: Vec::with_capacity(16),
            declare: Vec::with_capacity(8),
            attributes: Vec::with_capacity(8),
            output,
        }
    }

    /// Writes an element, except `without`.
    pub(super) fn element(
        mut self,
        apex: u32,
        without: Option<u32>,
    ) -> Result<(), CanonicalizationError> {
        self.without = without;
        self.subtree(apex);
        self.output.finish()
    }

    /// Writes the whole document.
    pub(super) fn document(mut self) -> Result<(), CanonicalizationError> {
        let root = self.document.tree.root;
        let mut node = 1;
        while let Some(data) = self.document.tree.nodes.get(wide(node)) {
            let shown = match data.kind {
                NodeKind::Comment(_) => self.comments,
                NodeKind::Instruction { .. } => true,
                _ => false,
            };
            if self.output.is_refused() {
                break;
            }
            match node.cmp(&root) {
                Ordering::Equal => self.subtree(node),
                _ if !shown => self.output.pay(PASSED_OVER),
                Ordering::Less => {
                    self.leaf(data.kind);
                    self.output.put(b"\n");
                }
                Ordering::Greater => {
                    self.output.put(b"\n");
                    self.leaf(data.kind);
                }
            }
            node = data.end;
        }
        self.output.finish()
    }

    fn subtree(&mut self, apex: u32) {
        let document = self.document;
        let end = document.tree.nodes.get(wide(apex)).map_or(apex, |data| data.end);
        let mut node = apex;
        while node < end && !self.output.is_refused() {
            while self.open.last().is_some_and(|open| open.end <= node) {
                self.end_tag();
            }
            let Some(data) = document.tree.nodes.get(wide(node)) else { break };
            if self.without == Some(node) {
                node = data.end;
                continue;
            }
            if let NodeKind::Element(number) = data.kind {
                if let Some(element) = document.tree.element(number) {
                    let undo = self.undo.len();
                    self.start_tag(node, number, element, node == apex);
                    self.open.push(Open { name: element.name, end: data.end, undo });
                }
            } else {
                self.leaf(data.kind);
            }
            node = node.saturating_add(1);
        }
        while !self.open.is_empty() {
            self.end_tag();
        }
    }

    fn leaf(&mut self, kind: NodeKind) {
        let document = self.document;
        match kind {
            NodeKind::Text(span) => self.output.put_text(document.str(span)),
            NodeKind::Comment(span) if self.comments => {
                self.output.put(b"<!--");
                self.output.put(document.str(span).as_bytes());
                self.output.put(b"-->");
            }
            NodeKind::Instruction(number) => {
                let Some(instruction) = document.tree.instructions.get(wide(number)) else {
                    return;
                };
                let InstructionData { target, data } = *instruction;
                self.output.put(b"<?");
                self.output.put(document.str(target).as_bytes());
                let data = document.str(data);
                if !data.is_empty() {
                    self.output.put(b" ");
                    self.output.put(data.as_bytes());
                }
                self.output.put(b"?>");
            }
            _ => self.output.pay(PASSED_OVER),
        }
    }

    fn start_tag(&mut self, node: u32, number: u32, element: &'d ElementData, is_apex: bool) {
        self.find_declarations(node, number, element, is_apex);
        self.find_attributes(node, number, is_apex);
        self.output.put(b"<");
        self.put_name(element.name.prefix, self.document.str(element.name.local));
        // Both lists are given back, to be used again for the next element.
        let declare = std::mem::take(&mut self.declare);
        for &(prefix, namespace) in &declare {
            let prefix = self.prefix(prefix);
            self.output.put(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
            self.output.put(prefix.as_bytes());
            self.output.put(b"=\"");
            self.output
                .put_namespace(self.document.numbered(&self.document.tree.namespaces, namespace));
            self.output.put(b"\"");
        }
        self.declare = declare;
        let attributes = std::mem::take(&mut self.attributes);
        for attribute in &attributes {
            self.output.put(b" ");
            self.put_name(attribute.prefix, attribute.local);
            self.output.put(b"=\"");
            self.output.put_value(&attribute.value);
            self.output.put(b"\"");
        }
        self.attributes = attributes;
        self.output.put(b">");
    }

    fn end_tag(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.output.put(b"</");
        self.put_name(open.name.prefix, self.document.str(open.name.local));
        self.output.put(b">");
        for (prefix, before) in self.undo.drain(open.undo..).rev() {
            if let Some(rendered) = self.rendered.get_mut(wide(prefix)) {
                *rendered = before;
            }
        }
    }

    /// Fills `declare` with what the element has to declare, sorted by prefix.
    fn find_declarations(&mut self, node: u32, number: u32, element: &ElementData, is_apex: bool) {
        let tree = &self.document.tree;
        self.declare.clear();
        if self.form == Form::Exclusive {
            self.use_name(element.name);
            for attribute in tree.attributes_of(number) {
                if attribute.name.prefix != NONE {
                    self.use_name(attribute.name);
                }
            }
        }
        if self.form != Form::Exclusive || !self.listed.is_empty() {
            // Below the apex a prefix stands for something else only where it is declared anew. At
            // the apex everything counts that is in scope, the nearest declaration first.
            let mut here = Some(node);
            while let Some((number, of)) = here.and_then(|node| self.element_at(node)) {
                let declarations = tree.declarations_of(number);
                self.output.pay(declarations.len().saturating_mul(PASSED_OVER));
                for declaration in declarations {
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

    /// The number of an element among the elements, and its parent.
    fn element_at(&self, node: u32) -> Option<(u32, u32)> {
        let data = self.document.tree.nodes.get(wide(node))?;
        match data.kind {
            NodeKind::Element(number) => Some((number, data.parent)),
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
        if prefix == XML || before == after {
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
    fn find_attributes(&mut self, node: u32, number: u32, is_apex: bool) {
        let document = self.document;
        self.attributes.clear();
        for data in document.tree.attributes_of(number) {
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
        let mut attributes = std::mem::take(&mut self.attributes);
        attributes.sort_unstable_by(|a, b| {
            self.compare_namespaces(a.namespace, b.namespace).then_with(|| a.local.cmp(b.local))
        });
        self.attributes = attributes;
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
        let own = self.attributes.iter().filter(|attribute| attribute.prefix == XML);
        let mut known: HashSet<&'d str> = own.map(|attribute| attribute.local).collect();
        let mut above = Element { document, node: apex }.parent();
        while let Some(element) = above {
            self.output.pay(element.attributes().count().saturating_mul(PASSED_OVER));
            for attribute in of_xml(element) {
                let (local, value) = (attribute.name().local, attribute.value());
                let is_simple = matches!(local, "lang" | "space");
                if self.form == Form::Inclusive11 && local == "base" {
                    bases.push(value);
                }
                let inherits = self.form == Form::Inclusive || is_simple;
                if inherits && known.insert(local) {
                    self.attributes.push(Attribute {
                        namespace: XML,
                        prefix: XML,
                        local,
                        value: Cow::Borrowed(value),
                    });
                }
            }
            above = element.parent();
        }
        if !bases.is_empty() {
            let own = |known: &Attribute<'_>| known.prefix == XML && known.local == "base";
            let own =
                self.attributes.iter().position(own).map(|at| self.attributes.swap_remove(at));
            // From the innermost outwards, each is resolved against the one around it.
            let innermost = own.map(|attribute| attribute.value);
            let joined = bases.into_iter().fold(innermost, |inner, outer| match inner {
                Some(inner) => {
                    // Each step copies what the steps before it made.
                    self.output.pay(outer.len().saturating_add(inner.len()));
                    Some(Cow::Owned(xml_base::join(outer, &inner)))
                }
                None => Some(Cow::Borrowed(outer)),
            });
            if let Some(value) = joined.filter(|value| !value.is_empty()) {
                self.attributes.push(Attribute {
                    namespace: XML,
                    prefix: XML,
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
        let ranks = self.document.namespace_ranks();
        ranks.get(wide(a)).cmp(&ranks.get(wide(b)))
    }

    fn prefix(&self, number: u32) -> &'d str {
        self.document.numbered(&self.document.tree.prefixes, number)
    }

    fn put_name(&mut self, prefix: u32, local: &str) {
        if prefix != NONE {
            self.output.put(self.prefix(prefix).as_bytes());
            self.output.put(b":");
        }
        self.output.put(local.as_bytes());
    }
}
