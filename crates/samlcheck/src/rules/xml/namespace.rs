//! The rule `xml.namespace`.

use super::enforced_by_reader;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The document breaks the rules of XML namespaces: an undeclared prefix, `xmlns:p=""`, or a
    /// reserved prefix bound to something else.
    ///
    /// ## Why it matters
    /// SAML elements are told apart by their namespaces. A part that was cut out of a larger
    /// document loses the declarations that stood around it.
    ///
    /// ## How to fix it
    /// Take the whole document, not an element out of it; or copy the `xmlns:` declarations of the
    /// elements around it.
    ///
    /// ## Example
    /// ```text
    /// bad   <samlp:Response>  (samlp is declared nowhere)
    /// good  <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">
    /// ```
    pub static NAMESPACE = "xml.namespace" {
        severity: Error,
        sources: [Namespaces("3"), Namespaces("5")],
        check: Reading(check)
    }
}

const HELP: &str = "take the whole document: a part cut out of another loses the xmlns declarations \
                    that stood around it";

fn check(case: &Case<'_>) -> Outcome {
    enforced_by_reader(case, "xml.namespace", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_prefix_that_nothing_declares() {
        let message =
            fires(&NAMESPACE, with(idp(), " entityID=", " xsi:type=\"x\" entityID=")).message;
        assert!(message.contains("\"xsi\""), "{message}");
    }

    #[test]
    fn a_prefix_declared_after_its_use() {
        passes(&NAMESPACE, with(idp(), " entityID=", " x:type=\"x\" xmlns:x=\"urn:x\" entityID="));
    }
}
