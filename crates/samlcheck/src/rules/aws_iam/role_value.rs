//! The rule `aws-iam.role-value`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{ROLE, role_pair};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// A value of `Role` is not the ARN of a role and the ARN of a SAML provider with a comma between.
    ///
    /// ## Why it matters
    /// AWS cannot tell which role to give. A space after the comma is enough for that.
    ///
    /// ## How to fix it
    /// `arn:aws:iam::111122223333:role/NAME,arn:aws:iam::111122223333:saml-provider/NAME`, in either
    /// order, without spaces. In Entra it is the *value* of the app role; import the roles again, or
    /// correct them in the app's manifest.
    ///
    /// ## Example
    /// ```text
    /// bad   arn:aws:iam::111122223333:role/Admin, arn:aws:iam::111122223333:saml-provider/Entra
    /// good  arn:aws:iam::111122223333:role/Admin,arn:aws:iam::111122223333:saml-provider/Entra
    /// ```
    pub static ROLE_VALUE = "aws-iam.role-value" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let values = values(assertion, ROLE);
        let wrong = values.iter().filter(|value| role_pair(value.text.text()).is_none());
        let findings = wrong.map(|value| {
            let text = value.text.text();
            let packed: String = text.split_whitespace().collect();
            let why = if text.trim().is_empty() {
                "a role is empty"
            } else if role_pair(&packed).is_some() {
                "there is white space in a role"
            } else if !text.contains(',') {
                "a role is no pair of ARNs: there is no comma"
            } else {
                "a role is no pair of the ARNs of a role and of a SAML provider"
            };
            Finding::new(why)
                .at(value.text.range())
                .found(text)
                .expected("arn:aws:iam::ACCOUNT:role/NAME,arn:aws:iam::ACCOUNT:saml-provider/NAME")
                .help("correct the value of the app role: App registrations > (app) > App roles")
        });
        match values.is_empty() {
            true => Outcome::DoesNotApply("the response has no role"),
            false => findings.collect(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_space_and_a_role_alone() {
        let finding = fires(&ROLE_VALUE, with(to_aws_iam(), "role/Admin,", "role/Admin, "));
        assert!(finding.message.contains("white space"), "{}", finding.message);
        let alone = with(to_aws_iam(), ",arn:aws:iam::111122223333:saml-provider/Entra", "");
        assert!(fires(&ROLE_VALUE, alone).message.contains("no comma"));
    }

    #[test]
    fn either_order() {
        passes(&ROLE_VALUE, to_aws_iam());
        let (role, provider) = ("111122223333:role/Admin", "111122223333:saml-provider/Entra");
        let turned = with(with(to_aws_iam(), role, "?"), provider, role);
        passes(&ROLE_VALUE, with(turned, "?", provider));
    }
}
