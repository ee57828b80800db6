//! Text for people: the facts first, then the findings with their places, the verdict last. What a
//! file says is never written to a terminal as it stands: control characters and the marks that
//! turn the direction of writing are escaped, and long values are cut in the middle.

mod facts;
mod federation;
mod finding;

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::visible;
use crate::report::{DocumentKind, DocumentReport, Report, RuleOutcome};
use crate::rule::Severity;

/// Characters of a value that are shown at most; the middle is cut.
const VALUE: usize = 400;
/// The least width that anything is fitted into, in characters.
const NARROWEST: usize = 40;

pub use federation::values;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// How the report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Leave out all but the errors.
    pub quiet: bool,
    /// Say of every rule what became of it.
    pub verbose: bool,
    /// The width to fit into, in characters.
    pub width: usize,
}

/// Writes the report.
///
/// # Errors
/// Whatever keeps `out` from taking it.
pub fn render(report: &Report, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let layout = Layout { width: layout.width.max(NARROWEST), ..layout };
    if layout.quiet {
        for document in &report.documents {
            finding::write(document, |f| f.severity == Severity::Error, layout.width, out)?;
        }
        return Ok(());
    }
    let known = |document: &&DocumentReport| !matches!(document.kind, DocumentKind::NotSaml(_));
    let judged = report.documents.iter().filter(|document| document.verdict.is_some()).count();
    for document in report.documents.iter().filter(known) {
        facts::write(document, judged > 1, out)?;
        writeln!(out)?;
        finding::write(document, |_| true, layout.width, out)?;
        if layout.verbose {
            outcomes(document, layout.width, out)?;
        }
    }
    if let Some(sides) = &report.federation {
        federation::write(sides, layout.width, out)?;
    }
    if report.documents.iter().any(|document| known(&document)) {
        verdict(report, out)?;
    }
    Ok(())
}

/// What a file says, [`visible`] and not endless.
pub(crate) fn clean(text: &str) -> String {
    let end = |characters: usize| text.char_indices().nth(characters).map(|(at, _)| at);
    let start = text.char_indices().rev().nth((VALUE / 2).saturating_sub(1)).map(|(at, _)| at);
    match (end(VALUE), end(VALUE / 2), start) {
        (Some(_), Some(end), Some(start)) => {
            let [head, tail] = [text.get(..end), text.get(start..)].map(Option::unwrap_or_default);
            format!("{} … {}", visible(head), visible(tail))
        }
        _ => visible(text),
    }
}

/// Breaks a sentence into lines of at most so many characters, between words. A word that is longer
/// stands on a line of its own, whole, so that it can be copied.
pub(crate) fn wrap(text: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut length = 0usize;
    for word in text.split(' ') {
        let characters = word.chars().count();
        let longer = length.saturating_add(1).saturating_add(characters);
        if length > 0 && longer > width {
            lines.push('\n');
            length = characters;
        } else {
            if length > 0 {
                lines.push(' ');
            }
            length = if length > 0 { longer } else { characters };
        }
        lines.push_str(word);
    }
    lines
}

/// What became of each rule, those of one reason together.
fn outcomes(document: &DocumentReport, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut by_outcome: BTreeMap<(u8, &str), Vec<&str>> = BTreeMap::new();
    for (rule, outcome) in &document.outcomes {
        let key = match outcome {
            RuleOutcome::Found => continue,
            RuleOutcome::Passed => (0, "passed"),
            RuleOutcome::NotReached => (1, "not reached: what they look at could not be read"),
            RuleOutcome::DoesNotApply(reason) => (2, *reason),
        };
        by_outcome.entry(key).or_default().push(rule);
    }
    for ((kind, reason), rules) in by_outcome {
        let does_not_apply = if kind == 2 { "does not apply: " } else { "" };
        writeln!(out, "{DIM}{does_not_apply}{reason} ({}){DIM:#}", rules.len())?;
        let names = wrap(&rules.join(", "), width.saturating_sub(2));
        for line in names.lines() {
            writeln!(out, "  {line}")?;
        }
    }
    writeln!(out)
}

fn verdict(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let number = |count: usize, one: &str, many: &str| match count {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let errors = report.count(Severity::Error);
    match report.verdict() {
        Some(true) => write!(out, "{0}accept{0:#} · ", AnsiColor::Green.on_default().bold())?,
        Some(false) => write!(out, "{0}reject{0:#} · ", finding::style(Severity::Error))?,
        None => {}
    }
    let style = if errors > 0 {
        finding::style(Severity::Error)
    } else {
        AnsiColor::Green.on_default().bold()
    };
    write!(out, "{style}{}{style:#}", number(errors, "error", "errors"))?;
    write!(out, ", {}", number(report.count(Severity::Warning), "warning", "warnings"))?;
    write!(out, ", {}", number(report.count(Severity::Info), "hint", "hints"))?;
    let checks = report.checks();
    write!(out, " · {} checks passed, {} do not apply", checks.passed, checks.does_not_apply)?;
    if checks.not_reached > 0 {
        write!(out, ", {} not reached", checks.not_reached)?;
    }
    let allowed: usize = report.documents.iter().map(|document| document.allowed).sum();
    if allowed > 0 {
        write!(out, " · {} allowed", number(allowed, "finding", "findings"))?;
    }
    if let Some(config) = &report.config {
        write!(out, " · by {}", clean(config))?;
    }
    if report.documents.len() > 1 {
        write!(out, " · {} documents", report.documents.len())?;
    }
    if report.passed_over > 0 {
        let others = if report.passed_over == 1 { "other" } else { "others" };
        write!(out, " · {} {others} passed over", report.passed_over)?;
    }
    writeln!(out, " · as of {}", report.at.format("%Y-%m-%d %H:%M UTC"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_file_says_reaches_the_terminal_as_it_stands() {
        assert_eq!(
            clean("a\u{1B}[31mb\u{202E}c\nd\u{200B}"),
            "a<U+001B>[31mb<U+202E>c<U+000A>d<U+200B>"
        );
        assert_eq!(clean("größe →"), "größe →");
        let long = "x".repeat(VALUE);
        assert_eq!(clean(&long), long);
        let cut = clean(&format!("{long}y"));
        assert!(cut.contains(" … ") && cut.ends_with('y') && cut.chars().count() == VALUE + 3);
    }

    #[test]
    fn sentences_are_broken_between_words() {
        assert_eq!(wrap("one two three", 7), "one two\nthree");
        assert_eq!(wrap("https://sp.example/acs is long", 8), "https://sp.example/acs\nis long");
        assert_eq!(wrap("", 8), "");
    }
}
