//! The rule `entra.entity-id-form`.

use samlkit::metadata::IdpSsoDescriptor;

use super::issuer_with_app_id::after_tenant;
use super::{DOWNLOAD, NOT_ENTRA, is_entra};
use crate::case::{Case, Entity};
use crate::profiles::entra::{TENANT_PLACEHOLDERS, cloud, cloud_of_url, is_tenant_id};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity ID is on one of Entra's hosts, but does not have the form of Entra's.
    ///
    /// ## Why it matters
    /// Entra names itself `https://sts.windows.net/{tenant}/` in responses, with the slash at the
    /// end, and in 21Vianet's cloud `https://sts.chinacloudapi.cn/{tenant}/`. Entity IDs are compared
    /// character by character: without the slash every response is refused. An issuer that was set
    /// to something else at will is no fault.
    ///
    /// ## How to fix it
    /// Download the metadata again and use it unchanged; keep the slash at the end.
    ///
    /// ## Example
    /// ```text
    /// bad   entityID="https://sts.windows.net/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64"
    /// good  entityID="https://sts.windows.net/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64/"
    /// ```
    pub static ENTITY_ID_FORM = "entra.entity-id-form" {
        severity: Warning,
        sources: [Entra("single-sign-on-saml-protocol"), Entra("federation-metadata")],
        check: Idp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    if !is_entra(entity) {
        return NOT_ENTRA;
    }
    if !entity.is_first(idp.role.element) {
        return Outcome::Passed;
    }
    let Some(issuer) = cloud(&entity.descriptor).and_then(|cloud| cloud.issuer) else {
        return Outcome::DoesNotApply("the form of the entityID in this cloud is not known");
    };
    let Some(id) = entity.descriptor.entity_id.as_ref() else {
        return Outcome::DoesNotApply("the entity has no entityID");
    };
    let text = id.trimmed();
    let tenant = text.strip_prefix(issuer).and_then(|rest| rest.strip_suffix('/'));
    let has_form = tenant.is_some_and(|t| is_tenant_id(t) && t == t.to_ascii_lowercase());
    let is_template = TENANT_PLACEHOLDERS.iter().any(|placeholder| text.contains(placeholder));
    // Another host is an issuer of the customer's own; other rules speak of the other two.
    if has_form || is_template || cloud_of_url(text).is_none() || after_tenant(text).is_some() {
        return Outcome::Passed;
    }
    Finding::new(format!("the entityID {text:?} does not have the form of Entra's"))
        .at(id.range())
        .expected(format!("{issuer}(tenant's ID in lower case)/, with the slash at the end"))
        .note("entity IDs are compared character by character")
        .help(DOWNLOAD)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const ID: &str = "entityID=\"https://sts.windows.net/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64/\"";

    fn called(id: &str) -> String {
        with(ENTRA, ID, &format!("entityID=\"{id}\""))
    }

    #[test]
    fn near_misses() {
        for id in [
            "https://sts.windows.net/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64",
            "http://sts.windows.net/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64/",
            "https://sts.windows.net/5B0E8C1E-93d4-4f6a-8a27-1f0c2d9b7e64/",
            "https://login.microsoftonline.com/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64/",
            "https://sts.windows.net/contoso.com/",
        ] {
            fires(&ENTITY_ID_FORM, called(id));
        }
    }

    #[test]
    fn the_form_a_custom_issuer_and_the_template() {
        passes(&ENTITY_ID_FORM, ENTRA);
        passes(&ENTITY_ID_FORM, called("https://idp.contoso.com/aws"));
        passes(&ENTITY_ID_FORM, ENTRA_COMMON);
        let ciam = with(ENTRA, "login.microsoftonline.com", "contoso.ciamlogin.com");
        does_not_apply(&ENTITY_ID_FORM, ciam);
    }
}
