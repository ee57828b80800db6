//! The rule `identity-center.request-verification`.

use samlkit::metadata::SpSsoDescriptor;

use crate::case::{Entity, IdpOffer};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The identity provider demands signed requests, and no service provider of AWS signs its own: not IAM
    /// Identity Center, not IAM, not Client VPN.
    ///
    /// ## Why it matters
    /// Every sign-in that begins at AWS is refused. Entra says AADSTS76021.
    ///
    /// ## How to fix it
    /// *Single sign-on > SAML certificates > Verification certificates (optional) > Edit*: clear *Require
    /// verification certificates*.
    ///
    /// ## Example
    /// ```text
    /// bad   <IDPSSODescriptor WantAuthnRequestsSigned="true">
    /// good  <IDPSSODescriptor>
    /// ```
    pub static REQUEST_VERIFICATION = "identity-center.request-verification" {
        severity: Error,
        sources: [Entra("howto-enforce-signed-saml-authentication.md"), Aws("IAM Identity Center User Guide, SAML 2.0 identity federation")],
        check: Pair(check)
    }
}

fn check(entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>, idp: &IdpOffer) -> Outcome {
    let name = entity.sp_profile.unwrap_or(SpProfile::Other).display();
    let Some(name) = name else {
        return Outcome::DoesNotApply("the service provider is not one of AWS");
    };
    let finding = idp.wants_signed_requests.then(|| {
        let says = sp.authn_requests_signed.as_ref();
        Finding::new(format!(
            "the identity provider demands signed requests, and {name} signs none"
        ))
        .at(says.map_or_else(|| sp.role.element.start_tag_range(), |says| says.range()))
        .found("WantAuthnRequestsSigned=\"true\" at the identity provider")
        .note("Entra reports this as AADSTS76021")
        .help(
            "Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates > \
                 Verification certificates > Edit: clear Require verification certificates",
        )
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn wanting(idp: &str) -> String {
        with(idp, "<IDPSSODescriptor ", "<IDPSSODescriptor WantAuthnRequestsSigned=\"true\" ")
    }

    #[test]
    fn each_of_the_three() {
        for sp in [IDENTITY_CENTER, AWS_IAM, CLIENT_VPN] {
            fires_for(&REQUEST_VERIFICATION, sp, &beside(&wanting(ENTRA)));
        }
    }

    #[test]
    fn nobody_demands_it_and_another_provider() {
        passes_for(&REQUEST_VERIFICATION, IDENTITY_CENTER, &beside(ENTRA));
        does_not_apply_for(&REQUEST_VERIFICATION, sp(), &beside(&wanting(&idp())));
    }
}
