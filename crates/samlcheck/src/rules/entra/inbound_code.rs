//! The rule `entra.inbound-code`.

use super::code;
use crate::case::{Case, Message};
use crate::profiles::entra_error::{INBOUND, entra_error};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The failure is one of a federation in which Entra itself relies on another identity provider.
    ///
    /// ## Why it matters
    /// It is no fault between Entra and the service provider: neither of the two can mend it.
    ///
    /// ## How to fix it
    /// Look at the federation of the user's domain.
    pub static INBOUND_CODE = "entra.inbound-code" {
        severity: Info,
        sources: [Entra("reference-error-codes.md")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    let Some((code, place)) = code(message) else {
        return Outcome::DoesNotApply("the response has no AADSTS code");
    };
    let error = entra_error(code).filter(|_| INBOUND.contains(&code));
    let finding = error.map(|error| {
        Finding::new(format!("AADSTS{code}: {}", error.cause)).at(place).help(error.fix)
    });
    finding.into()
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
