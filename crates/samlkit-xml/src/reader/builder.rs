//! The tree as it grows: nodes in document order, text put together from its pieces, comments and
//! processing instructions, end tags. Start tags are in a file of their own.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem};

use super::cursor::piece;
use super::ids::find_duplicates;
use super::reference::reference;
use super::scope::Scope;
use crate::characters::{is_space, name_length};
use crate::encoding::Encoding;
use crate::error::{ErrorKind, Failure, excerpt, fail};
use crate::limits::{Limit, Limits};
use crate::position::LineIndex;
use crate::tree::{
    DUPLICATE_IDS_KEPT, InstructionData, NodeData, NodeKind, Span, Tree, narrow, wide,
};

/// The shortest attribute, as in `<a b=''c=''>` with the space that has to be before it.
const SHORTEST_ATTRIBUTE: usize = " b=''".len();
/// A list that has to grow grows by this part of its length: memory is held while it is copied.
const GROWTH: usize = 4;
/// Entries by which a list grows at least.
const LEAST_GROWTH: usize = 16;

/// An element that is open.
pub(super) struct Open<'t> {
    pub(super) node: u32,
    pub(super) qualified: &'t str,
    /// Where its own bindings of prefixes begin.
    pub(super) scope: u32,
}

/// Text that may go on with the next token.
enum Pending {
    Nothing,
    /// One piece that is in the input as it is.
    Source(Span),
    /// From this length on, the decoded values are its text so far; where it begins in the input.
    Decoded {
        from: usize,
        at: usize,
    },
}

pub(super) struct Builder<'t> {
    pub(super) text: &'t str,
    pub(super) limits: &'t Limits,
    pub(super) tree: Tree,
    pub(super) scope: Scope<'t>,
    pub(super) open: Vec<Open<'t>>,
    pending: Pending,
    /// How many nodes there may be.
    max_nodes: usize,
}

/// Appends to a list that is not doubled when it is full.
pub(super) fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() == list.capacity() {
        list.reserve_exact((list.len() / GROWTH).max(LEAST_GROWTH));
    }
    list.push(item);
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str, limits: &'t Limits) -> Self {
        let mut tree = Tree::default();
        let max_nodes = limits.nodes_for(text.len());
        // Counting is cheap, and a list that is long enough is never copied. A document whose text
        // is full of `=` must not get more than one of attributes would.
        let markup = memchr_iter(b'<', text.as_bytes()).count().saturating_add(2);
        let values = memchr_iter(b'=', text.as_bytes()).count();
        tree.nodes.reserve_exact(markup.min(max_nodes.saturating_add(1)));
        tree.elements.reserve_exact(markup.min(max_nodes));
        tree.attributes.reserve_exact(values.min(text.len() / SHORTEST_ATTRIBUTE));
        tree.nodes.push(NodeData { kind: NodeKind::Document, parent: 0, end: 1 });
        let scope = Scope::new(text, &mut tree);
        let open = Vec::with_capacity(16);
        Self { text, limits, tree, scope, open, pending: Pending::Nothing, max_nodes }
    }

    // Nodes -----------------------------------------------------------------------------------

    /// `at` is where the node begins.
    pub(super) fn push_node(&mut self, kind: NodeKind, at: usize) -> Result<u32, Failure> {
        let number = self.tree.nodes.len();
        if number > self.max_nodes {
            return fail(over(Limit::Nodes, self.max_nodes), at);
        }
        let node = narrow(number);
        let parent = self.open.last().map_or(0, |open| open.node);
        push(&mut self.tree.nodes, NodeData { kind, parent, end: node.saturating_add(1) });
        Ok(node)
    }

    pub(super) fn span_of(&self, part: &str) -> Span {
        // A part of the text knows its own offset; the subtraction cannot fail for one.
        let start = part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        Span::new(start, start.saturating_add(part.len()))
    }

    /// `source_end` is where the open element ends.
    pub(super) fn close(&mut self, source_end: usize) -> Result<(), Failure> {
        self.flush_text()?;
        let end = narrow(self.tree.nodes.len());
        let Some(open) = self.open.pop() else { return Ok(()) };
        if let Some(node) = self.tree.nodes.get_mut(wide(open.node)) {
            node.end = end;
            if let NodeKind::Element(number) = node.kind
                && let Some(element) = self.tree.elements.get_mut(wide(number))
            {
                element.end = narrow(source_end);
            }
        }
        self.scope.restore(open.scope);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Tree, Failure> {
        if let Some(open) = self.open.last() {
            let element = excerpt(open.qualified);
            let line = self.line_of(open.node);
            return fail(ErrorKind::UnexpectedEnd { element, line }, self.text.len());
        }
        if self.tree.root == 0 {
            return fail(ErrorKind::NoElement, self.text.len());
        }
        let end = narrow(self.tree.nodes.len());
        if let Some(document) = self.tree.nodes.first_mut() {
            document.end = end;
        }
        find_duplicates(self.text, &mut self.tree, DUPLICATE_IDS_KEPT);
        Ok(self.tree)
    }

    /// The line on which an element begins; for messages about errors only, which come once.
    fn line_of(&self, node: u32) -> u32 {
        let start = match self.tree.nodes.get(wide(node)).map(|node| node.kind) {
            Some(NodeKind::Element(number)) => {
                self.tree.element(number).map_or(0, |element| wide(element.start))
            }
            _ => 0,
        };
        LineIndex::default().position(self.text, Encoding::Utf8, start).line
    }

    // Text ------------------------------------------------------------------------------------

    pub(super) fn text(&mut self, range: Range<usize>) -> Result<(), Failure> {
        let raw = piece(self.text, range.clone());
        if self.open.is_empty() {
            return match raw.bytes().position(|b| !is_space(b)) {
                None => Ok(()),
                Some(at) => self.outside_root(range.start.saturating_add(at)),
            };
        }
        if let Some(at) = memmem::find(raw.as_bytes(), b"]]>") {
            return fail(ErrorKind::CdataEndInText, range.start.saturating_add(at));
        }
        self.add_text(range);
        Ok(())
    }

    pub(super) fn cdata(&mut self, range: Range<usize>) -> Result<(), Failure> {
        if self.open.is_empty() {
            return self.outside_root(range.start);
        }
        let inside = "<![CDATA[".len();
        let content = range.start.saturating_add(inside)..range.end.saturating_sub("]]>".len());
        self.add_text(content);
        Ok(())
    }

    pub(super) fn reference(&mut self, range: Range<usize>) -> Result<(), Failure> {
        if self.open.is_empty() {
            return self.outside_root(range.start);
        }
        let c = reference(piece(self.text, range.clone()), range.start)?;
        self.decode_pending(range.start);
        self.tree.decoded.push(c);
        Ok(())
    }

    fn outside_root(&self, at: usize) -> Result<(), Failure> {
        let found = excerpt(piece(self.text, at..self.text.len()));
        fail(ErrorKind::TextOutsideRoot { found }, at)
    }

    /// Adds a piece of the text: the content of a token, or the whole of one.
    fn add_text(&mut self, content: Range<usize>) {
        let raw = piece(self.text, content.clone());
        let as_it_is = memchr(b'\r', raw.as_bytes()).is_none();
        if as_it_is && matches!(self.pending, Pending::Nothing) {
            if !raw.is_empty() {
                self.pending = Pending::Source(Span::new(content.start, content.end));
            }
            return;
        }
        self.decode_pending(content.start);
        push_line_ends(&mut self.tree.decoded, raw);
    }

    /// Makes the pending text one that can be added to; `at` is where it begins if it is new.
    fn decode_pending(&mut self, mut at: usize) {
        let from = self.tree.decoded.len();
        match self.pending {
            Pending::Decoded { .. } => return,
            Pending::Source(before) => {
                self.tree.decoded.push_str(piece(self.text, before.range()));
                at = wide(before.start);
            }
            Pending::Nothing => {}
        }
        self.pending = Pending::Decoded { from, at };
    }

    pub(super) fn flush_text(&mut self) -> Result<(), Failure> {
        let (span, at) = match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => return Ok(()),
            Pending::Source(span) => (span, wide(span.start)),
            Pending::Decoded { from, at } => (self.decoded_from(from), at),
        };
        if span.len() > 0 {
            self.push_node(NodeKind::Text(span), at)?;
        }
        Ok(())
    }

    // Comments and processing instructions ------------------------------------------------------

    pub(super) fn comment(&mut self, range: Range<usize>) -> Result<(), Failure> {
        let raw = piece(self.text, range.clone());
        let content = raw.strip_prefix("<!--").and_then(|r| r.strip_suffix("-->"));
        let Some(content) = content else {
            return fail(ErrorKind::UnknownMarkup { found: excerpt(raw) }, range.start);
        };
        let within = memmem::find(content.as_bytes(), b"--");
        let at_end = content.ends_with('-').then(|| content.len().saturating_sub(1));
        if let Some(at) = within.or(at_end) {
            let at = range.start.saturating_add("<!--".len()).saturating_add(at);
            return fail(ErrorKind::DoubleHyphenInComment, at);
        }
        self.flush_text()?;
        let span = self.line_ends_of(content);
        self.push_node(NodeKind::Comment(span), range.start)?;
        Ok(())
    }

    pub(super) fn instruction(&mut self, range: Range<usize>) -> Result<(), Failure> {
        let raw = piece(self.text, range.clone());
        let content = raw.strip_prefix("<?").and_then(|r| r.strip_suffix("?>")).unwrap_or("");
        let at = range.start.saturating_add("<?".len());
        let (target, rest) = content.split_at_checked(name_length(content)).unwrap_or(("", ""));
        if target.is_empty() || !rest.bytes().next().is_none_or(is_space) {
            let what = "a processing instruction's name";
            return fail(ErrorKind::Expected { what, found: excerpt(content) }, at);
        }
        if target.eq_ignore_ascii_case("xml") {
            return fail(ErrorKind::ReservedTarget { found: target.to_owned() }, range.start);
        }
        if target.contains(':') {
            return fail(ErrorKind::ColonInTarget { found: excerpt(target) }, at);
        }
        self.flush_text()?;
        let target = self.span_of(target);
        let data = self.line_ends_of(rest.trim_start_matches([' ', '\t', '\r', '\n']));
        let number = narrow(self.tree.instructions.len());
        self.push_node(NodeKind::Instruction(number), range.start)?;
        push(&mut self.tree.instructions, InstructionData { target, data });
        Ok(())
    }

    /// A part of the text with its line ends normalized.
    fn line_ends_of(&mut self, raw: &str) -> Span {
        if memchr(b'\r', raw.as_bytes()).is_none() {
            return self.span_of(raw);
        }
        let from = self.tree.decoded.len();
        push_line_ends(&mut self.tree.decoded, raw);
        self.decoded_from(from)
    }

    pub(super) fn decoded_from(&self, from: usize) -> Span {
        let base = self.text.len();
        let end = self.tree.decoded.len();
        Span::new(base.saturating_add(from), base.saturating_add(end))
    }

    // End tags --------------------------------------------------------------------------------------

    pub(super) fn end_tag(&mut self, range: Range<usize>) -> Result<(), Failure> {
        let raw = piece(self.text, range.start.saturating_add("</".len())..range.end);
        let content = raw.strip_suffix('>').unwrap_or(raw);
        let found = content.trim_end_matches([' ', '\t', '\r', '\n']);
        match self.open.last() {
            Some(open) if open.qualified == found => {}
            Some(open) => {
                let (found, expected) = (excerpt(found), excerpt(open.qualified));
                let line = self.line_of(open.node);
                let kind = ErrorKind::MismatchedEndTag { found, expected, line };
                return fail(kind, range.start);
            }
            None => {
                return fail(ErrorKind::UnopenedEndTag { found: excerpt(found) }, range.start);
            }
        }
        self.close(range.end)
    }
}

pub(super) fn over(limit: Limit, max: usize) -> ErrorKind {
    ErrorKind::Limit { limit, max }
}

/// Appends text with CR LF and CR turned into LF (XML 1.0, 2.11).
fn push_line_ends(to: &mut String, mut raw: &str) {
    while let Some((before, after)) = raw.split_once('\r') {
        to.push_str(before);
        to.push('\n');
        raw = after.strip_prefix('\n').unwrap_or(after);
    }
    to.push_str(raw);
}
