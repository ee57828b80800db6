//! The rule `subject.not-before`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The confirmation has a NotBefore, which a bearer's must not have.
    ///
    /// ## Why it matters
    /// The profile forbids it, because readers pass over it.
    ///
    /// ## How to fix it
    /// The identity provider has to leave it out.
    ///
    /// ## Example
    /// ```text
    /// bad   <SubjectConfirmationData NotBefore="…"/>
    /// good  <SubjectConfirmationData NotOnOrAfter="…"/>
    /// ```
    pub static NOT_BEFORE = "subject.not-before" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str = "ask whoever runs the identity provider to leave it out";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "subject.not-before", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &NOT_BEFORE,
            vector("confirmation-with-notbefore"),
            &verdict_on("confirmation-with-notbefore"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&NOT_BEFORE, vector("good-both-signed"), &verdict_on("good-both-signed"));
        does_not_apply(&NOT_BEFORE, idp());
    }
}
