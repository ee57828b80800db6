//! The inside of a tag or of an XML declaration, attribute by attribute, as it is written.

use std::ops::Range;

use memchr::memchr2;

use crate::characters::{is_space, name_at};
use crate::error::{ErrorKind, Failure, excerpt, fail};

/// The text in a range; empty where there is none.
pub(super) fn piece(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or("")
}

/// An attribute as it stands in a tag; the ranges count from the start of the text.
pub(super) struct RawAttribute<'t> {
    pub(super) name: &'t str,
    pub(super) range: Range<usize>,
    pub(super) value: Range<usize>,
}

/// Reads the inside of a tag, or of an XML declaration; `text` ends where that ends.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn rest(&self) -> &'t str {
        piece(self.text, self.at..self.text.len())
    }

    pub(super) fn skip_space(&mut self) -> bool {
        let rest = self.rest();
        let space = rest.bytes().position(|b| !is_space(b)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(space);
        space > 0
    }

    pub(super) fn name(&mut self, what: &'static str) -> Result<&'t str, Failure> {
        let name = name_at(self.rest());
        if name.is_empty() {
            return fail(ErrorKind::Expected { what, found: excerpt(self.rest()) }, self.at);
        }
        self.at = self.at.saturating_add(name.len());
        Ok(name)
    }

    /// The next `S Name Eq AttValue`, or `None` at the end (XML 1.0, 3.1).
    pub(super) fn attribute(&mut self) -> Result<Option<RawAttribute<'t>>, Failure> {
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

    pub(super) fn expected(&self, what: &'static str) -> ErrorKind {
        ErrorKind::Expected { what, found: excerpt(self.rest()) }
    }
}
