//! From text to tree. quick-xml says where each token ends; every rule about what a token may
//! hold is checked here, on the token's own octets, so that nothing depends on what quick-xml
//! lets through. Attributes are not read with quick-xml at all.
//!
//! Not here: encodings (`encoding`), and anything that SAML says.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use memchr::{memchr, memchr2, memmem};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::characters::{first_forbidden, is_char, is_space, name_length};
use crate::document::{
    AttributeData, DeclarationData, ElementData, NameData, NodeData, NodeKind, Span, Tree, narrow,
    resolve, wide,
};
use crate::encoding::Encoding;
use crate::error::{ErrorKind, Failure, excerpt};
use crate::limits::{Limit, Limits};
use crate::{XML_NAMESPACE, XMLNS_NAMESPACE};

type Result<T> = std::result::Result<T, Failure>;

/// No prefix, no namespace.
const NONE: u32 = 0;
/// The prefix `xml` and its namespace.
const XML: u32 = 1;
/// Up to this many attributes are compared pairwise, more of them in a set.
const PAIRWISE: usize = 12;
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

    /// `closing` is the length of what ends the tag: 1 for `>`, 2 for `/>`.
    fn start_tag(&mut self, range: Range<usize>, closing: usize) -> Result<()> {
        self.flush_text();
        if self.open.is_empty() && self.tree.root != 0 {
            let found =
                excerpt(name_at(piece(self.text, range.start.saturating_add(1)..range.end)));
            return fail(ErrorKind::SecondRoot { found }, range.start);
        }
        if self.open.len() >= self.limits.depth {
            return fail(over(Limit::Depth, self.limits.depth), range.start);
        }
        let text = self.text;
        let inside = range.start.saturating_add(1)..range.end.saturating_sub(closing);
        let mut cursor = Cursor { text: piece(text, 0..inside.end), at: inside.start };
        let qualified = cursor.name("an element name")?;
        let name_range = inside.start..cursor.at;

        let (parent, source) = (self.parent(), Span::new(range.start, range.end));
        let number = narrow(self.tree.elements.len());
        let node = self.push_node(NodeKind::Element(number), parent, source);
        if self.tree.root == 0 {
            self.tree.root = node;
        }
        self.open.push(Open { node, qualified, rebound: self.undo.len() });

        let first_attribute = self.tree.attributes.len();
        let first_declaration = self.tree.declarations.len();
        while let Some(attribute) = cursor.attribute()? {
            match split_name(attribute.name, attribute.range.start)? {
                ("", "xmlns") => self.declare("", &attribute, node)?,
                ("xmlns", prefix) => self.declare(prefix, &attribute, node)?,
                (prefix, local) => {
                    let prefix = self.prefix_number(prefix);
                    let name = NameData { prefix, namespace: NONE, local: self.span_of(local) };
                    let value = self.attribute_value(&attribute)?;
                    let source = Span::new(attribute.range.start, attribute.range.end);
                    let value_source = Span::new(attribute.value.start, attribute.value.end);
                    let data = AttributeData { name, value, source, value_source };
                    self.tree.attributes.push(data);
                }
            }
            let attributes = self.tree.attributes.len().saturating_sub(first_attribute);
            if attributes > self.limits.attributes {
                return fail(over(Limit::Attributes, self.limits.attributes), range.start);
            }
            let declared = self.tree.declarations.len().saturating_sub(first_declaration);
            if declared > self.limits.namespaces {
                return fail(over(Limit::Namespaces, self.limits.namespaces), range.start);
            }
        }
        // Only now, because a declaration may follow the name that uses it.
        let (prefix, local) = split_name(qualified, name_range.start)?;
        let prefix = self.prefix_number(prefix);
        let namespace = self.namespace_for(prefix, qualified, name_range.start)?;
        let name = NameData { prefix, namespace, local: self.span_of(local) };
        self.bind_attributes(first_attribute, node)?;
        let attributes = Span::new(first_attribute, self.tree.attributes.len());
        let declarations = Span::new(first_declaration, self.tree.declarations.len());
        let tag_end = narrow(range.end);
        self.tree.elements.push(ElementData { name, attributes, declarations, tag_end });
        Ok(())
    }

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

    // Attributes and namespaces -------------------------------------------------------------------

    /// The normalized value (XML 1.0, 3.3.3, for an attribute that no DTD declares).
    fn attribute_value(&mut self, attribute: &RawAttribute<'t>) -> Result<Span> {
        let raw = piece(self.text, attribute.value.clone());
        if !raw.bytes().any(|b| matches!(b, b'&' | b'\t' | b'\r' | b'\n')) {
            return Ok(Span::new(attribute.value.start, attribute.value.end));
        }
        let from = self.tree.decoded.len();
        let mut at = 0usize;
        while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
            match rest.as_bytes() {
                [b'&', ..] => {
                    let here = attribute.value.start.saturating_add(at);
                    let length =
                        memchr(b';', rest.as_bytes()).map_or(rest.len(), |n| n.saturating_add(1));
                    let c = reference(piece(rest, 0..length), here)?;
                    self.tree.decoded.push(c);
                    at = at.saturating_add(length);
                }
                [b'\r', b'\n', ..] => {
                    self.tree.decoded.push(' ');
                    at = at.saturating_add(2);
                }
                [b'\t' | b'\r' | b'\n', ..] => {
                    self.tree.decoded.push(' ');
                    at = at.saturating_add(1);
                }
                bytes => {
                    let special = |&b: &u8| matches!(b, b'&' | b'\t' | b'\r' | b'\n');
                    let length = bytes.iter().position(special).unwrap_or(bytes.len());
                    self.tree.decoded.push_str(piece(rest, 0..length));
                    at = at.saturating_add(length);
                }
            }
        }
        Ok(self.decoded_from(from))
    }

    /// A namespace declaration (Namespaces 1.0, 3 and the constraints in 2.2 and 3).
    fn declare(&mut self, prefix: &'t str, attribute: &RawAttribute<'t>, node: u32) -> Result<()> {
        let at = attribute.range.start;
        let value = self.attribute_value(attribute)?;
        let name = match value.range() {
            range if range.start < self.text.len() => Cow::Borrowed(piece(self.text, range)),
            _ => Cow::Owned(resolve(self.text, &self.tree.decoded, value).to_owned()),
        };
        let reserved = match prefix {
            "xmlns" => true,
            "xml" => name != XML_NAMESPACE,
            _ => name == XML_NAMESPACE || name == XMLNS_NAMESPACE,
        };
        if reserved {
            let declaration = excerpt(piece(self.text, attribute.range.clone()));
            return fail(ErrorKind::ReservedBinding { declaration }, at);
        }
        if name.is_empty() && !prefix.is_empty() {
            return fail(ErrorKind::EmptyPrefixBinding { prefix: excerpt(prefix) }, at);
        }
        let prefix = self.prefix_number(prefix);
        let namespace = self.namespace_number(name, value);
        if let Some(last) = self.declared_on.get_mut(wide(prefix)) {
            if *last == node {
                let name = excerpt(attribute.name);
                return fail(ErrorKind::DuplicateAttribute { first: name.clone(), name }, at);
            }
            *last = node;
        }
        if let Some(bound) = self.bound.get_mut(wide(prefix)) {
            self.undo.push((prefix, *bound));
            *bound = Some(namespace);
        }
        let source = Span::new(attribute.range.start, attribute.range.end);
        self.tree.declarations.push(DeclarationData { prefix, namespace, source });
        Ok(())
    }

    fn prefix_number(&mut self, prefix: &'t str) -> u32 {
        if prefix.is_empty() && !self.tree.prefixes.is_empty() {
            return NONE;
        }
        if let Some(&number) = self.prefixes.get(prefix) {
            return number;
        }
        let number = narrow(self.tree.prefixes.len());
        let span = self.span_of(prefix);
        self.tree.prefixes.push(span);
        self.prefixes.insert(prefix, number);
        self.bound.push(None);
        self.declared_on.push(0);
        number
    }

    fn namespace_number(&mut self, name: Cow<'t, str>, span: Span) -> u32 {
        if let Some(&number) = self.namespaces.get(&name) {
            return number;
        }
        let number = narrow(self.tree.namespaces.len());
        self.tree.namespaces.push(span);
        self.namespaces.insert(name, number);
        number
    }

    fn namespace_for(&self, prefix: u32, name: &str, at: usize) -> Result<u32> {
        match self.bound.get(wide(prefix)).copied().flatten() {
            Some(namespace) => Ok(namespace),
            None => {
                let prefix = excerpt(name.split(':').next().unwrap_or(""));
                fail(ErrorKind::UndeclaredPrefix { prefix, name: excerpt(name) }, at)
            }
        }
    }

    /// Gives the attributes from `first` on their namespaces, refuses the same one twice
    /// (Namespaces 1.0, 6.3) and notes the IDs.
    fn bind_attributes(&mut self, first: usize, node: u32) -> Result<()> {
        for index in first..self.tree.attributes.len() {
            let Some(attribute) = self.tree.attributes.get(index) else { break };
            let (prefix, local) = (attribute.name.prefix, attribute.name.local);
            let (value, at) = (attribute.value, wide(attribute.source.start));
            if prefix != NONE {
                let qualified = name_at(piece(self.text, at..self.text.len()));
                let namespace = self.namespace_for(prefix, qualified, at)?;
                if let Some(attribute) = self.tree.attributes.get_mut(index) {
                    attribute.name.namespace = namespace;
                }
            }
            let is_id = piece(self.text, local.range()).eq_ignore_ascii_case("id");
            if is_id && value.start != value.end {
                self.tree.ids.push((value, node));
            }
        }
        let attributes = self.tree.attributes.get(first..).unwrap_or(&[]);
        let key = |a: &AttributeData| (a.name.namespace, piece(self.text, a.name.local.range()));
        let twice = if attributes.len() <= PAIRWISE {
            attributes
                .iter()
                .enumerate()
                .find(|(n, a)| attributes.iter().take(*n).any(|earlier| key(earlier) == key(a)))
        } else {
            let mut seen = HashSet::with_capacity(attributes.len());
            attributes.iter().enumerate().find(|(_, a)| !seen.insert(key(a)))
        };
        let Some((_, second)) = twice else { return Ok(()) };
        let written = |a: &AttributeData| {
            excerpt(name_at(piece(self.text, wide(a.source.start)..self.text.len())))
        };
        let first = attributes.iter().find(|a| key(a) == key(second)).map(written);
        let (name, at) = (written(second), wide(second.source.start));
        fail(ErrorKind::DuplicateAttribute { first: first.unwrap_or_default(), name }, at)
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

/// Prefix and local part of a qualified name (Namespaces 1.0, 4).
fn split_name(name: &str, at: usize) -> Result<(&str, &str)> {
    let (prefix, local) = match name.split_once(':') {
        None => return Ok(("", name)),
        Some(parts) => parts,
    };
    // Each part has to be a name of its own: `a:1` is none.
    if prefix.is_empty()
        || local.contains(':')
        || name_length(local) != local.len()
        || local.is_empty()
    {
        return fail(ErrorKind::NotQualified { found: excerpt(name) }, at);
    }
    Ok((prefix, local))
}

/// An attribute as it stands in a tag; the ranges count from the start of the text.
struct RawAttribute<'t> {
    name: &'t str,
    range: Range<usize>,
    value: Range<usize>,
}

/// Reads the inside of a tag, or of an XML declaration; `text` ends where that ends.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        piece(self.text, self.at..self.text.len())
    }

    fn skip_space(&mut self) -> bool {
        let rest = self.rest();
        let space = rest.bytes().position(|b| !is_space(b)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(space);
        space > 0
    }

    fn name(&mut self, what: &'static str) -> Result<&'t str> {
        let name = name_at(self.rest());
        if name.is_empty() {
            return fail(ErrorKind::Expected { what, found: excerpt(self.rest()) }, self.at);
        }
        self.at = self.at.saturating_add(name.len());
        Ok(name)
    }

    /// The next `S Name Eq AttValue`, or `None` at the end (XML 1.0, 3.1).
    fn attribute(&mut self) -> Result<Option<RawAttribute<'t>>> {
        let spaced = self.skip_space();
        if self.rest().is_empty() {
            return Ok(None);
        }
        if !spaced {
            return fail(ErrorKind::MissingSpace { found: excerpt(self.rest()) }, self.at);
        }
        let start = self.at;
        let name = self.name("an attribute name")?;
        self.skip_space();
        if !self.rest().starts_with('=') {
            return fail(self.expected("`=` after the attribute name"), self.at);
        }
        self.at = self.at.saturating_add(1);
        self.skip_space();
        let quote = match self.rest().as_bytes() {
            [quote @ (b'"' | b'\''), ..] => *quote,
            _ => return fail(self.expected("a quoted attribute value"), self.at),
        };
        self.at = self.at.saturating_add(1);
        let value_start = self.at;
        let length = match memchr2(quote, b'<', self.rest().as_bytes()) {
            Some(at) if self.rest().as_bytes().get(at) == Some(&b'<') => {
                let kind = ErrorKind::LessThanInAttribute { attribute: excerpt(name) };
                return fail(kind, self.at.saturating_add(at));
            }
            Some(at) => at,
            None => return fail(ErrorKind::Unclosed { what: "an attribute value" }, self.at),
        };
        let value = value_start..value_start.saturating_add(length);
        self.at = value.end.saturating_add(1);
        Ok(Some(RawAttribute { name, range: start..self.at, value }))
    }

    fn expected(&self, what: &'static str) -> ErrorKind {
        ErrorKind::Expected { what, found: excerpt(self.rest()) }
    }
}

/// Checks an XML declaration (XML 1.0, 2.8 and 4.3.3).
fn declaration(text: &str, range: Range<usize>, encoding: Encoding) -> Result<()> {
    let malformed = |expected, at| fail(ErrorKind::Declaration { expected }, at);
    let end = range.end.saturating_sub("?>".len());
    let at = range.start.saturating_add("<?xml".len());
    let mut cursor = Cursor { text: piece(text, 0..end), at };
    let value = |a: &RawAttribute<'_>| piece(text, a.value.clone()).to_owned();

    match cursor.attribute()? {
        Some(a) if a.name == "version" => {
            let found = value(&a);
            if found != "1.0" {
                return fail(ErrorKind::Version { found: excerpt(&found) }, a.value.start);
            }
        }
        _ => return malformed("version first", at),
    }
    let mut next = cursor.attribute()?;
    if let Some(a) = next.as_ref().filter(|a| a.name == "encoding") {
        let declared = value(a);
        let is_name = declared.starts_with(|c: char| c.is_ascii_alphabetic())
            && declared.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        if !is_name || !encoding.may_be_declared(&declared, text) {
            let readable = ["UTF-8", "UTF8", "US-ASCII", "ASCII", "UTF-16", "UTF-16LE", "UTF-16BE"];
            let kind = if readable.iter().any(|name| declared.eq_ignore_ascii_case(name)) {
                ErrorKind::OtherEncoding { declared, found: encoding }
            } else {
                ErrorKind::DeclaredEncoding { declared: excerpt(&declared) }
            };
            return fail(kind, a.value.start);
        }
        next = cursor.attribute()?;
    }
    if let Some(a) = next.as_ref().filter(|a| a.name == "standalone") {
        if !matches!(value(a).as_str(), "yes" | "no") {
            return malformed("standalone to be yes or no", a.value.start);
        }
        next = cursor.attribute()?;
    }
    match next {
        None => Ok(()),
        Some(a) => malformed("version, then encoding, then standalone", a.range.start),
    }
}
