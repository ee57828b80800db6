//! How a report looks: one file for each format. No renderer decides anything; all of them show the
//! same findings.

pub mod github;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod text;
mod visible;

use crate::report::{LeftOut, PlacedFinding};

pub(crate) use visible::{json as write_json, visible, visible_lines};

/// What a finding says in one paragraph, for formats that have room for one text: the message, what was
/// found and expected, what to do.
fn paragraph(finding: &PlacedFinding) -> String {
    let mut text = visible(&finding.message);
    let rows = [("found", &finding.found), ("expected", &finding.expected)];
    for (label, value) in rows {
        if let Some(value) = value {
            text.push_str(&format!("\n{label}: {}", visible(value)));
        }
    }
    if let Some(waived) = &finding.waived {
        text.push_str(&format!("\nwaived {}", visible(waived)));
    }
    for note in &finding.notes {
        text.push_str(&format!("\nnote: {}", visible(note)));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nhelp: {}", visible(help)));
    }
    text
}

/// How many findings of a rule are not shown, in a sentence.
fn sentence(left_out: &LeftOut) -> String {
    let LeftOut { rule, count, .. } = left_out;
    let findings = if *count == 1 { "finding" } else { "findings" };
    format!("{count} more {findings} of {rule} in this file, told by their number only")
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::text::Layout;
    use super::*;
    use crate::report::{DocumentReport, Report};
    use crate::rules::testing::{NOW, group, idp, to_aws_iam, with};
    use crate::{Options, check};

    /// What moves text about, or is taken for a command: each must be an escape in every format.
    const HOSTILE: &str = "::error::x ##[error]y ##vso[z]\u{7F}\u{9B}31m\u{85}\u{202A}\u{202E}\u{2066}\u{2069}\
                           \u{200E}\u{200F}\u{61C}\u{AD}\u{E0041}\u{2028}\u{2029}";

    fn report(documents: Vec<DocumentReport>) -> Report {
        let at = NOW.parse().unwrap();
        Report { documents, at, federation: None, config: None, passed_over: 0 }
    }

    fn all_formats(report: &Report) -> [(&'static str, String); 5] {
        let write = |render: &dyn Fn(&mut dyn io::Write) -> io::Result<()>| {
            let mut out = Vec::new();
            render(&mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let layout = Layout { quiet: false, verbose: true, width: 80 };
        let text = write(&|out| text::render(report, layout, out));
        [
            ("text", anstream::adapter::strip_str(&text).to_string()),
            ("json", write(&|out| json::render(report, true, out))),
            ("sarif", write(&|out| sarif::render(report, out))),
            ("junit", write(&|out| junit::render(report, out))),
            ("github", write(&|out| github::render(report, out))),
        ]
    }

    #[test]
    fn nothing_that_a_file_says_moves_text_or_is_a_command() {
        let at = NOW.parse().unwrap();
        let metadata = with(
            idp(),
            "https://idp.example.org/\"",
            &format!("\n{HOSTILE}\" cacheDuration=\"{HOSTILE}\""),
        );
        let role = "arn:aws:iam::111122223333:role/Admin,";
        let response = with(to_aws_iam(), role, &format!("{HOSTILE} {role} {HOSTILE},"));
        let name = format!("{HOSTILE}\n::error::x\u{1B}[2J.xml");
        let report = report(
            [metadata, response]
                .map(|xml| check(&name, xml.as_bytes(), &Options::default(), at))
                .into(),
        );
        let findings: Vec<_> = report.documents.iter().flat_map(|d| &d.findings).collect();
        let says =
            |f: &&PlacedFinding| f.found.as_ref().is_some_and(|found| found.contains("::error"));
        assert!(findings.iter().copied().filter(says).count() >= 1, "{findings:?}");
        for (format, out) in all_formats(&report) {
            assert!(out.contains("202e") || out.contains("U+202E"), "{format}: {out}");
            for c in out.chars().filter(|c| *c != '\n') {
                let is_marked = HOSTILE.contains(c) && !c.is_ascii_graphic() && c != ' ';
                assert!(!c.is_control() && !is_marked, "{format}: {c:?}\n{out}");
            }
            for line in out.lines().map(str::trim_start) {
                let is_ours = format == "github" && line.contains(" file=<U+003A>%3Aerror");
                assert!(!line.starts_with("::") || is_ours, "{format}: {line}");
                assert!(!line.contains("##[") && !line.contains("##vso["), "{format}: {line}");
            }
        }
    }

    #[test]
    fn what_is_left_out_is_said_in_every_format() {
        let at = NOW.parse().unwrap();
        let entities: Vec<String> = vec![idp(); 100];
        let document = check("x.xml", group(&entities).as_bytes(), &Options::default(), at);
        assert!(document.findings.len() < 300, "{}", document.findings.len());
        let rule = "metadata.duplicate-entity";
        let count = document.findings.iter().filter(|finding| finding.rule == rule).count();
        assert_eq!(count, crate::finding::FINDINGS_KEPT);
        let report = report(vec![document]);
        assert!(report.count(crate::Severity::Error) >= 99, "all of them are counted");
        let sentence = "79 more findings of metadata.duplicate-entity in this file";
        for (format, out) in all_formats(&report) {
            let wanted = match format {
                "text" => {
                    "metadata.duplicate-entity in 96 more places; --format json gives the first 20"
                }
                "json" => "\"count\": 79",
                _ => sentence,
            };
            assert_eq!(out.matches(wanted).count(), 1, "{format}: {out}");
        }
    }
}
