//! The rule `metadata.no-sso-service`.

use samlkit::metadata::IdpSsoDescriptor;

use super::CORRECT;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The identity provider has no `SingleSignOnService`.
    ///
    /// ## Why it matters
    /// A service provider does not know where to send the user to sign in.
    ///
    /// ## How to fix it
    /// Download the metadata again; every identity provider publishes at least one.
    ///
    /// ## Example
    /// ```text
    /// bad   <IDPSSODescriptor …><KeyDescriptor/></IDPSSODescriptor>
    /// good  <IDPSSODescriptor …><KeyDescriptor/><SingleSignOnService …/></IDPSSODescriptor>
    /// ```
    pub static NO_SSO_SERVICE = "metadata.no-sso-service" {
        severity: Error,
        sources: [Metadata("2.4.3")],
        check: Idp(check)
    }
}

fn check(_: &Case<'_>, _: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    let missing = idp.single_sign_on_services.is_empty().then(|| {
        Finding::new("the identity provider has no SingleSignOnService")
            .at(idp.role.element.start_tag_range())
            .expected("at least one SingleSignOnService with Binding and Location")
            .help(CORRECT)
    });
    missing.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn only_a_logout_service() {
        fires(&NO_SSO_SERVICE, with(idp(), "SingleSignOnService", "SingleLogoutService"));
    }

    #[test]
    fn one() {
        passes(&NO_SSO_SERVICE, idp());
        does_not_apply(&NO_SSO_SERVICE, sp());
    }
}
