//! The rule `metadata.no-acs`.

use samlkit::metadata::SpSsoDescriptor;

use super::CORRECT;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The service provider has no `AssertionConsumerService`.
    ///
    /// ## Why it matters
    /// The identity provider does not know where to send its response.
    ///
    /// ## How to fix it
    /// Download the metadata again; every service provider publishes at least one ACS URL.
    ///
    /// ## Example
    /// ```text
    /// bad   <SPSSODescriptor …></SPSSODescriptor>
    /// good  <SPSSODescriptor …><AssertionConsumerService …/></SPSSODescriptor>
    /// ```
    pub static NO_ACS = "metadata.no-acs" {
        severity: Error,
        sources: [Metadata("2.4.4")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, _: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    let missing = sp.assertion_consumer_services.is_empty().then(|| {
        Finding::new("the service provider has no AssertionConsumerService")
            .at(sp.role.element.start_tag_range())
            .expected("at least one AssertionConsumerService with Binding, Location and index")
            .help(CORRECT)
    });
    missing.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn only_an_attribute_service() {
        let xml = with(sp(), "AssertionConsumerService", "AttributeConsumingService");
        fires(&NO_ACS, xml);
    }

    #[test]
    fn one() {
        passes(&NO_ACS, CLIENT_VPN);
        does_not_apply(&NO_ACS, idp());
    }
}
