//! The rule `entra.cloud`.

use samlkit::metadata::IdpSsoDescriptor;

use super::{NOT_ENTRA, is_entra};
use crate::case::{Case, Entity};
use crate::profiles::entra::{CLOUDS, cloud, locations};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The tenant is in another of Microsoft's clouds than the public one.
    ///
    /// ## Why it matters
    /// Each cloud has hosts of its own, and accounts of one cannot sign in at another. External ID
    /// has no gallery apps and no sign-in that begins at the identity provider; B2C is another
    /// product. The public cloud is shown with the facts and gives no finding.
    ///
    /// ## How to fix it
    /// Nothing, if this is the cloud that the users are in. Otherwise take the metadata from the
    /// portal of the right one.
    ///
    /// ## Example
    /// ```text
    /// bad   login.microsoftonline.us, and the users are in the public cloud
    /// good  login.microsoftonline.us, and so are the users
    /// ```
    pub static CLOUD = "entra.cloud" {
        severity: Info,
        sources: [Entra("authentication-national-cloud")],
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
    let public = CLOUDS.first();
    let Some(cloud) = cloud(&entity.descriptor).filter(|cloud| Some(*cloud) != public) else {
        return Outcome::Passed;
    };
    let finding = Finding::new(format!("the tenant is in Microsoft's cloud {}", cloud.name));
    let place = locations(&entity.descriptor).next().map(|(range, _)| range);
    finding.at(place.unwrap_or_else(|| entity.entity_id_range())).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn each_cloud_by_its_hosts() {
        for (host, name) in [
            ("login.microsoftonline.us", "US Government"),
            ("login.partner.microsoftonline.cn", "China (21Vianet)"),
            ("contoso.ciamlogin.com", "External ID"),
            ("contoso.b2clogin.com", "Azure AD B2C"),
        ] {
            let finding = fires(&CLOUD, with(ENTRA, "login.microsoftonline.com", host));
            assert!(finding.message.ends_with(name), "{}", finding.message);
        }
    }

    #[test]
    fn of_an_entity_with_two_roles_it_is_said_once() {
        let xml = with(ENTRA, "login.microsoftonline.com", "login.microsoftonline.us");
        let (_, after) = xml.split_once("<IDPSSODescriptor").unwrap();
        let (inside, _) = after.split_once("</IDPSSODescriptor>").unwrap();
        let role = format!("<IDPSSODescriptor{inside}</IDPSSODescriptor>");
        fires(&CLOUD, with(&xml, &role, &role.repeat(2)));
    }

    #[test]
    fn the_public_one_and_a_host_that_only_looks_like_another() {
        passes(&CLOUD, ENTRA);
        does_not_apply(
            &CLOUD,
            with(idp(), "//idp.example.org/sso", "//login.microsoftonline.us.example/"),
        );
    }
}
