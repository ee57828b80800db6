//! The rule `client-vpn.encrypted`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Outcome, rule};
use crate::rules::not_encrypted;

rule! {
    /// The assertion, or the name in it, is encrypted.
    ///
    /// ## Why it matters
    /// Client VPN does not decrypt.
    ///
    /// ## How to fix it
    /// In Entra: *Token encryption*: deactivate the certificate.
    ///
    /// ## Example
    /// ```text
    /// bad   <EncryptedAssertion>
    /// good  <Assertion>
    /// ```
    pub static ENCRYPTED = "client-vpn.encrypted" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    not_encrypted(message, SpProfile::ClientVpn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn an_assertion() {
        let encrypted = String::from_utf8(encrypted("aes128-gcm.oaep-mgf1p")).unwrap();
        let acs =
            "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
        fires(&ENCRYPTED, with(encrypted, acs, "http://127.0.0.1:35001"));
    }

    #[test]
    fn a_plain_one() {
        passes(&ENCRYPTED, to_client_vpn());
        does_not_apply(&ENCRYPTED, to_aws_iam());
    }
}
