//! The rule `assertion.replayed`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion was used before, or cannot be told from one that was.
    ///
    /// ## Why it matters
    /// A response is a login for whoever has it. A service provider has to remember what it accepted
    /// and refuse it a second time. This command sees one response and remembers nothing: only an
    /// assertion without an ID is found here; the rest is for the library's replay store.
    ///
    /// ## How to fix it
    /// Sign in again. Going back in the browser sends the same response a second time.
    ///
    /// ## Example
    /// ```text
    /// bad   the assertion _a81f… a second time
    /// good  each assertion once
    /// ```
    pub static REPLAYED = "assertion.replayed" {
        severity: Error,
        sources: [Profiles("4.1.4.5")],
        check: Document(check)
    }
}

const HELP: &str = "sign in again; going back in the browser sends the same response a second time";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.replayed", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_without_an_id() {
        let good = String::from_utf8(vector("good-response-signed")).unwrap();
        let without = with(good, " ID=\"_a1\"", "");
        fires_for(&REPLAYED, without, &verdict_on("good-response-signed"));
    }

    #[test]
    fn one_with_an_id() {
        passes_for(&REPLAYED, vector("good-response-signed"), &verdict_on("good-response-signed"));
        does_not_apply(&REPLAYED, idp());
    }
}
