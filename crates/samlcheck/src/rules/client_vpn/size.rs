//! The rule `client-vpn.size`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::CLAIMS;

rule! {
    /// The response is larger than 128 KB.
    ///
    /// ## Why it matters
    /// Client VPN does not take it, and says that the credentials exceed the maximum. Many groups make a
    /// response large.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > groups: Groups assigned to the application*.
    ///
    /// ## Example
    /// ```text
    /// bad   129 KB with 2,000 groups
    /// good  12 KB with the groups assigned to the application
    /// ```
    pub static SIZE = "client-vpn.size" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Response(check)
    }
}

/// Octets that Client VPN takes.
const SIZE_LIMIT: usize = 128 * 1024;

fn check(case: &Case<'_>, message: &Message<'_>) -> Outcome {
    if message.sp_profile != SpProfile::ClientVpn {
        return Outcome::DoesNotApply("the response is for another service provider");
    }
    let size = case.bytes.len();
    let finding = (size > SIZE_LIMIT).then(|| {
        Finding::new("the response is larger than Client VPN takes")
            .found(format!("{size} octets"))
            .expected(format!("{SIZE_LIMIT} octets at most"))
            .help(format!("send only the groups assigned to the application: {CLAIMS}"))
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn of_size(size: usize) -> String {
        let missing = size.saturating_sub(to_client_vpn().len());
        with(
            to_client_vpn(),
            "</AttributeStatement>",
            &format!("{}</AttributeStatement>", " ".repeat(missing)),
        )
    }

    #[test]
    fn one_octet_more() {
        fires(&SIZE, of_size(SIZE_LIMIT + 1));
    }

    #[test]
    fn just_so() {
        passes(&SIZE, of_size(SIZE_LIMIT));
    }
}
