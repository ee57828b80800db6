//! The rule `entra.rollover-trap`.

use samlkit::metadata::IdpSsoDescriptor;

use super::{NOT_ENTRA, is_entra};
use crate::case::{Case, Entity};
use crate::profiles::entra::APP_CERTIFICATE;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::certificate::{day, describe};

rule! {
    /// The app has an expired certificate and a newer one: Entra signs with the newer one, although
    /// nobody may have made it active.
    ///
    /// ## Why it matters
    /// As long as the active certificate is current, Entra signs with that. Once it has expired,
    /// Entra signs with a newer one as soon as there is one, active or not. A service provider that
    /// does not know the new one refuses everybody from that moment on.
    ///
    /// ## How to fix it
    /// Give the current metadata to the service provider now, make the new certificate active, and
    /// remove the expired one.
    ///
    /// ## Example
    /// ```text
    /// bad   active until 2026-11-14, a second one until 2029-11-10 that AWS does not have
    /// good  AWS has both
    /// ```
    pub static ROLLOVER_TRAP = "entra.rollover-trap" {
        severity: Warning,
        sources: [Entra("tutorial-manage-certificates-for-federated-single-sign-on")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    if !is_entra(entity) {
        return NOT_ENTRA;
    }
    let of_app: Vec<_> = entity
        .signing(idp.role.element)
        .filter(|(_, certificate)| certificate.subject == APP_CERTIFICATE)
        .collect();
    if of_app.is_empty() {
        return Outcome::DoesNotApply("the role lists no certificate of an app");
    }
    let expired =
        of_app.iter().filter(|(_, c)| c.not_after < case.now).max_by_key(|(_, c)| c.not_after);
    let current =
        of_app.iter().filter(|(_, c)| c.not_before <= case.now && c.not_after >= case.now);
    let newest = current.max_by_key(|(_, c)| c.not_before);
    let (Some((_, old)), Some((key, new))) = (expired, newest) else { return Outcome::Passed };
    if new.not_before <= old.not_before {
        return Outcome::Passed;
    }
    Finding::new(format!(
        "a certificate of the app expired on {}, and a newer one is listed: Entra signs with that, \
         even if nobody made it active",
        day(old.not_after)
    ))
    .at(key.range.clone())
    .found(describe(new))
    .note(format!("expired: {}", describe(old)))
    .help(
        "give this file to the service provider now; then make the new certificate active and \
         delete the expired one under Single sign-on > SAML certificates > Edit",
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn an_expired_one_and_a_newer_one() {
        let finding =
            fires(&ROLLOVER_TRAP, with(ENTRA, certificate("next"), certificate("expired")));
        assert!(finding.notes[0].starts_with("expired: CN=Microsoft"), "{:?}", finding.notes);
    }

    #[test]
    fn two_that_are_current_and_two_that_expired() {
        passes(&ROLLOVER_TRAP, ENTRA);
        let xml = with(ENTRA, certificate("next"), certificate("expired"));
        passes(&ROLLOVER_TRAP, with(xml, certificate("active"), certificate("expired")));
    }
}
