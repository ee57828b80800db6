//! The rule `assertion.multiple`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The response holds more than one assertion.
    ///
    /// ## Why it matters
    /// One may be signed and the other forged, and readers differ in which one they take.
    ///
    /// ## How to fix it
    /// No identity provider in use sends two. Find out where the second comes from.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response><Assertion/><Assertion/></Response>
    /// good  <Response><Assertion/></Response>
    /// ```
    pub static MULTIPLE = "assertion.multiple" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str = "find out where the second one comes from: Entra sends one";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.multiple", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&MULTIPLE, vector("two-signed-assertions"), &verdict_on("two-signed-assertions"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&MULTIPLE, vector("good-both-signed"), &verdict_on("good-both-signed"));
        does_not_apply(&MULTIPLE, idp());
    }
}
