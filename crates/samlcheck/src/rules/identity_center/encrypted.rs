//! The rule `identity-center.encrypted`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Outcome, rule};
use crate::rules::not_encrypted;

rule! {
    /// The assertion, or the name in it, is encrypted.
    ///
    /// ## Why it matters
    /// Identity Center does not decrypt.
    ///
    /// ## How to fix it
    /// In Entra: *Token encryption*: deactivate the certificate.
    ///
    /// ## Example
    /// ```text
    /// bad   <EncryptedAssertion>
    /// good  <Assertion>
    /// ```
    pub static ENCRYPTED = "identity-center.encrypted" {
        severity: Error,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    not_encrypted(message, SpProfile::IdentityCenter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn an_assertion_and_a_name() {
        fires(&ENCRYPTED, encrypted("aes128-gcm.oaep-mgf1p"));
        let name = "<NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">\
                    ada@example.com</NameID>";
        fires(&ENCRYPTED, with(to_identity_center(), name, "<EncryptedID/>"));
    }

    #[test]
    fn a_plain_one_and_one_to_somebody_else() {
        passes(&ENCRYPTED, to_identity_center());
        does_not_apply(&ENCRYPTED, to_aws_iam());
    }
}
