//! The rule `certificate.all-expired`.

use samlkit::metadata::IdpSsoDescriptor;

use super::{all_expired, day, describe, renewal};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// Every signing certificate of the identity provider has expired.
    ///
    /// ## Why it matters
    /// A service provider that looks at the dates refuses everything this identity provider signs.
    /// Entra keeps signing with an expired certificate as long as there is no other, so that
    /// whether sign-in breaks depends on the service provider.
    ///
    /// ## How to fix it
    /// First make sure that the file is current: download it again. If it is, make a new
    /// certificate. In Entra: *Entra admin center > Enterprise apps > (app) > Single sign-on > SAML
    /// certificates > Edit > New certificate*, make it active, then update the service provider.
    ///
    /// ## Example
    /// ```text
    /// bad   one signing certificate, until 2026-11-14
    /// good  one until 2029-11-10 beside it
    /// ```
    pub static ALL_EXPIRED = "certificate.all-expired" {
        severity: Error,
        sources: [Entra("tutorial-manage-certificates-for-federated-single-sign-on")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    let role = idp.role.element;
    let last = entity.signing(role).max_by_key(|(_, certificate)| certificate.not_after);
    let Some((key, last)) = last else {
        return Outcome::DoesNotApply("the role lists no readable signing certificate");
    };
    if !all_expired(entity, role, case.now) {
        return Outcome::Passed;
    }
    Finding::new(format!(
        "every signing certificate has expired; the last one did on {}",
        day(last.not_after)
    ))
    .at(key.range.clone())
    .found(describe(last))
    .expected(format!("a signing certificate that is valid on {}", day(case.now)))
    .note("the file may be an old one: download it again before anything else")
    .help(renewal(entity))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_only_one_has_expired() {
        let finding = fires(&ALL_EXPIRED, idp_with(&["expired"]));
        assert!(finding.message.starts_with("every signing certificate has expired"));
    }

    #[test]
    fn one_of_two_is_current() {
        passes(&ALL_EXPIRED, idp_with(&["expired", "active"]));
        does_not_apply(&ALL_EXPIRED, idp_with(&[]));
    }
}
