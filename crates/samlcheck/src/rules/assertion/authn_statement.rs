//! The rule `assertion.authn-statement`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion does not say that the user signed in.
    ///
    /// ## Why it matters
    /// An assertion without an AuthnStatement speaks about somebody who may not be there.
    ///
    /// ## How to fix it
    /// Check the application at the identity provider.
    ///
    /// ## Example
    /// ```text
    /// bad   <Assertion><Issuer/><Subject/><Conditions/><AttributeStatement/>
    /// good  <Assertion><Issuer/><Subject/><Conditions/><AuthnStatement/>
    /// ```
    pub static AUTHN_STATEMENT = "assertion.authn-statement" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str =
    "check the application at the identity provider: it has to write an AuthnStatement";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.authn-statement", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &AUTHN_STATEMENT,
            vector("no-authn-statement"),
            &verdict_on("no-authn-statement"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&AUTHN_STATEMENT, vector("good-both-signed"), &verdict_on("good-both-signed"));
        does_not_apply(&AUTHN_STATEMENT, idp());
    }
}
