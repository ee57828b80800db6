//! The rule `identity-center.attributes`.

use std::collections::HashSet;

use samlkit::names::ASSERTION;

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Findings, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The response has more than 50 attributes, one of them twice, one with elements in its value, or one with
    /// a name format that SAML does not define.
    ///
    /// ## Why it matters
    /// Where *Attributes for access control* is on, Identity Center refuses such a response. It also asks for
    /// one value of each attribute there, which Entra's own claims break: `authnmethodsreferences` has two after
    /// MFA, `groups` has many. Which attributes it counts AWS does not say, so that several values alone are
    /// no finding here; `identity-center.access-control` looks at those that are meant for it.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims*: remove the claims that nobody reads. Or turn *Attributes for access
    /// control* off: *IAM Identity Center > Settings*.
    ///
    /// ## Example
    /// ```text
    /// bad   <Attribute Name="dept">…</Attribute><Attribute Name="dept">…</Attribute>
    /// good  <Attribute Name="dept">…</Attribute>
    /// ```
    pub static ATTRIBUTES = "identity-center.attributes" {
        severity: Warning,
        sources: [Aws("IAM Identity Center User Guide, troubleshooting")],
        check: Response(check)
    }
}

/// Attributes that a response may have.
const ATTRIBUTES_AT_MOST: usize = 50;
/// What the name formats of SAML begin with.
const NAME_FORMATS: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:";
const MATTERS: &str = "matters where Attributes for access control is on";

fn check(case: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::IdentityCenter, |assertion| {
        let mut findings = Findings::default();
        let mut find = |message: &str, at, found: String, expected: String| {
            let finding =
                Finding::new(message).at(at).found(found).expected(expected).note(MATTERS);
            findings.push(finding.help(format!("remove or correct the claim: {CLAIMS}")));
        };
        if let Some(one_more) = assertion.attributes.get(ATTRIBUTES_AT_MOST) {
            let at = one_more.name.as_ref().map_or_else(|| assertion.range.clone(), |n| n.range());
            find(
                "the response has too many attributes",
                at,
                format!("{} attributes", assertion.attributes.len()),
                format!("{ATTRIBUTES_AT_MOST} at most"),
            );
        }
        let mut seen = HashSet::new();
        for attribute in &assertion.attributes {
            let Some(name) = &attribute.name else { continue };
            if !seen.insert(name.text()) {
                find(
                    "an attribute stands in the response twice",
                    name.range(),
                    name.text().to_owned(),
                    "each name once".to_owned(),
                );
            }
            let format = attribute.name_format.as_ref();
            if let Some(format) = format.filter(|format| !format.text().starts_with(NAME_FORMATS)) {
                find(
                    "the format of an attribute's name is none that SAML defines",
                    format.range(),
                    format.text().to_owned(),
                    format!("{NAME_FORMATS}uri, basic or unspecified"),
                );
            }
        }
        let elements = case.document.ok().into_iter().flat_map(|document| document.elements());
        let mut values = elements.filter(|element| element.is(ASSERTION, "AttributeValue"));
        if let Some(value) = values.find(|value| value.children().next().is_some()) {
            let inside = value.children().next().map(|child| child.name().to_string());
            find(
                "the value of an attribute has elements in it",
                value.start_tag_range(),
                format!("<{}>", inside.unwrap_or_default()),
                "text".to_owned(),
            );
        }
        findings.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn with_attributes(attributes: &str) -> String {
        let end = "</AttributeStatement>";
        with(to_identity_center(), end, &format!("{attributes}{end}"))
    }

    fn attribute(name: &str, value: &str) -> String {
        format!("<Attribute Name=\"{name}\"><AttributeValue>{value}</AttributeValue></Attribute>")
    }

    /// With attributes of other names until there are so many.
    fn filled(count: usize) -> String {
        let own = to_identity_center().matches("<Attribute ").count();
        (own..count).map(|number| attribute(&number.to_string(), "x")).collect()
    }

    #[test]
    fn numbers_names_formats_and_elements() {
        fires(&ATTRIBUTES, with_attributes(&filled(51)));
        fires(&ATTRIBUTES, with_attributes(&attribute("a", "x").repeat(2)));
        let formatted = attribute("a", "x").replace("Name=", "NameFormat=\"urn:own\" Name=");
        fires(&ATTRIBUTES, with_attributes(&formatted));
        let structured = attribute("a", "<Address xmlns=\"urn:own\">x</Address>");
        assert_eq!(
            fires(&ATTRIBUTES, with_attributes(&structured)).found.as_deref(),
            Some("<Address>")
        );
    }

    #[test]
    fn fifty_and_several_values() {
        passes(&ATTRIBUTES, with_attributes(&filled(50)));
        let two = "x</AttributeValue><AttributeValue>y";
        passes(&ATTRIBUTES, with_attributes(&attribute("a", two)));
        does_not_apply(&ATTRIBUTES, to_aws_iam());
    }
}
