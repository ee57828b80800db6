//! From text to tree. quick-xml says where each token ends; every rule about what a token may
//! hold is checked here, on the token's own octets, so that nothing depends on what quick-xml
//! lets through. Attributes are not read with quick-xml at all.
//!
//! Not here: encodings (`encoding`), and anything that SAML says.

mod cursor;
mod declaration;
mod start_tag;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use memchr::{memchr, memmem};
use quick_xml::Reader;
use quick_xml::events::Event;

use self::cursor::{Cursor, RawAttribute};
use self::declaration::declaration;
use crate::XML_NAMESPACE;
use crate::characters::{first_forbidden, is_char, is_space, name_length};
use crate::document::{NodeData, NodeKind, Span, Tree, narrow, resolve, wide};
use crate::encoding::Encoding;
use crate::error::{ErrorKind, Failure, excerpt};
use crate::limits::{Limit, Limits};

type Result<T> = std::result::Result<T, Failure>;

/// No prefix, no namespace.
const NONE: u32 = 0;
/// The prefix `xml` and its namespace.
const XML: u32 = 1;
/// Bytes of input per node, by which the tree's lists are sized before reading.
const BYTES_PER_NODE: usize = 48;

/// Reads `text` (with its byte order mark, if any) into a tree.
pub(crate) fn read(text: &str, encoding: Encoding, limits: &Limits) -> Result<Tree> {
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let base = text.len().saturating_sub(body.len());
    if body.bytes().all(is_space) {
        return fail(ErrorKind::Empty { blank: !body.is_empty() }, base);
    }
    if let Some((at, character)) = first_forbidden(body) {
        let at = base.saturating_add(at);
        return fail(ErrorKind::ForbiddenCharacter { character }, at);
    }
    let mut builder = Builder::new(text, limits);
    let mut tokens = Reader::from_str(body);
    let config = tokens.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;

    loop {
        let start = base.saturating_add(offset(tokens.buffer_position()));
        let ahead = piece(text, start..text.len());
        if let Some(kind) = declaration_of_type(ahead) {
            return fail(kind, start);
        }
        let Ok(event) = tokens.read_event() else {
            return fail(broken_token(ahead), start);
        };
        let range = start..base.saturating_add(offset(tokens.buffer_position()));
        match event {
            Event::Eof => return builder.finish(),
            Event::Start(_) => builder.start_tag(range, 1)?,
            Event::Empty(_) => {
                let end = range.end;
                builder.start_tag(range, 2)?;
                builder.close(end);
            }
            Event::End(_) => builder.end_tag(range)?,
            Event::Text(_) => builder.text(range)?,
            Event::GeneralRef(_) => builder.reference(range)?,
            Event::CData(_) => builder.cdata(range)?,
            Event::Comment(_) => builder.comment(range)?,
            Event::Decl(_) if range.start == base => declaration(text, range, encoding)?,
            Event::Decl(_) | Event::PI(_) => builder.instruction(range)?,
            Event::DocType(_) => return fail(ErrorKind::Doctype, range.start),
        }
    }
}

fn fail<T>(kind: ErrorKind, at: usize) -> Result<T> {
    Err(Failure::new(kind, at))
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn piece(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or("")
}

/// Markup that begins with `<!` and is neither comment nor CDATA section never reaches quick-xml.
fn declaration_of_type(ahead: &str) -> Option<ErrorKind> {
    let markup = ahead.strip_prefix("<!")?;
    if markup.starts_with("--") || markup.starts_with("[CDATA[") {
        return None;
    }
    Some(match markup.strip_prefix("DOCTYPE") {
        Some(_) => ErrorKind::Doctype,
        None => ErrorKind::UnknownMarkup { found: excerpt(ahead) },
    })
}

/// Why quick-xml finds no token at the start of `ahead`.
fn broken_token(ahead: &str) -> ErrorKind {
    let unclosed = |what| ErrorKind::Unclosed { what };
    match ahead {
        _ if ahead.starts_with("<!--") => unclosed("a comment"),
        _ if ahead.starts_with("<![CDATA[") => unclosed("a CDATA section"),
        _ if ahead.starts_with("<?") => unclosed("a processing instruction"),
        _ if ahead.starts_with('&') => ErrorKind::BareAmpersand { found: excerpt(ahead) },
        _ => unclosed("a tag"),
    }
}

/// An element that is open.
struct Open<'t> {
    node: u32,
    qualified: &'t str,
    /// How many bindings there were to take back when it closes.
    rebound: usize,
}

/// Text that may go on with the next token.
enum Pending {
    Nothing,
    /// One piece that stands in the input as it is.
    Source(Span),
    /// From this length on, the decoded values are its text so far.
    Decoded {
        from: usize,
        source: Span,
    },
}

struct Builder<'t> {
    text: &'t str,
    limits: &'t Limits,
    tree: Tree,
    open: Vec<Open<'t>>,
    pending: Pending,
    prefixes: HashMap<&'t str, u32>,
    namespaces: HashMap<Cow<'t, str>, u32>,
    /// The namespace that each prefix, by number, stands for at this point; `None`: undeclared.
    bound: Vec<Option<u32>>,
    /// The node that last declared each prefix, to find the same declaration twice.
    declared_on: Vec<u32>,
    /// Bindings to restore: the prefix and what it stood for.
    undo: Vec<(u32, Option<u32>)>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, limits: &'t Limits) -> Self {
        let mut builder = Self {
            text,
            limits,
            tree: Tree::default(),
            open: Vec::with_capacity(16),
            pending: Pending::Nothing,
            prefixes: HashMap::with_capacity(8),
            namespaces: HashMap::with_capacity(8),
            bound: Vec::with_capacity(8),
            declared_on: Vec::with_capacity(8),
            undo: Vec::with_capacity(8),
        };
        let expected = text.len() / BYTES_PER_NODE;
        builder.tree.nodes.reserve(expected.saturating_add(2));
        builder.tree.elements.reserve((expected / 2).saturating_add(1));
        builder.tree.attributes.reserve((expected / 2).saturating_add(1));
        builder.push_node(NodeKind::Document, 0, Span::new(0, text.len()));
        builder.prefix_number("");
        let xml = builder.prefix_number("xml");
        // Neither stands in the text, so both are kept with the decoded values.
        if let Some(name) = builder.tree.prefixes.get_mut(wide(xml)) {
            *name = decoded_span(text, &mut builder.tree.decoded, "xml");
        }
        builder.namespace_number(Cow::Borrowed(""), Span::default());
        let name = decoded_span(text, &mut builder.tree.decoded, XML_NAMESPACE);
        let number = builder.namespace_number(Cow::Borrowed(XML_NAMESPACE), name);
        debug_assert_eq!((xml, number), (XML, XML));
        builder.bound.clear();
        builder.bound.extend([Some(NONE), Some(XML)]);
        builder
    }

    // Nodes -----------------------------------------------------------------------------------

    fn push_node(&mut self, kind: NodeKind, parent: u32, source: Span) -> u32 {
        let node = narrow(self.tree.nodes.len());
        self.tree.nodes.push(NodeData { kind, parent, end: node.saturating_add(1), source });
        node
    }

    fn parent(&self) -> u32 {
        self.open.last().map_or(0, |open| open.node)
    }

    fn span_of(&self, part: &str) -> Span {
        // A part of the text knows its own offset; the subtraction cannot fail for one.
        let start = part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        Span::new(start, start.saturating_add(part.len()))
    }

    fn close(&mut self, source_end: usize) {
        self.flush_text();
        let end = narrow(self.tree.nodes.len());
        let Some(open) = self.open.pop() else { return };
        if let Some(node) = self.tree.nodes.get_mut(wide(open.node)) {
            node.end = end;
            node.source.end = narrow(source_end);
        }
        for (prefix, namespace) in self.undo.drain(open.rebound..).rev() {
            if let Some(bound) = self.bound.get_mut(wide(prefix)) {
                *bound = namespace;
            }
        }
    }

    fn finish(mut self) -> Result<Tree> {
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
        self.find_duplicate_ids();
        Ok(self.tree)
    }

    /// The line on which a node begins; for messages about errors only, which come once.
    fn line_of(&self, node: u32) -> u32 {
        let start = self.tree.nodes.get(wide(node)).map_or(0, |n| wide(n.source.start));
        let lines = crate::position::LineIndex::default();
        lines.position(self.text, Encoding::Utf8, start).line
    }

    fn find_duplicate_ids(&mut self) {
        let Tree { ids, duplicate_ids, decoded, .. } = &mut self.tree;
        if ids.len() < 2 {
            return;
        }
        ids.sort_unstable_by(|a, b| {
            let (x, y) = (resolve(self.text, decoded, a.0), resolve(self.text, decoded, b.0));
            x.cmp(y).then(a.1.cmp(&b.1))
        });
        let mut first = 0;
        for (this, &(value, node)) in ids.iter().enumerate() {
            let Some(&(first_value, first_node)) = ids.get(first) else { break };
            let same =
                resolve(self.text, decoded, value) == resolve(self.text, decoded, first_value);
            if !same {
                first = this;
            } else if node != first_node {
                duplicate_ids.push((first_node, node));
            }
        }
        duplicate_ids.sort_unstable();
        duplicate_ids.dedup();
    }

    // Text ------------------------------------------------------------------------------------

    fn text(&mut self, range: Range<usize>) -> Result<()> {
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
        self.add_text(range.clone(), range);
        Ok(())
    }

    fn cdata(&mut self, range: Range<usize>) -> Result<()> {
        if self.open.is_empty() {
            return self.outside_root(range.start);
        }
        let inside = "<![CDATA[".len();
        let content = range.start.saturating_add(inside)..range.end.saturating_sub("]]>".len());
        self.add_text(content, range);
        Ok(())
    }

    fn reference(&mut self, range: Range<usize>) -> Result<()> {
        if self.open.is_empty() {
            return self.outside_root(range.start);
        }
        let c = reference(piece(self.text, range.clone()), range.start)?;
        self.decode_pending(range);
        self.tree.decoded.push(c);
        Ok(())
    }

    fn outside_root(&self, at: usize) -> Result<()> {
        let found = excerpt(piece(self.text, at..self.text.len()));
        fail(ErrorKind::TextOutsideRoot { found }, at)
    }

    /// Adds a piece that stands at `content` within the token at `source`.
    fn add_text(&mut self, content: Range<usize>, source: Range<usize>) {
        let raw = piece(self.text, content.clone());
        let as_it_stands = memchr(b'\r', raw.as_bytes()).is_none();
        if as_it_stands && content == source && matches!(self.pending, Pending::Nothing) {
            self.pending = Pending::Source(Span::new(source.start, source.end));
            return;
        }
        self.decode_pending(source);
        push_line_ends(&mut self.tree.decoded, raw);
    }

    /// Makes the pending text one that can be added to, and extends its source.
    fn decode_pending(&mut self, source: Range<usize>) {
        let end = narrow(source.end);
        match &mut self.pending {
            Pending::Decoded { source, .. } => source.end = end,
            Pending::Source(before) => {
                let from = self.tree.decoded.len();
                let mut source = *before;
                self.tree.decoded.push_str(piece(self.text, before.range()));
                source.end = end;
                self.pending = Pending::Decoded { from, source };
            }
            Pending::Nothing => {
                let from = self.tree.decoded.len();
                let source = Span::new(source.start, source.end);
                self.pending = Pending::Decoded { from, source };
            }
        }
    }

    fn flush_text(&mut self) {
        let (span, source) = match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => return,
            Pending::Source(span) => (span, span),
            Pending::Decoded { from, source } => {
                if from == self.tree.decoded.len() {
                    return;
                }
                let base = self.text.len();
                let end = self.tree.decoded.len();
                (Span::new(base.saturating_add(from), base.saturating_add(end)), source)
            }
        };
        self.push_node(NodeKind::Text(span), self.parent(), source);
    }

    // Comments and processing instructions ------------------------------------------------------

    fn comment(&mut self, range: Range<usize>) -> Result<()> {
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
        self.flush_text();
        let span = self.line_ends_of(content);
        self.push_node(NodeKind::Comment(span), self.parent(), Span::new(range.start, range.end));
        Ok(())
    }

    fn instruction(&mut self, range: Range<usize>) -> Result<()> {
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
        self.flush_text();
        let target = self.span_of(target);
        let data = self.line_ends_of(rest.trim_start_matches([' ', '\t', '\r', '\n']));
        let kind = NodeKind::Instruction { target, data };
        self.push_node(kind, self.parent(), Span::new(range.start, range.end));
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

    fn decoded_from(&self, from: usize) -> Span {
        let base = self.text.len();
        let end = self.tree.decoded.len();
        Span::new(base.saturating_add(from), base.saturating_add(end))
    }

    // Tags --------------------------------------------------------------------------------------

    fn end_tag(&mut self, range: Range<usize>) -> Result<()> {
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
        self.close(range.end);
        Ok(())
    }
}

fn over(limit: Limit, max: usize) -> ErrorKind {
    ErrorKind::Limit { limit, max }
}

fn decoded_span(text: &str, decoded: &mut String, value: &str) -> Span {
    let start = text.len().saturating_add(decoded.len());
    decoded.push_str(value);
    Span::new(start, start.saturating_add(value.len()))
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

/// The character that `&…;` stands for (XML 1.0, 4.1 and 4.6).
fn reference(raw: &str, at: usize) -> Result<char> {
    let bare = || ErrorKind::BareAmpersand { found: excerpt(raw) };
    let Some(inner) = raw.strip_prefix('&').and_then(|r| r.strip_suffix(';')) else {
        return fail(bare(), at);
    };
    if let Some(number) = inner.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix('x') {
            Some(hexadecimal) => (hexadecimal, 16),
            None => (number, 10),
        };
        if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
            return fail(bare(), at);
        }
        // Any number of leading zeros is allowed, so the value saturates instead of overflowing.
        let code = digits.chars().fold(0u32, |code, digit| {
            code.saturating_mul(radix).saturating_add(digit.to_digit(radix).unwrap_or(0))
        });
        return match char::from_u32(code).filter(|&c| is_char(c)) {
            Some(c) => Ok(c),
            None => fail(ErrorKind::ForbiddenReference { reference: excerpt(raw) }, at),
        };
    }
    match inner {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ if !inner.is_empty() && name_length(inner) == inner.len() => {
            fail(ErrorKind::UndefinedEntity { name: excerpt(inner) }, at)
        }
        _ => fail(bare(), at),
    }
}

fn name_at(text: &str) -> &str {
    piece(text, 0..name_length(text))
}
