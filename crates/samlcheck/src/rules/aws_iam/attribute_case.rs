//! The rule `aws-iam.attribute-case`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::ATTRIBUTES;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The name of an attribute differs from the one that AWS reads in upper and lower case, white
    /// space or a slash only.
    ///
    /// ## Why it matters
    /// Names are compared to the letter: AWS sees no such attribute.
    ///
    /// ## How to fix it
    /// Write the name as AWS has it. In Entra the namespace and the name of a claim are two fields:
    /// `https://aws.amazon.com/SAML/Attributes` and, for example, `Role`.
    ///
    /// ## Example
    /// ```text
    /// bad   https://aws.amazon.com/SAML/attributes/role
    /// good  https://aws.amazon.com/SAML/Attributes/Role
    /// ```
    pub static ATTRIBUTE_CASE = "aws-iam.attribute-case" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions")],
        check: Response(check)
    }
}

/// The attributes that AWS reads, without what all begin with.
const NAMES: [&str; 5] =
    ["Role", "RoleSessionName", "SessionDuration", "SourceIdentity", "TransitiveTagKeys"];
/// What the names of tags begin with; a tag's own name may have any case.
const TAG: &str = "PrincipalTag:";

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let names = assertion.attributes.iter().filter_map(|attribute| attribute.name.as_ref());
        let slips = names.filter_map(|name| {
            let expected = meant(name.text())?;
            let finding = Finding::new("AWS does not read the attribute under this name")
                .at(name.range())
                .found(name.text())
                .expected(expected)
                .help(format!("correct the name or the namespace of the claim: {CLAIMS}"));
            Some(finding)
        });
        slips.collect()
    })
}

/// The name that was meant, where `name` is not it but close.
fn meant(name: &str) -> Option<String> {
    let pack = |text: &str| {
        let packed: String = text.chars().filter(|c| !c.is_whitespace() && *c != '/').collect();
        packed.to_ascii_lowercase()
    };
    let packed = pack(name);
    let known = NAMES.iter().map(|known| format!("{ATTRIBUTES}{known}"));
    let mut known = known.filter(|known| pack(known) == packed);
    let tag = format!("{ATTRIBUTES}{TAG}");
    match known.next() {
        Some(known) => (known != name).then_some(known),
        None if packed.starts_with(&pack(&tag)) && !name.starts_with(&tag) => {
            let (_, key) = name.split_once(':').and_then(|(_, rest)| rest.split_once(':'))?;
            Some(format!("{tag}{}", key.trim()))
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn lower_case_a_slash_and_a_space() {
        for slip in ["role", "Role/", " Role", "/Role"] {
            let response = with(to_aws_iam(), "Attributes/Role\"", &format!("Attributes/{slip}\""));
            let finding = fires(&ATTRIBUTE_CASE, response);
            assert_eq!(
                finding.expected.as_deref(),
                Some("https://aws.amazon.com/SAML/Attributes/Role"),
                "{slip}"
            );
        }
        let tag = "Attributes/principaltag:Team\"";
        let finding = fires(&ATTRIBUTE_CASE, with(to_aws_iam(), "Attributes/Role\"", tag));
        assert!(finding.expected.is_some_and(|name| name.ends_with("/PrincipalTag:Team")));
    }

    #[test]
    fn names_of_others_and_a_tag_in_any_case() {
        passes(&ATTRIBUTE_CASE, to_aws_iam());
        passes(&ATTRIBUTE_CASE, with(to_aws_iam(), "Attributes/Role\"", "Attributes/Roles\""));
        let tag = "Attributes/PrincipalTag:team\"";
        passes(&ATTRIBUTE_CASE, with(to_aws_iam(), "Attributes/Role\"", tag));
    }
}
