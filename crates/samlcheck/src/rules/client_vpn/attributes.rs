//! The rule `client-vpn.attributes`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The assertion has no attribute at all.
    ///
    /// ## Why it matters
    /// Client VPN asks for at least one, whichever it is.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims*: add `FirstName`, `LastName` or `memberOf`.
    ///
    /// ## Example
    /// ```text
    /// bad   no AttributeStatement
    /// good  <AttributeStatement><Attribute Name="FirstName">
    /// ```
    pub static ATTRIBUTES = "client-vpn.attributes" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::ClientVpn, |assertion| {
        let start = assertion.range.start;
        let finding = assertion.attributes.is_empty().then(|| {
            Finding::new("the assertion has no attribute, and Client VPN asks for one at least")
                .at(start..start)
                .help(format!("add the claim FirstName, LastName or memberOf: {CLAIMS}"))
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn none() {
        fires(
            &ATTRIBUTES,
            with(with(to_client_vpn(), "<Attribute ", "<Other "), "</Attribute>", "</Other>"),
        );
    }

    #[test]
    fn some() {
        passes(&ATTRIBUTES, to_client_vpn());
    }
}
