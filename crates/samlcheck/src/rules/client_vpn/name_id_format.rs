//! The rule `client-vpn.name-id-format`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Outcome, rule};
use crate::rules::{for_name, not_email_address};

rule! {
    /// The format of the NameID is another than emailAddress, or there is none.
    ///
    /// ## Why it matters
    /// Client VPN takes no other.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > Unique User Identifier > Name identifier format: Email address*.
    ///
    /// ## Example
    /// ```text
    /// bad   Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    /// good  Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    /// ```
    pub static NAME_ID_FORMAT = "client-vpn.name-id-format" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_name(message, SpProfile::ClientVpn, |name_id| not_email_address(name_id).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn another() {
        fires(
            &NAME_ID_FORMAT,
            with(
                to_client_vpn(),
                "1.1:nameid-format:emailAddress",
                "1.1:nameid-format:unspecified",
            ),
        );
    }

    #[test]
    fn the_right_one() {
        passes(&NAME_ID_FORMAT, to_client_vpn());
        does_not_apply(&NAME_ID_FORMAT, to_aws_iam());
    }
}
