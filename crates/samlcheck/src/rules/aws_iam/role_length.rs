//! The rule `aws-iam.role-length`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::ROLE;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// A pair of a role and a provider has 240 characters or more.
    ///
    /// ## Why it matters
    /// Entra does not import it: it came into the response by hand, and the next import leaves it out.
    ///
    /// ## How to fix it
    /// Give the role or the provider a shorter name or path.
    ///
    /// ## Example
    /// ```text
    /// bad   a pair of ARNs with 240 characters
    /// good  a pair of ARNs with 120 characters
    /// ```
    pub static ROLE_LENGTH = "aws-iam.role-length" {
        severity: Warning,
        sources: [Entra("amazon-web-service-tutorial.md")],
        check: Response(check)
    }
}

/// Characters from which on Entra does not import a pair.
const LENGTH: usize = 240;

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let values = values(assertion, ROLE);
        if values.is_empty() {
            return Outcome::DoesNotApply("the response has no role");
        }
        let lengths = values.iter().map(|value| (value, value.text.text().chars().count()));
        let findings = lengths.filter(|(_, length)| *length >= LENGTH).map(|(value, length)| {
            Finding::new("the pair of a role and a provider is too long for Entra to import")
                .at(value.text.range())
                .found(format!("{length} characters"))
                .expected(format!("fewer than {LENGTH}"))
                .help("give the role or the provider a shorter name or path")
        });
        findings.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    /// The pair of [`to_aws_iam`] with a path that makes it so long.
    fn of_length(length: usize) -> String {
        let pair =
            "arn:aws:iam::111122223333:role/Admin,arn:aws:iam::111122223333:saml-provider/Entra";
        let path = "x".repeat(length.saturating_sub(pair.len()));
        with(to_aws_iam(), "role/Admin", &format!("role/{path}Admin"))
    }

    #[test]
    fn at_the_limit() {
        fires(&ROLE_LENGTH, of_length(LENGTH));
    }

    #[test]
    fn below_it() {
        passes(&ROLE_LENGTH, of_length(LENGTH.saturating_sub(1)));
        does_not_apply(&ROLE_LENGTH, to_identity_center());
    }
}
