//! The rule `identity-center.entity-id-form`.

use samlkit::metadata::SpSsoDescriptor;

use super::{COPY, NOT_IDENTITY_CENTER, is_identity_center};
use crate::case::{Case, Entity};
use crate::profiles::{aws_iam, identity_center};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity ID is not an issuer URL of IAM Identity Center.
    ///
    /// ## Why it matters
    /// It has to be in every response as the audience, character by character. Its form is
    /// `https://{region}.signin.aws.amazon.com/platform/saml/d-` and ten hexadecimal digits, without
    /// a slash at the end; it stays on that host even where the ACS URLs are on newer ones.
    ///
    /// ## How to fix it
    /// Copy *IAM Identity Center issuer URL* from *IAM Identity Center > Settings > Identity source >
    /// Manage authentication*.
    ///
    /// ## Example
    /// ```text
    /// bad   https://eu-west-1.signin.aws/platform/saml/d-99672e41b0
    /// good  https://eu-west-1.signin.aws.amazon.com/platform/saml/d-99672e41b0
    /// ```
    pub static ENTITY_ID_FORM = "identity-center.entity-id-form" {
        severity: Warning,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, _: &SpSsoDescriptor<'_>) -> Outcome {
    if !is_identity_center(entity) {
        return NOT_IDENTITY_CENTER;
    }
    let Some(id) = &entity.descriptor.entity_id else {
        return Outcome::DoesNotApply("the entity has no entityID");
    };
    // Other rules speak of values that belong elsewhere.
    let elsewhere = identity_center::acs(id.text()).is_some()
        || aws_iam::ENTITY_IDS.contains(&id.text())
        || aws_iam::is_sign_in(id.text());
    if elsewhere || identity_center::issuer(id.text()).is_some() {
        return Outcome::Passed;
    }
    Finding::new(format!("the entityID {:?} is no issuer URL of IAM Identity Center", id.text()))
        .at(id.range())
        .expected("https://(region).signin.aws.amazon.com/platform/saml/d-(ten hexadecimal digits)")
        .help(COPY)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const ID: &str = "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672e41b0\"";

    #[test]
    fn a_slash_too_many_and_a_newer_host() {
        fires(&ENTITY_ID_FORM, with(IDENTITY_CENTER, ID, &ID.replace('"', "/\"")));
        fires(&ENTITY_ID_FORM, with(IDENTITY_CENTER, ID, &ID.replace(".amazon.com", "")));
    }

    #[test]
    fn two_partitions() {
        passes(&ENTITY_ID_FORM, IDENTITY_CENTER);
        let gov = ID.replace(
            "eu-central-1.signin.aws.amazon.com",
            "us-gov-west-1.signin.amazonaws-us-gov.com",
        );
        passes(&ENTITY_ID_FORM, with(IDENTITY_CENTER, ID, &gov));
        does_not_apply(&ENTITY_ID_FORM, AWS_IAM);
    }
}
