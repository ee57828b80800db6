//! The rule `xml.limit`.

use super::enforced_by_reader;
use crate::case::Case;
use crate::rule::{Finding, Findings, Outcome, rule};

rule! {
    /// The document is larger or deeper than the reader allows.
    ///
    /// ## Why it matters
    /// The limits (size, depth, attributes and namespace declarations on one element) keep a
    /// stranger from making a verifier work for minutes. Metadata of Entra, ADFS and AWS and
    /// federation aggregates of 100 MB stay far below.
    ///
    /// ## How to fix it
    /// Check that it is the file you meant. A program that links the library raises the limit with
    /// `Limits`.
    ///
    /// ## Example
    /// ```text
    /// bad   100,000 elements inside one another
    /// good  a response: about ten
    /// ```
    pub static LIMIT = "xml.limit" {
        severity: Error,
        sources: [Other("samlkit-xml, Limits")],
        check: Reading(check)
    }
}

const HELP: &str = "check that it is the file you meant; a program that links the library can raise \
                    the limit with samlkit::xml::Limits";

fn check(case: &Case<'_>) -> Outcome {
    // Canonical forms have a limit too.
    let failures = case.signatures.iter().flat_map(|check| check.failures());
    let over = failures.filter(|failure| failure.rule() == "xml.limit");
    let findings: Findings = over
        .map(|failure| Finding::new(failure.kind.to_string()).at(failure.range.clone()).help(HELP))
        .collect();
    if findings.is_empty() { enforced_by_reader(case, "xml.limit", HELP) } else { findings.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn attributes_and_depth_over_the_limit() {
        let many: String = (0..257).map(|n| format!(" a{n}=\"\"")).collect();
        let message =
            fires(&LIMIT, with(idp(), " entityID=", &format!("{many} entityID="))).message;
        assert_eq!(message, "over the limit of 256 attributes on one element");
        let deep = "<a>".repeat(255) + &"</a>".repeat(255);
        let xml = with(idp(), "</IDPSSODescriptor>", &format!("{deep}</IDPSSODescriptor>"));
        assert!(fires(&LIMIT, xml).message.contains("256 elements inside each other"));
    }

    #[test]
    fn attributes_at_the_limit() {
        let many: String = (0..255).map(|n| format!(" a{n}=\"\"")).collect();
        passes(&LIMIT, with(idp(), " entityID=", &format!("{many} entityID=")));
    }
}
