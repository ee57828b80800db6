//! The rule `assertion.name-id`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion names nobody: there is no NameID, or an empty one.
    ///
    /// ## Why it matters
    /// The service provider does not know whose account to open.
    ///
    /// ## How to fix it
    /// In Entra: *Single sign-on > Attributes & Claims > Unique User Identifier*, with a source that
    /// every user has.
    ///
    /// ## Example
    /// ```text
    /// bad   <NameID></NameID>
    /// good  <NameID>ada@example.com</NameID>
    /// ```
    pub static NAME_ID = "assertion.name-id" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str = "Single sign-on > Attributes & Claims > Unique User Identifier: choose a source that every user has";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.name-id", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&NAME_ID, vector("empty-nameid"), &verdict_on("empty-nameid"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &NAME_ID,
            vector("good-comment-in-nameid"),
            &verdict_on("good-comment-in-nameid"),
        );
        does_not_apply(&NAME_ID, idp());
    }
}
