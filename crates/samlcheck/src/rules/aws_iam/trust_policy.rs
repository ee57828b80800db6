//! The rule `aws-iam.trust-policy`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{PRINCIPAL_TAG, SOURCE_IDENTITY};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// What the role's trust policy has to allow for this response, beside `sts:AssumeRoleWithSAML`:
    /// `sts:TagSession` for session tags, `sts:SetSourceIdentity` for a source identity.
    ///
    /// ## Why it matters
    /// Where one of them is missing, AWS says *Not authorized to perform sts:AssumeRoleWithSAML*, and names
    /// neither. The policy also compares `SAML:aud` with the *Recipient* of the response, not with its
    /// Audience, and `SAML:sub_type` with the format of the NameID; and its principal has to be the SAML
    /// provider that the attribute Role names. None of that is in the response, so that it cannot be checked
    /// here.
    ///
    /// ## How to fix it
    /// *IAM > Roles > (role) > Trust relationships > Edit trust policy*: add the actions.
    ///
    /// ## Example
    /// ```text
    /// bad   "Action": "sts:AssumeRoleWithSAML", and PrincipalTag:Team in the response
    /// good  "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"]
    /// ```
    pub static TRUST_POLICY = "aws-iam.trust-policy" {
        severity: Info,
        sources: [Aws("IAM User Guide, troubleshoot_saml; passing session tags in AWS STS")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let names = assertion.attributes.iter().filter_map(|attribute| attribute.name.as_ref());
        let tag = names.clone().find(|name| name.text().starts_with(PRINCIPAL_TAG));
        let identity = names.clone().find(|name| name.text() == SOURCE_IDENTITY);
        let identity = identity.filter(|_| !values(assertion, SOURCE_IDENTITY).is_empty());
        let actions = [(tag, "sts:TagSession"), (identity, "sts:SetSourceIdentity")];
        let needed: Vec<_> =
            actions.into_iter().filter_map(|(name, action)| Some((name?, action))).collect();
        let finding = needed.first().map(|(name, _)| {
            let actions: Vec<&str> = needed.iter().map(|(_, action)| *action).collect();
            let mut finding = Finding::new(format!(
                "the role's trust policy has to allow {} for this response",
                actions.join(" and ")
            ))
            .at(name.range())
            .help(
                "IAM > Roles > (role) > Trust relationships > Edit trust policy: add the actions",
            );
            if let Some(recipient) = assertion.recipients().next() {
                finding =
                    finding.note(format!("SAML:aud in it is the Recipient: {}", recipient.text()));
            }
            finding
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn with_attribute(name: &str) -> String {
        let end = "</AttributeStatement>";
        let attribute = format!(
            "<Attribute Name=\"{name}\"><AttributeValue>x1</AttributeValue></Attribute>{end}"
        );
        with(to_aws_iam(), end, &attribute)
    }

    #[test]
    fn tags_and_a_source_identity() {
        let finding = fires(&TRUST_POLICY, with_attribute(&format!("{PRINCIPAL_TAG}Team")));
        assert!(finding.message.contains("allow sts:TagSession for"));
        assert!(finding.notes.concat().contains("https://signin.aws.amazon.com/saml"));
        let finding = fires(&TRUST_POLICY, with_attribute(SOURCE_IDENTITY));
        assert!(finding.message.contains("allow sts:SetSourceIdentity for"));
    }

    #[test]
    fn neither() {
        passes(&TRUST_POLICY, to_aws_iam());
        does_not_apply(&TRUST_POLICY, to_identity_center());
    }
}
