//! Which prefix stands for which namespace at the place that is read (Namespaces 1.0, 6). Prefixes
//! and namespace names are known by number; what a declaration binds is undone at the end tag.

use crate::reserved::XML_NAMESPACE;
use crate::tree::{NONE, Span, Tree, XML, narrow, wide};

use super::numbering::{Names, Numbering};

/// The bindings in scope.
pub(super) struct Scope<'t> {
    text: &'t str,
    prefixes: Numbering,
    namespaces: Numbering,
    /// By the number of the prefix: one more than the number of its namespace; 0 for undeclared.
    bound: Vec<u32>,
    /// By the number of the prefix: the node that last declared it, to find the same declaration
    /// twice.
    declared_on: Vec<u32>,
    /// Bindings to restore: the prefix and what it stood for.
    undo: Vec<(u32, u32)>,
}

impl<'t> Scope<'t> {
    /// Notes in the tree what is bound before the document says anything: no prefix, and `xml`.
    pub(super) fn new(text: &'t str, tree: &mut Tree) -> Self {
        let mut scope = Self {
            text,
            prefixes: Numbering::default(),
            namespaces: Numbering::default(),
            bound: Vec::with_capacity(8),
            declared_on: Vec::with_capacity(8),
            undo: Vec::with_capacity(8),
        };
        // Neither name has to be in the text, so both are kept with the decoded values.
        let mut decoded = |name: &str| {
            let start = text.len().saturating_add(tree.decoded.len());
            tree.decoded.push_str(name);
            Span::new(start, start.saturating_add(name.len()))
        };
        let (prefix, namespace) = (decoded("xml"), decoded(XML_NAMESPACE));
        tree.prefixes.extend([Span::default(), prefix]);
        tree.namespaces.extend([Span::default(), namespace]);
        scope.bound.extend([NONE.saturating_add(1), XML.saturating_add(1)]);
        scope.declared_on.extend([0, 0]);
        scope
    }

    /// The number of a prefix, which has to be a part of the text.
    pub(super) fn prefix_number(&mut self, tree: &mut Tree, prefix: &str, at: Span) -> u32 {
        if prefix.is_empty() {
            return NONE;
        }
        let names = Names { text: self.text, decoded: &tree.decoded, spans: &tree.prefixes };
        match self.prefixes.number(prefix, names) {
            Ok(number) => number,
            Err(number) => {
                tree.prefixes.push(at);
                self.bound.push(0);
                self.declared_on.push(0);
                number
            }
        }
    }

    /// The number of the namespace whose name is at `at`.
    pub(super) fn namespace_number(&mut self, tree: &mut Tree, name: Span) -> u32 {
        let names = Names { text: self.text, decoded: &tree.decoded, spans: &tree.namespaces };
        match self.namespaces.number(crate::tree::resolve(self.text, &tree.decoded, name), names) {
            Ok(number) => number,
            Err(number) => {
                tree.namespaces.push(name);
                number
            }
        }
    }

    /// The number of the namespace that a prefix stands for; `None` where it is undeclared.
    pub(super) fn namespace_of(&self, prefix: u32) -> Option<u32> {
        self.bound.get(wide(prefix)).and_then(|bound| bound.checked_sub(1))
    }

    /// Binds a prefix from here to the end of `node`; false if `node` has bound it before.
    pub(super) fn bind(&mut self, prefix: u32, namespace: u32, node: u32) -> bool {
        if let Some(last) = self.declared_on.get_mut(wide(prefix)) {
            if *last == node {
                return false;
            }
            *last = node;
        }
        if let Some(bound) = self.bound.get_mut(wide(prefix)) {
            self.undo.push((prefix, *bound));
            *bound = namespace.saturating_add(1);
        }
        true
    }

    /// What [`Scope::restore`] needs to come back to here.
    pub(super) fn mark(&self) -> u32 {
        narrow(self.undo.len())
    }

    pub(super) fn restore(&mut self, mark: u32) {
        for (prefix, before) in self.undo.drain(wide(mark)..).rev() {
            if let Some(bound) = self.bound.get_mut(wide(prefix)) {
                *bound = before;
            }
        }
    }
}
