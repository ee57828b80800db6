//! The rule `response.issuer-mismatch`.

use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The response and its assertion name different issuers.
    ///
    /// ## Why it matters
    /// The one who answers is the one who asserts; a verifier refuses two. It is what a proxy that forwards
    /// somebody else's assertion makes, or a message that was put together of two.
    ///
    /// ## How to fix it
    /// Take a new response. If it is the same again, ask whoever runs the identity provider which name is its
    /// own; what it signs has to carry that one.
    ///
    /// ## Example
    /// ```text
    /// bad   issuer of the response https://proxy.example/, of the assertion https://idp.example/
    /// good  both https://idp.example/
    /// ```
    pub static ISSUER_MISMATCH = "response.issuer-mismatch" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    let response = message.response.unverified();
    let assertion = message.first_assertion();
    let own = assertion.and_then(|assertion| assertion.issuer.as_ref());
    let (Some(outer), Some(own)) = (&response.issuer, own) else {
        return Outcome::DoesNotApply("the response has not both issuers");
    };
    let finding = (outer.value.trimmed() != own.value.trimmed()).then(|| {
        Finding::new("the response and its assertion name different issuers")
            .at(own.value.range())
            .found(own.value.text())
            .expected(format!("{}, as in the response", outer.value.text()))
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const ISSUER: &str = "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/</Issuer>";

    #[test]
    fn without_the_slash() {
        let response = to_identity_center();
        let changed = response.replacen(ISSUER, &ISSUER.replace("/</", "</"), 1);
        assert_ne!(response, changed);
        fires(&ISSUER_MISMATCH, changed);
    }

    #[test]
    fn the_same_and_one_alone() {
        passes(&ISSUER_MISMATCH, to_identity_center());
        does_not_apply(&ISSUER_MISMATCH, encrypted("aes128-gcm.oaep-mgf1p"));
    }
}
