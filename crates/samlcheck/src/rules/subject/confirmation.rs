//! The rule `subject.confirmation`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// No confirmation of the subject is for a bearer, with its conditions.
    ///
    /// ## Why it matters
    /// Nothing says that whoever brings the assertion is the one it speaks of.
    ///
    /// ## How to fix it
    /// Check the application at the identity provider.
    ///
    /// ## Example
    /// ```text
    /// bad   Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"
    /// good  Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"
    /// ```
    pub static CONFIRMATION = "subject.confirmation" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str =
    "check the application at the identity provider: it has to write a bearer confirmation";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "subject.confirmation", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&CONFIRMATION, vector("no-bearer"), &verdict_on("no-bearer"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &CONFIRMATION,
            vector("good-two-subject-confirmations"),
            &verdict_on("good-two-subject-confirmations"),
        );
        does_not_apply(&CONFIRMATION, idp());
    }
}
