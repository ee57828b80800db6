//! The character classes of XML 1.0 (fifth edition): `Char` (2.2), `S`, `NameStartChar` and
//! `NameChar` (2.3). Tables only; which class is wanted where is the reader's business.

/// `S`: space, tab, line feed, carriage return.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// `Char`: what a document may hold, literally or by reference.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn is_name_start(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}'
            | '\u{203F}'..='\u{2040}')
}

/// Which bytes of ASCII are a `NameChar`. Names are mostly ASCII, and looking up a byte is faster
/// than comparing it with every range.
const ASCII_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        let letter = byte.is_ascii_alphanumeric();
        // The index of an array of 256 cannot be beyond its end.
        #[allow(
            clippy::indexing_slicing,
            clippy::as_conversions,
            reason = "evaluated when compiled"
        )]
        {
            table[byte as usize] = letter || matches!(byte, b':' | b'_' | b'-' | b'.');
        }
        byte = byte.strict_add(1);
    }
    table
};

fn is_ascii_name(byte: u8) -> bool {
    ASCII_NAME.get(usize::from(byte)) == Some(&true)
}

/// The length in bytes of the `Name` at the start of `text`; 0 where none begins.
pub(crate) fn name_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ascii = bytes.iter().position(|&byte| !is_ascii_name(byte)).unwrap_or(bytes.len());
    let is_whole = bytes.get(ascii).is_none_or(u8::is_ascii);
    if is_whole {
        let starts = bytes.first().is_some_and(|b| b.is_ascii_alphabetic() || b":_".contains(b));
        return if starts { ascii } else { 0 };
    }
    let mut characters = text.char_indices();
    match characters.next() {
        Some((_, c)) if is_name_start(c) => {}
        _ => return 0,
    }
    characters.find(|&(_, c)| !is_name_char(c)).map_or(text.len(), |(at, _)| at)
}

/// The `Name` at the start of `text`; empty where none begins.
pub(crate) fn name_at(text: &str) -> &str {
    text.get(..name_length(text)).unwrap_or("")
}

/// Bytes that are looked at together.
const CHUNK: usize = 32;

/// The offset and value of the first character in `text` that is no `Char`.
pub(crate) fn first_forbidden(text: &str) -> Option<(usize, char)> {
    // In valid UTF-8 only C0 controls and U+FFFE, U+FFFF (EF BF BE, EF BF BF) can be wrong.
    let mut from = 0usize;
    loop {
        let rest = text.as_bytes().get(from..)?;
        let suspect = |b: u8| b == 0xEF || (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'));
        // Most of a document is passed over a chunk at a time, without a branch for each byte.
        let plain =
            |chunk: &&[u8]| !chunk.iter().fold(false, |any, &b| any | (b < 0x20) | (b == 0xEF));
        let skipped = rest.chunks(CHUNK).take_while(plain).count().saturating_mul(CHUNK);
        let skipped = skipped.min(rest.len());
        let found = rest.get(skipped..)?.iter().position(|&b| suspect(b) || b < 0x20)?;
        let at = from.saturating_add(skipped).saturating_add(found);
        let byte = text.as_bytes().get(at).copied()?;
        if !suspect(byte) {
            from = at.saturating_add(1);
            continue;
        }
        let c = text.get(at..)?.chars().next()?;
        if !is_char(c) {
            return Some((at, c));
        }
        from = at.saturating_add(c.len_utf8());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_table() {
        assert_eq!(name_length("md:Entity x"), 9);
        assert_eq!(name_length("_a-1.b·="), 9 - 1);
        for none in ["", "1a", "-a", ".a", "×", "\u{300}", " a"] {
            assert_eq!(name_length(none), 0, "{none:?}");
        }
        assert_eq!(name_length("\u{10000}\u{EFFFF}"), 8);
        assert_eq!(name_length("a\u{37E}"), 1);
    }

    #[test]
    fn forbidden_characters_are_found_where_they_stand() {
        assert_eq!(first_forbidden("a\tb\r\n\u{FFFD}\u{85}\u{F900}"), None);
        assert_eq!(first_forbidden("é\u{1}"), Some((2, '\u{1}')));
        assert_eq!(first_forbidden("\u{FEFF}x\u{FFFE}"), Some((4, '\u{FFFE}')));
        assert_eq!(first_forbidden("x\u{FFFF}"), Some((1, '\u{FFFF}')));
    }
}
