//! The rule `identity-center.single-assertion`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The response has not exactly one assertion.
    ///
    /// ## Why it matters
    /// Identity Center takes one, and no more.
    ///
    /// ## How to fix it
    /// Let the identity provider send one assertion; Entra does.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response><Assertion/><Assertion/></Response>
    /// good  <Response><Assertion/></Response>
    /// ```
    pub static SINGLE_ASSERTION = "identity-center.single-assertion" {
        severity: Error,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    let response = message.response.unverified();
    if message.sp_profile != SpProfile::IdentityCenter {
        return Outcome::DoesNotApply("the response is for another service provider");
    }
    if response.status.as_ref().is_some_and(|status| !status.is_success()) {
        return Outcome::DoesNotApply("the response is a failure, which has none");
    }
    let count = response.assertions.len().saturating_add(response.encrypted_assertions.len());
    let finding = (count != 1).then(|| {
        Finding::new("IAM Identity Center takes exactly one assertion")
            .at(response.range.clone())
            .found(count.to_string())
            .expected("1")
            .help("let the identity provider send one assertion")
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn none_and_two() {
        let response = to_identity_center();
        let none = with(&response, "<Assertion ", "<Advice ");
        fires(&SINGLE_ASSERTION, with(none, "</Assertion>", "</Advice>"));
        let second = "</Assertion><Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
        fires(&SINGLE_ASSERTION, with(&response, "</Assertion>", second));
    }

    #[test]
    fn one_and_a_failure() {
        passes(&SINGLE_ASSERTION, to_identity_center());
        does_not_apply(&SINGLE_ASSERTION, failure("AADSTS50105"));
    }
}
