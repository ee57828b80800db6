//! The rule `signature.missing`.

use super::{as_said, enforced};
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// Nothing that matters is signed, where a trusted signature is asked for.
    ///
    /// ## Why it matters
    /// Without a signature anybody could have written the document.
    ///
    /// ## How to fix it
    /// For metadata: take the signed file from where it is published, or leave `--trust` out and
    /// rely on the way by which the file came. For responses of Entra: *Single sign-on > SAML
    /// certificates > Signing option*.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response><Assertion><Issuer/><Subject/>…  (no Signature)
    /// good  <Response><Assertion><Issuer/><Signature/><Subject/>…
    /// ```
    pub static MISSING = "signature.missing" {
        severity: Error,
        sources: [Profiles("4.1.4.5"), Metadata("3")],
        check: Document(check)
    }
}

const HELP: &str = "take the signed file from where it is published; AWS publishes its metadata without a \
                    signature, so that --trust is of no use for it";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.missing", |_, kind| as_said(kind, HELP))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn unsigned_where_a_key_is_pinned() {
        let finding = fires_for(&MISSING, idp(), &trusting("active"));
        assert_eq!(finding.message, "<EntityDescriptor> is not signed");
    }

    #[test]
    fn signed_and_unsigned_where_nobody_asks() {
        passes_for(&MISSING, ENTRA, &trusting("active"));
        does_not_apply(&MISSING, idp());
    }
}
