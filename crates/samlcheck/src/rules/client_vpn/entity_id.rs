//! The rule `client-vpn.entity-id`.

use samlkit::metadata::SpSsoDescriptor;

use super::NOT_CLIENT_VPN;
use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::profiles::client_vpn;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity ID is not `urn:amazon:webservices:clientvpn`.
    ///
    /// ## Why it matters
    /// Client VPN has one entity ID for all endpoints, and refuses a response with another audience.
    /// Entra takes an identifier once in a tenant: one app serves all endpoints.
    ///
    /// ## How to fix it
    /// Put `urn:amazon:webservices:clientvpn` into *Single sign-on > Basic SAML Configuration >
    /// Identifier*.
    ///
    /// ## Example
    /// ```text
    /// bad   entityID="urn:amazon:webservices"
    /// good  entityID="urn:amazon:webservices:clientvpn"
    /// ```
    pub static ENTITY_ID = "client-vpn.entity-id" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, _: &SpSsoDescriptor<'_>) -> Outcome {
    if entity.sp_profile != Some(SpProfile::ClientVpn) {
        return NOT_CLIENT_VPN;
    }
    let Some(id) = &entity.descriptor.entity_id else {
        return Outcome::DoesNotApply("the entity has no entityID");
    };
    let other = (id.text() != client_vpn::ENTITY_ID).then(|| {
        Finding::new(format!("the entityID {:?} is not that of Client VPN", id.text()))
            .at(id.range())
            .expected(client_vpn::ENTITY_ID)
            .help("Single sign-on > Basic SAML Configuration > Identifier (Entity ID)")
    });
    other.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn that_of_iam() {
        fires(
            &ENTITY_ID,
            with(CLIENT_VPN, "urn:amazon:webservices:clientvpn", "urn:amazon:webservices"),
        );
    }

    #[test]
    fn its_own() {
        passes(&ENTITY_ID, CLIENT_VPN);
        does_not_apply(&ENTITY_ID, AWS_IAM);
    }
}
