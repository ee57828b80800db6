//! The rule `signature.invalid`.

use samlkit::dsig::FailureKind;

use super::{FETCH_AGAIN, as_said, enforced};
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The signature value does not fit what it is over, under any key that counts.
    ///
    /// ## Why it matters
    /// Either the part that holds the digests was changed, or the value, or another key made it.
    /// Nothing in the document can be relied on. Where
    /// the message carries no certificate, nothing tells which key it was.
    ///
    /// ## How to fix it
    /// Take the document again, byte for byte. If it still fails, the certificate is not the one of
    /// whoever signed.
    ///
    /// ## Example
    /// ```text
    /// bad   a SignatureValue in which one character is another
    /// good  the SignatureValue as it was sent
    /// ```
    pub static INVALID = "signature.invalid" {
        severity: Error,
        sources: [XmlSignature("3.2.2")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.invalid", |is_pinned, kind| match (kind, is_pinned) {
        (FailureKind::Invalid { .. }, false) => {
            let message = "the signature value does not fit the certificate inside the file";
            Finding::new(message).help(FETCH_AGAIN)
        }
        _ => as_said(kind, FETCH_AGAIN),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_changed_value() {
        let changed = with(ENTRA, "<SignatureValue>", "<SignatureValue>AAAA");
        let finding = fires(&INVALID, &changed);
        assert!(finding.message.ends_with("inside the file"), "{}", finding.message);
        let finding = fires_for(&INVALID, &changed, &trusting("active"));
        assert!(finding.message.contains("none of the 1 trusted keys"), "{}", finding.message);
    }

    #[test]
    fn changed_content_under_a_good_value() {
        passes(&INVALID, with(ENTRA, "The mutable display name", "Another"));
    }
}
