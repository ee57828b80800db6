//! The rule `assertion.decryption`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The encrypted assertion cannot be decrypted, or is encrypted in a way that is not accepted.
    ///
    /// ## Why it matters
    /// Why it failed is not told, because the answer would help a stranger to decrypt it. Mostly the
    /// key is another one: the service provider changed its certificate, and the identity provider
    /// still encrypts for the old one.
    ///
    /// ## How to fix it
    /// In Entra: *Token encryption > Import certificate*, with the certificate of the key that the
    /// service provider has. Entra encrypts with AES-256.
    ///
    /// ## Example
    /// ```text
    /// bad   encrypted for the certificate of last year, whose key is gone
    /// good  encrypted for the certificate that the key belongs to
    /// ```
    pub static DECRYPTION = "assertion.decryption" {
        severity: Error,
        sources: [Other("XML Encryption 1.1, 6.1")],
        check: Document(check)
    }
}

const HELP: &str = "compare the certificate that the identity provider encrypts for with the service provider's key: \
                    Entra admin center > Enterprise apps > (app) > Token encryption";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.decryption", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_key_that_does_not_fit_and_one_mode_that_is_not_accepted() {
        let options = with_decryption_key("rsa-1024");
        fires_for(&DECRYPTION, encrypted("aes128-gcm.oaep-mgf1p"), &options);
        let options = with_decryption_key("rsa-2048");
        let finding = fires_for(&DECRYPTION, encrypted("aes128-cbc.oaep-mgf1p"), &options);
        assert!(finding.message.contains("aes128-cbc"), "{}", finding.message);
    }

    #[test]
    fn a_key_that_fits() {
        let options = with_decryption_key("rsa-2048");
        passes_for(&DECRYPTION, encrypted("aes128-gcm.oaep-mgf1p"), &options);
        passes_for(&DECRYPTION, vector("good-assertion-signed"), &options);
    }
}
