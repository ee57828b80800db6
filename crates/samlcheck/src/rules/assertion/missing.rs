//! The rule `assertion.missing`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The response holds no assertion.
    ///
    /// ## Why it matters
    /// Nobody is signed in by it.
    ///
    /// ## How to fix it
    /// If the status is a failure, that is the reason. Otherwise look at the identity provider's
    /// settings for this application.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response><Status/></Response>
    /// good  <Response><Status/><Assertion/></Response>
    /// ```
    pub static MISSING = "assertion.missing" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str = "look at the status: a failure has no assertion; otherwise check the application at the identity provider";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.missing", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&MISSING, vector("no-assertion"), &verdict_on("no-assertion"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&MISSING, vector("good-assertion-signed"), &verdict_on("good-assertion-signed"));
        does_not_apply(&MISSING, idp());
    }
}
