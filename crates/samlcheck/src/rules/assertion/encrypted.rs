//! The rule `assertion.encrypted`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion, or the name in it, is encrypted, and no key is given that fits.
    ///
    /// ## Why it matters
    /// It cannot be read.
    ///
    /// ## How to fix it
    /// Turn token encryption off, or give the key. In Entra: *Token encryption*.
    ///
    /// ## Example
    /// ```text
    /// bad   <EncryptedAssertion>, no --decrypt-key
    /// good  <EncryptedAssertion>, --decrypt-key sp.pem
    /// ```
    pub static ENCRYPTED = "assertion.encrypted" {
        severity: Error,
        sources: [Core("2.3.4")],
        check: Document(check)
    }
}

const HELP: &str = "give the service provider's private key, or turn it off: Entra admin center > Enterprise apps > (app) > Token encryption";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.encrypted", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &ENCRYPTED,
            encrypted("aes128-gcm.oaep-mgf1p"),
            &verdict_on("good-assertion-signed"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &ENCRYPTED,
            vector("good-assertion-signed"),
            &verdict_on("good-assertion-signed"),
        );
        let options = with_decryption_key("rsa-2048");
        passes_for(&ENCRYPTED, encrypted("aes128-gcm.oaep-mgf1p"), &options);
        does_not_apply(&ENCRYPTED, idp());
    }
}
