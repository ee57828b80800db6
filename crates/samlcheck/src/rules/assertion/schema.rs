//! The rule `assertion.schema`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion is not as SAML's schema has it: an element is there twice or is missing, an
    /// attribute is missing, or a text holds elements.
    ///
    /// ## Why it matters
    /// Of two names one reader takes the first and another the last, so one signature stands for two
    /// users. The same goes for a name with an element in it, whose text one reader drops and another
    /// does not.
    ///
    /// ## How to fix it
    /// Ask whoever makes the assertion to write it as the schema has it: one `Issuer`, `Subject` and
    /// `Conditions`, one `NameID` in the `Subject`, one `AuthnContext` in the `AuthnStatement`, a
    /// `Method` in each `SubjectConfirmation`, a `Name` in each `Attribute`.
    ///
    /// ## Example
    /// ```text
    /// bad   <Subject><NameID>ada</NameID><NameID>eve</NameID></Subject>
    /// good  <Subject><NameID>ada</NameID></Subject>
    /// ```
    pub static SCHEMA = "assertion.schema" {
        severity: Error,
        sources: [Core("2.3.3, 2.4.1, 2.7.2, 2.2.5")],
        check: Document(check)
    }
}

const HELP: &str = "ask whoever makes the assertion to write it as the SAML 2.0 schema has it; if \
                    your usual identity provider did not write it so, treat it as an attack";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.schema", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn two_names_and_an_element_in_one() {
        let options = verdict_on("good-assertion-signed");
        let name = "<NameID>eve</NameID></Subject>";
        let xml = with(to_identity_center(), "</Subject>", name);
        let finding = fires_for(&SCHEMA, xml, &options);
        let expected = "the Subject has more than one NameID, EncryptedID or BaseID";
        assert_eq!(finding.message, expected);
        let xml = with(to_identity_center(), "ada@example.com</NameID>", "ada<b/></NameID>");
        let finding = fires_for(&SCHEMA, xml, &options);
        let expected = "the NameID holds the element <b>, and may hold text only";
        assert_eq!(finding.message, expected);
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &SCHEMA,
            vector("good-comment-in-nameid"),
            &verdict_on("good-comment-in-nameid"),
        );
        // What has a rule of its own is said by that.
        passes_for(&SCHEMA, vector("bad-date"), &verdict_on("bad-date"));
        does_not_apply(&SCHEMA, idp());
    }
}
