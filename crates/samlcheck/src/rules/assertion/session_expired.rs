//! The rule `assertion.session-expired`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The session that the assertion speaks of has ended.
    ///
    /// ## Why it matters
    /// The service provider has to end its own session by then, and so cannot begin one.
    ///
    /// ## How to fix it
    /// Sign in again.
    ///
    /// ## Example
    /// ```text
    /// bad   SessionNotOnOrAfter="2026-11-21T02:09:00Z", judged at 03:09 UTC
    /// good  SessionNotOnOrAfter="2026-11-21T11:09:00Z"
    /// ```
    pub static SESSION_EXPIRED = "assertion.session-expired" {
        severity: Error,
        sources: [Core("2.7.2")],
        check: Document(check)
    }
}

const HELP: &str = "sign in again";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.session-expired", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&SESSION_EXPIRED, vector("session-ended"), &verdict_on("session-ended"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &SESSION_EXPIRED,
            vector("good-assertion-signed"),
            &verdict_on("good-assertion-signed"),
        );
        does_not_apply(&SESSION_EXPIRED, idp());
    }
}
