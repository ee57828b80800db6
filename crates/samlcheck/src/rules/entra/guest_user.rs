//! The rule `entra.guest-user`.

use super::for_assertion_of_entra;
use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::CLAIMS;

rule! {
    /// The NameID holds `#EXT#`: it is the user principal name of a guest.
    ///
    /// ## Why it matters
    /// A guest's user principal name is made from his address and the name of the tenant. It rarely is
    /// the name by which the service provider knows him, and provisioning to AWS refuses it. That
    /// the claim `identityprovider` of a guest is not the issuer is as it should be.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > Unique User Identifier > Claim conditions*: for external guests
    /// `user.mail`, or `user.localuserprincipalname` where that is the name at the service provider.
    ///
    /// ## Example
    /// ```text
    /// bad   <NameID>eve_corp.example#EXT#@contoso.onmicrosoft.com</NameID>
    /// good  <NameID>eve@corp.example</NameID>
    /// ```
    pub static GUEST_USER = "entra.guest-user" {
        severity: Warning,
        sources: [Entra("saml-claims-customization.md"), Aws("IAM Identity Center User Guide, troubleshooting")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion_of_entra(message, |assertion| {
        let Some(name_id) = assertion.subject.as_ref().and_then(|subject| subject.name_id.as_ref())
        else {
            return Outcome::DoesNotApply("the response has no NameID that can be read");
        };
        let text = name_id.value.text();
        let finding = text.to_ascii_uppercase().contains("#EXT#").then(|| {
            Finding::new("the NameID is the user principal name of a guest")
                .at(name_id.value.range())
                .found(text)
                .expected("the name by which the service provider knows the user")
                .help(format!(
                    "add a claim condition for external guests with the source user.mail: {CLAIMS} > \
                     Unique User Identifier"
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
    fn a_guest() {
        let guest = ">ada_example.com#EXT#@contoso.onmicrosoft.com</NameID>";
        fires(&GUEST_USER, with(to_identity_center(), ">ada@example.com</NameID>", guest));
    }

    #[test]
    fn a_member_and_another_identity_provider() {
        passes(&GUEST_USER, to_identity_center());
        let member = ">ada#ext@example.com</NameID>";
        passes(&GUEST_USER, with(to_identity_center(), ">ada@example.com</NameID>", member));
        does_not_apply(&GUEST_USER, with(to_identity_center(), "sts.windows.net", "idp.example"));
    }
}
