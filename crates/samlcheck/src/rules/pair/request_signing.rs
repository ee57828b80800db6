//! The rule `pair.request-signing`.

use samlkit::Value;
use samlkit::metadata::KeyUse;
use samlkit::metadata::SpSsoDescriptor;

use crate::case::{Entity, IdpOffer};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The identity provider wants requests to be signed (`WantAuthnRequestsSigned`), and the service
    /// provider does not sign them or publishes no key to check that with.
    ///
    /// ## Why it matters
    /// Every sign-in that begins at the service provider is refused; Entra says AADSTS76021. None of the
    /// service providers of AWS signs its requests.
    ///
    /// ## How to fix it
    /// In Entra: *SAML certificates > Verification certificates > Edit*: off. Or let the service provider
    /// sign, if it can.
    ///
    /// ## Example
    /// ```text
    /// bad   WantAuthnRequestsSigned="true" with AuthnRequestsSigned="false"
    /// good  WantAuthnRequestsSigned="true" with AuthnRequestsSigned="true" and a key
    /// ```
    pub static REQUEST_SIGNING = "pair.request-signing" {
        severity: Error,
        sources: [Metadata("2.4.3, 2.4.4"), Aws("IAM Identity Center User Guide, other identity providers")],
        check: Pair(check)
    }
}

fn check(entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>, idp: &IdpOffer) -> Outcome {
    if entity.sp_profile != Some(SpProfile::Other) {
        return Outcome::DoesNotApply("identity-center.request-verification looks at AWS");
    }
    if !idp.wants_signed_requests {
        return Outcome::Passed;
    }
    let says = sp.authn_requests_signed.as_ref();
    let signs = says.and_then(Value::boolean) == Some(true);
    let has_key = sp.role.key_descriptors.iter().any(|key| key.serves(KeyUse::Signing));
    let message = match (signs, has_key) {
        (true, true) => return Outcome::Passed,
        (true, false) => "the service provider signs requests and publishes no key for that",
        (false, _) => {
            "the identity provider wants signed requests, and the service provider signs none"
        }
    };
    Finding::new(message)
        .at(says.map_or_else(|| sp.role.element.start_tag_range(), Value::range))
        .expected("AuthnRequestsSigned=\"true\" and a key for signing")
        .note("Entra reports this as AADSTS76021")
        .help(
            "Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates > \
             Verification certificates > Edit: turn it off",
        )
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn wanting() -> String {
        with(idp(), "<IDPSSODescriptor ", "<IDPSSODescriptor WantAuthnRequestsSigned=\"true\" ")
    }

    fn signing() -> String {
        with(sp(), "<SPSSODescriptor ", "<SPSSODescriptor AuthnRequestsSigned=\"1\" ")
    }

    #[test]
    fn no_signature_and_no_key() {
        fires_for(&REQUEST_SIGNING, sp(), &beside(&wanting()));
        let without = with(signing(), &key("", certificate("active")), "");
        fires_for(&REQUEST_SIGNING, without, &beside(&wanting()));
    }

    #[test]
    fn a_signature_and_nobody_who_wants_one() {
        passes_for(&REQUEST_SIGNING, signing(), &beside(&wanting()));
        passes_for(&REQUEST_SIGNING, sp(), &beside(&idp()));
    }
}
