//! The rule `xml.comment-in-value`.

use samlkit::names::{ASSERTION, METADATA};
use samlkit::xml::{Element, Node};

use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A comment or processing instruction stands inside a value that decides who somebody is.
    ///
    /// ## Why it matters
    /// The whole text is the value, and samlkit uses the whole text. Readers that stop at the
    /// comment were made to take `admin@example.com<!-- -->.evil.example` for `admin@example.com`,
    /// with the signature still good.
    ///
    /// ## How to fix it
    /// No identity provider writes comments there. Find out how this one came in.
    ///
    /// ## Example
    /// ```text
    /// bad   <NameID>ada@example.com<!-- -->.evil.example</NameID>
    /// good  <NameID>ada@example.com</NameID>
    /// ```
    pub static COMMENT_IN_VALUE = "xml.comment-in-value" {
        severity: Warning,
        sources: [Other("CVE-2017-11427")],
        check: Document(check)
    }
}

const VALUES: [(&str, &str); 5] = [
    (ASSERTION, "NameID"),
    (ASSERTION, "Issuer"),
    (ASSERTION, "Audience"),
    (ASSERTION, "AttributeValue"),
    (METADATA, "NameIDFormat"),
];

fn splits(element: Element<'_>) -> bool {
    element.nodes().any(|node| matches!(node, Node::Comment(_) | Node::Instruction { .. }))
}

fn check(case: &Case<'_>) -> Outcome {
    let Ok(document) = case.document else { return Outcome::NotReached };
    let is_value = |element: &Element<'_>| VALUES.iter().any(|(ns, local)| element.is(ns, local));
    let findings = document.elements().filter(is_value).filter(|&e| splits(e)).map(|element| {
        Finding::new(format!("the text of <{}> is split by a comment", element.name()))
            .at(element.content_range())
            .found(element.text())
            .note("that is the whole text, which is what samlkit reads; other readers stop at the comment")
            .help("find out how the comment came in: no identity provider writes one there")
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_comment_in_a_format() {
        let finding =
            fires(&COMMENT_IN_VALUE, with(idp(), ":persistent<", ":per<!-- x -->sistent<"));
        assert_eq!(finding.found.unwrap(), "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent");
    }

    #[test]
    fn a_comment_beside_a_value() {
        passes(&COMMENT_IN_VALUE, with(idp(), "<NameIDFormat>", "<!-- x --><NameIDFormat>"));
    }
}
