//! The rule `signature.wrapping`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// A signed element stands where nothing is read from, and what stands in its place is not
    /// signed.
    ///
    /// ## Why it matters
    /// That is an attack: a genuine assertion was moved aside to make room for a forged one, in the
    /// hope that one reader checks the first and another uses the second.
    ///
    /// ## How to fix it
    /// Do not fix it. Find out who sent it, and keep the message.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response><Assertion ID="_evil"/>…<Assertion ID="_signed"><Signature/></Assertion>
    /// good  <Response><Assertion ID="_signed"><Signature/></Assertion></Response>
    /// ```
    pub static WRAPPING = "signature.wrapping" {
        severity: Error,
        sources: [Other("Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, 2012")],
        check: Document(check)
    }
}

const HELP: &str = "this is no mistake of a setting: keep the message, and find out who sent it";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.wrapping", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_genuine_assertion_moved_aside() {
        for attack in ["xsw1", "wrap-in-status-detail", "wrap-evil-response-around"] {
            fires_for(&WRAPPING, vector(attack), &verdict_on(attack));
        }
    }

    #[test]
    fn both_signed_where_they_belong() {
        passes_for(&WRAPPING, vector("good-both-signed"), &verdict_on("good-both-signed"));
        does_not_apply(&WRAPPING, idp());
    }
}
