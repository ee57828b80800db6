//! The rule `identity-center.encrypted`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The assertion, or the name in it, is encrypted.
    ///
    /// ## Why it matters
    /// Identity Center does not decrypt.
    ///
    /// ## How to fix it
    /// In Entra: *Token encryption*: deactivate the certificate.
    pub static ENCRYPTED = "identity-center.encrypted" {
        severity: Error,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    if message.sp_profile != SpProfile::IdentityCenter {
        return Outcome::DoesNotApply("the response is for another service provider");
    }
    let assertion = message.response.unverified().encrypted_assertions.first();
    let subject = message.assertion.as_ref().and_then(|a| a.unverified().subject.as_ref());
    let subject = subject.filter(|subject| subject.has_encrypted_id);
    let place = assertion.map(|assertion| assertion.start_tag_range());
    let finding = place.or_else(|| subject.map(|subject| subject.range.clone())).map(|place| {
        Finding::new("the response is encrypted, and IAM Identity Center does not decrypt")
            .at(place)
            .help("Entra admin center > Enterprise apps > (app) > Token encryption: deactivate it")
    });
    finding.into()
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
