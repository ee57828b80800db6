//! The rule `identity-center.wrong-endpoint`.

use samlkit::Value;
use samlkit::metadata::SpSsoDescriptor;

use super::{COPY, NOT_IDENTITY_CENTER, acs_values, is_identity_center};
use crate::case::{Case, Entity};
use crate::profiles::aws_iam;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A value belongs to IAM, where IAM Identity Center's is expected.
    ///
    /// ## Why it matters
    /// `https://signin.aws.amazon.com/saml` and `urn:amazon:webservices` are for IAM's SAML
    /// providers, which is another product. Many how-tos print them. Identity Center never sees a
    /// response that is sent there.
    ///
    /// ## How to fix it
    /// Copy both URLs from Identity Center: *Settings > Identity source > Manage authentication*.
    ///
    /// ## Example
    /// ```text
    /// bad   Reply URL https://signin.aws.amazon.com/saml
    /// good  Reply URL https://eu-west-1.signin.aws/platform/saml/acs/…
    /// ```
    pub static WRONG_ENDPOINT = "identity-center.wrong-endpoint" {
        severity: Error,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    if !is_identity_center(entity) {
        return NOT_IDENTITY_CENTER;
    }
    let of_iam = |value: &Value<'_>| {
        aws_iam::ENTITY_IDS.contains(&value.text()) || aws_iam::is_sign_in(value.text())
    };
    let values = entity.descriptor.entity_id.iter().chain(acs_values(sp));
    let findings = values.filter(|value| of_iam(value)).map(|value| {
        Finding::new(format!("{:?} belongs to IAM, not to IAM Identity Center", value.text()))
            .at(value.range())
            .expected("the value that IAM Identity Center shows, with /platform/saml/ in it")
            .help(COPY)
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::SpProfile;
    use crate::rules::testing::*;

    #[test]
    fn the_acs_of_iam() {
        let acs = "https://eu-west-1.signin.aws/platform/saml/acs/7b31f04ac95de268-1d2c-4a90-b7e3-52c8f6a0d419";
        let finding = fires(
            &WRONG_ENDPOINT,
            with(IDENTITY_CENTER, acs, "https://signin.aws.amazon.com/saml"),
        );
        assert!(finding.message.contains("belongs to IAM"), "{}", finding.message);
        let report =
            run(&WRONG_ENDPOINT, AWS_IAM.as_bytes(), &taken_for(SpProfile::IdentityCenter));
        assert_eq!(report.findings.len(), 2);
    }

    #[test]
    fn its_own() {
        passes(&WRONG_ENDPOINT, IDENTITY_CENTER);
        does_not_apply(&WRONG_ENDPOINT, AWS_IAM);
    }
}
