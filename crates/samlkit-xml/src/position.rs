//! From an offset to line and column, on demand. Lines end at LF, CR LF or CR (XML 1.0, 2.11);
//! a column counts characters, and a byte order mark is none.

use std::fmt;
use std::sync::OnceLock;

use crate::encoding::Encoding;

/// A place in the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The offset in bytes of the input as it was given, from 0.
    pub offset: usize,
}

impl fmt::Display for Position {
    /// Writes `line:column`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The state of the count at some offset.
#[derive(Clone, Copy, Debug)]
struct Count {
    line: u32,
    column: u32,
    utf16_units: u32,
    after_cr: bool,
}

const START: Count = Count { line: 1, column: 1, utf16_units: 0, after_cr: false };
const BYTE_ORDER_MARK: char = '\u{FEFF}';

impl Count {
    fn pass(mut self, text: &str) -> Self {
        for c in text.chars() {
            self.utf16_units = self.utf16_units.saturating_add(if c > '\u{FFFF}' { 2 } else { 1 });
            match c {
                '\n' if self.after_cr => {}
                '\n' | '\r' => {
                    self.line = self.line.saturating_add(1);
                    self.column = 1;
                }
                BYTE_ORDER_MARK if self.utf16_units == 1 => {}
                _ => self.column = self.column.saturating_add(1),
            }
            self.after_cr = c == '\r';
        }
        self
    }
}

/// Counts kept every few KB, so that the thousandth position costs as little as the first.
#[derive(Debug, Default)]
pub(crate) struct LineIndex(OnceLock<Vec<(usize, Count)>>);

/// Bytes of text between two kept counts.
const STRIDE: usize = 4096;

impl LineIndex {
    pub(crate) fn position(&self, text: &str, encoding: Encoding, offset: usize) -> Position {
        let kept = self.0.get_or_init(|| {
            let mut kept = Vec::with_capacity((text.len() / STRIDE).saturating_add(1));
            let (mut at, mut count) = (0usize, START);
            while at < text.len() {
                kept.push((at, count));
                let next = text.ceil_char_boundary(at.saturating_add(STRIDE));
                count = count.pass(text.get(at..next).unwrap_or(""));
                at = next;
            }
            kept
        });
        let offset = text.floor_char_boundary(offset);
        let before = kept.partition_point(|&(at, _)| at <= offset).saturating_sub(1);
        let (from, count) = kept.get(before).copied().unwrap_or((0, START));
        let count = count.pass(text.get(from..offset).unwrap_or(""));
        Position {
            line: count.line,
            column: count.column,
            offset: match encoding {
                Encoding::Utf16Be | Encoding::Utf16Le => {
                    usize::try_from(count.utf16_units).unwrap_or(usize::MAX).saturating_mul(2)
                }
                Encoding::Utf8 => offset,
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    fn at(text: &str, offset: usize) -> (u32, u32) {
        let p = LineIndex::default().position(text, Encoding::Utf8, offset);
        (p.line, p.column)
    }

    #[test]
    fn every_line_end_of_xml_counts_once() {
        let text = "\u{FEFF}aé\nb\r\nc\rd";
        assert_eq!(at(text, 0), (1, 1));
        assert_eq!(at(text, 3), (1, 1), "a byte order mark is no column");
        assert_eq!(at(text, 6), (1, 3));
        assert_eq!(at(text, 7), (2, 1));
        assert_eq!(at(text, 10), (3, 1));
        assert_eq!(at(text, 12), (4, 1));
        assert_eq!(at(text, 999), (4, 2));
    }

    #[test]
    fn kept_counts_agree_with_counting_from_the_start() {
        let text = "aé\r\n😀\n".repeat(5000);
        let index = LineIndex::default();
        for offset in (0..text.len()).step_by(997) {
            let offset = text.floor_char_boundary(offset);
            let slow = START.pass(&text[..offset]);
            let fast = index.position(&text, Encoding::Utf16Le, offset);
            assert_eq!((fast.line, fast.column), (slow.line, slow.column));
            assert_eq!(fast.offset, text[..offset].encode_utf16().count() * 2);
        }
    }
}
