//! What a file says, made fit to be written: the one place that decides which characters are not written
//! as they stand. Names of files, values of attributes and entity IDs come from strangers, and a report
//! is read by terminals, which obey control characters, by people, whom the marks that turn the
//! direction of writing deceive, and by the runners of CI systems, which take a line that begins with
//! `::` or has `##[` in it for a command. How long a value may be is the business of each format, and so
//! is what its own syntax needs.

use std::io::{self, Write};

use serde::Serialize;

/// The text with everything in it that must not be written as it stands made visible: `<U+202E>`.
pub(crate) fn visible(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for (c, is_hidden) in characters(text) {
        if is_hidden {
            written.push_str(&format!("<U+{:04X}>", u32::from(c)));
        } else {
            written.push(c);
        }
    }
    written
}

/// [`visible`] of a text that may have several lines of its own: their ends stay.
pub(crate) fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// Writes a value as JSON over several lines, and a line end. What must not be written as it stands is an
/// escape of JSON, so that whoever reads it gets the text as it was.
pub(crate) fn json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    for line in text.lines() {
        let mut rest = 0;
        for (at, (c, is_hidden)) in line.char_indices().map(|(at, _)| at).zip(characters(line)) {
            if is_hidden {
                out.write_all(line.get(rest..at).unwrap_or_default().as_bytes())?;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                rest = at.saturating_add(c.len_utf8());
            }
        }
        writeln!(out, "{}", line.get(rest..).unwrap_or_default())?;
    }
    Ok(())
}

/// The characters of a text, each with whether it must not be written as it stands.
fn characters(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut before: Option<char> = None;
    text.char_indices().map(move |(at, c)| {
        let begins_word = before.is_none_or(char::is_whitespace);
        before = Some(c);
        let rest = || text.get(at..).unwrap_or_default();
        let is_command = match c {
            ':' => begins_word && rest().starts_with("::"),
            '#' => begins_logging_command(rest()),
            _ => false,
        };
        (c, is_command || moves(c))
    })
}

/// Whether a character moves what stands around it, or cannot be seen.
fn moves(c: char) -> bool {
    let is_mark = matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}');
    c.is_control() || is_mark
}

/// `##[` of GitHub's and Azure's runners, `##vso[` of Azure's, `##teamcity[`: they look for it anywhere in
/// a line.
fn begins_logging_command(text: &str) -> bool {
    let name = text.strip_prefix("##");
    name.is_some_and(|name| {
        name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('[')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_text_about_is_visible() {
        for (hidden, shown) in [
            ("\u{1B}[31m", "<U+001B>[31m"),
            ("\u{7F}\u{9B}31m", "<U+007F><U+009B>31m"),
            ("a\nb\r\tc", "a<U+000A>b<U+000D><U+0009>c"),
            ("\u{202A}\u{202E}\u{2066}\u{2069}", "<U+202A><U+202E><U+2066><U+2069>"),
            ("\u{200E}\u{200F}\u{61C}\u{AD}", "<U+200E><U+200F><U+061C><U+00AD>"),
            ("\u{2028}\u{2029}\u{85}", "<U+2028><U+2029><U+0085>"),
            ("\u{E0041}\u{E007F}\u{FEFF}", "<U+E0041><U+E007F><U+FEFF>"),
        ] {
            assert_eq!(visible(hidden), shown);
        }
        assert_eq!(visible("größe → 漢字 🔑"), "größe → 漢字 🔑");
    }

    #[test]
    fn what_a_runner_takes_for_a_command_is_none() {
        for (command, shown) in [
            ("::error::x", "<U+003A>:error::x"),
            ("a ::set-env name=x::y", "a <U+003A>:set-env name=x::y"),
            ("a\u{A0}::x", "a\u{A0}<U+003A>:x"),
            ("##[error]x", "<U+0023>#[error]x"),
            ("a##vso[task.x]y", "a<U+0023>#vso[task.x]y"),
            ("###[x]", "#<U+0023>#[x]"),
        ] {
            assert_eq!(visible(command), shown);
        }
        for harmless in ["urn:a::b", "https://[::1]/", "## heading", "# [x]", "##"] {
            assert_eq!(visible(harmless), harmless);
        }
        assert_eq!(visible_lines("a\n::x\u{1B}"), "a\n<U+003A>:x<U+001B>");
    }

    #[test]
    fn json_says_the_same_without_it() {
        let hostile = "\u{7F}\u{9B}\u{202E}\u{E0041}\n::x ##[y]\u{2028}ä";
        let mut out = Vec::new();
        json(&[hostile, "a"], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "[\n  \"\\u007f\\u009b\\u202e\\udb40\\udc41\\n::x \\u0023#[y]\\u2028ä\",\n  \"a\"\n]\n"
        );
        let read: Vec<String> = serde_json::from_str(&text).unwrap();
        assert_eq!(read, [hostile, "a"]);
    }
}
