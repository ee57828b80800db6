//! The rule `signature.weak-key`.

use super::{as_said, enforced};
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The key that signed is too short: RSA below 2048 bits, or an elliptic curve below 256.
    ///
    /// ## Why it matters
    /// Whoever finds the private key can sign whatever he likes.
    ///
    /// ## How to fix it
    /// Make a new certificate with an RSA key of 2048 bits or more.
    ///
    /// ## Example
    /// ```text
    /// bad   signed with RSA, 1024 bits
    /// good  signed with RSA, 2048 bits
    /// ```
    pub static WEAK_KEY = "signature.weak-key" {
        severity: Error,
        sources: [Other("NIST SP 800-57 part 1, 5.6.1")],
        check: Document(check)
    }
}

const HELP: &str = "make a new signing certificate with an RSA key of 2048 bits or more";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.weak-key", |_, kind| as_said(kind, HELP))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn rsa_with_1024_bits() {
        let finding = fires(&WEAK_KEY, signed_by("rsa-1024"));
        assert_eq!(finding.message, "the key is RSA 1024, expected 2048 bits or more");
    }

    #[test]
    fn rsa_with_2048_bits_and_p_256() {
        passes(&WEAK_KEY, signed_by("rsa-2048"));
        passes(&WEAK_KEY, signed_by("p256"));
    }
}
