//! The rule `metadata.role-protocol`.

use samlkit::metadata::{Role, RoleDescriptor};
use samlkit::names::PROTOCOL;

use super::CORRECT;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The role does not list `urn:oasis:names:tc:SAML:2.0:protocol` among its protocols.
    ///
    /// ## Why it matters
    /// A partner that goes by the metadata does not send SAML 2.0 messages to it.
    ///
    /// ## How to fix it
    /// The attribute `protocolSupportEnumeration` of the role has to hold
    /// `urn:oasis:names:tc:SAML:2.0:protocol`, character by character.
    ///
    /// ## Example
    /// ```text
    /// bad   protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"
    /// good  protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"
    /// ```
    pub static ROLE_PROTOCOL = "metadata.role-protocol" {
        severity: Error,
        sources: [Metadata("2.4.1")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let sso_roles = || {
        let roles = entity.descriptor.roles.iter();
        roles.filter(|role| matches!(role, Role::IdpSso(_) | Role::SpSso(_))).map(Role::common)
    };
    if sso_roles().next().is_none() {
        return Outcome::DoesNotApply("the entity has no role for single sign-on");
    }
    sso_roles().filter(|role| !role.supports_saml2()).map(finding).collect()
}

fn finding(role: &RoleDescriptor<'_>) -> Finding {
    let name = role.element.name();
    let finding = match &role.protocol_support_enumeration {
        None => Finding::new(format!("the <{name}> has no protocolSupportEnumeration"))
            .at(role.element.start_tag_range()),
        Some(listed) => Finding::new(format!("the <{name}> does not list the protocol SAML 2.0"))
            .at(listed.range())
            .found(listed.text()),
    };
    finding.expected(PROTOCOL).help(CORRECT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn another_protocol() {
        let finding = fires(&ROLE_PROTOCOL, with(idp(), "SAML:2.0:protocol", "SAML:1.1:protocol"));
        assert_eq!(finding.found.as_deref(), Some("urn:oasis:names:tc:SAML:1.1:protocol"));
    }

    #[test]
    fn one_of_several() {
        let several = "urn:oasis:names:tc:SAML:1.1:protocol\n urn:oasis:names:tc:SAML:2.0:protocol";
        passes(&ROLE_PROTOCOL, with(idp(), "urn:oasis:names:tc:SAML:2.0:protocol", several));
        passes(&ROLE_PROTOCOL, ENTRA);
    }
}
