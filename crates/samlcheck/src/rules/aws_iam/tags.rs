//! The rule `aws-iam.tags`.

use std::collections::HashSet;

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{
    PRINCIPAL_TAG, TAG_KEY_CHARACTERS, TAG_VALUE_CHARACTERS, TAGS, TRANSITIVE_TAG_KEYS,
};
use crate::rule::{Finding, Findings, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The session tags are not what AWS takes: over 50 of them, a key over 128 or a value over 256 characters,
    /// no value or several, or a transitive key without its tag.
    ///
    /// ## Why it matters
    /// AssumeRoleWithSAML refuses the response, or the tag is missing in the session and every policy that
    /// asks for it denies.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims*: one claim of the name `PrincipalTag:{key}` for each tag, from a source
    /// with one short value; each value of `TransitiveTagKeys` is the key of such a claim.
    ///
    /// ## Example
    /// ```text
    /// bad   …/PrincipalTag:Team without a value
    /// good  …/PrincipalTag:Team with the value blue
    /// ```
    pub static SESSION_TAGS = "aws-iam.tags" {
        severity: Error,
        sources: [Aws("IAM User Guide, passing session tags in AWS STS")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let tags: Vec<_> = assertion
            .attributes
            .iter()
            .filter_map(|attribute| {
                let name = attribute.name.as_ref()?;
                Some((name, name.text().strip_prefix(PRINCIPAL_TAG)?, &attribute.values))
            })
            .collect();
        let transitive = values(assertion, TRANSITIVE_TAG_KEYS);
        if tags.is_empty() && transitive.is_empty() {
            return Outcome::DoesNotApply("the response has no session tags");
        }
        let mut findings = Findings::default();
        let mut find =
            |message: String, at: std::ops::Range<usize>, found: String, expected: String| {
                let finding = Finding::new(message).at(at).found(found).expected(expected);
                findings.push(finding.help(format!("correct the claim: {CLAIMS}")));
            };
        if let Some((name, _, _)) = tags.get(TAGS) {
            let expected = format!("{TAGS} at most");
            find(
                "the response has too many session tags".to_owned(),
                name.range(),
                format!("{} tags", tags.len()),
                expected,
            );
        }
        for (name, key, values) in &tags {
            let characters = key.chars().count();
            if characters == 0 || characters > TAG_KEY_CHARACTERS {
                find(
                    "the key of a session tag has a wrong length".to_owned(),
                    name.range(),
                    format!("{characters} characters"),
                    format!("1 to {TAG_KEY_CHARACTERS} characters"),
                );
            }
            let texts: Vec<_> = values.iter().filter(|value| !value.is_nil).collect();
            let is_empty = texts.iter().all(|value| value.text.text().is_empty());
            if texts.len() != 1 || is_empty {
                let found = if is_empty {
                    "no value".to_owned()
                } else {
                    format!("{} values", texts.len())
                };
                find(
                    format!("the session tag {key} has not one value"),
                    name.range(),
                    found,
                    "one value; an empty source attribute gives none".to_owned(),
                );
            }
            let length =
                |value: &samlkit::assertion::AttributeValue<'_>| value.text.text().chars().count();
            if let Some(long) = texts.iter().find(|value| length(value) > TAG_VALUE_CHARACTERS) {
                find(
                    format!("the value of the session tag {key} is too long"),
                    long.text.range(),
                    format!("{} characters", length(long)),
                    format!("{TAG_VALUE_CHARACTERS} at most"),
                );
            }
        }
        let keys: HashSet<&str> = tags.iter().map(|(_, key, _)| *key).collect();
        for value in transitive {
            let wanted = value.text.text();
            if !keys.contains(wanted) {
                find(
                    "a transitive key has no session tag".to_owned(),
                    value.text.range(),
                    wanted.to_owned(),
                    format!("an attribute {PRINCIPAL_TAG}{wanted}"),
                );
            }
        }
        findings.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn attribute(name: &str, value: &str) -> String {
        format!("<Attribute Name=\"{name}\"><AttributeValue>{value}</AttributeValue></Attribute>")
    }

    fn tagged(attributes: &str) -> String {
        let end = "</AttributeStatement>";
        with(to_aws_iam(), end, &format!("{attributes}{end}"))
    }

    fn tag(key: &str, value: &str) -> String {
        attribute(&format!("{PRINCIPAL_TAG}{key}"), value)
    }

    #[test]
    fn numbers_lengths_and_strangers() {
        let many: String = (0..=TAGS).map(|number| tag(&number.to_string(), "x")).collect();
        fires(&SESSION_TAGS, tagged(&many));
        fires(&SESSION_TAGS, tagged(&tag(&"k".repeat(129), "x")));
        fires(&SESSION_TAGS, tagged(&tag("Team", &"v".repeat(257))));
        fires(&SESSION_TAGS, tagged(&tag("Team", "")));
        let two = tag("Team", "a</AttributeValue><AttributeValue>b");
        fires(&SESSION_TAGS, tagged(&two));
        let stranger = format!("{}{}", tag("Team", "x"), attribute(TRANSITIVE_TAG_KEYS, "team"));
        fires(&SESSION_TAGS, tagged(&stranger));
    }

    #[test]
    fn just_so() {
        let many: String = (0..TAGS).map(|number| tag(&number.to_string(), "x")).collect();
        passes(&SESSION_TAGS, tagged(&many));
        let longest = tag(&"k".repeat(128), &"v".repeat(256));
        passes(
            &SESSION_TAGS,
            tagged(&format!("{longest}{}", attribute(TRANSITIVE_TAG_KEYS, &"k".repeat(128)))),
        );
        does_not_apply(&SESSION_TAGS, to_aws_iam());
    }
}
