//! The rule `assertion.white-space`.

use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// There is white space around the Issuer, the NameID, an Audience or a Recipient.
    ///
    /// ## Why it matters
    /// They are compared character by character, and no user's name begins with a line end. It comes from a
    /// pretty-printed capture, or from a value that was pasted into the portal with a space behind it. That it
    /// breaks the comparison of every service provider is inferred from a few of them.
    ///
    /// ## How to fix it
    /// Take the message from the payload in the browser's network tools. If the space is there as well, take it
    /// out of the claim or the URL in the portal.
    ///
    /// ## Example
    /// ```text
    /// bad   <Issuer>\n  https://idp.example/\n</Issuer>
    /// good  <Issuer>https://idp.example/</Issuer>
    /// ```
    pub static WHITE_SPACE = "assertion.white-space" {
        severity: Warning,
        sources: [Core("1.3.1, 1.3.2")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    let Some(assertion) = message.first_assertion() else {
        return Outcome::DoesNotApply("the response has no assertion that can be read");
    };
    let issuer = assertion.issuer.iter().map(|issuer| ("Issuer", &issuer.value));
    let subject = assertion.subject.as_ref().and_then(|subject| subject.name_id.as_ref());
    let name = subject.into_iter().map(|name_id| ("NameID", &name_id.value));
    let audiences = assertion.audiences().map(|audience| ("Audience", audience));
    let recipients = assertion.recipients().map(|recipient| ("Recipient", recipient));
    let all = issuer.chain(name).chain(audiences).chain(recipients);
    let spaced = all.filter(|(_, value)| value.text().trim() != value.text());
    let findings = spaced.map(|(what, value)| {
        Finding::new(format!("there is white space around the {what}"))
            .at(value.range())
            .found(format!("{:?}", value.text()))
            .expected(format!("{:?}", value.text().trim()))
            .help(
                "take the message from the payload in the browser's network tools; if the space is \
                 there as well, correct the claim or the URL in the portal",
            )
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn around_a_name_and_an_audience() {
        let name =
            with(to_identity_center(), "ada@example.com</NameID>", "\n ada@example.com</NameID>");
        assert!(fires(&WHITE_SPACE, name).found.is_some_and(|found| found.contains("\\n ada")));
        fires(&WHITE_SPACE, with(to_identity_center(), "</Audience>", " </Audience>"));
    }

    #[test]
    fn inside_a_name() {
        passes(&WHITE_SPACE, to_identity_center());
        passes(&WHITE_SPACE, with(to_identity_center(), ">ada@", ">ada lovelace@"));
    }
}
