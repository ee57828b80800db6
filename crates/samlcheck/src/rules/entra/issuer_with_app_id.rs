//! The rule `entra.issuer-with-app-id`.

use samlkit::metadata::IdpSsoDescriptor;
use url::Url;

use super::{NOT_ENTRA, is_entra};
use crate::case::{Case, Entity};
use crate::profiles::entra::cloud_of_url;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity ID carries more than the tenant: *Append application ID to issuer* is on.
    ///
    /// ## Why it matters
    /// The issuer in responses and the entity ID that the service provider knows have to be the
    /// same, character by character. The setting changes one of them when it is turned on or off,
    /// and is passed over as long as the app has no signing key of its own. Microsoft does not
    /// document the exact form, so this is no more than a warning.
    ///
    /// ## How to fix it
    /// Make both sides agree: give this file to the service provider, or turn the setting off under
    /// *Attributes & Claims > Advanced settings* and download the metadata again.
    ///
    /// ## Example
    /// ```text
    /// bad   https://sts.windows.net/(tenant)/(application)
    /// good  https://sts.windows.net/(tenant)/
    /// ```
    pub static ISSUER_WITH_APP_ID = "entra.issuer-with-app-id" {
        severity: Warning,
        sources: [Entra("saml-claims-customization")],
        check: Idp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, _: &IdpSsoDescriptor<'_>) -> Outcome {
    if !is_entra(entity) {
        return NOT_ENTRA;
    }
    let Some(id) = &entity.descriptor.entity_id else {
        return Outcome::DoesNotApply("the entity has no entityID");
    };
    let Some(more) = after_tenant(id.trimmed()) else { return Outcome::Passed };
    Finding::new(format!("the entityID carries {more:?} after the tenant"))
        .at(id.range())
        .found(id.text())
        .expected("https://sts.windows.net/(tenant's ID)/, unless the setting is on at will")
        .help(
            "Single sign-on > Attributes & Claims > Advanced settings > Append application ID to \
             issuer: on or off, and this file at the service provider",
        )
        .into()
}

/// What follows the tenant in an entity ID of Entra's.
pub(super) fn after_tenant(id: &str) -> Option<String> {
    cloud_of_url(id)?;
    let url = Url::parse(id).ok()?;
    let (_, rest) = url.path().strip_prefix('/')?.split_once('/')?;
    (!rest.is_empty()).then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn an_application_after_the_tenant() {
        let tenant = "entityID=\"https://sts.windows.net/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64/";
        let app = format!("{tenant}c0ffee00-1111-4222-8333-444455556666");
        let finding = fires(&ISSUER_WITH_APP_ID, with(ENTRA, tenant, &app));
        assert!(finding.message.contains("\"c0ffee00-1111-4222-8333-444455556666\""));
    }

    #[test]
    fn the_tenant_alone() {
        passes(&ISSUER_WITH_APP_ID, ENTRA);
        passes(&ISSUER_WITH_APP_ID, with(ENTRA, "7e64/\" xmlns", "7e64\" xmlns"));
    }
}
