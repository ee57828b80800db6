//! The rule `xml.attribute`.

use super::enforced_by_reader;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// An element has the same attribute twice.
    ///
    /// ## Why it matters
    /// One reader takes the first, another the last. Two prefixes of the same namespace make two
    /// attributes the same as well.
    ///
    /// ## How to fix it
    /// Get the document from its source again; if it was edited by hand, remove one of the two.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response ID="_1" ID="_2">
    /// good  <Response ID="_1">
    /// ```
    pub static ATTRIBUTE = "xml.attribute" {
        severity: Error,
        sources: [Namespaces("6.3"), Xml("3.1")],
        check: Reading(check)
    }
}

const HELP: &str = "get the document from its source again, or remove one of the two";

fn check(case: &Case<'_>) -> Outcome {
    enforced_by_reader(case, "xml.attribute", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_same_name_and_the_same_namespace() {
        let twice = with(idp(), " entityID=", " entityID=\"https://evil.example/\" entityID=");
        assert!(fires(&ATTRIBUTE, twice).message.contains("entityID stands twice"));
        let prefixes = " xmlns:a=\"urn:x\" xmlns:b=\"urn:x\" a:y=\"\" b:y=\"\" entityID=";
        let message = fires(&ATTRIBUTE, with(idp(), " entityID=", prefixes)).message;
        assert!(message.contains("b:y") && message.contains("a:y"), "{message}");
    }

    #[test]
    fn the_same_name_in_different_namespaces() {
        let prefixes = " xmlns:a=\"urn:x\" a:entityID=\"\" EntityID=\"\" entityID=";
        passes(&ATTRIBUTE, with(idp(), " entityID=", prefixes));
    }
}
