//! The rule `assertion.conditions`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion has no Conditions.
    ///
    /// ## Why it matters
    /// Without them it counts for everybody, for ever.
    ///
    /// ## How to fix it
    /// The identity provider has to write them; every one in use does.
    ///
    /// ## Example
    /// ```text
    /// bad   <Assertion><Issuer/><Subject/><AuthnStatement/>
    /// good  <Assertion><Issuer/><Subject/><Conditions/><AuthnStatement/>
    /// ```
    pub static CONDITIONS = "assertion.conditions" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str =
    "check the application at the identity provider: every one in use writes Conditions";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.conditions", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&CONDITIONS, vector("conditions-missing"), &verdict_on("conditions-missing"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &CONDITIONS,
            vector("good-assertion-signed"),
            &verdict_on("good-assertion-signed"),
        );
        does_not_apply(&CONDITIONS, idp());
    }
}
