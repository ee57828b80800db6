//! A finding as a compiler shows it: what is wrong, the place in the file with a mark under it, what was
//! found and what was expected, what to do.

use std::collections::HashMap;
use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use super::{DIM, clean, wrap};
use crate::finding::FINDINGS_KEPT;
use crate::report::{DocumentReport, PlacedFinding};
use crate::rule::Severity;

/// Findings of one rule that are shown for one file.
const FINDINGS_OF_A_RULE: usize = 3;
/// Characters before a line of the file, beside the digits of its number.
const GUTTER: usize = 4;
/// Characters of the words `found` and `expected`, with the space behind them.
const LABEL: usize = 9;
/// Characters before a sentence.
const INDENT: usize = 10;

/// Writes the findings that are wanted, the first few of each rule.
pub(super) fn write(
    document: &DocumentReport,
    wanted: impl Fn(&PlacedFinding) -> bool,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let wanted: Vec<&PlacedFinding> = document.findings.iter().filter(|f| wanted(f)).collect();
    let mut of_rule = HashMap::new();
    for finding in &wanted {
        let so_far = of_rule.entry((finding.rule, finding.severity)).or_insert(0usize);
        *so_far = so_far.saturating_add(1);
    }
    for more in &document.left_out {
        // Their first few are among those that are wanted, or not.
        if let Some(count) = of_rule.get_mut(&(more.rule, more.severity)) {
            *count = more.count.saturating_add(*count);
        }
    }
    let mut shown = HashMap::new();
    for finding in wanted {
        let key = (finding.rule, finding.severity);
        let so_far = shown.entry(key).or_insert(0usize);
        *so_far = so_far.saturating_add(1);
        if *so_far > FINDINGS_OF_A_RULE {
            continue;
        }
        writeln!(out, "{}\n", one(&document.source, finding, width))?;
        let more = of_rule.get(&key).copied().unwrap_or(0).saturating_sub(FINDINGS_OF_A_RULE);
        if *so_far == FINDINGS_OF_A_RULE && more > 0 {
            let places = if more == 1 { "place" } else { "places" };
            let rule = finding.rule;
            let is_all = !document.left_out.iter().any(|more| (more.rule, more.severity) == key);
            let given =
                if is_all { "all".to_owned() } else { format!("the first {FINDINGS_KEPT}") };
            writeln!(
                out,
                "{DIM}{rule} in {more} more {places}; --format json gives {given}{DIM:#}\n"
            )?;
        }
    }
    Ok(())
}

/// The colour of a severity.
pub(super) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Info => AnsiColor::Cyan.on_default().bold(),
    }
}

fn one(source: &str, finding: &PlacedFinding, width: usize) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    // The title begins with severity[rule] and a colon.
    let before = finding.severity.name().len().saturating_add(finding.rule.len()).saturating_add(4);
    let message = wrap(&clean(&finding.message), width.saturating_sub(before));
    let title = level.primary_title(message).id(finding.rule);
    let source = clean(source);
    let place = finding.location.map(|l| (usize_of(l.position.line), usize_of(l.position.column)));
    let (line, column) = place.unwrap_or((1, 1));
    let excerpt = finding.excerpt.as_ref().map(|excerpt| {
        let digits = line.to_string().len();
        let fit = excerpt.fit(width.saturating_sub(GUTTER).saturating_sub(digits));
        let [before, marked, after] =
            [&fit.before, &fit.marked, &fit.after].map(|part| shown(part));
        (before.len()..before.len().saturating_add(marked.len()), [before, marked, after].concat())
    });
    // The column that the window knows; the file's own is put in its place below.
    let mut of_window = None;
    let mut group: Group<'_> = match (excerpt, place) {
        (Some((span, text)), _) => {
            let before = text.get(..span.start).map_or(0, |before| before.chars().count());
            of_window = Some(before.saturating_add(1));
            let snippet = Snippet::source(text).line_start(line).path(source.as_str());
            title.element(snippet.annotation(AnnotationKind::Primary.span(span)))
        }
        (None, Some((line, column))) => {
            title.element(Origin::path(source.as_str()).line(line).char_column(column))
        }
        (None, None) => title.element(Origin::path(source.as_str())),
    };
    let plain = |label: &str, value: &str| {
        let text = wrap(&clean(value), width.saturating_sub(INDENT).saturating_sub(LABEL));
        let lines: Vec<&str> = text.lines().collect();
        let next = format!("\n{:LABEL$}", "");
        Level::NOTE.no_name().message(format!("{label:LABEL$}{}", lines.join(&next)))
    };
    let sentence = |value: &str| wrap(&clean(value), width.saturating_sub(INDENT));
    group = group.elements(finding.found.iter().map(|found| plain("found", found)));
    group = group.elements(finding.expected.iter().map(|expected| plain("expected", expected)));
    group = group.elements(
        finding
            .waived
            .iter()
            .map(|waived| Level::NOTE.with_name("waived").message(sentence(waived))),
    );
    group = group.elements(finding.notes.iter().map(|note| Level::NOTE.message(sentence(note))));
    group = group.elements(finding.help.iter().map(|help| Level::HELP.message(sentence(help))));
    let renderer = Renderer::styled().decor_style(DecorStyle::Unicode).term_width(width);
    let text = renderer.render(&[group]);
    let at = of_window.and_then(|window| {
        let (found, wanted) =
            (format!("{source}:{line}:{window}"), format!("{source}:{line}:{column}"));
        let arrow = text.find('▸')?;
        let (title, rest) = text.split_at_checked(arrow)?;
        Some(format!("{title}{}", rest.replacen(&found, &wanted, 1)))
    });
    at.unwrap_or(text)
}

/// A piece of a line, with nothing in it that moves a cursor.
fn shown(piece: &str) -> String {
    clean(&piece.replace('\t', " "))
}

fn usize_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
