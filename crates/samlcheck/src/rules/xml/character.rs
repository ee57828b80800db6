//! The rule `xml.character`.

use super::enforced_by_reader;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The document holds a character, or a reference to one, that XML forbids.
    ///
    /// ## Why it matters
    /// Control characters, halves of surrogate pairs and a few code points may not stand in XML,
    /// not even as `&#0;`. Readers that let them pass may cut a value short at that place.
    ///
    /// ## How to fix it
    /// Get the document from its source again. If the character comes from a directory's attribute,
    /// clean the attribute.
    ///
    /// ## Example
    /// ```text
    /// bad   <NameID>ada&#1;</NameID>
    /// good  <NameID>ada</NameID>
    /// ```
    pub static CHARACTER = "xml.character" {
        severity: Error,
        sources: [Xml("2.2")],
        check: Reading(check)
    }
}

const HELP: &str = "get the document from its source again; if the character comes from a \
                    directory's attribute, remove it there";

fn check(case: &Case<'_>) -> Outcome {
    enforced_by_reader(case, "xml.character", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_control_character_and_a_reference_to_one() {
        let message = fires(&CHARACTER, with(idp(), "org/sso", "org/\u{1}")).message;
        assert!(message.contains("U+0001"), "{message}");
        assert!(
            fires(&CHARACTER, with(idp(), "org/sso", "org/&#xFFFE;")).message.contains("&#xFFFE;")
        );
    }

    #[test]
    fn a_tab_and_the_last_code_point() {
        passes(&CHARACTER, with(idp(), "</NameIDFormat>", "\t&#x10FFFF;</NameIDFormat>"));
    }
}
