//! Workflow commands of GitHub Actions: each finding becomes an annotation of the file in a pull
//! request. Line ends and the characters that end a command are escaped as the runner wants them.

use std::io::{self, Write};

use super::{paragraph, sentence, visible};
use crate::report::{DocumentReport, Report};
use crate::rule::Severity;

/// Writes a line for each finding, and one for the findings of a rule that are left out.
///
/// # Errors
/// Whatever keeps `out` from taking it.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    report.documents.iter().try_for_each(|document| annotations(document, out))
}

fn annotations(document: &DocumentReport, out: &mut dyn Write) -> io::Result<()> {
    for finding in &document.findings {
        let level = level(finding.severity);
        write!(out, "::{level} file={}", property(&document.source))?;
        if let Some(location) = finding.location {
            write!(out, ",line={},col={}", location.position.line, location.position.column)?;
        }
        writeln!(out, ",title={}::{}", property(finding.rule), data(&paragraph(finding)))?;
    }
    for left_out in &document.left_out {
        let (level, file) = (level(left_out.severity), property(&document.source));
        let (title, text) = (property(left_out.rule), data(&sentence(left_out)));
        writeln!(out, "::{level} file={file},title={title}::{text}")?;
    }
    Ok(())
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// What follows the second pair of colons.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, in which `:` and `,` mean something as well.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_ends_a_command() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a,b:c%\u{9B}"), "a%2Cb%3Ac%25<U+009B>");
    }
}
