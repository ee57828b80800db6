//! The rule `identity-center.acs-older`.

use samlkit::metadata::SpSsoDescriptor;

use super::{NOT_IDENTITY_CENTER, acs_values, is_identity_center};
use crate::case::{Case, Entity};
use crate::profiles::identity_center::{AcsForm, acs};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// An ACS URL is on the older host `{region}.signin.aws.amazon.com`.
    ///
    /// ## Why it matters
    /// Instances made from February 2026 on do not use it; earlier ones do, and it has to stay among
    /// the reply URLs of the identity provider. It works in the primary Region only.
    ///
    /// ## How to fix it
    /// Register the newer URLs beside it: *IAM Identity Center > Settings > Identity source > Manage
    /// authentication > View ACS URLs*, and *Single sign-on > Basic SAML Configuration > Reply URL*
    /// in Entra.
    ///
    /// ## Example
    /// ```text
    /// bad   only https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/… is a reply URL
    /// good  https://eu-west-1.signin.aws/platform/saml/acs/… is one as well
    /// ```
    pub static ACS_OLDER = "identity-center.acs-older" {
        severity: Info,
        sources: [Aws("IAM Identity Center User Guide, workforce access through an additional Region")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    if !is_identity_center(entity) {
        return NOT_IDENTITY_CENTER;
    }
    let is_older = |url: &str| acs(url).is_some_and(|acs| acs.form == AcsForm::Older);
    let findings = acs_values(sp).filter(|value| is_older(value.text())).map(|value| {
        Finding::new("an ACS URL is on the older host, which instances made from February 2026 on do not use")
            .at(value.range())
            .found(value.text())
            .help("keep it among the reply URLs in Entra, and register the newer ones beside it")
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_older_host() {
        let newer = "https://eu-central-1.signin.aws/platform/saml/acs/";
        let older = "https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/";
        fires(&ACS_OLDER, with(IDENTITY_CENTER, newer, older));
    }

    #[test]
    fn the_newer_ones() {
        passes(&ACS_OLDER, IDENTITY_CENTER);
    }
}
