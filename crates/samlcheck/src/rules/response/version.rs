//! The rule `response.version`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The response is not of SAML 2.0.
    ///
    /// ## Why it matters
    /// Another version has other rules, and a reader that mixes them is easily fooled.
    ///
    /// ## How to fix it
    /// Find out what sent it: an identity provider for SAML 2.0 writes `Version="2.0"`.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response Version="1.1">
    /// good  <Response Version="2.0">
    /// ```
    pub static VERSION = "response.version" {
        severity: Error,
        sources: [Core("3.2.2")],
        check: Document(check)
    }
}

const HELP: &str = "check what sent this: an identity provider for SAML 2.0 writes Version=\"2.0\"";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "response.version", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&VERSION, vector("response-version-1"), &verdict_on("response-version-1"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&VERSION, vector("good-both-signed"), &verdict_on("good-both-signed"));
        does_not_apply(&VERSION, idp());
    }
}
