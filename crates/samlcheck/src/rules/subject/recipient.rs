//! The rule `subject.recipient`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The confirmation is for another place than the one where the response arrived.
    ///
    /// ## Why it matters
    /// The recipient is the ACS URL, character by character. A response for one service must not be
    /// used at another.
    ///
    /// ## How to fix it
    /// In Entra: *Single sign-on > Basic SAML Configuration > Reply URL*, exactly as the service
    /// provider has it. IAM Identity Center has several, one for each Region and kind of host.
    ///
    /// ## Example
    /// ```text
    /// bad   Recipient="https://SP.example/acs"
    /// good  Recipient="https://sp.example/acs"
    /// ```
    pub static RECIPIENT = "subject.recipient" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str = "Single sign-on > Basic SAML Configuration > Reply URL: the same as the service provider's ACS URL, character by character";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "subject.recipient", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &RECIPIENT,
            vector("recipient-trailing-slash"),
            &verdict_on("recipient-trailing-slash"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &RECIPIENT,
            vector("good-two-subject-confirmations"),
            &verdict_on("good-two-subject-confirmations"),
        );
        does_not_apply(&RECIPIENT, idp());
    }
}
