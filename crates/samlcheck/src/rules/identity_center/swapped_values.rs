//! The rule `identity-center.swapped-values`.

use samlkit::metadata::SpSsoDescriptor;

use super::{COPY, NOT_IDENTITY_CENTER, acs_values, is_identity_center};
use crate::case::{Case, Entity};
use crate::profiles::identity_center::{acs, issuer};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The issuer URL and an ACS URL stand in each other's place.
    ///
    /// ## Why it matters
    /// They look alike: the ACS URL has `/acs/` in it, the issuer URL ends in `d-` and ten digits.
    /// With them swapped no response has the right audience or comes to the right place.
    ///
    /// ## How to fix it
    /// The issuer URL is the *Identifier (Entity ID)* in Entra, the ACS URL is the *Reply URL*.
    ///
    /// ## Example
    /// ```text
    /// bad   Identifier https://…/platform/saml/acs/…, Reply URL https://…/platform/saml/d-…
    /// good  Identifier https://…/platform/saml/d-…, Reply URL https://…/platform/saml/acs/…
    /// ```
    pub static SWAPPED_VALUES = "identity-center.swapped-values" {
        severity: Error,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    if !is_identity_center(entity) {
        return NOT_IDENTITY_CENTER;
    }
    let id = entity.descriptor.entity_id.iter().filter(|id| acs(id.trimmed()).is_some());
    let id = id.map(|id| {
        Finding::new(format!("the entityID is an ACS URL: {:?}", id.text()))
            .at(id.range())
            .expected("the issuer URL, which ends in /platform/saml/d-(ten digits)")
    });
    let locations = acs_values(sp).filter(|value| issuer(value.trimmed()).is_some());
    let locations = locations.map(|value| {
        Finding::new(format!("an ACS URL is the issuer URL: {:?}", value.text()))
            .at(value.range())
            .expected("the ACS URL, with /platform/saml/acs/ in it")
    });
    id.chain(locations).map(|finding| finding.help(COPY)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn each_in_the_other_s_place() {
        let id = "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672e41b0";
        let acs = "https://eu-west-1.signin.aws/platform/saml/acs/7b31f04ac95de268-1d2c-4a90-b7e3-52c8f6a0d419";
        let swapped = with(
            with(with(IDENTITY_CENTER, id, "x"), acs, id),
            "entityID=\"x\"",
            &format!("entityID=\"{acs}\""),
        );
        let messages = messages(&SWAPPED_VALUES, swapped);
        assert_eq!(messages.len(), 2, "{messages:?}");
        fires(&SWAPPED_VALUES, with(IDENTITY_CENTER, acs, id));
    }

    #[test]
    fn each_in_its_own() {
        passes(&SWAPPED_VALUES, IDENTITY_CENTER);
    }
}
