//! The rule `entra.inbound-code`.

use super::for_code;
use crate::case::{Case, Message};
use crate::profiles::entra_error::INBOUND;
use crate::rule::{Outcome, rule};

rule! {
    /// The failure is one of a federation in which Entra itself relies on another identity provider.
    ///
    /// ## Why it matters
    /// It is no fault between Entra and the service provider: neither of the two can mend it.
    ///
    /// ## How to fix it
    /// Look at the federation of the user's domain.
    ///
    /// ## Example
    /// ```text
    /// bad   AADSTS50107, looked for between Entra and AWS
    /// good  AADSTS50107, looked for at the identity provider that Entra itself asks
    /// ```
    pub static INBOUND_CODE = "entra.inbound-code" {
        severity: Info,
        sources: [Entra("reference-error-codes.md")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_code(message, |code| INBOUND.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn of_a_federated_domain() {
        fires(&INBOUND_CODE, failure("AADSTS50107: text"));
    }

    #[test]
    fn of_an_app() {
        passes(&INBOUND_CODE, failure("AADSTS50105: text"));
        does_not_apply(&INBOUND_CODE, to_identity_center());
    }
}
