//! The rule `xml.syntax`.

use super::enforced_by_reader;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The document is not well-formed XML.
    ///
    /// ## Why it matters
    /// Nothing in a document that breaks XML's grammar means anything: two readers may understand
    /// it differently, and a signature over it proves nothing. Every verifier has to refuse it.
    ///
    /// ## How to fix it
    /// Download the file again, or capture the message again. A copy from a browser's tree view,
    /// from a terminal or from a document is often cut or changed; use the *Download* link in the
    /// portal, or `curl -o FILE URL`.
    ///
    /// ## Example
    /// ```text
    /// bad   <Issuer>https://idp.example/</issuer>
    /// good  <Issuer>https://idp.example/</Issuer>
    /// ```
    pub static SYNTAX = "xml.syntax" {
        severity: Error,
        sources: [Xml("2.1")],
        check: Reading(check)
    }
}

const HELP: &str = "download the file again; do not copy it from a browser's tree view, which \
                    leaves things out";

fn check(case: &Case<'_>) -> Outcome {
    enforced_by_reader(case, "xml.syntax", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_tag_that_does_not_match() {
        let finding = fires(&SYNTAX, with(idp(), "</IDPSSODescriptor>", "</SPSSODescriptor>"));
        assert!(finding.message.contains("found </SPSSODescriptor>, expected </IDPSSODescriptor>"));
        assert_eq!(finding.location.unwrap().position.line, 1);
        assert_eq!(fires(&SYNTAX, "").message, "the document is empty");
        assert_eq!(fires(&SYNTAX, " \n").message, "the document holds nothing but white space");
    }

    #[test]
    fn odd_but_well_formed() {
        passes(&SYNTAX, with(idp(), "</IDPSSODescriptor>", "<!-- - --></IDPSSODescriptor\n>"));
    }
}
