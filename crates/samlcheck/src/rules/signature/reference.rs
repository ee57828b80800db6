//! The rule `signature.reference`.

use super::{ASK, as_said, enforced};
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The signature is not over the element that it stands in: not exactly one reference, or one
    /// that is not `#` and the element's own ID.
    ///
    /// ## Why it matters
    /// A good signature over one element, put into another, is the oldest attack on SAML.
    ///
    /// ## How to fix it
    /// Take the document again. If it always comes like this, whoever signs has to change that.
    ///
    /// ## Example
    /// ```text
    /// bad   <Assertion ID="_1">…<Reference URI="#_2">
    /// good  <Assertion ID="_1">…<Reference URI="#_1">
    /// ```
    pub static REFERENCE = "signature.reference" {
        severity: Error,
        sources: [Core("5.4.2")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.reference", |_, kind| as_said(kind, ASK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn another_id_and_the_whole_document() {
        let finding = fires(&REFERENCE, with(ENTRA, "URI=\"#_c4a7", "URI=\"#_c4a8"));
        assert!(finding.message.contains("\"#_c4a8"), "{}", finding.message);
        let id = "URI=\"#_c4a7e0d2-6b1f-4c58-9d3e-8f2a7b6c5d41\"";
        fires(&REFERENCE, with(ENTRA, id, "URI=\"\""));
        fires(&REFERENCE, with(ENTRA, id, ""));
    }

    #[test]
    fn its_own_id() {
        passes(&REFERENCE, ENTRA);
        does_not_apply(&REFERENCE, idp());
    }
}
