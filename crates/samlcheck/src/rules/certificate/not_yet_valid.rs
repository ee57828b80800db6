//! The rule `certificate.not-yet-valid`.

use super::{day, describe, distinct, subject};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A certificate becomes valid only later.
    ///
    /// ## Why it matters
    /// A service provider that looks at the dates refuses what the identity provider signs with it
    /// until then. If it was made just now, a clock is wrong.
    ///
    /// ## How to fix it
    /// Leave it inactive until the day comes, or correct the clock of the machine that made it.
    ///
    /// ## Example
    /// ```text
    /// bad   from 2027-01-01 on
    /// good  from 2026-11-10 on
    /// ```
    pub static NOT_YET_VALID = "certificate.not-yet-valid" {
        severity: Warning,
        sources: [Other("RFC 5280, 4.1.2.5")],
        check: Entity(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let certificates = distinct(entity);
    if certificates.is_empty() {
        return Outcome::DoesNotApply("the entity lists no readable certificate");
    }
    let ahead = certificates.into_iter().filter(|(_, c)| c.not_before > case.now);
    let findings = ahead.map(|(key, certificate)| {
        Finding::new(format!(
            "the certificate {} becomes valid on {}",
            subject(certificate),
            day(certificate.not_before)
        ))
        .at(key.range.clone())
        .found(describe(certificate))
        .help("do not make it active before that day; if it was just made, check the clocks")
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_for_later() {
        let finding = fires(&NOT_YET_VALID, idp_with(&["active", "not-yet-valid"]));
        assert!(finding.message.contains("becomes valid on"), "{}", finding.message);
    }

    #[test]
    fn one_for_now() {
        passes(&NOT_YET_VALID, idp_with(&["active", "next"]));
    }
}
