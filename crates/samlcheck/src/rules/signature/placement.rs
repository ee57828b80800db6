//! The rule `signature.placement`.

use super::{ASK, as_said, enforced};
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The signature is not where the schema puts it: first in metadata, right after the Issuer in a
    /// message or an assertion.
    ///
    /// ## Why it matters
    /// Readers that look for it in its place do not find it, and readers that look everywhere find
    /// one that somebody hid.
    ///
    /// ## How to fix it
    /// Take the document again. If it always comes like this, whoever signs has to change that.
    ///
    /// ## Example
    /// ```text
    /// bad   <Assertion><Issuer/><Subject/><Signature/>
    /// good  <Assertion><Issuer/><Signature/><Subject/>
    /// ```
    pub static PLACEMENT = "signature.placement" {
        severity: Error,
        sources: [Core("3.2.2"), Metadata("2.3.2")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.placement", |_, kind| as_said(kind, ASK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn after_extensions() {
        let late = with(ENTRA, "<Signature xmlns", "<Extensions/><Signature xmlns");
        assert!(fires(&PLACEMENT, late).message.contains("after <Extensions>"));
    }

    #[test]
    fn after_a_comment() {
        passes(&PLACEMENT, with(ENTRA, "<Signature xmlns", "<!-- x --><Signature xmlns"));
    }
}
