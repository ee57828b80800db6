//! The rule `entra.request-id`.

use super::for_request;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The ID of the request begins with a digit.
    ///
    /// ## Why it matters
    /// An ID of XML does not begin with one, and Entra refuses the request: AADSTS7500529.
    ///
    /// ## How to fix it
    /// The service provider has to put a letter or `_` before it.
    ///
    /// ## Example
    /// ```text
    /// bad   <AuthnRequest ID="4711">
    /// good  <AuthnRequest ID="_4711">
    /// ```
    pub static REQUEST_ID = "entra.request-id" {
        severity: Error,
        sources: [Entra("single-sign-on-saml-protocol.md")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    for_request(case, |_, request| {
        let Some(id) = &request.id else {
            return Outcome::DoesNotApply("the request has no ID");
        };
        let finding = id.text().starts_with(|c: char| c.is_ascii_digit()).then(|| {
            Finding::new("the ID of the request begins with a digit")
                .at(id.range())
                .found(id.text())
                .expected("a letter or _ at the beginning")
                .note("Entra reports this as AADSTS7500529")
                .help("the service provider has to put a letter or _ before it")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn a_digit() {
        fires(&REQUEST_ID, with(to_entra(""), "\"_4711\"", "\"4711\""));
    }

    #[test]
    fn a_letter_and_a_request_to_somebody_else() {
        passes(&REQUEST_ID, to_entra(""));
        passes(&REQUEST_ID, with(to_entra(""), "\"_4711\"", "\"a4711\""));
        let other = with(to_entra(""), "login.microsoftonline.com", "idp.example");
        does_not_apply(&REQUEST_ID, with(other, "\"_4711\"", "\"4711\""));
    }
}
