//! The rule `client-vpn.condition`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// There is a condition other than AudienceRestriction and the time window.
    ///
    /// ## Why it matters
    /// Client VPN takes only these.
    ///
    /// ## How to fix it
    /// Turn the condition off at the identity provider; Entra writes none.
    ///
    /// ## Example
    /// ```text
    /// bad   <Conditions><AudienceRestriction/><OneTimeUse/></Conditions>
    /// good  <Conditions><AudienceRestriction/></Conditions>
    /// ```
    pub static CONDITION = "client-vpn.condition" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::ClientVpn, |assertion| {
        let Some(conditions) = &assertion.conditions else {
            return Outcome::DoesNotApply("the assertion has no conditions");
        };
        let finding = (!conditions.others.is_empty()).then(|| {
            Finding::new("there is a condition that Client VPN does not take")
                .at(conditions.range.clone())
                .expected("AudienceRestriction, NotBefore and NotOnOrAfter, and nothing else")
                .help("turn the condition off at the identity provider")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_time_use() {
        fires(&CONDITION, with(to_client_vpn(), "</Conditions>", "<OneTimeUse/></Conditions>"));
    }

    #[test]
    fn an_audience() {
        passes(&CONDITION, to_client_vpn());
    }
}
