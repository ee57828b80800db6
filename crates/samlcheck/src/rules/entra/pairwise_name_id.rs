//! The rule `entra.pairwise-name-id`.

use samlkit::names::name_id_format::PERSISTENT;

use super::NOT_ENTRA;
use crate::case::{Case, Message};
use crate::profile::{IdpProfile, SpProfile};
use crate::profiles::{UUID, is_hex_groups};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_name};

rule! {
    /// The NameID is an opaque identifier where the service provider expects an address: Entra made one up for
    /// this user and this app.
    ///
    /// ## Why it matters
    /// Entra does that where the source attribute is empty for this user (`user.mail` of someone without a
    /// mailbox), and where the request or the claim asks for the format persistent. The service provider then
    /// finds no user of that name.
    ///
    /// ## How to fix it
    /// *Attributes & Claims > Unique User Identifier*: take a source that every user has, such as
    /// `user.userprincipalname`, and the format *Email address*. A `NameIDPolicy` in the request wins over
    /// the portal.
    ///
    /// ## Example
    /// ```text
    /// bad   <NameID>jXw4Nu2eRk7hBq1SdtYz0aVcMfLpGo9iUsCxT5bWnEI</NameID>
    /// good  <NameID>ada@example.com</NameID>
    /// ```
    pub static PAIRWISE_NAME_ID = "entra.pairwise-name-id" {
        severity: Error,
        sources: [Entra("saml-claims-customization.md, single-sign-on-saml-protocol.md")],
        check: Response(check)
    }
}

/// Characters of the shortest identifier that Entra makes up.
const OPAQUE: usize = 20;

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    if message.idp_profile != IdpProfile::Entra {
        return NOT_ENTRA;
    }
    let provider = match message.sp_profile {
        provider @ (SpProfile::IdentityCenter | SpProfile::ClientVpn) => provider,
        _ => return Outcome::DoesNotApply("the service provider takes any NameID"),
    };
    for_name(message, provider, |name_id| {
        let text = name_id.value.text();
        let is_made = |c: char| c.is_ascii_alphanumeric() || "-_+/=".contains(c);
        let is_opaque =
            is_hex_groups(text, &UUID) || (text.len() >= OPAQUE && text.chars().all(is_made));
        let format = name_id.format.as_ref().map_or("", |format| format.text());
        let finding = is_opaque.then(|| {
            Finding::new("Entra made the NameID up for this user and this app")
                .at(name_id.value.range())
                .found(text)
                .expected("the user's address, as the service provider knows it")
                .note(if format == PERSISTENT {
                    "its format is persistent: the claim or the request asked for one like this"
                } else {
                    "the source attribute of the claim is probably empty for this user"
                })
                .help(format!(
                    "take a source that every user has and the format Email address: {CLAIMS} > \
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

    fn named(name: &str) -> String {
        with(to_identity_center(), ">ada@example.com</NameID>", &format!(">{name}</NameID>"))
    }

    #[test]
    fn made_up() {
        for opaque in
            ["jXw4Nu2eRk7hBq1SdtYz0aVcMfLpGo9iUsCxT5bWnEI", "5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64"]
        {
            let finding = fires(&PAIRWISE_NAME_ID, named(opaque));
            assert!(finding.notes.concat().contains("empty"));
        }
        let finding = fires(
            &PAIRWISE_NAME_ID,
            with(
                named("jXw4Nu2eRk7hBq1SdtYz0aVcMfLpGo9iUsCxT5bWnEI"),
                "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
                PERSISTENT,
            ),
        );
        assert!(finding.notes.concat().contains("persistent"));
    }

    #[test]
    fn an_address_and_a_short_name() {
        passes(&PAIRWISE_NAME_ID, to_identity_center());
        passes(&PAIRWISE_NAME_ID, named("ada"));
        does_not_apply(&PAIRWISE_NAME_ID, to_aws_iam());
    }
}
