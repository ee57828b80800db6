//! The rule `subject.expired`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The confirmation does not count any more, or says no time.
    ///
    /// ## Why it matters
    /// It was used too late, or a clock is wrong.
    ///
    /// ## How to fix it
    /// Sign in again. To look at a response of another day, give its time: `--at`.
    ///
    /// ## Example
    /// ```text
    /// bad   <SubjectConfirmationData NotOnOrAfter="2026-11-21T02:09:00Z"/>, judged at 03:09 UTC
    /// good  <SubjectConfirmationData NotOnOrAfter="2026-11-21T04:09:00Z"/>
    /// ```
    pub static EXPIRED = "subject.expired" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str = "sign in again; to judge an old capture, give --at with its time";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "subject.expired", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&EXPIRED, vector("confirmation-expired"), &verdict_on("confirmation-expired"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&EXPIRED, vector("expired-inside-skew"), &verdict_on("expired-inside-skew"));
        does_not_apply(&EXPIRED, idp());
    }
}
