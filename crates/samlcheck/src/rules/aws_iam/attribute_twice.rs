//! The rule `aws-iam.attribute-twice`.

use std::collections::HashSet;

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::ATTRIBUTES;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// An attribute that AWS reads stands twice.
    ///
    /// ## Why it matters
    /// AWS maps only one of the two, and does not say which.
    ///
    /// ## How to fix it
    /// Give the attribute once, with all its values. In Entra: *Attributes & Claims*: delete one of the two
    /// claims of that name.
    ///
    /// ## Example
    /// ```text
    /// bad   the attribute RoleSessionName twice
    /// good  the attribute RoleSessionName once
    /// ```
    pub static ATTRIBUTE_TWICE = "aws-iam.attribute-twice" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let names = assertion.attributes.iter().filter_map(|attribute| attribute.name.as_ref());
        let mut seen = HashSet::new();
        let of_aws = names.filter(|name| name.text().starts_with(ATTRIBUTES));
        let again = of_aws.filter(|name| !seen.insert(name.text()));
        let findings = again.map(|name| {
            Finding::new("the attribute stands twice, and AWS maps only one of the two")
                .at(name.range())
                .found(name.text())
                .help(format!("give it once, with all its values: {CLAIMS}"))
        });
        findings.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn a_second_session_name() {
        let twice = with(to_aws_iam(), "Attributes/Role\"", "Attributes/RoleSessionName\"");
        fires(&ATTRIBUTE_TWICE, twice);
    }

    #[test]
    fn one_with_two_values_and_somebody_elses_twice() {
        passes(&ATTRIBUTE_TWICE, to_aws_iam());
        let other = "<Attribute Name=\"urn:x\"/><Attribute Name=\"urn:x\"/></AttributeStatement>";
        passes(&ATTRIBUTE_TWICE, with(to_aws_iam(), "</AttributeStatement>", other));
    }
}
