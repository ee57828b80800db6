//! The rule `signature.transform`.

use super::{ASK, as_said, enforced};
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The signature has other transforms than enveloped-signature and, after it, one
    /// canonicalization.
    ///
    /// ## Why it matters
    /// Other transforms can choose what is signed and leave the rest to an attacker, or run a
    /// program of his.
    ///
    /// ## How to fix it
    /// Take the document again. If it always comes like this, whoever signs has to change that.
    ///
    /// ## Example
    /// ```text
    /// bad   <Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">
    /// good  <Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
    /// ```
    pub static TRANSFORM = "signature.transform" {
        severity: Error,
        sources: [Core("5.4.4")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.transform", |_, kind| as_said(kind, ASK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn xpath_and_none() {
        let xpath = with(ENTRA, "xmldsig#enveloped-signature", "xmldsig#xpath");
        assert!(fires(&TRANSFORM, xpath).message.contains("#xpath"));
        let (before, rest) = ENTRA.split_once("<Transforms>").unwrap();
        let (_, after) = rest.split_once("</Transforms>").unwrap();
        fires(&TRANSFORM, format!("{before}{after}"));
    }

    #[test]
    fn enveloped_alone() {
        let second = "<Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\" />";
        passes(&TRANSFORM, with(ENTRA, second, ""));
        passes(&TRANSFORM, ENTRA);
    }
}
