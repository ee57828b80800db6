//! The rule `aws-iam.audience`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::is_ours;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// None of the audiences is AWS IAM's.
    ///
    /// ## Why it matters
    /// AWS answers *Response does not contain the required audience*. Entra writes the app's Identifier as
    /// the audience, without a `#2` and the like at its end; with `spn:` before it where the request's issuer
    /// was no URI.
    ///
    /// ## How to fix it
    /// *Single sign-on > Basic SAML Configuration > Identifier (Entity ID)*:
    /// `https://signin.aws.amazon.com/saml`, for a further app in the same tenant
    /// `https://signin.aws.amazon.com/saml#2`; or the entity ID that the SAML provider's own metadata states.
    ///
    /// ## Example
    /// ```text
    /// bad   <Audience>spn:urn:amazon:webservices</Audience>
    /// good  <Audience>urn:amazon:webservices</Audience>
    /// ```
    pub static AUDIENCE = "aws-iam.audience" {
        severity: Error,
        sources: [Aws("IAM User Guide, troubleshoot_saml")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let audiences: Vec<_> = assertion.audiences().collect();
        let Some(first) = audiences.first() else {
            return Outcome::DoesNotApply("the assertion names no audience");
        };
        let is_good = audiences.iter().any(|audience| is_ours(audience.text()));
        let finding = (!is_good).then(|| {
            let texts: Vec<&str> = audiences.iter().map(|audience| audience.text()).collect();
            let finding = Finding::new("none of the audiences is AWS IAM's")
                .at(first.range())
                .found(texts.join(" or "))
                .expected("https://signin.aws.amazon.com/saml or urn:amazon:webservices")
                .note("AWS reports this as \"Response does not contain the required audience\"")
                .help(
                    "Entra admin center > Enterprise apps > (app) > Single sign-on > Basic SAML \
                     Configuration > Identifier (Entity ID)",
                );
            if texts.iter().any(|text| text.starts_with("spn:")) {
                finding.note("Entra puts spn: before an identifier that is no URI")
            } else {
                finding
            }
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn for_audience(audience: &str) -> String {
        let written = "<Audience>urn:amazon:webservices<";
        with(to_aws_iam(), written, &format!("<Audience>{audience}<"))
    }

    #[test]
    fn with_spn_and_of_another_name() {
        let finding = fires(&AUDIENCE, for_audience("spn:urn:amazon:webservices"));
        assert!(finding.notes.concat().contains("spn:"));
        fires(&AUDIENCE, for_audience("https://signin.aws.amazon.com/saml#2"));
    }

    #[test]
    fn both_names() {
        passes(&AUDIENCE, to_aws_iam());
        passes(&AUDIENCE, for_audience("https://signin.aws.amazon.com/saml"));
        let second = "https://other.example/</Audience><Audience>urn:amazon:webservices";
        passes(&AUDIENCE, for_audience(second));
    }
}
