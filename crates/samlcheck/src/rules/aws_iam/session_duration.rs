//! The rule `aws-iam.session-duration`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{SESSION_DURATION as ATTRIBUTE, SESSION_SECONDS};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The value of `SessionDuration` is no whole number of seconds from 900 to 43200.
    ///
    /// ## Why it matters
    /// AWS refuses the sign-in to the console.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > SessionDuration*: a constant such as `3600`, at most what the
    /// role's own maximum allows.
    ///
    /// ## Example
    /// ```text
    /// bad   <AttributeValue>60</AttributeValue>
    /// good  <AttributeValue>3600</AttributeValue>
    /// ```
    pub static SESSION_DURATION = "aws-iam.session-duration" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let values = values(assertion, ATTRIBUTE);
        if values.is_empty() {
            return Outcome::DoesNotApply("the response has no SessionDuration");
        }
        let is_good = |text: &str| {
            let is_number = text.bytes().all(|b| b.is_ascii_digit());
            is_number && text.parse().is_ok_and(|seconds| SESSION_SECONDS.contains(&seconds))
        };
        let wrong = values.iter().filter(|value| !is_good(value.text.text()));
        let findings = wrong.map(|value| {
            Finding::new("AWS does not take the SessionDuration")
                .at(value.text.range())
                .found(value.text.text())
                .expected("a whole number of seconds from 900 to 43200")
                .help(format!("write a constant such as 3600: {CLAIMS}"))
        });
        findings.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn lasting(value: &str) -> String {
        let attribute = format!(
            "<Attribute Name=\"{ATTRIBUTE}\"><AttributeValue>{value}</AttributeValue></Attribute>"
        );
        with(to_aws_iam(), "</AttributeStatement>", &format!("{attribute}</AttributeStatement>"))
    }

    #[test]
    fn too_short_too_long_and_no_number() {
        for wrong in ["899", "43201", "1h", "+900", "3600.0", "", "99999999999"] {
            fires(&SESSION_DURATION, lasting(wrong));
        }
    }

    #[test]
    fn both_ends_and_none() {
        passes(&SESSION_DURATION, lasting("900"));
        passes(&SESSION_DURATION, lasting("43200"));
        does_not_apply(&SESSION_DURATION, to_aws_iam());
    }
}
