//! The rule `assertion.subject`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion has no Subject.
    ///
    /// ## Why it matters
    /// It says something of nobody.
    ///
    /// ## How to fix it
    /// Check the application at the identity provider.
    ///
    /// ## Example
    /// ```text
    /// bad   <Assertion><Issuer/><Conditions/>
    /// good  <Assertion><Issuer/><Subject/><Conditions/>
    /// ```
    pub static SUBJECT = "assertion.subject" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str = "check the application at the identity provider";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.subject", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&SUBJECT, vector("no-subject"), &verdict_on("no-subject"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&SUBJECT, vector("good-assertion-signed"), &verdict_on("good-assertion-signed"));
        does_not_apply(&SUBJECT, idp());
    }
}
