//! The rule `assertion.date`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// A time in the assertion cannot be read.
    ///
    /// ## Why it matters
    /// Readers do different things with it: some take it for no limit at all.
    ///
    /// ## How to fix it
    /// Times are written `2026-11-21T12:00:00Z`.
    ///
    /// ## Example
    /// ```text
    /// bad   NotOnOrAfter="2026-11-21 04:09"
    /// good  NotOnOrAfter="2026-11-21T04:09:00Z"
    /// ```
    pub static DATE = "assertion.date" {
        severity: Error,
        sources: [Core("1.3.3"), Schema("3.2.7")],
        check: Document(check)
    }
}

const HELP: &str = "ask whoever made the assertion: times are written 2026-11-21T12:00:00Z";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.date", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&DATE, vector("bad-date"), &verdict_on("bad-date"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&DATE, vector("good-assertion-signed"), &verdict_on("good-assertion-signed"));
        does_not_apply(&DATE, idp());
    }
}
