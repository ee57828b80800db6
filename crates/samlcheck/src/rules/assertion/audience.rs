//! The rule `assertion.audience`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion is for another audience.
    ///
    /// ## Why it matters
    /// It names whom it is for by the entity ID, character by character, and has to name this service
    /// provider.
    ///
    /// ## How to fix it
    /// In Entra: *Single sign-on > Basic SAML Configuration > Identifier (Entity ID)*, exactly as the
    /// service provider has it.
    ///
    /// ## Example
    /// ```text
    /// bad   <Audience>spn:urn:amazon:webservices</Audience>
    /// good  <Audience>urn:amazon:webservices</Audience>
    /// ```
    pub static AUDIENCE = "assertion.audience" {
        severity: Error,
        sources: [Core("2.5.1.4")],
        check: Document(check)
    }
}

const HELP: &str = "Single sign-on > Basic SAML Configuration > Identifier (Entity ID): the same as the service provider's entity ID, character by character";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.audience", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &AUDIENCE,
            vector("audience-trailing-slash"),
            &verdict_on("audience-trailing-slash"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &AUDIENCE,
            vector("good-two-audiences-or"),
            &verdict_on("good-two-audiences-or"),
        );
        does_not_apply(&AUDIENCE, idp());
    }
}
