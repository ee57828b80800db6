//! The rule `response.destination`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The response is addressed to another place than the one where it arrived, or to none although
    /// it is signed.
    ///
    /// ## Why it matters
    /// A response for one service can be sent on to another. The address inside is what stops that.
    ///
    /// ## How to fix it
    /// Register the ACS URL exactly as the service provider has it. In Entra: *Single sign-on > Basic
    /// SAML Configuration > Reply URL*.
    ///
    /// ## Example
    /// ```text
    /// bad   Destination="https://sp.example/acs/"
    /// good  Destination="https://sp.example/acs"
    /// ```
    pub static DESTINATION = "response.destination" {
        severity: Error,
        sources: [Other("saml-bindings-2.0-os, 3.5.5.2")],
        check: Document(check)
    }
}

const HELP: &str = "Single sign-on > Basic SAML Configuration > Reply URL: the same as the service provider's ACS URL, character by character";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "response.destination", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &DESTINATION,
            vector("destination-missing-on-signed-response"),
            &verdict_on("destination-missing-on-signed-response"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&DESTINATION, vector("good-both-signed"), &verdict_on("good-both-signed"));
        does_not_apply(&DESTINATION, idp());
    }
}
