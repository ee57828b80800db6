//! The rule `identity-center.iam-attributes`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{ROLE, ROLE_SESSION_NAME, SESSION_DURATION};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// The response has attributes that only AWS IAM reads: `Role`, `RoleSessionName` or
    /// `SessionDuration`.
    ///
    /// ## Why it matters
    /// Identity Center gives access by assignments and passes over them. Whoever set them up may have
    /// followed the guide of the other service.
    ///
    /// ## How to fix it
    /// Nothing has to be done. The claims can be removed.
    ///
    /// ## Example
    /// ```text
    /// bad   <Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">
    /// good  an assignment in Identity Center
    /// ```
    pub static IAM_ATTRIBUTES = "identity-center.iam-attributes" {
        severity: Info,
        sources: [Aws("IAM User Guide, create_saml_assertions")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::IdentityCenter, |assertion| {
        let mut names = assertion.attributes.iter().filter_map(|attribute| attribute.name.as_ref());
        let of_iam = |name: &&samlkit::Value<'_>| {
            [ROLE, ROLE_SESSION_NAME, SESSION_DURATION].contains(&name.text())
        };
        let finding = names.find(of_iam).map(|name| {
            Finding::new("only AWS IAM reads this attribute, IAM Identity Center passes over it")
                .at(name.range())
                .found(name.text())
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_name_of_a_session() {
        fires(&IAM_ATTRIBUTES, to_identity_center());
    }

    #[test]
    fn without_and_to_iam() {
        passes(
            &IAM_ATTRIBUTES,
            with(
                to_identity_center(),
                "SAML/Attributes/RoleSessionName",
                "SAML/Attributes/AccessControl:Team",
            ),
        );
        does_not_apply(&IAM_ATTRIBUTES, to_aws_iam());
    }
}
