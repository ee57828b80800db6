//! The rule `entra.tenant-keys`.

use samlkit::metadata::IdpSsoDescriptor;

use super::{DOWNLOAD, NOT_ENTRA, is_entra};
use crate::case::{Case, Entity};
use crate::profiles::entra::{APP_CERTIFICATE, TENANT_CERTIFICATES};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::certificate::describe;

rule! {
    /// The signing certificates are those that all apps of the tenant share, not the app's own.
    ///
    /// ## Why it matters
    /// An app for SAML single sign-on signs with a certificate of its own, whose subject is
    /// *Microsoft Azure Federated SSO Certificate*. A service provider that got the tenant's keys
    /// refuses every response of the app.
    ///
    /// ## How to fix it
    /// Download the file from the app: *Entra admin center > Enterprise apps > (app) > Single
    /// sign-on > SAML certificates > Federation Metadata XML*, or add `?appid=` and the application
    /// ID to the URL.
    ///
    /// ## Example
    /// ```text
    /// bad   …/federationmetadata/2007-06/federationmetadata.xml
    /// good  …/federationmetadata/2007-06/federationmetadata.xml?appid=(application ID)
    /// ```
    pub static TENANT_KEYS = "entra.tenant-keys" {
        severity: Warning,
        sources: [Entra("federation-metadata")],
        check: Idp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    if !is_entra(entity) {
        return NOT_ENTRA;
    }
    let mut signing = entity.signing(idp.role.element).peekable();
    if signing.peek().is_none() {
        return Outcome::DoesNotApply("the role lists no readable signing certificate");
    }
    let shared = signing.find(|(_, c)| TENANT_CERTIFICATES.contains(&c.subject.as_str()));
    let finding = shared.map(|(key, certificate)| {
        Finding::new(
            "the signing certificates are the tenant's, which apps for SAML do not sign with",
        )
        .at(key.range.clone())
        .found(describe(certificate))
        .expected(format!("the app's own: {APP_CERTIFICATE}"))
        .help(format!("{DOWNLOAD}; or add ?appid=(application ID) to the URL"))
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_tenant_s() {
        let finding = fires(&TENANT_KEYS, ENTRA_COMMON);
        assert!(finding.found.unwrap().starts_with("CN=accounts.accesscontrol.windows.net"));
    }

    #[test]
    fn the_app_s() {
        passes(&TENANT_KEYS, ENTRA);
        does_not_apply(&TENANT_KEYS, idp_with(&["tenant"]));
    }
}
