//! What findings count as for one user: severities that differ from the rules' own, findings that are
//! waived until a day, and how long ahead is soon. It changes what is reported and never what is trusted:
//! a verdict is a verdict.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use crate::report::{LeftOut, PlacedFinding};
use crate::rule::Severity;

/// What a user makes of findings. The default leaves all as the rules have it.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Levels by the name of a rule, or of the group that names begin with; a later layer wins over an
    /// earlier one, and in one layer the name of a rule over that of its group.
    pub layers: Vec<HashMap<String, Level>>,
    /// What is known and accepted for a while.
    pub waivers: Vec<Waiver>,
    /// How long ahead is soon.
    pub thresholds: Thresholds,
}

/// What a finding counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is reported with this severity.
    Report(Severity),
    /// It is not reported, and counted.
    Allow,
}

/// A rule that may be broken until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The name of the rule, or of the group that names begin with.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds, in UTC.
    pub until: NaiveDate,
}

impl Waiver {
    fn covers(&self, rule: &str) -> bool {
        self.rule == rule || rule.split('.').next() == Some(self.rule.as_str())
    }

    fn is_over(&self, now: DateTime<Utc>) -> bool {
        now.date_naive() > self.until
    }
}

/// How long ahead is soon, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// For the end of a certificate: 60, when Entra sends its first mail.
    pub certificate_days: i64,
    /// For the end of metadata: 14.
    pub metadata_days: i64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { certificate_days: 60, metadata_days: 14 }
    }
}

impl Policy {
    /// What findings of that rule count as, where this says anything of it.
    pub fn level(&self, rule: &str) -> Option<Level> {
        let group = rule.split('.').next().unwrap_or(rule);
        let of_layer =
            |layer: &HashMap<String, Level>| layer.get(rule).or(layer.get(group)).copied();
        self.layers.iter().rev().find_map(of_layer)
    }

    /// The waivers that are over, of rules that are broken.
    pub(crate) fn expired<'p>(
        &'p self,
        broken: &'p BTreeSet<&str>,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = &'p Waiver> {
        let is_broken = |waiver: &&Waiver| broken.iter().any(|rule| waiver.covers(rule));
        self.waivers.iter().filter(is_broken).filter(move |waiver| waiver.is_over(now))
    }

    /// Gives findings their levels and takes out those that are allowed; how many that are comes back.
    pub(crate) fn apply(
        &self,
        findings: &mut Vec<PlacedFinding>,
        left_out: &mut Vec<LeftOut>,
        now: DateTime<Utc>,
    ) -> usize {
        let mut allowed = 0usize;
        findings.retain_mut(|finding| match self.judge(finding.rule, finding.severity, now) {
            Some((severity, waiver)) => {
                let waived = |waiver: &Waiver| format!("until {}: {}", waiver.until, waiver.reason);
                (finding.severity, finding.waived) = (severity, waiver.map(waived));
                true
            }
            None => {
                allowed = allowed.saturating_add(1);
                false
            }
        });
        left_out.retain_mut(|more| match self.judge(more.rule, more.severity, now) {
            Some((severity, _)) => {
                more.severity = severity;
                true
            }
            None => {
                allowed = allowed.saturating_add(more.count);
                false
            }
        });
        // Severities of one rule may have become the same.
        left_out.sort_by_key(|more| (more.severity, more.rule));
        left_out.dedup_by(|next, kept| {
            let is_same = (next.rule, next.severity) == (kept.rule, kept.severity);
            if is_same {
                kept.count = kept.count.saturating_add(next.count);
            }
            is_same
        });
        allowed
    }

    /// What a finding of that rule counts as, and the waiver that holds for it; `None` where it is allowed.
    fn judge(
        &self,
        rule: &str,
        severity: Severity,
        now: DateTime<Utc>,
    ) -> Option<(Severity, Option<&Waiver>)> {
        let severity = match self.level(rule) {
            Some(Level::Allow) => return None,
            Some(Level::Report(severity)) => severity,
            None => severity,
        };
        let holds = |waiver: &&Waiver| waiver.covers(rule) && !waiver.is_over(now);
        match self.waivers.iter().find(holds) {
            Some(waiver) => Some((Severity::Info, Some(waiver))),
            None => Some((severity, None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{ENTRA_COMMON, NOW};
    use crate::{Options, check};

    fn with(policy: Policy) -> Vec<(&'static str, Severity, bool)> {
        let options = Options { policy, ..Options::default() };
        let report = check("x", ENTRA_COMMON.as_bytes(), &options, NOW.parse().unwrap());
        let findings = report.findings.iter();
        findings.map(|f| (f.rule, f.severity, f.waived.is_some())).collect()
    }

    fn layer(levels: &[(&str, Level)]) -> HashMap<String, Level> {
        levels.iter().map(|(name, level)| ((*name).to_owned(), *level)).collect()
    }

    #[test]
    fn a_rule_wins_over_its_group_and_a_later_layer_over_both() {
        let warn = Level::Report(Severity::Warning);
        let policy = |layers| Policy { layers, ..Policy::default() };
        let first = layer(&[("entra", Level::Allow), ("entra.tenant-keys", warn)]);
        assert_eq!(policy(vec![first.clone()]).level("entra.tenant-keys"), Some(warn));
        assert_eq!(policy(vec![first.clone()]).level("entra.cloud"), Some(Level::Allow));
        assert_eq!(policy(vec![first.clone()]).level("aws-iam.bom"), None);
        let second = layer(&[("entra", Level::Report(Severity::Info))]);
        let both = policy(vec![first, second]);
        assert_eq!(both.level("entra.tenant-keys"), Some(Level::Report(Severity::Info)));
    }

    #[test]
    fn findings_get_their_level() {
        let levels = [("entra", Level::Allow), ("aws-iam.bom", Level::Report(Severity::Error))];
        let found = with(Policy { layers: vec![layer(&levels)], ..Policy::default() });
        assert!(found.iter().all(|(rule, ..)| !rule.starts_with("entra.")), "{found:?}");
        assert_eq!(found.first(), Some(&("aws-iam.bom", Severity::Error, false)));
    }

    #[test]
    fn a_waiver_holds_until_its_day_is_over() {
        let waiver = |until: &str| Waiver {
            rule: "entra.tenant-placeholder".to_owned(),
            reason: "a template on purpose".to_owned(),
            until: until.parse().unwrap(),
        };
        let holding = Policy { waivers: vec![waiver("2026-11-21")], ..Policy::default() };
        let found = with(holding);
        assert!(found.contains(&("entra.tenant-placeholder", Severity::Info, true)), "{found:?}");
        assert!(found.iter().all(|(_, severity, _)| *severity != Severity::Error));
        let over = Policy { waivers: vec![waiver("2026-11-20")], ..Policy::default() };
        let found = with(over);
        assert!(found.contains(&("entra.tenant-placeholder", Severity::Error, false)));
        assert!(found.contains(&("config.waiver-expired", Severity::Warning, false)), "{found:?}");
    }
}
