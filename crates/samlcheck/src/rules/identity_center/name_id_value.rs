//! The rule `identity-center.name-id-value`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_name};

rule! {
    /// The NameID is no address of the form `user@domain`.
    ///
    /// ## Why it matters
    /// Identity Center looks for a user whose *user name* is exactly the NameID, and takes addresses
    /// only.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > Unique User Identifier*: the same source attribute that
    /// provisioning maps to `userName`, usually `user.userprincipalname`.
    ///
    /// ## Example
    /// ```text
    /// bad   <NameID>ada</NameID>
    /// good  <NameID>ada@example.com</NameID>
    /// ```
    pub static NAME_ID_VALUE = "identity-center.name-id-value" {
        severity: Error,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_name(message, SpProfile::IdentityCenter, |name_id| {
        let text = name_id.value.text();
        let is_address = text.split_once('@').is_some_and(|(user, domain)| {
            !user.is_empty() && !domain.is_empty() && !domain.contains('@')
        });
        let finding = (!is_address || text.contains(char::is_whitespace)).then(|| {
            Finding::new("the NameID is no address of the form user@domain")
                .at(name_id.value.range())
                .found(text)
                .expected("the user name in IAM Identity Center, character by character")
                .help(format!("take the source that provisioning maps to userName: {CLAIMS} > Unique User Identifier"))
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn an_opaque_one_and_a_space() {
        for wrong in ["x3k_9Qa", "@example.com", "ada@", "ada@x@y", " ada@example.com"] {
            fires(
                &NAME_ID_VALUE,
                with(
                    to_identity_center(),
                    ">ada@example.com</NameID>",
                    &format!(">{wrong}</NameID>"),
                ),
            );
        }
    }

    #[test]
    fn an_address() {
        passes(&NAME_ID_VALUE, to_identity_center());
        does_not_apply(&NAME_ID_VALUE, to_aws_iam());
    }
}
