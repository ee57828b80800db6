//! The rule `assertion.version`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion is not of SAML 2.0.
    ///
    /// ## Why it matters
    /// Another version has other rules, and a reader that mixes them is easily fooled.
    ///
    /// ## How to fix it
    /// Find out what made it.
    ///
    /// ## Example
    /// ```text
    /// bad   <Assertion Version="1.1">
    /// good  <Assertion Version="2.0">
    /// ```
    pub static VERSION = "assertion.version" {
        severity: Error,
        sources: [Core("2.3.3")],
        check: Document(check)
    }
}

const HELP: &str = "check what made this: an assertion of SAML 2.0 has Version=\"2.0\"";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.version", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&VERSION, vector("version-1"), &verdict_on("version-1"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&VERSION, vector("good-both-signed"), &verdict_on("good-both-signed"));
        does_not_apply(&VERSION, idp());
    }
}
