//! The rule `entra.group-ids`.

use super::{GROUPS, attribute, for_assertion_of_entra};
use crate::case::{Case, Message};
use crate::profiles::{UUID, is_hex_groups};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::CLAIMS;

rule! {
    /// The values of the groups are object IDs.
    ///
    /// ## Why it matters
    /// A service provider that compares names finds none of them. AWS compares what it was given: names
    /// or IDs, as its rules are written. `sAMAccountName` is known of groups that are
    /// synchronized from a domain only; Client VPN compares `memberOf` with the access group IDs of its rules.
    ///
    /// ## How to fix it
    /// Where names are needed: *Attributes & Claims > groups > Source attribute*: `sAMAccountName`, or
    /// *Cloud-only group display names*.
    ///
    /// ## Example
    /// ```text
    /// bad   <AttributeValue>0d1f5c3e-2b7a-4e69-8c40-7a9b6d5e4f31</AttributeValue>, names expected
    /// good  <AttributeValue>saml-admins</AttributeValue>
    /// ```
    pub static GROUP_IDS = "entra.group-ids" {
        severity: Info,
        sources: [Entra("how-to-connect-fed-group-claims.md")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion_of_entra(message, |assertion| {
        let Some(groups) = attribute(assertion, GROUPS) else {
            return Outcome::DoesNotApply("the response has no groups");
        };
        let is_id = |text: &str| is_hex_groups(text, &UUID);
        let first = groups.values.iter().find(|value| is_id(value.text.text()));
        let finding = first.map(|value| {
            Finding::new("the groups are object IDs and not names")
                .at(value.text.range())
                .found(value.text.text())
                .help(format!("where names are needed, change the source of the groups: {CLAIMS}"))
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
    fn an_id() {
        fires(&GROUP_IDS, with(to_identity_center(), TENANT, GROUPS));
    }

    #[test]
    fn a_name() {
        let groups = with(to_identity_center(), TENANT, GROUPS);
        passes(&GROUP_IDS, with(groups, ">7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11<", ">Admins<"));
        does_not_apply(&GROUP_IDS, to_identity_center());
    }
}
