//! The rule `response.recipient-mismatch`.

use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The `Destination` of the response and the `Recipient` in the assertion are different URLs.
    ///
    /// ## Why it matters
    /// Both are the ACS URL, and a service provider that compares both refuses one of them. Entra writes the
    /// same URL into both; a proxy that rewrites addresses changes the outer one only, because the inner one
    /// is signed.
    ///
    /// ## How to fix it
    /// Look for a proxy between the identity provider and the browser, such as the session control of
    /// *Defender for Cloud Apps*, and take the app out of its policy.
    ///
    /// ## Example
    /// ```text
    /// bad   Destination="https://sp.example.mcas.ms/acs", Recipient="https://sp.example/acs"
    /// good  both https://sp.example/acs
    /// ```
    pub static RECIPIENT_MISMATCH = "response.recipient-mismatch" {
        severity: Error,
        sources: [Profiles("4.1.4.2"), Other("saml-bindings-2.0-os, 3.5.5.2")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    let response = message.response.unverified();
    let assertion = message.first_assertion();
    let recipients: Vec<_> = assertion.into_iter().flat_map(|a| a.recipients()).collect();
    let destination = response.destination.as_ref().filter(|url| !url.text().is_empty());
    let (Some(destination), Some(first)) = (destination, recipients.first()) else {
        return Outcome::DoesNotApply("the response has not both a Destination and a Recipient");
    };
    let agrees = recipients.iter().any(|recipient| recipient.text() == destination.text());
    let finding = (!agrees).then(|| {
        Finding::new("the Destination of the response is not the Recipient in the assertion")
            .at(destination.range())
            .found(destination.text())
            .expected(first.text())
            .help("look for a proxy that rewrites addresses between the identity provider and the browser")
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const URL: &str =
        "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";

    #[test]
    fn one_is_rewritten() {
        let written = format!("Destination=\"{URL}\"");
        let proxied = written.replace("signin.aws/", "signin.aws.mcas.ms/");
        fires(&RECIPIENT_MISMATCH, with(to_identity_center(), &written, &proxied));
    }

    #[test]
    fn the_same_twice() {
        passes(&RECIPIENT_MISMATCH, to_identity_center());
        let without = with(to_identity_center(), &format!(" Destination=\"{URL}\""), "");
        does_not_apply(&RECIPIENT_MISMATCH, without);
    }
}
