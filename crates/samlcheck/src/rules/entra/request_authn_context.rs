//! The rule `entra.request-authn-context`.

use super::for_request;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The request asks for one method of authentication by name.
    ///
    /// ## Why it matters
    /// Entra refuses users who signed in by another one, with MFA, a passkey or a certificate, although that
    /// is safer: AADSTS75011. `PasswordProtectedTransport` is what many products ask for by default.
    ///
    /// ## How to fix it
    /// Leave `RequestedAuthnContext` out of the service provider's request, and demand MFA by Conditional Access.
    ///
    /// ## Example
    /// ```text
    /// bad   <AuthnContextClassRef>…:ac:classes:PasswordProtectedTransport</AuthnContextClassRef>
    /// good  no RequestedAuthnContext
    /// ```
    pub static REQUEST_AUTHN_CONTEXT = "entra.request-authn-context" {
        severity: Warning,
        sources: [Entra("single-sign-on-saml-protocol.md, reference-error-codes.md")],
        check: Document(check)
    }
}

/// The methods that shut others out, without what all begin with.
const PASSWORDS: [&str; 2] = ["Password", "PasswordProtectedTransport"];

fn check(case: &Case<'_>) -> Outcome {
    for_request(case, |_, request| {
        let classes =
            request.requested_authn_context.iter().flat_map(|context| &context.class_refs);
        let mut classes = classes.filter_map(|class| {
            let name = class.trimmed().rsplit_once(":ac:classes:")?.1;
            PASSWORDS.contains(&name).then_some(class)
        });
        let finding = classes.next().map(|class| {
            Finding::new(
                "the request asks for a password: who signed in by another method is refused",
            )
            .at(class.range())
            .found(class.trimmed())
            .note("Entra reports this as AADSTS75011")
            .help("leave RequestedAuthnContext out of the service provider's request")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn asking_for(class: &str) -> String {
        to_entra(&format!(
            "<samlp:RequestedAuthnContext><saml:AuthnContextClassRef>\
             urn:oasis:names:tc:SAML:2.0:ac:classes:{class}</saml:AuthnContextClassRef>\
             </samlp:RequestedAuthnContext>"
        ))
    }

    #[test]
    fn a_password() {
        fires(&REQUEST_AUTHN_CONTEXT, asking_for("PasswordProtectedTransport"));
        fires(&REQUEST_AUTHN_CONTEXT, asking_for("Password"));
    }

    #[test]
    fn a_certificate_and_nothing() {
        passes(&REQUEST_AUTHN_CONTEXT, asking_for("X509"));
        passes(&REQUEST_AUTHN_CONTEXT, to_entra(""));
        does_not_apply(&REQUEST_AUTHN_CONTEXT, idp());
    }
}
