//! The rule `client-vpn.acs`.

use samlkit::metadata::SpSsoDescriptor;

use super::NOT_CLIENT_VPN;
use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::profiles::client_vpn::{CLIENT_ACS, PORTAL_ACS, is_acs};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// An ACS URL is none of Client VPN's.
    ///
    /// ## Why it matters
    /// The client listens on `http://127.0.0.1:35001` on the user's own machine, and nowhere else;
    /// `localhost` is not the same URL. The self-service portal has one of its own:
    /// `https://self-service.clientvpn.amazonaws.com/api/auth/sso/saml` (GovCloud: `gov.self-service`), and
    /// who uses it needs both as reply URLs.
    ///
    /// ## How to fix it
    /// Entra's page refuses an http reply URL other than localhost: set it in the app's manifest,
    /// under *App registrations > (app) > Manifest > replyUrlsWithType*.
    ///
    /// ## Example
    /// ```text
    /// bad   http://localhost:35001
    /// good  http://127.0.0.1:35001
    /// ```
    pub static ACS = "client-vpn.acs" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    if entity.sp_profile != Some(SpProfile::ClientVpn) {
        return NOT_CLIENT_VPN;
    }
    let services = sp.assertion_consumer_services.iter().filter_map(|s| s.location.as_ref());
    let wrong = services.filter(|location| !is_acs(location.text()));
    let findings = wrong.map(|location| {
        Finding::new(format!("the ACS URL {:?} is none of Client VPN's", location.text()))
            .at(location.range())
            .expected(format!("{CLIENT_ACS}, or for the portal {}", PORTAL_ACS.join(" or ")))
            .help("set it in the app's manifest: App registrations > (app) > Manifest")
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn near_misses() {
        for acs in ["http://localhost:35001", "https://127.0.0.1:35001", "http://127.0.0.1:35001/"]
        {
            fires(&ACS, with(CLIENT_VPN, "http://127.0.0.1:35001", acs));
        }
    }

    #[test]
    fn its_own() {
        passes(&ACS, CLIENT_VPN);
        passes(&ACS, with(CLIENT_VPN, "//self-service", "//gov.self-service"));
    }
}
