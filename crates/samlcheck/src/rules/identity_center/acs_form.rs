//! The rule `identity-center.acs-form`.

use samlkit::metadata::SpSsoDescriptor;

use super::{COPY, NOT_IDENTITY_CENTER, acs_values, is_identity_center};
use crate::case::{Case, Entity};
use crate::profiles::{aws_iam, identity_center};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// An ACS URL is not one of IAM Identity Center's.
    ///
    /// ## Why it matters
    /// Entra answers only to reply URLs that it knows, character by character, and Identity Center
    /// refuses a response for a URL that is not its own. It has three: on
    /// `{region}.signin.aws` (IPv4), on `{region}.sso.signin.aws` (dual stack) and on
    /// `{region}.signin.aws.amazon.com` (older), each followed by `/platform/saml/acs/` and an
    /// identifier.
    ///
    /// ## How to fix it
    /// *IAM Identity Center > Settings > Identity source > Manage authentication > View ACS URLs*.
    ///
    /// ## Example
    /// ```text
    /// bad   https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/
    /// good  https://eu-west-1.signin.aws/platform/saml/acs/4e52542de036a8ac-0bbb-4d87-a526-9cd6da8148bd
    /// ```
    pub static ACS_FORM = "identity-center.acs-form" {
        severity: Warning,
        sources: [Aws("IAM Identity Center User Guide, workforce access through an additional Region")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    if !is_identity_center(entity) {
        return NOT_IDENTITY_CENTER;
    }
    // Other rules speak of values that belong elsewhere.
    let wrong = acs_values(sp).filter(|value| {
        let url = value.text();
        let elsewhere = identity_center::issuer(url).is_some() || aws_iam::is_sign_in(url);
        !elsewhere && identity_center::acs(url).is_none()
    });
    let findings = wrong.map(|value| {
        Finding::new(format!("the ACS URL {:?} is none of IAM Identity Center's", value.text()))
            .at(value.range())
            .expected(
                "https://(region).signin.aws/platform/saml/acs/(id), or the same on \
                 (region).sso.signin.aws or (region).signin.aws.amazon.com",
            )
            .help(COPY)
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const ACS: &str = "https://eu-west-1.sso.signin.aws/platform/saml/acs/7b31f04ac95de268-1d2c-4a90-b7e3-52c8f6a0d419";

    #[test]
    fn a_slash_too_many_and_an_identifier_cut_short() {
        fires(&ACS_FORM, with(IDENTITY_CENTER, ACS, &format!("{ACS}/")));
        fires(&ACS_FORM, with(IDENTITY_CENTER, ACS, ACS.strip_suffix("d419").unwrap()));
    }

    #[test]
    fn a_uuid_and_the_older_host() {
        let uuid = "https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
        passes(&ACS_FORM, with(IDENTITY_CENTER, ACS, uuid));
        does_not_apply(&ACS_FORM, AWS_IAM);
    }
}
