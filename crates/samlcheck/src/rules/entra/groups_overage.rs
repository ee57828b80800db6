//! The rule `entra.groups-overage`.

use super::{attribute, for_assertion_of_entra};
use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::CLAIMS;

rule! {
    /// In the place of the groups there is `groups.link`: the user is in more than 150 groups.
    ///
    /// ## Why it matters
    /// Entra leaves the groups out and sends the address of an interface where they could be asked for.
    /// No service provider here asks, so that the user seems to be in no group.
    /// The address is mostly one of Azure AD Graph (`graph.windows.net`), which is no more.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > groups: Groups assigned to the application*, or a filter.
    ///
    /// ## Example
    /// ```text
    /// bad   <Attribute Name="http://schemas.microsoft.com/claims/groups.link">
    /// good  <Attribute Name="http://schemas.microsoft.com/ws/2008/06/identity/claims/groups">
    /// ```
    pub static GROUPS_OVERAGE = "entra.groups-overage" {
        severity: Warning,
        sources: [Entra("how-to-connect-fed-group-claims.md")],
        check: Response(check)
    }
}

const LINK: &str = "http://schemas.microsoft.com/claims/groups.link";

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion_of_entra(message, |assertion| {
        let name = attribute(assertion, LINK).and_then(|attribute| attribute.name.as_ref());
        let finding = name.map(|name| {
            Finding::new("the groups are left out: the user is in more than 150")
                .at(name.range())
                .found(LINK)
                .help(format!("send only the groups assigned to the application: {CLAIMS}"))
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    const TENANT: &str = "http://schemas.microsoft.com/identity/claims/tenantid";

    #[test]
    fn a_link() {
        fires(&GROUPS_OVERAGE, with(to_identity_center(), TENANT, LINK));
    }

    #[test]
    fn groups() {
        passes(&GROUPS_OVERAGE, with(to_identity_center(), TENANT, super::super::GROUPS));
        let other = with(to_identity_center(), TENANT, LINK);
        does_not_apply(&GROUPS_OVERAGE, with(other, "sts.windows.net", "idp.example"));
    }
}
