//! The rule `entra.ws-federation`.

use samlkit::metadata::{IdpSsoDescriptor, Role, RoleKind};

use super::{NOT_ENTRA, is_entra};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The file also has roles for WS-Federation, which SAML passes over.
    ///
    /// ## Why it matters
    /// Entra writes them into every file. Their keys are the same as those of the
    /// `IDPSSODescriptor`, their endpoints are not for SAML: `/wsfed` is no SAML endpoint.
    ///
    /// ## How to fix it
    /// Nothing. Do not copy a URL out of them.
    ///
    /// ## Example
    /// ```text
    /// bad   the URL https://login.microsoftonline.com/(tenant)/wsfed as the sign-on URL
    /// good  https://login.microsoftonline.com/(tenant)/saml2
    /// ```
    pub static WS_FEDERATION = "entra.ws-federation" {
        severity: Info,
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
    let roles = entity.descriptor.roles.iter().map(Role::common);
    let mut other = roles.filter(|role| matches!(role.kind, RoleKind::WsFederation(_)));
    let Some(first) = other.next() else { return Outcome::Passed };
    let count = other.count().saturating_add(1);
    Finding::new(format!("{count} roles are for WS-Federation; SAML passes over them"))
        .at(first.element.start_tag_range())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_two_that_entra_writes() {
        let finding = fires(&WS_FEDERATION, ENTRA);
        assert_eq!(finding.message, "2 roles are for WS-Federation; SAML passes over them");
    }

    #[test]
    fn roles_of_another_type() {
        let xml = with(ENTRA, "http://docs.oasis-open.org/wsfed/federation/200706", "urn:x");
        passes(&WS_FEDERATION, xml);
        does_not_apply(&WS_FEDERATION, idp());
    }
}
