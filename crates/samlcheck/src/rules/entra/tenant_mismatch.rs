//! The rule `entra.tenant-mismatch`.

use samlkit::metadata::IdpSsoDescriptor;

use super::{DOWNLOAD, NOT_ENTRA, is_entra};
use crate::case::{Case, Entity};
use crate::profiles::entra::{is_tenant_id, locations, tenant_of_url};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The tenant in the entity ID and the one in an endpoint differ.
    ///
    /// ## Why it matters
    /// Users sign in at one tenant, and the service provider expects the issuer of the other. No
    /// file that Entra writes is like that; this one was edited.
    ///
    /// ## How to fix it
    /// Download the metadata again, from the app in the tenant that the users are in.
    ///
    /// ## Example
    /// ```text
    /// bad   entityID of the tenant 5b0e8c1e-…, SingleSignOnService of 7d5f9a34-…
    /// good  both of 5b0e8c1e-…
    /// ```
    pub static TENANT_MISMATCH = "entra.tenant-mismatch" {
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
    let of_id = id.and_then(|id| tenant_of_url(id.trimmed())).filter(|tenant| is_tenant_id(tenant));
    let Some(of_id) = of_id else {
        return Outcome::DoesNotApply("the entityID names no tenant by its ID");
    };
    let findings = locations(&entity.descriptor).filter_map(|(range, location)| {
        let tenant = tenant_of_url(location).filter(|tenant| is_tenant_id(tenant))?;
        (tenant != of_id).then(|| {
            Finding::new(format!(
                "the endpoint is of tenant {tenant}, the entityID of tenant {of_id}"
            ))
            .at(range)
            .found(location)
            .expected(format!("the tenant {of_id} in both"))
            .help(DOWNLOAD)
        })
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const TENANT: &str = "5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64";

    #[test]
    fn another_tenant_s_endpoints() {
        let entity = format!("entityID=\"https://sts.windows.net/{TENANT}/");
        let other = entity.replace("5b0e", "5b0f");
        let messages = messages(&TENANT_MISMATCH, with(ENTRA, &entity, &other));
        assert_eq!(messages.len(), 3, "one for each endpoint: {messages:?}");
    }

    #[test]
    fn upper_case_and_a_domain() {
        let login = format!("https://login.microsoftonline.com/{TENANT}/saml2");
        passes(&TENANT_MISMATCH, with(ENTRA, &login, &login.replace("5b0e", "5B0E")));
        passes(&TENANT_MISMATCH, with(ENTRA, &login, &login.replace(TENANT, "contoso.com")));
        does_not_apply(&TENANT_MISMATCH, ENTRA_COMMON);
    }
}
