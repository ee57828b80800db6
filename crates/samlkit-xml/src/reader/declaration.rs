//! The XML declaration (XML 1.0, 2.8 and 4.3.3): what it says of the encoding has to be true.

use std::ops::Range;

use super::cursor::{Cursor, RawAttribute, piece};
use crate::encoding::Encoding;
use crate::error::{ErrorKind, Failure, excerpt, fail};

/// Checks an XML declaration (XML 1.0, 2.8 and 4.3.3).
pub(super) fn declaration(
    text: &str,
    range: Range<usize>,
    encoding: Encoding,
) -> Result<(), Failure> {
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
