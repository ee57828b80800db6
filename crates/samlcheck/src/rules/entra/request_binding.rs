//! The rule `entra.request-binding`.

use super::for_request;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The request asks for another binding of the response than HTTP-POST.
    ///
    /// ## Why it matters
    /// Entra answers by POST only: AADSTS75003.
    ///
    /// ## How to fix it
    /// Set `ProtocolBinding` to `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST` at the service provider, or
    /// leave it out.
    ///
    /// ## Example
    /// ```text
    /// bad   ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
    /// good  ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    /// ```
    pub static REQUEST_BINDING = "entra.request-binding" {
        severity: Warning,
        sources: [Entra("single-sign-on-saml-protocol.md, reference-error-codes.md")],
        check: Document(check)
    }
}

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

fn check(case: &Case<'_>) -> Outcome {
    for_request(case, |_, request| {
        let other = request.protocol_binding.as_ref().filter(|binding| binding.text() != POST);
        let finding = other.map(|binding| {
            Finding::new("the request asks for a binding that Entra does not answer by")
                .at(binding.range())
                .found(binding.text())
                .expected(POST)
                .note("Entra reports this as AADSTS75003")
                .help("ask for HTTP-POST at the service provider, or for none")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn by(binding: &str) -> String {
        let attribute =
            format!(" ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Version=");
        with(to_entra(""), " Version=", &attribute)
    }

    #[test]
    fn by_redirect_and_artifact() {
        fires(&REQUEST_BINDING, by("HTTP-Redirect"));
        fires(&REQUEST_BINDING, by("HTTP-Artifact"));
    }

    #[test]
    fn by_post_and_by_whatever() {
        passes(&REQUEST_BINDING, by("HTTP-POST"));
        passes(&REQUEST_BINDING, to_entra(""));
    }
}
