//! The rule `config.waiver-expired`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::policy::Policy;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A waiver in `samlcheck.toml` is over, and the rule that it was for is still broken.
    ///
    /// ## Why it matters
    /// What was to be put right until then was not. The finding counts again with its own severity.
    ///
    /// ## How to fix it
    /// Put right what the rule finds. Or give the waiver another day, with a reason that still holds.
    ///
    /// ## Example
    /// ```text
    /// bad   until = 2026-11-20, judged on 2026-11-21
    /// good  until = 2026-12-31
    /// ```
    pub static WAIVER_EXPIRED = "config.waiver-expired" {
        severity: Warning,
        sources: [],
        check: Policy(check)
    }
}

fn check(broken: &BTreeSet<&str>, policy: &Policy, now: DateTime<Utc>) -> Outcome {
    if policy.waivers.is_empty() {
        return Outcome::DoesNotApply("nothing is waived");
    }
    let findings = policy.expired(broken, now).map(|waiver| {
        Finding::new(format!("the waiver of {} ended on {}", waiver.rule, waiver.until))
            .note(format!("its reason was: {}", waiver.reason))
            .help("put right what the rule finds, or give the waiver in samlcheck.toml another day")
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Waiver;
    use crate::rules::testing::*;
    use crate::{Options, check};

    /// How often the rule fires on an unsigned file whose lack of a signature is waived until a day.
    fn waived_until(day: &str, xml: &str) -> usize {
        let waiver = Waiver {
            rule: "metadata.unsigned".to_owned(),
            reason: "a test".to_owned(),
            until: day.parse().unwrap(),
        };
        let policy = Policy { waivers: vec![waiver], ..Policy::default() };
        let options = Options { policy, ..Options::default() };
        let report = check("x", xml.as_bytes(), &options, NOW.parse().unwrap());
        report.findings.iter().filter(|finding| finding.rule == WAIVER_EXPIRED.name).count()
    }

    #[test]
    fn it_fires_the_day_after() {
        assert_eq!(waived_until("2026-11-20", &idp()), 1);
    }

    #[test]
    fn it_passes_on_the_last_day_and_where_nothing_is_broken() {
        assert_eq!(waived_until("2026-11-21", &idp()), 0);
        assert_eq!(waived_until("2026-11-20", ENTRA), 0);
        does_not_apply(&WAIVER_EXPIRED, idp());
    }
}
