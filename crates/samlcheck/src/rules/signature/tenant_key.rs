//! The rule `signature.tenant-key`.

use super::untrusted;
use crate::case::Case;
use crate::profiles::entra::{APP_CERTIFICATE, TENANT_CERTIFICATES};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::certificate::describe;

rule! {
    /// The app's own certificate signed, while the metadata lists the keys that all apps of the tenant share,
    /// or the other way round.
    ///
    /// ## Why it matters
    /// The metadata is that of the tenant and not of the app: it was downloaded without the app's ID.
    ///
    /// ## How to fix it
    /// Download the *Federation Metadata XML* from the app's own page, or add `?appid=(application ID)` to
    /// the URL.
    ///
    /// ## Example
    /// ```text
    /// bad   metadata without ?appid= lists CN=accounts.accesscontrol.windows.net
    /// good  metadata with ?appid= lists CN=Microsoft Azure Federated SSO Certificate
    /// ```
    pub static TENANT_KEY = "signature.tenant-key" {
        severity: Error,
        sources: [Entra("federation-metadata.md")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let Some(untrusted) = untrusted(case) else {
        return Outcome::DoesNotApply(
            "no signature is good under a certificate that is not trusted",
        );
    };
    let is_app = |subject: &str| subject == APP_CERTIFICATE;
    let is_tenant = |subject: &str| TENANT_CERTIFICATES.contains(&subject);
    let signed_by = untrusted.presented.subject.as_str();
    let all = |is: &dyn Fn(&str) -> bool| untrusted.trusted.iter().all(|c| is(&c.subject));
    let message = match untrusted.trusted.is_empty() {
        false if is_app(signed_by) && all(&is_tenant) => {
            "the app's own key signed, and the metadata lists the keys of the tenant"
        }
        false if is_tenant(signed_by) && all(&is_app) => {
            "a key of the tenant signed, and the metadata lists the app's own"
        }
        _ => return Outcome::Passed,
    };
    Finding::new(message)
        .at(untrusted.range)
        .found(describe(untrusted.presented))
        .help(
            "Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates > Federation \
             Metadata XML > Download; or add ?appid=(application ID) to the URL",
        )
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn the_keys_of_the_tenant() {
        fires_for(&TENANT_KEY, vector("good-assertion-signed"), &verdict_trusting("tenant"));
    }

    #[test]
    fn another_key_of_the_app() {
        passes_for(&TENANT_KEY, vector("good-assertion-signed"), &verdict_trusting("active"));
        let good = verdict_on("good-assertion-signed");
        does_not_apply_for(&TENANT_KEY, vector("good-assertion-signed"), &good);
    }
}
