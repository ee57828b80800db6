//! The two sides of a pair beside one another, and the values to type in.

use std::io::{self, Write};

use super::{BOLD, DIM, clean, wrap};
use crate::federation::{Federation, Page};

/// The width of the labels.
const LABEL: usize = 18;
/// Spaces between the columns.
const GAP: usize = 2;

/// Writes the table, who believes whom, and what is not proven.
pub(super) fn write(federation: &Federation, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let column = width.saturating_sub(LABEL).saturating_sub(GAP) / 2;
    let (idp, sp) = ("identity provider", "service provider");
    writeln!(out, "{:LABEL$}{BOLD}{idp:column$}{BOLD:#}{:GAP$}{BOLD}{sp}{BOLD:#}", "", "")?;
    for (label, left, right) in federation.rows() {
        for at in 0..left.len().max(right.len()) {
            let label = if at == 0 { label } else { "" };
            let cell = |lines: &[String]| {
                middle(&clean(lines.get(at).map(String::as_str).unwrap_or_default()), column)
            };
            let (left, right) = (cell(&left), cell(&right));
            let line = format!("{DIM}{label:LABEL$}{DIM:#}{left:column$}{:GAP$}{right}", "");
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    writeln!(out)?;
    let paragraph = |label: &str, text: &str, out: &mut dyn Write| {
        let text = wrap(&clean(text), width.saturating_sub(LABEL));
        let mut label = label;
        text.lines().try_for_each(|line| {
            writeln!(out, "{DIM}{:LABEL$}{DIM:#}{line}", std::mem::take(&mut label))
        })
    };
    let [to_sp, to_idp] = federation.trust();
    paragraph("trust, IdP to SP", &to_sp, out)?;
    paragraph("trust, SP to IdP", &to_idp, out)?;
    let mut label = "not proven";
    for sentence in federation.not_proven() {
        paragraph(std::mem::take(&mut label), &sentence, out)?;
    }
    paragraph("to type in", "the values for each side: the same call with --values", out)?;
    writeln!(out)
}

/// Writes the values to type in, whole, so that they can be copied.
///
/// # Errors
/// Whatever keeps `out` from taking it.
pub fn values(pages: &[Page], out: &mut dyn Write) -> io::Result<()> {
    for (at, page) in pages.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{BOLD}{}{BOLD:#}", page.place)?;
        let mut before = "";
        for (name, value) in &page.values {
            if *name != before {
                writeln!(out, "  {DIM}{name}{DIM:#}")?;
            }
            writeln!(out, "    {}", clean(value))?;
            before = name;
        }
    }
    Ok(())
}

/// Cuts a value in its middle, so that it has so many characters.
fn middle(text: &str, width: usize) -> String {
    let count = text.chars().count();
    if count <= width {
        return text.to_owned();
    }
    let kept = width.saturating_sub(1);
    let (head, tail) = (kept.div_ceil(2), kept / 2);
    let end = text.chars().skip(count.saturating_sub(tail));
    text.chars().take(head).chain(['…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_in_their_middle() {
        assert_eq!(middle("https://idp.example/", 20), "https://idp.example/");
        assert_eq!(middle("https://idp.example/x", 20), "https://id…example/x");
        assert_eq!(middle("größe größe", 5), "gr…ße");
    }
}
