//! The rule `entra.custom-certificate`.

use samlkit::metadata::IdpSsoDescriptor;

use super::{NOT_ENTRA, is_entra};
use crate::case::{Case, Entity};
use crate::profiles::entra::{APP_CERTIFICATE, APP_CERTIFICATE_DAYS, TENANT_CERTIFICATES};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::certificate::describe;

rule! {
    /// A signing certificate of the app is none that Entra makes: it has another name, or counts for more than
    /// three years.
    ///
    /// ## Why it matters
    /// Somebody uploaded it. That is allowed; who looks after it has to be known, because Entra mails reminders
    /// only to the addresses that were entered, and another system holds a copy of its key.
    ///
    /// ## How to fix it
    /// Nothing has to be done if it is meant. *Single sign-on > SAML certificates > Edit > New certificate*
    /// makes one of Entra's own.
    ///
    /// ## Example
    /// ```text
    /// bad   CN=saml.contoso.example, for ten years
    /// good  CN=Microsoft Azure Federated SSO Certificate, for three years
    /// ```
    pub static CUSTOM_CERTIFICATE = "entra.custom-certificate" {
        severity: Info,
        sources: [Entra("tutorial-manage-certificates-for-federated-single-sign-on.md")],
        check: Idp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    if !is_entra(entity) {
        return NOT_ENTRA;
    }
    let own = entity.signing(idp.role.element);
    let own = own.filter(|(_, c)| !TENANT_CERTIFICATES.contains(&c.subject.as_str()));
    let mut own = own.peekable();
    if own.peek().is_none() {
        return Outcome::DoesNotApply("the role lists no certificate of an app");
    }
    let findings = own.filter_map(|(key, certificate)| {
        let days = certificate.not_after.signed_duration_since(certificate.not_before).num_days();
        let message = if certificate.subject != APP_CERTIFICATE {
            "the certificate has another name than those that Entra makes"
        } else if days > APP_CERTIFICATE_DAYS {
            "the certificate counts longer than those that Entra makes"
        } else {
            return None;
        };
        let finding = Finding::new(message).at(key.range.clone()).found(describe(certificate));
        Some(finding.expected(format!("{APP_CERTIFICATE}, for three years")))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    /// Metadata of Entra's with this certificate in the place of the first.
    fn with_certificate(name: &str) -> String {
        let start = ENTRA.find("<X509Certificate>").unwrap();
        let end = ENTRA.find("</X509Certificate>").unwrap();
        let own = ENTRA.get(start..end).unwrap();
        with(ENTRA, own, &format!("<X509Certificate>{}", certificate(name)))
    }

    #[test]
    fn of_another_name() {
        fires(&CUSTOM_CERTIFICATE, with_certificate("two-extensions"));
    }

    #[test]
    fn of_entra_s_making() {
        passes(&CUSTOM_CERTIFICATE, ENTRA);
        does_not_apply(&CUSTOM_CERTIFICATE, ENTRA_COMMON);
        does_not_apply(&CUSTOM_CERTIFICATE, idp());
    }
}
