//! The rule `identity-center.region-mismatch`.

use samlkit::metadata::SpSsoDescriptor;

use super::{COPY, NOT_IDENTITY_CENTER, acs_values, is_identity_center};
use crate::case::{Case, Entity};
use crate::profiles::identity_center::{acs, issuer};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The Region in the entity ID is in none of the ACS URLs.
    ///
    /// ## Why it matters
    /// The issuer URL is always in the primary Region, and that has an ACS URL too. Where it has
    /// none, the two were copied from different instances.
    ///
    /// ## How to fix it
    /// Copy both from the same instance, or download its metadata file.
    ///
    /// ## Example
    /// ```text
    /// bad   issuer in eu-west-1, all ACS URLs in us-east-1
    /// good  issuer and at least one ACS URL in eu-west-1
    /// ```
    pub static REGION_MISMATCH = "identity-center.region-mismatch" {
        severity: Warning,
        sources: [Aws("IAM Identity Center User Guide, workforce access through an additional Region")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    if !is_identity_center(entity) {
        return NOT_IDENTITY_CENTER;
    }
    let id = entity.descriptor.entity_id.as_ref().map(|id| (id, issuer(id.text())));
    let Some((id, Some(issuer))) = id else {
        return Outcome::DoesNotApply("the entityID is no issuer URL of Identity Center");
    };
    let mut regions: Vec<&str> =
        acs_values(sp).filter_map(|value| Some(acs(value.text())?.region)).collect();
    regions.dedup();
    if regions.is_empty() {
        return Outcome::DoesNotApply("there is no ACS URL of Identity Center");
    }
    if regions.contains(&issuer.region) {
        return Outcome::Passed;
    }
    Finding::new(format!(
        "the entityID is in {}, and no ACS URL is: {}",
        issuer.region,
        regions.join(", ")
    ))
    .at(id.range())
    .expected(format!("an ACS URL in {}", issuer.region))
    .help(COPY)
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_primary_region_is_missing() {
        let xml = with(IDENTITY_CENTER, "//eu-central-1.signin.aws/", "//eu-north-1.signin.aws/");
        let xml = with(xml, "//eu-central-1.sso.signin.aws/", "//eu-north-1.sso.signin.aws/");
        let finding = fires(&REGION_MISMATCH, xml);
        assert!(finding.message.starts_with("the entityID is in eu-central-1, and no ACS URL is"));
    }

    #[test]
    fn one_of_two_regions() {
        passes(&REGION_MISMATCH, IDENTITY_CENTER);
    }
}
