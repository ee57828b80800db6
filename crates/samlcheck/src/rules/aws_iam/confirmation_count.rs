//! The rule `aws-iam.confirmation-count`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// There is not exactly one SubjectConfirmation with a Recipient and a NotOnOrAfter.
    ///
    /// ## Why it matters
    /// AWS asks for one. Others take any that holds.
    ///
    /// ## How to fix it
    /// Let the identity provider write one confirmation; Entra does.
    ///
    /// ## Example
    /// ```text
    /// bad   two SubjectConfirmations
    /// good  one SubjectConfirmation with NotOnOrAfter and Recipient
    /// ```
    pub static CONFIRMATION_COUNT = "aws-iam.confirmation-count" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let Some(subject) = &assertion.subject else {
            return Outcome::DoesNotApply("the assertion has no subject");
        };
        let data = assertion.confirmation_data();
        let count = data.filter(|d| d.recipient.is_some() && d.not_on_or_after.is_some()).count();
        let is_one = count == 1 && subject.confirmations.len() == 1;
        let finding = (!is_one).then(|| {
            let all = subject.confirmations.len();
            Finding::new(
                "AWS asks for one SubjectConfirmation, with a Recipient and a NotOnOrAfter",
            )
            .at(subject.range.clone())
            .found(format!("{all}, of which {count} with both"))
            .expected("1, with both")
            .help("let the identity provider write one confirmation")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    const CONFIRMATION: &str = "<SubjectConfirmation Method";

    #[test]
    fn two_and_one_without_an_end() {
        let two = format!("<SubjectConfirmation Method=\"urn:x\"/>{CONFIRMATION}");
        fires(&CONFIRMATION_COUNT, with(to_aws_iam(), CONFIRMATION, &two));
        let end = " NotOnOrAfter=\"2026-06-01T13:05:00.000Z\" Recipient";
        fires(&CONFIRMATION_COUNT, with(to_aws_iam(), end, " Recipient"));
    }

    #[test]
    fn one() {
        passes(&CONFIRMATION_COUNT, to_aws_iam());
        does_not_apply(&CONFIRMATION_COUNT, to_identity_center());
    }
}
