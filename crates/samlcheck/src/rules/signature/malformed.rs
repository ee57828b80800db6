//! The rule `signature.malformed`.

use super::{ASK, as_said, enforced};
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The signature does not have the one shape that SAML allows: a part is missing, stands twice
    /// or may not be there, or a value is not base64.
    ///
    /// ## Why it matters
    /// Every part that may stand twice is read in two ways by two readers: one checks the first, the
    /// other uses the second. That is how signatures are forged around.
    ///
    /// ## How to fix it
    /// Take the document again. If it always comes like this, whoever signs has to change that.
    ///
    /// ## Example
    /// ```text
    /// bad   <Signature><SignedInfo/><SignedInfo/><SignatureValue/></Signature>
    /// good  <Signature><SignedInfo/><SignatureValue/><KeyInfo/></Signature>
    /// ```
    pub static MALFORMED = "signature.malformed" {
        severity: Error,
        sources: [Core("5.4"), XmlSignature("4")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.malformed", |_, kind| as_said(kind, ASK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn an_object_and_a_second_signature() {
        let object = with(ENTRA, "</KeyInfo></Signature>", "</KeyInfo><Object/></Signature>");
        assert!(fires(&MALFORMED, object).message.contains("<Object>"));
        let second = "</Signature><Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>";
        let twice = with(ENTRA, "</Signature>", second);
        assert!(fires(&MALFORMED, twice).message.contains("has 2 signatures"));
    }

    #[test]
    fn white_space_and_no_key_info() {
        passes(
            &MALFORMED,
            with(ENTRA, "</SignedInfo><SignatureValue>", "</SignedInfo>\n<SignatureValue>\n"),
        );
        let (before, rest) = ENTRA.split_once("</SignatureValue>").unwrap();
        let (_, after) = rest.split_once("</Signature>").unwrap();
        passes(&MALFORMED, format!("{before}</SignatureValue></Signature>{after}"));
    }
}
