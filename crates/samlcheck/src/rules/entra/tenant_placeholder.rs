//! The rule `entra.tenant-placeholder`.

use samlkit::metadata::IdpSsoDescriptor;

use super::{DOWNLOAD, NOT_ENTRA, is_entra};
use crate::case::{Case, Entity};
use crate::profiles::entra::{TENANT_PLACEHOLDERS, locations};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity ID holds `{tenantid}`: the file came from the common or organizations endpoint.
    ///
    /// ## Why it matters
    /// That file is a template for all tenants. Responses name your tenant as their issuer, so that
    /// none of them fits, and its keys are not the ones that your app signs with.
    ///
    /// ## How to fix it
    /// Download the file from the app: *Entra admin center > Enterprise apps > (app) > Single
    /// sign-on > SAML certificates > Federation Metadata XML*. In a URL, put the tenant's ID in the
    /// place of `common`, and `?appid=` with the application ID at the end.
    ///
    /// ## Example
    /// ```text
    /// bad   entityID="https://sts.windows.net/{tenantid}/"
    /// good  entityID="https://sts.windows.net/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64/"
    /// ```
    pub static TENANT_PLACEHOLDER = "entra.tenant-placeholder" {
        severity: Error,
        sources: [Entra("federation-metadata")],
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
    let id = entity.descriptor.entity_id.as_ref();
    let placeholder = id.and_then(|id| {
        TENANT_PLACEHOLDERS.iter().find(|placeholder| id.text().contains(**placeholder))
    });
    let (Some(id), Some(placeholder)) = (id, placeholder) else { return Outcome::Passed };
    let finding = Finding::new(format!(
        "the entityID holds {placeholder}: the file is the template for all tenants, not yours"
    ))
    .at(id.range())
    .found(id.text())
    .expected("https://sts.windows.net/(your tenant's ID)/");
    let finding = match locations(&entity.descriptor).next() {
        Some((_, location)) => finding.note(format!("it sends users to {location}")),
        None => finding,
    };
    finding.help(DOWNLOAD).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_common_endpoint() {
        let finding = fires(&TENANT_PLACEHOLDER, ENTRA_COMMON);
        assert_eq!(finding.found.as_deref(), Some("https://sts.windows.net/{tenantid}/"));
        assert!(finding.notes[0].contains("/common/"), "{:?}", finding.notes);
    }

    #[test]
    fn a_tenant_of_its_own() {
        passes(&TENANT_PLACEHOLDER, ENTRA);
        does_not_apply(
            &TENANT_PLACEHOLDER,
            with(idp(), "https://idp.example.org/\">", "{tenantid}\">"),
        );
    }
}
