//! The rule `signature.digest`.

use super::{FETCH_AGAIN, as_said, compared, enforced};
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The signed content was changed after it was signed.
    ///
    /// ## Why it matters
    /// It may be an attack, and a verifier has to refuse it. Mostly it is an editor: one that
    /// pretty-prints, changes line ends or "repairs" the file breaks every signature in it.
    ///
    /// ## How to fix it
    /// Take the document again and keep it byte for byte.
    ///
    /// ## Example
    /// ```text
    /// bad   <NameID>eve@example.com</NameID>, signed as <NameID>ada@example.com</NameID>
    /// good  <NameID>ada@example.com</NameID>, as it was signed
    /// ```
    pub static DIGEST = "signature.digest" {
        severity: Error,
        sources: [XmlSignature("3.2.1")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.digest", |_, kind| {
        let finding = as_said(kind, FETCH_AGAIN);
        match compared(kind) {
            Some((found, expected)) => {
                finding.found(format!("digest {found}")).expected(format!("digest {expected}"))
            }
            None => finding,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_changed_word_and_a_space_between_elements() {
        let finding = fires(&DIGEST, with(ENTRA, "The mutable display name", "Another"));
        assert!(finding.found.is_some_and(|found| found.starts_with("digest ")));
        fires(&DIGEST, with(ENTRA, "</Signature><RoleDescriptor", "</Signature> <RoleDescriptor"));
    }

    #[test]
    fn other_quotes_and_a_comment() {
        passes(&DIGEST, with(ENTRA, "</Signature><Role", "</Signature><!-- not signed --><Role"));
        passes(&DIGEST, with(ENTRA, " use=\"signing\"", " use='signing'  "));
    }
}
