//! The rule `assertion.issue-instant`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion was issued in the future.
    ///
    /// ## Why it matters
    /// A clock is wrong: the identity provider's or this one.
    ///
    /// ## How to fix it
    /// Set the clocks by NTP. A few minutes are allowed: `--clock-skew`.
    ///
    /// ## Example
    /// ```text
    /// bad   IssueInstant="2026-11-21T05:09:00Z", judged at 03:09 UTC
    /// good  IssueInstant="2026-11-21T03:09:00Z"
    /// ```
    pub static ISSUE_INSTANT = "assertion.issue-instant" {
        severity: Error,
        sources: [Core("2.3.3")],
        check: Document(check)
    }
}

const HELP: &str = "compare both clocks with a time server; Entra's is right";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.issue-instant", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&ISSUE_INSTANT, vector("issued-in-future"), &verdict_on("issued-in-future"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&ISSUE_INSTANT, vector("good-within-skew"), &verdict_on("good-within-skew"));
        does_not_apply(&ISSUE_INSTANT, idp());
    }
}
