//! The rule `response.schema`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The response is not as SAML's schema has it: an element is there twice or is missing, an
    /// attribute is missing, or a text holds elements.
    ///
    /// ## Why it matters
    /// Of two elements one reader takes the first and another the last, and so each reads something
    /// else under the same signature. An attacker uses that, and a usual product never writes it.
    ///
    /// ## How to fix it
    /// Ask whoever makes the response to write it as the schema has it: `ID`, `Version` and
    /// `IssueInstant`, one `Status`, and one `Issuer` where the response is signed. Its `Format` is
    /// an entity's or absent.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response Version="2.0" IssueInstant="now">
    /// good  <Response ID="_1" Version="2.0" IssueInstant="2026-11-21T12:00:00Z">
    /// ```
    pub static SCHEMA = "response.schema" {
        severity: Error,
        sources: [Core("3.2.2, 2.2.5"), Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str = "ask whoever makes the response to write it as the SAML 2.0 schema has it; if \
                    your usual identity provider did not write it so, treat it as an attack";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "response.schema", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn two_states_and_no_id() {
        let options = verdict_on("good-assertion-signed");
        let status = "<samlp:Status><samlp:StatusCode Value=\"x\"/></samlp:Status><Assertion ";
        let finding =
            fires_for(&SCHEMA, with(to_identity_center(), "<Assertion ", status), &options);
        assert_eq!(finding.message, "the Response has more than one Status");
        let finding = fires_for(&SCHEMA, with(to_identity_center(), "ID=\"_r1\"", ""), &options);
        assert_eq!(finding.message, "the Response has no ID");
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&SCHEMA, vector("good-both-signed"), &verdict_on("good-both-signed"));
        // It is the assertion that is not as it should be.
        let name = "<NameID>eve</NameID></Subject>";
        let twice = with(to_identity_center(), "</Subject>", name);
        passes_for(&SCHEMA, twice, &verdict_on("good-assertion-signed"));
        does_not_apply(&SCHEMA, idp());
    }
}
