//! The rule `entra.encryption`.

use super::NOT_ENTRA;
use crate::case::{Case, Message};
use crate::profile::IdpProfile;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The assertion is encrypted: *Token encryption* is on for this app.
    ///
    /// ## Why it matters
    /// The service provider needs the private key, and whoever looks at the response, too. Of AWS's service
    /// providers IAM alone decrypts, with a key under *Identity providers > (provider) > SAML encryption*.
    ///
    /// ## How to fix it
    /// Nothing has to be done where the service provider decrypts. Otherwise: *Token encryption*: deactivate
    /// the certificate.
    ///
    /// ## Example
    /// ```text
    /// bad   <EncryptedAssertion> to a service provider without the key
    /// good  <Assertion>
    /// ```
    pub static ENCRYPTION = "entra.encryption" {
        severity: Info,
        sources: [Entra("howto-saml-token-encryption.md")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    if message.idp_profile != IdpProfile::Entra {
        return NOT_ENTRA;
    }
    let encrypted = message.response.unverified().encrypted_assertions.first();
    let finding = encrypted.map(|encrypted| {
        Finding::new("the assertion is encrypted: Token encryption is on for this app")
            .at(encrypted.start_tag_range())
            .help("to look into it, give --decrypt-key with the service provider's private key")
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn an_encrypted_one() {
        fires(&ENCRYPTION, encrypted("aes128-gcm.oaep-mgf1p"));
    }

    #[test]
    fn a_plain_one_and_somebody_elses() {
        passes(&ENCRYPTION, to_identity_center());
        let other = String::from_utf8(encrypted("aes128-gcm.oaep-mgf1p")).unwrap();
        does_not_apply(&ENCRYPTION, with(other, "sts.windows.net", "idp.example"));
    }
}
