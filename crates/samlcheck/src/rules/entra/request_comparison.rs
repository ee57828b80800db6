//! The rule `entra.request-comparison`.

use super::for_request;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The request's RequestedAuthnContext has another Comparison than `exact`.
    ///
    /// ## Why it matters
    /// Entra takes no other. And what is asked for exactly is refused where the user signed in by another
    /// method: AADSTS75011.
    ///
    /// ## How to fix it
    /// Leave RequestedAuthnContext out.
    ///
    /// ## Example
    /// ```text
    /// bad   <RequestedAuthnContext Comparison="minimum">
    /// good  <RequestedAuthnContext Comparison="exact">, or none
    /// ```
    pub static REQUEST_COMPARISON = "entra.request-comparison" {
        severity: Error,
        sources: [Entra("single-sign-on-saml-protocol.md")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    for_request(case, |_, request| {
        let Some(context) = &request.requested_authn_context else {
            return Outcome::DoesNotApply("the request has no RequestedAuthnContext");
        };
        let comparison = context.comparison.as_ref().filter(|value| value.text() != "exact");
        let finding = comparison.map(|comparison| {
            Finding::new("Entra does not take this Comparison")
                .at(comparison.range())
                .found(comparison.text())
                .expected("exact, or no RequestedAuthnContext at all")
                .help("leave RequestedAuthnContext out of the service provider's request")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    fn comparing(comparison: &str) -> String {
        to_entra(&format!("<samlp:RequestedAuthnContext{comparison}/>"))
    }

    #[test]
    fn minimum() {
        fires(&REQUEST_COMPARISON, comparing(" Comparison=\"minimum\""));
    }

    #[test]
    fn exact_and_what_is_not_said() {
        passes(&REQUEST_COMPARISON, comparing(" Comparison=\"exact\""));
        passes(&REQUEST_COMPARISON, comparing(""));
        does_not_apply(&REQUEST_COMPARISON, to_entra(""));
    }
}
