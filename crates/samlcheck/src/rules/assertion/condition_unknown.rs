//! The rule `assertion.condition-unknown`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion has a condition that is not known.
    ///
    /// ## Why it matters
    /// Whoever does not understand a condition must not rely on the assertion.
    ///
    /// ## How to fix it
    /// Find out what added it.
    ///
    /// ## Example
    /// ```text
    /// bad   <Condition xsi:type="x:Weekdays"/>
    /// good  <AudienceRestriction/>
    /// ```
    pub static CONDITION_UNKNOWN = "assertion.condition-unknown" {
        severity: Error,
        sources: [Core("2.5.1")],
        check: Document(check)
    }
}

const HELP: &str = "find out what added it; Entra writes only an audience restriction";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.condition-unknown", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &CONDITION_UNKNOWN,
            vector("unknown-condition"),
            &verdict_on("unknown-condition"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &CONDITION_UNKNOWN,
            vector("good-assertion-signed"),
            &verdict_on("good-assertion-signed"),
        );
        does_not_apply(&CONDITION_UNKNOWN, idp());
    }
}
