//! The rule `assertion.empty-value`.

use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::CLAIMS;

rule! {
    /// A claim has no value: the user's attribute that it is made of is empty.
    ///
    /// ## Why it matters
    /// The service provider gets an empty text in the place of a name, a department or a mail address, and
    /// mostly takes it for one.
    ///
    /// ## How to fix it
    /// Fill the attribute of the user in the directory, or choose another source for the claim.
    ///
    /// ## Example
    /// ```text
    /// bad   <Attribute Name="department"><AttributeValue/></Attribute>
    /// good  <Attribute Name="department"><AttributeValue>Engines</AttributeValue></Attribute>
    /// ```
    pub static EMPTY_VALUE = "assertion.empty-value" {
        severity: Info,
        sources: [Core("2.7.3.1.1")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    let assertion = message.first_assertion();
    let attributes = assertion.map(|assertion| &assertion.attributes).filter(|a| !a.is_empty());
    let Some(attributes) = attributes else {
        return Outcome::DoesNotApply("the response has no attribute that can be read");
    };
    let empty = attributes.iter().filter(|attribute| {
        // An element inside the value is no empty text.
        attribute.values.iter().all(|value| {
            value.name_id.is_none() && !value.is_structured && value.text.text().is_empty()
        })
    });
    let findings = empty.filter_map(|attribute| {
        let name = attribute.name.as_ref()?;
        let finding = Finding::new(format!("the claim {} has no value", name.text()));
        Some(finding.at(name.range()).help(format!(
            "fill the user's attribute in the directory, or choose another source: {CLAIMS}"
        )))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn with_attribute(values: &str) -> String {
        let end = "</AttributeStatement>";
        let attribute = format!("<Attribute Name=\"dept\">{values}</Attribute>{end}");
        with(to_identity_center(), end, &attribute)
    }

    #[test]
    fn no_value_and_an_empty_one() {
        fires(&EMPTY_VALUE, with_attribute(""));
        fires(&EMPTY_VALUE, with_attribute("<AttributeValue/>"));
    }

    #[test]
    fn a_value_beside_an_empty_one() {
        passes(&EMPTY_VALUE, to_identity_center());
        passes(&EMPTY_VALUE, with_attribute("<AttributeValue/><AttributeValue>x</AttributeValue>"));
        does_not_apply(&EMPTY_VALUE, encrypted("aes128-gcm.oaep-mgf1p"));
    }
}
