//! The rule `identity-center.access-control`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::identity_center::{ACCESS_CONTROL, KEY_CHARACTERS};
use crate::rule::{Finding, Findings, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// An attribute for access control has several values, a key that is empty or over 128 characters, a name
    /// in another case, or white space around its value.
    ///
    /// ## Why it matters
    /// Identity Center passes `AccessControl:{key}` on as a session tag. It takes one value of each and knows
    /// the name in this case only; white space becomes part of the tag, and no policy matches. Where *Attributes
    /// for access control* has the same key configured, the value from the directory takes the place of this
    /// one.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims*: name `AccessControl:Team`, namespace
    /// `https://aws.amazon.com/SAML/Attributes`, a source with one value; `Trim()` takes white space away.
    ///
    /// ## Example
    /// ```text
    /// bad   …/AccessControl:Team with the values blue and green
    /// good  …/AccessControl:Team with the value blue
    /// ```
    pub static ATTRIBUTE = "identity-center.access-control" {
        severity: Warning,
        sources: [Aws("IAM Identity Center User Guide, attributes for access control")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::IdentityCenter, |assertion| {
        let mut looked = false;
        let mut findings = Findings::default();
        for attribute in &assertion.attributes {
            let Some(name) = &attribute.name else { continue };
            let text = name.text();
            let begins = text.get(..ACCESS_CONTROL.len());
            if !begins.is_some_and(|begin| begin.eq_ignore_ascii_case(ACCESS_CONTROL)) {
                continue;
            }
            looked = true;
            let key = text.get(ACCESS_CONTROL.len()..).unwrap_or("");
            let characters = key.chars().count();
            let values = attribute.values.len();
            let mut find = |message: &str, found: String, expected: String| {
                let finding = Finding::new(message).at(name.range()).found(found);
                findings
                    .push(finding.expected(expected).help(format!("correct the claim: {CLAIMS}")));
            };
            if begins != Some(ACCESS_CONTROL) {
                let message = "Identity Center knows this attribute in another case only";
                find(message, text.to_owned(), format!("{ACCESS_CONTROL}{key}"));
            }
            if characters == 0 || characters > KEY_CHARACTERS {
                let expected = format!("1 to {KEY_CHARACTERS} characters");
                find(
                    "the key of an attribute for access control has a wrong length",
                    format!("{characters} characters"),
                    expected,
                );
            }
            if values > 1 {
                let message = "an attribute for access control has several values";
                find(message, format!("{values} values of {text}"), "one value".to_owned());
            }
            let spaced = |value: &&samlkit::assertion::AttributeValue<'_>| {
                value.text.text().trim() != value.text.text()
            };
            if let Some(value) = attribute.values.iter().find(spaced) {
                let message = "white space around the value becomes part of the session tag";
                let (found, expected) = (value.text.text(), value.text.text().trim());
                find(message, format!("{found:?}"), format!("{expected:?}"));
            }
        }
        if looked {
            findings.into()
        } else {
            Outcome::DoesNotApply("the response has no attribute for access control")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn controlling(name: &str, values: &str) -> String {
        let attribute =
            format!("<Attribute Name=\"{name}\">{values}</Attribute></AttributeStatement>");
        with(to_identity_center(), "</AttributeStatement>", &attribute)
    }

    const TEAM: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:Team";
    const ONE: &str = "<AttributeValue>blue</AttributeValue>";

    #[test]
    fn values_keys_cases_and_spaces() {
        fires(&ATTRIBUTE, controlling(TEAM, &ONE.repeat(2)));
        fires(&ATTRIBUTE, controlling(ACCESS_CONTROL, ONE));
        fires(&ATTRIBUTE, controlling(&format!("{ACCESS_CONTROL}{}", "k".repeat(129)), ONE));
        fires(&ATTRIBUTE, controlling(&TEAM.replace("AccessControl", "accesscontrol"), ONE));
        fires(&ATTRIBUTE, controlling(TEAM, "<AttributeValue>blue\n</AttributeValue>"));
    }

    #[test]
    fn one_value_and_the_longest_key() {
        passes(&ATTRIBUTE, controlling(TEAM, ONE));
        passes(&ATTRIBUTE, controlling(&format!("{ACCESS_CONTROL}{}", "k".repeat(128)), ONE));
        does_not_apply(&ATTRIBUTE, to_identity_center());
    }
}
