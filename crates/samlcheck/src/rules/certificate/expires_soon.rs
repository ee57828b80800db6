//! The rule `certificate.expires-soon`.

use std::collections::HashMap;

use samlkit::dsig::Certificate;

use super::{day, describe, distinct, renewal, subject};
use crate::case::{Case, Entity};
use crate::report::days_until;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A certificate expires within 60 days, or as many as `samlcheck.toml` says.
    ///
    /// ## Why it matters
    /// The identity provider and every service provider have to change over on the same day or
    /// accept both keys for a while. Entra mails the addresses entered for it 60, 30 and 7 days
    /// ahead; IAM Identity Center shows the certificate in yellow from 90 days on.
    ///
    /// ## How to fix it
    /// Make the next certificate now and give it to the service providers before it is used. In
    /// Entra: *Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates >
    /// Edit > New certificate*.
    ///
    /// ## Example
    /// ```text
    /// bad   until 2026-12-14, in 23 days
    /// good  until 2029-11-10, in 1085 days
    /// ```
    pub static EXPIRES_SOON = "certificate.expires-soon" {
        severity: Warning,
        sources: [Entra("tutorial-manage-certificates-for-federated-single-sign-on")],
        check: Entity(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let soon = case.options.policy.thresholds.certificate_days;
    let certificates = distinct(entity);
    if certificates.is_empty() {
        return Outcome::DoesNotApply("the entity lists no readable certificate");
    }
    // Of each role, the signing certificate that is valid for longest.
    let mut last: HashMap<usize, &Certificate> = HashMap::new();
    for (key, certificate) in certificates.iter().filter(|(key, _)| key.signing) {
        let kept = last.entry(key.role.range().start).or_insert(certificate);
        if certificate.not_after > kept.not_after {
            *kept = certificate;
        }
    }
    let findings = certificates.iter().filter_map(|(key, certificate)| {
        let days = days_until(certificate.not_after, case.now);
        if certificate.not_after < case.now || days > soon {
            return None;
        }
        let message = format!(
            "the certificate {} expires on {}, in {days} days",
            subject(certificate),
            day(certificate.not_after)
        );
        let finding = Finding::new(message).at(key.range.clone()).found(describe(certificate));
        let successor = last.get(&key.role.range().start);
        let finding = match successor {
            Some(next) if days_until(next.not_after, case.now) > soon => finding.note(format!(
                "its successor is listed already, valid until {}: sha256 {}",
                day(next.not_after),
                next.sha256_hex()
            )),
            _ => finding,
        };
        Some(finding.help(renewal(entity)))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_days_that_are_left() {
        let finding = fires(&EXPIRES_SOON, idp_with(&["expires-soon"]));
        assert!(finding.message.contains(", in "), "{}", finding.message);
        assert!(finding.notes.is_empty());
        let finding = fires(&EXPIRES_SOON, idp_with(&["expires-soon", "next"]));
        assert!(finding.notes[0].contains("successor"), "{:?}", finding.notes);
    }

    #[test]
    fn months_that_are_left_and_none() {
        passes(&EXPIRES_SOON, idp_with(&["active"]));
        passes(&EXPIRES_SOON, idp_with(&["expired"]));
    }
}
