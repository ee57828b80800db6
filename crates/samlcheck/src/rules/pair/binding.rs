//! The rule `pair.binding`.

use samlkit::metadata::SpSsoDescriptor;
use samlkit::names::binding::{HTTP_POST, HTTP_REDIRECT};

use crate::case::{Entity, IdpOffer};
use crate::rule::{Finding, Findings, Outcome, rule};

rule! {
    /// The identity provider takes requests neither by HTTP-Redirect nor by HTTP-POST, or the service
    /// provider takes responses at no ACS by HTTP-POST.
    ///
    /// ## Why it matters
    /// Sign-in begins with a request by one of the two bindings and ends with a response by HTTP-POST.
    /// The other bindings need a connection between the two, which neither Entra nor AWS makes.
    ///
    /// ## How to fix it
    /// Download the metadata of both sides again, and offer the binding on the side that lacks it.
    ///
    /// ## Example
    /// ```text
    /// bad   the IdP takes HTTP-Artifact only
    /// good  the IdP takes HTTP-Redirect or HTTP-POST
    /// ```
    pub static BINDING = "pair.binding" {
        severity: Error,
        sources: [Profiles("4.1.2, 4.1.3")],
        check: Pair(check)
    }
}

fn check(_: &Entity<'_>, sp: &SpSsoDescriptor<'_>, idp: &IdpOffer) -> Outcome {
    let mut findings = Findings::default();
    if !idp.sign_on_bindings.iter().any(|b| b == HTTP_REDIRECT || b == HTTP_POST) {
        findings.push(
            Finding::new("the identity provider has no binding by which a request can be sent")
                .found(match idp.sign_on_bindings.as_slice() {
                    [] => "no SingleSignOnService".to_owned(),
                    bindings => bindings.join(", "),
                })
                .expected(format!("{HTTP_REDIRECT} or {HTTP_POST}"))
                .help("download the identity provider's metadata again"),
        );
    }
    if !sp.assertion_consumer_services.iter().any(|service| service.has_binding(HTTP_POST)) {
        findings.push(
            Finding::new("the service provider has no ACS for a response by HTTP-POST")
                .at(sp.role.element.start_tag_range())
                .expected(HTTP_POST)
                .help("publish the ACS URL with the binding HTTP-POST"),
        );
    }
    findings.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn by_soap_and_by_artifact() {
        let soap = with(idp(), "bindings:HTTP-Redirect", "bindings:SOAP");
        fires_for(&BINDING, sp(), &beside(&soap));
        let artifact = with(sp(), "bindings:HTTP-POST", "bindings:HTTP-Artifact");
        fires_for(&BINDING, artifact, &beside(&idp()));
    }

    #[test]
    fn by_redirect_and_by_post() {
        passes_for(&BINDING, sp(), &beside(&idp()));
        let post = with(idp(), "bindings:HTTP-Redirect", "bindings:HTTP-POST");
        passes_for(&BINDING, sp(), &beside(&post));
        does_not_apply(&BINDING, sp());
    }
}
