//! The rule `identity-center.name-id-case`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_name};

rule! {
    /// There are upper-case letters in the NameID.
    ///
    /// ## Why it matters
    /// It must equal the user name in Identity Center exactly, and what provisioning wrote there may
    /// have another case. The same goes for the domain: `@contoso.onmicrosoft.com` here and
    /// `@contoso.com` there are two users.
    ///
    /// ## How to fix it
    /// Compare it with the user name under *IAM Identity Center > Users*. In Entra the claim can be given
    /// the transformation `ToLowercase()`, and provisioning the same.
    ///
    /// ## Example
    /// ```text
    /// bad   <NameID>Ada@Example.com</NameID>, user name ada@example.com
    /// good  <NameID>ada@example.com</NameID>
    /// ```
    pub static NAME_ID_CASE = "identity-center.name-id-case" {
        severity: Warning,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_name(message, SpProfile::IdentityCenter, |name_id| {
        let text = name_id.value.text();
        let finding = text.contains(char::is_uppercase).then(|| {
            Finding::new("there are upper-case letters in the NameID")
                .at(name_id.value.range())
                .found(text)
                .expected("the user name in IAM Identity Center, character by character")
                .help(format!(
                    "compare it with IAM Identity Center > Users; it comes from {CLAIMS} > Unique User Identifier"
                ))
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_capital() {
        fires(
            &NAME_ID_CASE,
            with(to_identity_center(), ">ada@example.com</NameID>", ">Ada@example.com</NameID>"),
        );
    }

    #[test]
    fn lower_case_and_no_case() {
        passes(&NAME_ID_CASE, to_identity_center());
        passes(
            &NAME_ID_CASE,
            with(to_identity_center(), ">ada@example.com</NameID>", ">1@example.com</NameID>"),
        );
    }
}
