//! The rule `capture.truncated`.

use samlkit::capture::CaptureError;
use samlkit::xml::{Document, ErrorKind};

use super::{Captured, for_message};
use crate::case::Options;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The message was cut: its base64 or its XML ends in the middle.
    ///
    /// ## Why it matters
    /// Log lines, terminals and chat windows cut long values. Nothing can be said of the rest.
    ///
    /// ## How to fix it
    /// Take it from the payload of the request in the browser's network tools, not from a log line.
    ///
    /// ## Example
    /// ```text
    /// bad   PHNhbWxwOlJlc3BvbnNlIElEPSJf…  (the log cuts lines at 1,500 characters)
    /// good  the whole value, which ends with the base64 of </samlp:Response>
    /// ```
    pub static TRUNCATED = "capture.truncated" {
        severity: Error,
        sources: [Other("RFC 4648, 4")],
        check: Capture(check)
    }
}

fn check(captured: &Captured<'_>, options: &Options) -> Outcome {
    let help = "take it from the payload of the request in the browser's network tools, not from a \
                log line or a terminal";
    match captured {
        Err(CaptureError::CutShort) => {
            Finding::new("the base64 ends in the middle of a character").help(help).into()
        }
        other => for_message(other, |message| {
            match Document::parse_with(&message.xml, &options.limits) {
                Err(error)
                    if matches!(
                        error.kind,
                        ErrorKind::UnexpectedEnd { .. } | ErrorKind::Unclosed { .. }
                    ) =>
                {
                    let length = message.xml.len();
                    Finding::new(format!("the message ends after {length} octets: {error}"))
                        .help(help)
                        .into()
                }
                _ => Outcome::Passed,
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn cut_in_the_base64_and_in_the_xml() {
        fires(&TRUNCATED, "SAMLResponse=PHNhb");
        let finding = fires(&TRUNCATED, "SAMLResponse=PGE+PGI+");
        assert!(
            finding.message.starts_with("the message ends after 6 octets"),
            "{}",
            finding.message
        );
    }

    #[test]
    fn whole_without_its_padding() {
        passes(&TRUNCATED, "SAMLResponse=PHNhbWxwOlJlc3BvbnNlLz4");
        does_not_apply(&TRUNCATED, idp());
    }
}
