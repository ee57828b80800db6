//! The rule `entra.mfa`.

use super::{attribute, for_assertion_of_entra};
use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// Whether the user gave a second factor in this sign-in, as Entra says it.
    ///
    /// ## Why it matters
    /// AWS does not ask again. Whoever relies on a policy of Entra's for that sees here whether it took
    /// effect.
    ///
    /// ## How to fix it
    /// Nothing has to be done. *Protection > Conditional Access* demands a second factor.
    ///
    /// ## Example
    /// ```text
    /// bad   authnmethodsreferences: …/authenticationmethod/password
    /// good  authnmethodsreferences: …/password, http://schemas.microsoft.com/claims/multipleauthn
    /// ```
    pub static MFA = "entra.mfa" {
        severity: Info,
        sources: [Entra("reference-saml-tokens.md")],
        check: Response(check)
    }
}

const METHODS: &str = "http://schemas.microsoft.com/claims/authnmethodsreferences";
const SEVERAL: &str = "http://schemas.microsoft.com/claims/multipleauthn";

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion_of_entra(message, |assertion| {
        let methods = attribute(assertion, METHODS);
        let Some((methods, name)) = methods.and_then(|m| Some((m, m.name.as_ref()?))) else {
            return Outcome::DoesNotApply("the response does not say how the user signed in");
        };
        if methods.values.iter().any(|value| value.text.trimmed() == SEVERAL) {
            return Outcome::Passed;
        }
        Finding::new("the user gave no second factor in this sign-in")
            .at(name.range())
            .help("where one is demanded, look at Entra admin center > Protection > Conditional Access")
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    const TENANT: &str = "http://schemas.microsoft.com/identity/claims/tenantid\">\
                          <AttributeValue>7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11<";

    fn signed_in_by(method: &str) -> String {
        with(to_identity_center(), TENANT, &format!("{METHODS}\"><AttributeValue>{method}<"))
    }

    #[test]
    fn by_password() {
        fires(
            &MFA,
            signed_in_by(
                "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password",
            ),
        );
    }

    #[test]
    fn by_two_methods() {
        passes(&MFA, signed_in_by(SEVERAL));
        does_not_apply(&MFA, to_identity_center());
    }
}
