//! The rule `aws-iam.role-missing`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::ROLE;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The response has no role: the attribute `https://aws.amazon.com/SAML/Attributes/Role` is missing
    /// or has no value.
    ///
    /// ## Why it matters
    /// Without a role there is nothing to sign in to. AWS says *Your request included an invalid SAML
    /// response*. In Entra it happens when the user is assigned to the app with *Default Access*.
    ///
    /// ## How to fix it
    /// In Entra: *Users and groups*: assign the user, or a group, with one of the roles of AWS.
    /// *Single sign-on > Attributes & Claims*: a claim `Role` with the namespace
    /// `https://aws.amazon.com/SAML/Attributes` and the source `user.assignedroles`.
    ///
    /// ## Example
    /// ```text
    /// bad   no attribute https://aws.amazon.com/SAML/Attributes/Role
    /// good  <Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">
    /// ```
    pub static ROLE_MISSING = "aws-iam.role-missing" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions, troubleshoot_saml")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        if values(assertion, ROLE).iter().any(|value| !value.text.trimmed().is_empty()) {
            return Outcome::Passed;
        }
        let start = assertion.range.start;
        Finding::new(format!("the response has no role: no attribute {ROLE} with a value"))
            .at(start..start)
            .note("AWS reports this as \"Your request included an invalid SAML response\"")
            .help(format!(
                "assign the user with a role of AWS, not Default Access: Enterprise apps > (app) > \
                 Users and groups; and look for the claim Role: {CLAIMS}"
            ))
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn none_and_an_empty_one() {
        fires(&ROLE_MISSING, with(to_aws_iam(), "Attributes/Role\"", "Attributes/Other\""));
        let value =
            "arn:aws:iam::111122223333:role/Admin,arn:aws:iam::111122223333:saml-provider/Entra";
        fires(&ROLE_MISSING, with(to_aws_iam(), value, " "));
    }

    #[test]
    fn one_and_a_response_to_somebody_else() {
        passes(&ROLE_MISSING, to_aws_iam());
        does_not_apply(&ROLE_MISSING, to_identity_center());
    }
}
