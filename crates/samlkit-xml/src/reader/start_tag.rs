//! Start tags: attributes with their normalized values, namespaces declared and bound (XML 1.0, 3.1 and
//! 3.3.3; Namespaces 1.0, 2 to 6). Each attribute is compared with few others, however many there are.

use std::collections::HashSet;
use std::ops::Range;

use memchr::memchr;

use super::builder::{Builder, Open, over, push};
use super::cursor::{Cursor, RawAttribute, piece};
use super::reference::reference;
use crate::characters::{name_at, name_length};
use crate::error::{ErrorKind, Failure, excerpt, fail};
use crate::limits::Limit;
use crate::reserved::{XML_NAMESPACE, XMLNS_NAMESPACE};
use crate::tree::{
    AttributeData, DeclarationData, ElementData, NONE, NameData, NodeKind, Span, narrow, resolve,
};

/// Up to this many attributes are compared pairwise, more of them in a set.
const PAIRWISE: usize = 12;

impl<'t> Builder<'t> {
    /// `closing` is the length of what ends the tag: 1 for `>`, 2 for `/>`.
    pub(super) fn start_tag(&mut self, range: Range<usize>, closing: usize) -> Result<(), Failure> {
        self.flush_text()?;
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

        let number = narrow(self.tree.elements.len());
        let node = self.push_node(NodeKind::Element(number), range.start)?;
        if self.tree.root == 0 {
            self.tree.root = node;
        }
        self.open.push(Open { node, qualified, scope: self.scope.mark() });

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
                    let data = AttributeData { name, value, end: narrow(attribute.range.end) };
                    push(&mut self.tree.attributes, data);
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
        let element = ElementData {
            name,
            first_attribute: narrow(first_attribute),
            first_declaration: narrow(first_declaration),
            start: narrow(range.start),
            tag_end: narrow(range.end),
            end: narrow(range.end),
        };
        push(&mut self.tree.elements, element);
        Ok(())
    }

    /// The normalized value (XML 1.0, 3.3.3, for an attribute that no DTD declares).
    fn attribute_value(&mut self, attribute: &RawAttribute<'t>) -> Result<Span, Failure> {
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
    fn declare(
        &mut self,
        prefix: &'t str,
        attribute: &RawAttribute<'t>,
        node: u32,
    ) -> Result<(), Failure> {
        let at = attribute.range.start;
        let value = self.attribute_value(attribute)?;
        let name = resolve(self.text, &self.tree.decoded, value);
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
        let namespace = self.scope.namespace_number(&mut self.tree, value);
        if !self.scope.bind(prefix, namespace, node) {
            let name = excerpt(attribute.name);
            return fail(ErrorKind::DuplicateAttribute { first: name.clone(), name }, at);
        }
        let source = Span::new(attribute.range.start, attribute.range.end);
        push(&mut self.tree.declarations, DeclarationData { prefix, namespace, source });
        Ok(())
    }

    fn prefix_number(&mut self, prefix: &'t str) -> u32 {
        let at = self.span_of(prefix);
        self.scope.prefix_number(&mut self.tree, prefix, at)
    }

    fn namespace_for(&self, prefix: u32, name: &str, at: usize) -> Result<u32, Failure> {
        match self.scope.namespace_of(prefix) {
            Some(namespace) => Ok(namespace),
            None => {
                let prefix = excerpt(name.split(':').next().unwrap_or(""));
                fail(ErrorKind::UndeclaredPrefix { prefix, name: excerpt(name) }, at)
            }
        }
    }

    /// Gives the attributes from `first` on their namespaces, refuses the same one twice
    /// (Namespaces 1.0, 6.3) and notes the IDs.
    fn bind_attributes(&mut self, first: usize, node: u32) -> Result<(), Failure> {
        for index in first..self.tree.attributes.len() {
            let Some(attribute) = self.tree.attributes.get(index) else { break };
            let (prefix, local) = (attribute.name.prefix, attribute.name.local);
            let (value, at) = (attribute.value, self.tree.start_of(attribute));
            if prefix != NONE {
                let qualified = name_at(piece(self.text, at..self.text.len()));
                let namespace = self.namespace_for(prefix, qualified, at)?;
                if let Some(attribute) = self.tree.attributes.get_mut(index) {
                    attribute.name.namespace = namespace;
                }
            }
            let is_id = piece(self.text, local.range()).eq_ignore_ascii_case("id");
            if is_id && value.start != value.end {
                push(&mut self.tree.ids, (value, node));
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
            excerpt(name_at(piece(self.text, self.tree.start_of(a)..self.text.len())))
        };
        let first = attributes.iter().find(|a| key(a) == key(second)).map(written);
        let (name, at) = (written(second), self.tree.start_of(second));
        fail(ErrorKind::DuplicateAttribute { first: first.unwrap_or_default(), name }, at)
    }
}

/// Prefix and local part of a qualified name (Namespaces 1.0, 4).
fn split_name(name: &str, at: usize) -> Result<(&str, &str), Failure> {
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
