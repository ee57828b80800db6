//! The rule `aws-iam.source-identity`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{SOURCE_IDENTITY as ATTRIBUTE, is_session_name};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The value of `SourceIdentity` is none that AWS takes: 2 to 64 letters, digits and `_+=,.@-`, not
    /// beginning with `aws:`.
    ///
    /// ## Why it matters
    /// AWS refuses: *Source Identity must match*.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > SourceIdentity*: `user.userprincipalname`. The trust policy of the
    /// role has to allow `sts:SetSourceIdentity`.
    ///
    /// ## Example
    /// ```text
    /// bad   <AttributeValue>aws:ada</AttributeValue>
    /// good  <AttributeValue>ada@example.com</AttributeValue>
    /// ```
    pub static SOURCE_IDENTITY = "aws-iam.source-identity" {
        severity: Error,
        sources: [Aws("IAM User Guide, troubleshoot_saml")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let values = values(assertion, ATTRIBUTE);
        if values.is_empty() {
            return Outcome::DoesNotApply("the response has no SourceIdentity");
        }
        // A colon is none of the characters, so that aws: is refused with the rest.
        let wrong = values.iter().filter(|value| !is_session_name(value.text.text()));
        let findings = wrong.map(|value| {
            Finding::new("AWS does not take the SourceIdentity")
                .at(value.text.range())
                .found(value.text.text())
                .expected("2 to 64 letters, digits and _+=,.@-")
                .note("AWS reports this as \"Source Identity must match\"")
                .help(format!("take user.userprincipalname: {CLAIMS}"))
        });
        findings.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    fn called(value: &str) -> String {
        let attribute = format!(
            "<Attribute Name=\"{ATTRIBUTE}\"><AttributeValue>{value}</AttributeValue></Attribute>"
        );
        with(to_aws_iam(), "</AttributeStatement>", &format!("{attribute}</AttributeStatement>"))
    }

    #[test]
    fn a_reserved_one_and_a_space() {
        fires(&SOURCE_IDENTITY, called("aws:ada"));
        fires(&SOURCE_IDENTITY, called("Ada Lovelace"));
    }

    #[test]
    fn an_address_and_none() {
        passes(&SOURCE_IDENTITY, called("aws.ada@example.com"));
        does_not_apply(&SOURCE_IDENTITY, to_aws_iam());
    }
}
