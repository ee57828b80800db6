//! The rule `identity-center.several-regions`.

use std::collections::BTreeSet;

use samlkit::metadata::SpSsoDescriptor;

use super::{NOT_IDENTITY_CENTER, acs_values, is_identity_center};
use crate::case::{Case, Entity};
use crate::profiles::identity_center::acs;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The ACS URLs are in several Regions.
    ///
    /// ## Why it matters
    /// The instance is replicated. Each Region asks for the response at its own URL: one that is no
    /// reply URL in Entra gives AADSTS50011 to everybody who signs in there. The
    /// first reply URL in Entra is its default, and should be that of the primary Region.
    ///
    /// ## How to fix it
    /// Register every one of them under *Single sign-on > Basic SAML Configuration > Reply URL*.
    ///
    /// ## Example
    /// ```text
    /// bad   four ACS URLs, one reply URL
    /// good  four ACS URLs, four reply URLs
    /// ```
    pub static SEVERAL_REGIONS = "identity-center.several-regions" {
        severity: Info,
        sources: [Aws("IAM Identity Center User Guide, workforce access through an additional Region")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    if !is_identity_center(entity) {
        return NOT_IDENTITY_CENTER;
    }
    let regions: BTreeSet<&str> =
        acs_values(sp).filter_map(|value| Some(acs(value.text())?.region)).collect();
    let regions: Vec<&str> = regions.into_iter().collect();
    if regions.len() < 2 {
        return Outcome::Passed;
    }
    Finding::new(format!("the ACS URLs are in several Regions: {}", regions.join(", ")))
        .at(sp.role.element.start_tag_range())
        .help(
            "Entra admin center > Enterprise apps > (app) > Single sign-on > Basic SAML \
             Configuration > Reply URL: add every one of them",
        )
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn two() {
        let finding = fires(&SEVERAL_REGIONS, IDENTITY_CENTER);
        assert!(finding.message.ends_with(": eu-central-1, eu-west-1"), "{}", finding.message);
    }

    #[test]
    fn two_hosts_of_one() {
        passes(&SEVERAL_REGIONS, with(IDENTITY_CENTER, "eu-west-1", "eu-central-1"));
    }
}
