//! The rule `entra.error-status`.

use super::for_code;
use crate::case::{Case, Message};
use crate::profiles::entra_error::INBOUND;
use crate::rule::{Outcome, rule};

rule! {
    /// The response is a failure, and its message holds a code of Entra's that is known.
    ///
    /// ## Why it matters
    /// The code says what stands in the way; the user was not signed in.
    ///
    /// ## How to fix it
    /// As the finding says. Entra's sign-in log has the same code with more about it:
    /// *Monitoring & health > Sign-in logs*. `samlcheck explain AADSTS50011` tells of one code.
    ///
    /// ## Example
    /// ```text
    /// bad   AADSTS50105: The signed in user is not assigned to a role for the application
    /// good  <StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>
    /// ```
    pub static ERROR_STATUS = "entra.error-status" {
        severity: Error,
        sources: [Entra("reference-error-codes.md")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_code(message, |code| !INBOUND.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_user_who_is_not_assigned() {
        let finding = fires(&ERROR_STATUS, failure("AADSTS50105: The signed in user"));
        assert!(finding.message.contains("not assigned"), "{}", finding.message);
    }

    #[test]
    fn a_code_that_is_not_known_and_none() {
        passes(&ERROR_STATUS, failure("AADSTS150105: text"));
        passes(&ERROR_STATUS, failure("AADSTS50107: text"));
        does_not_apply(&ERROR_STATUS, failure("error 50105"));
        does_not_apply(&ERROR_STATUS, to_identity_center());
    }
}
