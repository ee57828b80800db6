//! The rule `aws-iam.recipient`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::is_sign_in;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// The confirmation's `Recipient` is no sign-in endpoint of AWS.
    ///
    /// ## Why it matters
    /// AWS compares it with the URL at which it takes responses; the trust policies of roles compare it,
    /// too, as `saml:aud`. With the global endpoint alone, sign-in depends on one Region; that of a second
    /// one as a further reply URL lets it go on elsewhere.
    ///
    /// ## How to fix it
    /// In Entra: *Basic SAML Configuration > Reply URL*: `https://signin.aws.amazon.com/saml`, that of a
    /// Region (`https://eu-west-1.signin.aws.amazon.com/saml`), or that of the provider.
    ///
    /// ## Example
    /// ```text
    /// bad   Recipient="https://signin.aws.amazon.com/saml/"
    /// good  Recipient="https://signin.aws.amazon.com/saml"
    /// ```
    pub static RECIPIENT = "aws-iam.recipient" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let recipients: Vec<_> = assertion.recipients().collect();
        if recipients.is_empty() {
            return Outcome::DoesNotApply("no confirmation has a Recipient");
        }
        let wrong = recipients.iter().filter(|recipient| !is_sign_in(recipient.text()));
        let findings = wrong.map(|recipient| {
            Finding::new("the Recipient is no sign-in endpoint of AWS")
                .at(recipient.range())
                .found(recipient.text())
                .expected("https://signin.aws.amazon.com/saml, or that of a Region or a provider")
                .help("Single sign-on > Basic SAML Configuration > Reply URL")
        });
        findings.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const WRITTEN: &str = "Recipient=\"https://signin.aws.amazon.com/saml\"";

    #[test]
    fn white_space_and_another_host() {
        for wrong in ["https://signin.aws.amazon.com/saml ", "https://aws.example/saml"] {
            let recipient = format!("Recipient=\"{wrong}\"");
            fires(&RECIPIENT, with(to_aws_iam(), WRITTEN, &recipient));
        }
    }

    #[test]
    fn of_a_region() {
        passes(&RECIPIENT, to_aws_iam());
        let region = "Recipient=\"https://eu-west-1.signin.aws.amazon.com/saml\"";
        passes(&RECIPIENT, with(to_aws_iam(), WRITTEN, region));
    }
}
