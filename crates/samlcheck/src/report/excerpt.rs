//! The words of a file around a place in it, few enough to keep: a file may be one line of a hundred
//! thousand characters, and a report may have thousands of findings.

use std::ops::Range;

/// Characters that are kept on each side of a place, and of the place itself at each of its ends.
const KEPT: usize = 120;

/// A place in a file, and what stands around it on the same line. What is cut off has `…` in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// What stands before the place.
    pub before: String,
    /// The place, up to the end of its first line.
    pub marked: String,
    /// What stands after it.
    pub after: String,
}

impl Excerpt {
    /// The excerpt of `text` at `range`, in bytes; `None` where `range` is none of `text`.
    pub(crate) fn new(text: &str, range: Range<usize>) -> Option<Self> {
        let (before, rest) = text.split_at_checked(range.start)?;
        let (marked, after) = rest.split_at_checked(range.end.checked_sub(range.start)?)?;
        // Only so much is looked at as can be kept, whatever the length of the line.
        let (before, after) = (last_bytes(before), first_bytes(after));
        let is_end = |c: char| c == '\n' || c == '\r';
        let before = before.rsplit(is_end).next().unwrap_or_default();
        let head = first_bytes(marked);
        let line = head.split(is_end).next().unwrap_or_default();
        let (marked, is_one_line) = if line.len() == head.len() && head.len() < marked.len() {
            let end = keep_last_line(marked);
            (format!("{}{end}", keep_start(head, KEPT)), !end.is_empty())
        } else {
            (keep_both_ends(line, KEPT), line.len() == marked.len())
        };
        let after = if is_one_line { after.split(is_end).next().unwrap_or_default() } else { "" };
        Some(Self { before: keep_end(before, KEPT), marked, after: keep_start(after, KEPT) })
    }

    /// Makes it fit into so many characters: the place is cut in its middle, what stands around it at
    /// its ends.
    #[must_use]
    pub fn fit(&self, width: usize) -> Self {
        let marked = keep_both_ends(&self.marked, width.saturating_mul(2) / 6);
        let left = width.saturating_sub(marked.chars().count());
        let after_length = self.after.chars().count();
        let before = keep_end(&self.before, left.saturating_sub(after_length.min(left / 2)));
        let left = left.saturating_sub(before.chars().count());
        Self { after: keep_start(&self.after, left), before, marked }
    }
}

/// Bytes that hold one character more than are kept.
const LOOKED_AT: usize = 4 * (KEPT + 1);

fn first_bytes(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or(text)
}

fn last_bytes(text: &str) -> &str {
    text.get(text.ceil_char_boundary(text.len().saturating_sub(LOOKED_AT))..).unwrap_or(text)
}

/// The end of a long piece, if it is on one line as far as that is looked at.
fn keep_last_line(text: &str) -> String {
    let end = last_bytes(text);
    if end.contains(['\n', '\r']) { String::new() } else { keep_end(end, KEPT).replace('…', "") }
}

fn keep_start(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let kept = text.chars().take(characters.saturating_sub(1));
    if characters == 0 { String::new() } else { kept.chain(['…']).collect() }
}

fn keep_end(text: &str, characters: usize) -> String {
    let count = text.chars().count();
    if count <= characters {
        return text.to_owned();
    }
    let kept = text.chars().skip(count.saturating_sub(characters).saturating_add(1));
    if characters == 0 { String::new() } else { ['…'].into_iter().chain(kept).collect() }
}

/// Both ends of a text of so many characters each, with `…` between them where something is left out.
fn keep_both_ends(text: &str, characters: usize) -> String {
    let count = text.chars().count();
    if count <= characters.saturating_mul(2) {
        return text.to_owned();
    }
    let end = text.chars().skip(count.saturating_sub(characters));
    text.chars().take(characters).chain(['…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, marked: &str) -> Excerpt {
        let start = text.find(marked).unwrap();
        Excerpt::new(text, start..start.saturating_add(marked.len())).unwrap()
    }

    fn parts(excerpt: &Excerpt) -> [&str; 3] {
        [&excerpt.before, &excerpt.marked, &excerpt.after]
    }

    #[test]
    fn of_its_line_only() {
        assert_eq!(parts(&of("a\nb <c> d\ne", "<c>")), ["b ", "<c>", " d"]);
        assert_eq!(parts(&of("a\r\nb <c\nx> d", "<c\nx>")), ["b ", "<c", ""]);
        assert_eq!(parts(&of("abc", "")), ["", "", "abc"]);
        assert_eq!(Excerpt::new("ä", 1..2), None);
    }

    #[test]
    fn of_a_very_long_line() {
        let text = format!("{}<mark>{}", "ä".repeat(50_000), "ö".repeat(50_000));
        let excerpt = of(&text, "<mark>");
        assert_eq!(excerpt.before.chars().count(), KEPT);
        assert!(excerpt.before.starts_with('…') && excerpt.after.ends_with('…'));
        let fit = excerpt.fit(40);
        assert_eq!(parts(&fit).concat().chars().count(), 40);
        assert!(fit.before.starts_with('…') && fit.after.ends_with('…') && fit.marked == "<mark>");
    }

    #[test]
    fn of_a_very_long_place() {
        let text = format!("<a x=\"{}\">", "ä".repeat(50_000));
        let excerpt = Excerpt::new(&text, 0..text.len()).unwrap();
        let [before, marked, after] = parts(&excerpt);
        assert_eq!((before, after), ("", ""));
        assert!(marked.starts_with("<a x=\"ä") && marked.ends_with("ä\">"), "{marked}");
        assert_eq!(marked.matches('…').count(), 1);
        assert!(marked.chars().count() <= 2 * KEPT);
        let lines = format!("<a\n{}", "x\n".repeat(50_000));
        assert_eq!(parts(&Excerpt::new(&lines, 0..lines.len()).unwrap()), ["", "<a", ""]);
    }

    #[test]
    fn into_few_characters() {
        let excerpt =
            of("<X509Certificate>MIIC8DCCAdigAwIBAgIQ</X509Certificate>", "MIIC8DCCAdigAwIBAgIQ");
        assert_eq!(parts(&excerpt.fit(30)), ["…ate>", "MIIC8DCCAdigAwIBAgIQ", "</X5…"]);
        assert_eq!(parts(&excerpt.fit(20)), ["…te>", "MIIC8D…IBAgIQ", "</…"]);
    }
}
