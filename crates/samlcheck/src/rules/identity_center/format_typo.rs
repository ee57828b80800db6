//! The rule `identity-center.format-typo`.

use super::is_slip;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, EMAIL_ADDRESS, for_name};

rule! {
    /// The format of the NameID is emailAddress with a slip: `urn:oasis:name:` without the *s*, as a page
    /// of AWS prints it, or `SAML:2.0` in the place of `SAML:1.1`.
    ///
    /// ## Why it matters
    /// No such format exists, and Identity Center takes only the right one.
    ///
    /// ## How to fix it
    /// `urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress`. In Entra choose *Email address* and
    /// type nothing.
    ///
    /// ## Example
    /// ```text
    /// bad   urn:oasis:name:tc:SAML:1.1:nameid-format:emailAddress
    /// good  urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress
    /// ```
    pub static FORMAT_TYPO = "identity-center.format-typo" {
        severity: Error,
        sources: [Aws("IAM Identity Center User Guide, troubleshooting")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_name(message, SpProfile::IdentityCenter, |name_id| {
        let Some(format) = &name_id.format else {
            return Outcome::DoesNotApply("the NameID has no Format");
        };
        let finding = is_slip(format.text()).then(|| {
            Finding::new("the format of the NameID has a slip in it")
                .at(format.range())
                .found(format.text())
                .expected(EMAIL_ADDRESS)
                .help(format!("choose Name identifier format: Email address: {CLAIMS} > Unique User Identifier"))
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn without_the_s_and_of_saml_2() {
        fires(
            &FORMAT_TYPO,
            with(
                to_identity_center(),
                EMAIL_ADDRESS,
                "urn:oasis:name:tc:SAML:1.1:nameid-format:emailAddress",
            ),
        );
        fires(&FORMAT_TYPO, with(to_identity_center(), "SAML:1.1:nameid", "SAML:2.0:nameid"));
    }

    #[test]
    fn the_right_one_and_quite_another() {
        passes(&FORMAT_TYPO, to_identity_center());
        passes(
            &FORMAT_TYPO,
            with(
                to_identity_center(),
                EMAIL_ADDRESS,
                "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            ),
        );
    }
}
