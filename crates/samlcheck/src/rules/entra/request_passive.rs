//! The rule `entra.request-passive`.

use super::for_request;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The request forbids the identity provider to ask the user anything (`IsPassive`).
    ///
    /// ## Why it matters
    /// Who has no session at Entra gets an error in the place of a page to sign in. That is right for a look in
    /// the background and wrong for a button.
    ///
    /// ## How to fix it
    /// Nothing has to be done where it is meant; else leave `IsPassive` out at the service provider.
    ///
    /// ## Example
    /// ```text
    /// bad   <AuthnRequest IsPassive="true">
    /// good  <AuthnRequest>
    /// ```
    pub static REQUEST_PASSIVE = "entra.request-passive" {
        severity: Info,
        sources: [Entra("single-sign-on-saml-protocol.md, reference-error-codes.md")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    for_request(case, |_, request| {
        let passive = request.is_passive.as_ref().filter(|value| value.boolean() == Some(true));
        let finding = passive.map(|passive| {
            Finding::new("who has no session at Entra gets an error: the request forbids to ask")
                .at(passive.range())
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn passive(value: &str) -> String {
        with(to_entra(""), " Version=", &format!(" IsPassive=\"{value}\" Version="))
    }

    #[test]
    fn in_both_spellings() {
        fires(&REQUEST_PASSIVE, passive("true"));
        fires(&REQUEST_PASSIVE, passive("1"));
    }

    #[test]
    fn no_and_unsaid() {
        passes(&REQUEST_PASSIVE, passive("false"));
        passes(&REQUEST_PASSIVE, to_entra(""));
    }
}
