//! The rule `xml.entity`.

use super::enforced_by_reader;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The document refers to an entity that XML does not predefine.
    ///
    /// ## Why it matters
    /// Without a document type, which SAML forbids, only `&lt;`, `&gt;`, `&amp;`, `&apos;` and
    /// `&quot;` exist. Names of HTML such as `&nbsp;` come from a page or an editor.
    ///
    /// ## How to fix it
    /// Get the document from its source again, or write the character itself or its number:
    /// `&#160;` for `&nbsp;`. In a signed document either breaks the signature.
    ///
    /// ## Example
    /// ```text
    /// bad   <Issuer>&idp;</Issuer>
    /// good  <Issuer>https://idp.example/?a=1&amp;b=2</Issuer>
    /// ```
    pub static ENTITY = "xml.entity" {
        severity: Error,
        sources: [Xml("4.6")],
        check: Reading(check)
    }
}

const HELP: &str = "get the document from its source again; by hand, write the character's number, \
                    as &#160; for &nbsp;";

fn check(case: &Case<'_>) -> Outcome {
    enforced_by_reader(case, "xml.entity", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_name_of_html() {
        let finding = fires(&ENTITY, with(idp(), "idp.example.org/sso", "idp.example.org/&nbsp;"));
        assert!(finding.message.contains("&nbsp;"), "{}", finding.message);
    }

    #[test]
    fn the_predefined_ones_and_numbers() {
        passes(&ENTITY, with(idp(), "idp.example.org/sso", "idp.example.org/?a&amp;b&#160;&quot;"));
    }
}
