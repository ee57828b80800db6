//! The rule `identity-center.name-id-format`.

use super::is_slip;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Outcome, rule};
use crate::rules::{for_name, not_email_address};

rule! {
    /// The format of the NameID is another than emailAddress, or there is none.
    ///
    /// ## Why it matters
    /// Identity Center takes no other, and says only that an unexpected error occurred or *It's not you,
    /// it's us*. CloudTrail says *Response contains invalid name id policy format*.
    /// Entra's metadata lists no NameIDFormat: it is the claim that says which.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > Unique User Identifier > Name identifier format: Email address*.
    ///
    /// ## Example
    /// ```text
    /// bad   Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
    /// good  Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    /// ```
    pub static NAME_ID_FORMAT = "identity-center.name-id-format" {
        severity: Error,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_name(message, SpProfile::IdentityCenter, |name_id| {
        match name_id.format.as_ref().is_some_and(|format| is_slip(format.text())) {
            true => Outcome::DoesNotApply("the format is a slip, see identity-center.format-typo"),
            false => not_email_address(name_id).into(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::EMAIL_ADDRESS as FORMAT;
    use crate::rules::testing::*;

    #[test]
    fn another_and_none() {
        fires(
            &NAME_ID_FORMAT,
            with(
                to_identity_center(),
                FORMAT,
                "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            ),
        );
        let none = with(to_identity_center(), &format!(" Format=\"{FORMAT}\""), "");
        assert_eq!(fires(&NAME_ID_FORMAT, none).found.as_deref(), Some("no Format"));
    }

    #[test]
    fn the_right_one_and_a_slip() {
        passes(&NAME_ID_FORMAT, to_identity_center());
        does_not_apply(
            &NAME_ID_FORMAT,
            with(to_identity_center(), "SAML:1.1:nameid", "SAML:2.0:nameid"),
        );
        does_not_apply(&NAME_ID_FORMAT, to_aws_iam());
    }
}
