//! How a report looks: one file for each format. No renderer decides anything; all of them show the
//! same findings.

pub mod github;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod text;

use crate::report::PlacedFinding;

/// What a finding says in one paragraph, for formats that have room for one text: the message, what was
/// found and expected, what to do.
fn paragraph(finding: &PlacedFinding) -> String {
    let mut text = finding.message.clone();
    let rows = [("found", &finding.found), ("expected", &finding.expected)];
    for (label, value) in rows {
        if let Some(value) = value {
            text.push_str(&format!("\n{label}: {value}"));
        }
    }
    if let Some(waived) = &finding.waived {
        text.push_str(&format!("\nwaived {waived}"));
    }
    for note in &finding.notes {
        text.push_str(&format!("\nnote: {note}"));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    text
}
