//! The rule `aws-iam.entity-id`.

use samlkit::metadata::SpSsoDescriptor;

use super::NOT_IAM;
use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{ENTITY_IDS, is_sign_in};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity ID is none of AWS IAM's.
    ///
    /// ## Why it matters
    /// It has to be in every response as the audience, character by character:
    /// `urn:amazon:webservices`, in China `urn:amazon:webservices:cn-north-1`, in GovCloud
    /// `urn:amazon:webservices:govcloud`, or the sign-in URL of the provider.
    ///
    /// ## How to fix it
    /// Download AWS's metadata again, from `https://signin.aws.amazon.com/static/saml-metadata.xml`.
    ///
    /// ## Example
    /// ```text
    /// bad   entityID="urn:amazon:webservice"
    /// good  entityID="urn:amazon:webservices"
    /// ```
    pub static ENTITY_ID = "aws-iam.entity-id" {
        severity: Error,
        sources: [Aws("IAM User Guide, create-role-saml-IdP-tasks")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, _: &SpSsoDescriptor<'_>) -> Outcome {
    if entity.sp_profile != Some(SpProfile::AwsIam) {
        return NOT_IAM;
    }
    let Some(id) = &entity.descriptor.entity_id else {
        return Outcome::DoesNotApply("the entity has no entityID");
    };
    if ENTITY_IDS.contains(&id.text()) || is_sign_in(id.text()) {
        return Outcome::Passed;
    }
    Finding::new(format!("the entityID {:?} is none of AWS IAM's", id.text()))
        .at(id.range())
        .expected(format!("{} or the provider's own sign-in URL", ENTITY_IDS.join(", ")))
        .help("download https://signin.aws.amazon.com/static/saml-metadata.xml again")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn called(id: &str) -> String {
        with(AWS_IAM, "entityID=\"urn:amazon:webservices\"", &format!("entityID=\"{id}\""))
    }

    #[test]
    fn near_misses() {
        for id in ["urn:amazon:webservices ", "urn:amazon:webservice", "URN:amazon:webservices"] {
            fires(&ENTITY_ID, called(id));
        }
    }

    #[test]
    fn each_partition_s_and_a_provider_s_own() {
        passes(&ENTITY_ID, called("urn:amazon:webservices:govcloud"));
        passes(&ENTITY_ID, called("https://us-east-1.signin.aws.amazon.com/saml/acs/SAMLSP0123"));
        does_not_apply(&ENTITY_ID, sp());
    }
}
