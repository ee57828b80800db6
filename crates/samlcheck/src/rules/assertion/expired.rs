//! The rule `assertion.expired`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion does not count any more.
    ///
    /// ## Why it matters
    /// It was used too late, or a clock is wrong. Entra lets it count for an hour; AWS IAM takes it
    /// for five minutes after the time of issue.
    ///
    /// ## How to fix it
    /// Sign in again. To look at a response of another day, give its time: `--at`.
    ///
    /// ## Example
    /// ```text
    /// bad   NotOnOrAfter="2026-11-21T02:09:00Z", judged at 03:09 UTC
    /// good  NotOnOrAfter="2026-11-21T04:09:00Z"
    /// ```
    pub static EXPIRED = "assertion.expired" {
        severity: Error,
        sources: [Core("2.5.1.2")],
        check: Document(check)
    }
}

const HELP: &str = "sign in again; to judge an old capture, give --at with its time";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.expired", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&EXPIRED, vector("expired"), &verdict_on("expired"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&EXPIRED, vector("expired-inside-skew"), &verdict_on("expired-inside-skew"));
        does_not_apply(&EXPIRED, idp());
    }
}
