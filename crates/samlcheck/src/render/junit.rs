//! JUnit's XML, which most CI systems read: a suite for each file, a case for each rule that looked. An
//! error is a failure of its case; warnings and hints stand in its output, because a case has no state
//! for them.

use std::io::{self, Write};

use super::{paragraph, sentence, visible};
use crate::report::{DocumentReport, PlacedFinding, Report, RuleOutcome};
use crate::rule::Severity;

/// Writes the suites.
///
/// # Errors
/// Whatever keeps `out` from taking it.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let tests: usize = report.documents.iter().map(|document| cases(document).count()).sum();
    let failures: usize = report.documents.iter().map(failures).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"samlcheck\" tests=\"{tests}\" failures=\"{failures}\">")?;
    for document in &report.documents {
        suite(report, document, out)?;
    }
    writeln!(out, "</testsuites>")
}

/// The rules that looked; those that do not apply are no cases, and those not reached are skipped.
fn cases(document: &DocumentReport) -> impl Iterator<Item = (&'static str, RuleOutcome)> {
    let outcomes = document.outcomes.iter().copied();
    outcomes.filter(|(_, outcome)| !matches!(outcome, RuleOutcome::DoesNotApply(_)))
}

fn failures(document: &DocumentReport) -> usize {
    let is_error = |finding: &&PlacedFinding| finding.severity == Severity::Error;
    let broken = |(rule, _): &(&str, RuleOutcome)| {
        document.findings.iter().filter(is_error).any(|finding| finding.rule == *rule)
    };
    cases(document).filter(broken).count()
}

fn suite(report: &Report, document: &DocumentReport, out: &mut dyn Write) -> io::Result<()> {
    let skipped = |(_, outcome): &(&str, RuleOutcome)| *outcome == RuleOutcome::NotReached;
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" timestamp=\"{}\">",
        escape(&visible(&document.source)),
        cases(document).count(),
        failures(document),
        cases(document).filter(skipped).count(),
        report.at.format("%Y-%m-%dT%H:%M:%S"),
    )?;
    for (rule, outcome) in cases(document) {
        let group = rule.split('.').next().unwrap_or(rule);
        write!(out, "    <testcase classname=\"samlcheck.{group}\" name=\"{rule}\"")?;
        let findings = document.findings.iter().filter(|finding| finding.rule == rule);
        let findings: Vec<&PlacedFinding> = findings.collect();
        if outcome == RuleOutcome::NotReached {
            writeln!(out, "><skipped message=\"what it looks at could not be read\"/></testcase>")?;
        } else if findings.is_empty() {
            writeln!(out, "/>")?;
        } else {
            writeln!(out, ">")?;
            case(document, &findings, out)?;
            writeln!(out, "    </testcase>")?;
        }
    }
    writeln!(out, "  </testsuite>")
}

fn case(
    document: &DocumentReport,
    findings: &[&PlacedFinding],
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = |finding: &PlacedFinding| match finding.location {
        Some(location) => format!("{}:{}", visible(&document.source), location.position),
        None => visible(&document.source),
    };
    let text = |finding: &PlacedFinding| format!("{}\n{}", place(finding), paragraph(finding));
    let rule = findings.first().map(|finding| finding.rule);
    let (errors, others): (Vec<_>, Vec<_>) =
        findings.iter().copied().partition(|finding| finding.severity == Severity::Error);
    let more = |is_error: bool| {
        let of_rule = document.left_out.iter().filter(|more| Some(more.rule) == rule);
        let of_list = of_rule.filter(move |more| (more.severity == Severity::Error) == is_error);
        of_list.map(sentence)
    };
    if let Some(first) = errors.first() {
        let all = errors.iter().map(|finding| text(finding));
        let all: Vec<String> = all.chain(more(true)).collect();
        let (message, body) = (escape(&visible(&first.message)), escape(&all.join("\n\n")));
        let rule = first.rule;
        writeln!(out, "      <failure message=\"{message}\" type=\"{rule}\">{body}</failure>")?;
    }
    if !others.is_empty() {
        let all = others.iter().map(|finding| format!("{}: {}", finding.severity, text(finding)));
        let all: Vec<String> = all.chain(more(false)).collect();
        writeln!(out, "      <system-out>{}</system-out>", escape(&all.join("\n\n")))?;
    }
    Ok(())
}

/// Text that XML takes, in an attribute as well; what XML forbids becomes its number.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push('\t'),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {
                escaped.extend(c.escape_unicode());
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use samlkit::xml::Document;

    use super::*;
    use crate::rules::testing::ENTRA_COMMON;
    use crate::{Options, check};

    #[test]
    fn it_is_xml_whatever_the_file_says() {
        let at = "2026-11-21T03:09:00Z".parse().unwrap();
        let hostile = ENTRA_COMMON.replace("{tenantid}", "{tenantid}&lt;&quot;\u{FEFF}&amp;");
        let document = check("a<\u{1}\">.xml", hostile.as_bytes(), &Options::default(), at);
        let report = Report {
            documents: vec![document],
            at,
            federation: None,
            config: None,
            passed_over: 0,
        };
        let mut out = Vec::new();
        render(&report, &mut out).unwrap();
        let document = Document::parse(&out).unwrap();
        let root = document.root();
        let named = |local: &str| document.elements().filter(|e| e.name().local == local).count();
        let count = |name: &str| root.attribute(name).unwrap().value().parse::<usize>().unwrap();
        assert_eq!(named("testcase"), count("tests"));
        assert_eq!(named("failure"), count("failures"));
        assert!(count("failures") >= 1 && count("tests") > 40);
    }
}
