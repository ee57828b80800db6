//! The rule `certificate.expired`.

use std::collections::HashSet;

use super::{all_expired, day, describe, distinct, subject};
use crate::case::{Case, Entity};
use crate::report::days_until;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A certificate in the metadata has expired, while others are current.
    ///
    /// ## Why it matters
    /// SAML itself looks at the key and not at the dates, but AWS and others warn of an expired
    /// certificate or refuse it, and a file that lists old keys is usually an old file. Where every
    /// signing certificate of an identity provider has expired, `certificate.all-expired` says so
    /// instead.
    ///
    /// ## How to fix it
    /// Remove the certificate at the next rotation, or download the current metadata.
    ///
    /// ## Example
    /// ```text
    /// bad   two signing certificates, one of them until 2026-11-14
    /// good  the one that is current
    /// ```
    pub static EXPIRED = "certificate.expired" {
        severity: Warning,
        sources: [Other("SAML V2.0 Metadata Interoperability Profile, 2.6.1")],
        check: Entity(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let certificates = distinct(entity);
    if certificates.is_empty() {
        return Outcome::DoesNotApply("the entity lists no readable certificate");
    }
    let idp_roles = entity.descriptor.idp_roles().map(|idp| idp.role.element);
    let said_by_all_expired: HashSet<usize> = idp_roles
        .filter(|&role| all_expired(entity, role, case.now))
        .map(|role| role.range().start)
        .collect();
    let expired = certificates.into_iter().filter(|(key, certificate)| {
        let said = key.signing && said_by_all_expired.contains(&key.role.range().start);
        certificate.not_after < case.now && !said
    });
    let findings = expired.map(|(key, certificate)| {
        let days = days_until(certificate.not_after, case.now).unsigned_abs();
        Finding::new(format!(
            "the certificate {} expired on {}, {days} days ago",
            subject(certificate),
            day(certificate.not_after)
        ))
        .at(key.range.clone())
        .found(describe(certificate))
        .help("remove it at the next rotation, or download the current metadata")
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn an_expired_one_beside_a_current_one() {
        let finding = fires(&EXPIRED, idp_with(&["active", "expired"]));
        assert!(finding.message.contains("days ago"), "{}", finding.message);
        assert!(finding.found.is_some_and(|found| found.contains("sha256 ")));
    }

    #[test]
    fn one_that_ends_in_days_and_one_that_is_alone() {
        passes(&EXPIRED, idp_with(&["active", "expires-soon"]));
        passes(&EXPIRED, idp_with(&["expired"]));
        fires(&EXPIRED, with(sp(), certificate("active"), certificate("expired")));
        does_not_apply(&EXPIRED, CLIENT_VPN);
    }
}
