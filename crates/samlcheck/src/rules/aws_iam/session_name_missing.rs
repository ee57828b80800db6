//! The rule `aws-iam.session-name-missing`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::ROLE_SESSION_NAME;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The attribute `https://aws.amazon.com/SAML/Attributes/RoleSessionName` is missing.
    ///
    /// ## Why it matters
    /// AWS requires it: *RoleSessionName is required in AuthnResponse*. It is how CloudTrail names the
    /// user.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims*: a claim `RoleSessionName` with the namespace
    /// `https://aws.amazon.com/SAML/Attributes` and the source `user.userprincipalname`.
    ///
    /// ## Example
    /// ```text
    /// bad   no attribute https://aws.amazon.com/SAML/Attributes/RoleSessionName
    /// good  <Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName">
    /// ```
    pub static SESSION_NAME_MISSING = "aws-iam.session-name-missing" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions, troubleshoot_saml")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        if !values(assertion, ROLE_SESSION_NAME).is_empty() {
            return Outcome::Passed;
        }
        let start = assertion.range.start;
        Finding::new(format!("the response has no attribute {ROLE_SESSION_NAME}"))
            .at(start..start)
            .note("AWS reports this as \"RoleSessionName is required in AuthnResponse\"")
            .help(format!(
                "add the claim RoleSessionName with the source user.userprincipalname: {CLAIMS}"
            ))
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn under_another_name() {
        fires(&SESSION_NAME_MISSING, with(to_aws_iam(), "RoleSessionName", "roleSessionName"));
    }

    #[test]
    fn with_one() {
        passes(&SESSION_NAME_MISSING, to_aws_iam());
        does_not_apply(&SESSION_NAME_MISSING, to_identity_center());
    }
}
