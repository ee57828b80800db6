//! SARIF 2.1.0 (OASIS), which code scanning reads: one run, the rules that found something with their
//! explanations, a result for each finding. A model of what is used, and not of the whole standard.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use super::{paragraph, sentence, write_json};
use crate::report::{DocumentReport, LeftOut, PlacedFinding, Report};
use crate::rule::{Rule, Severity};
use crate::rules::ALL;

/// Where the schema is.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes the log as one JSON object and a line end.
///
/// # Errors
/// Whatever keeps `out` from taking it.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let found = report.documents.iter().flat_map(|document| &document.findings);
    let names: BTreeSet<&str> = found.map(|finding| finding.rule).collect();
    let rules: Vec<&Rule> = ALL.iter().copied().filter(|rule| names.contains(rule.name)).collect();
    let of_document = |document| Result::all(document, &rules);
    let results = report.documents.iter().flat_map(of_document).collect();
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "samlcheck",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.iter().map(|rule| Descriptor::new(rule)).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    write_json(&log, out)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Result>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Text,
    help: Help,
    default_configuration: Configuration,
}

impl Descriptor {
    fn new(rule: &Rule) -> Self {
        let text = rule.lines().collect::<Vec<_>>().join("\n");
        Self {
            id: rule.name,
            short_description: Text { text: rule.summary() },
            help: Help { markdown: text.clone(), text },
            default_configuration: Configuration { level: level(rule.severity) },
        }
    }
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result {
    rule_id: &'static str,
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
}

impl Result {
    /// A result for each finding of a document, and one for those of a rule that are left out.
    fn all(document: &DocumentReport, rules: &[&Rule]) -> Vec<Self> {
        let index = |name: &str| rules.iter().position(|rule| rule.name == name);
        let result = |rule: &'static str, severity, text, region| Self {
            rule_id: rule,
            rule_index: index(rule),
            level: level(severity),
            message: Text { text },
            locations: [Location {
                physical_location: PhysicalLocation {
                    artifact_location: ArtifactLocation { uri: uri(&document.source) },
                    region,
                },
            }],
        };
        let of_finding = |finding: &PlacedFinding| {
            let region = finding.location.map(|location| Region {
                start_line: location.position.line,
                start_column: location.position.column,
                byte_offset: location.position.offset,
                byte_length: location.length,
            });
            result(finding.rule, finding.severity, paragraph(finding), region)
        };
        let of_left_out = |more: &LeftOut| result(more.rule, more.severity, sentence(more), None);
        let findings = document.findings.iter().map(of_finding);
        findings.chain(document.left_out.iter().map(of_left_out)).collect()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    byte_offset: usize,
    byte_length: usize,
}

/// A file's name as a relative reference (RFC 3986): what has a meaning in one is escaped.
fn uri(source: &str) -> String {
    let mut uri = String::with_capacity(source.len());
    for octet in source.replace('\\', "/").bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(octet));
            }
            octet => uri.push_str(&format!("%{octet:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_references() {
        assert_eq!(uri("a/b c.xml"), "a/b%20c.xml");
        assert_eq!(uri("har.json (POST https://x/)"), "har.json%20%28POST%20https%3A//x/%29");
    }
}
