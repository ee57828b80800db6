//! The rule `client-vpn.name-id-length`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_name};

rule! {
    /// The NameID is longer than 1,024 octets.
    ///
    /// ## Why it matters
    /// Client VPN takes no more.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > Unique User Identifier*: `user.userprincipalname`.
    ///
    /// ## Example
    /// ```text
    /// bad   a NameID of 1,100 octets
    /// good  <NameID>ada@example.com</NameID>
    /// ```
    pub static NAME_ID_LENGTH = "client-vpn.name-id-length" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Response(check)
    }
}

/// Octets of a NameID at most.
const OCTETS: usize = 1_024;

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_name(message, SpProfile::ClientVpn, |name_id| {
        let octets = name_id.value.text().len();
        let finding = (octets > OCTETS).then(|| {
            Finding::new("the NameID is longer than Client VPN takes")
                .at(name_id.value.range())
                .found(format!("{octets} octets"))
                .expected(format!("{OCTETS} at most"))
                .help(format!("take user.userprincipalname: {CLAIMS} > Unique User Identifier"))
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn of_octets(octets: usize) -> String {
        let name = "a".repeat(octets.saturating_sub("@example.com".len()));
        with(to_client_vpn(), ">ada@example.com<", &format!(">{name}@example.com<"))
    }

    #[test]
    fn one_too_many() {
        fires(&NAME_ID_LENGTH, of_octets(1_025));
    }

    #[test]
    fn the_longest() {
        passes(&NAME_ID_LENGTH, of_octets(1_024));
        does_not_apply(&NAME_ID_LENGTH, to_aws_iam());
    }
}
