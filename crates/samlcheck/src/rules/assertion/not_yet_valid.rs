//! The rule `assertion.not-yet-valid`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion counts only later.
    ///
    /// ## Why it matters
    /// Usually a clock is wrong. Entra sets the beginning five minutes before the time of issue, so
    /// that this one is behind by more than that.
    ///
    /// ## How to fix it
    /// Set the clocks by NTP.
    ///
    /// ## Example
    /// ```text
    /// bad   NotBefore="2026-11-21T03:19:00Z", judged at 03:09 UTC
    /// good  NotBefore="2026-11-21T03:04:00Z"
    /// ```
    pub static NOT_YET_VALID = "assertion.not-yet-valid" {
        severity: Error,
        sources: [Core("2.5.1.2")],
        check: Document(check)
    }
}

const HELP: &str = "compare both clocks with a time server; this one is probably behind";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.not-yet-valid", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&NOT_YET_VALID, vector("not-yet-valid"), &verdict_on("not-yet-valid"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&NOT_YET_VALID, vector("good-within-skew"), &verdict_on("good-within-skew"));
        does_not_apply(&NOT_YET_VALID, idp());
    }
}
