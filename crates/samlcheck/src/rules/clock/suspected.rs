//! The rule `clock.suspected`.

use chrono::TimeDelta;

use crate::case::{Case, Message};
use crate::report::instant;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The response was issued in the future, all of its times alike: a clock is wrong.
    ///
    /// ## Why it matters
    /// No message arrives before it was made. Either the clock of the service provider, or of the machine that
    /// judges, is behind, or the identity provider's is ahead. Entra's and AWS's clocks are right, so that it
    /// is mostly one's own. A difference of whole hours is a time zone: local time was taken for UTC.
    ///
    /// An old response looks the same as a clock that is ahead; that cannot be told, and is not.
    ///
    /// ## How to fix it
    /// Compare the clock with a time server: `chronyc tracking` or `timedatectl` on Linux, `w32tm /query
    /// /status` on Windows. With `--at` a saved response is judged as of when it arrived.
    ///
    /// ## Example
    /// ```text
    /// bad   IssueInstant="2026-11-21T05:09:00Z", judged at 03:09 UTC: a time zone
    /// good  IssueInstant="2026-11-21T03:08:59Z", judged at 03:09 UTC
    /// ```
    pub static SUSPECTED = "clock.suspected" {
        severity: Warning,
        sources: [Core("2.5.1.2"), Aws("IAM Identity Center User Guide, troubleshooting")],
        check: Response(check)
    }
}

/// How far the times of one message may be apart and still be called alike.
const ALIKE: TimeDelta = TimeDelta::minutes(1);
/// Seconds in a quarter of an hour, which all time zones are whole multiples of.
const QUARTER: i64 = 900;

fn check(case: &Case<'_>, message: &Message<'_>) -> Outcome {
    let Some(context) = &case.options.verdict else {
        return Outcome::DoesNotApply("no verdict was asked for");
    };
    let response = message.response.unverified();
    let assertion = message.first_assertion();
    let issued = response.issue_instant.as_ref();
    let times = [issued, assertion.and_then(|assertion| assertion.issue_instant.as_ref())];
    let ahead = times
        .into_iter()
        .flatten()
        .filter_map(|time| Some((time, time.date_time()?.signed_duration_since(case.now))));
    let ahead: Vec<_> = ahead.collect();
    let Some((first, least)) = ahead.iter().min_by_key(|(_, by)| *by) else {
        return Outcome::DoesNotApply("the response says not when it was issued");
    };
    let most = ahead.iter().map(|(_, by)| *by).max().unwrap_or(*least);
    let are_alike = most.checked_sub(least).is_some_and(|between| between <= ALIKE);
    if *least <= context.sp.clock_skew() || !are_alike {
        return Outcome::Passed;
    }
    let off = least.num_seconds().checked_rem(QUARTER).unwrap_or(QUARTER);
    let is_zone = least.num_seconds() >= QUARTER && off.min(QUARTER.saturating_sub(off)) <= 60;
    let finding = Finding::new(format!(
        "the response was issued {} in the future: the clock that judges is behind, or the identity \
         provider's is ahead",
        words(*least)
    ))
    .at(first.range())
    .found(first.text())
    .expected(format!("{} or before", instant(case.now)))
    .help(
        "compare this machine's clock with a time server: timedatectl, chronyc tracking, or w32tm \
         /query /status; for a saved response say with --at when it arrived",
    );
    if is_zone {
        let zone = "the difference is that of a time zone: local time was probably taken for UTC";
        return finding.note(zone).into();
    }
    finding.into()
}

/// A length of time in its two largest units.
fn words(length: TimeDelta) -> String {
    let (days, hours) = (length.num_days(), length.num_hours() % 24);
    let (minutes, seconds) = (length.num_minutes() % 60, length.num_seconds() % 60);
    match (days, length.num_hours(), length.num_minutes()) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {seconds} s"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    /// The good response, issued at another time; the vectors are judged at noon.
    fn issued(at: &str) -> String {
        let response = String::from_utf8(vector("good-assertion-signed")).unwrap();
        let written = "IssueInstant=\"2026-06-01T12:00:00.000Z\"";
        with(response, written, &format!("IssueInstant=\"{at}\""))
    }

    #[test]
    fn ten_minutes_and_two_hours_ahead() {
        let options = verdict_on("good-assertion-signed");
        let finding = fires_for(&SUSPECTED, issued("2026-06-01T12:10:05Z"), &options);
        assert!(finding.message.contains("10 min 5 s") && finding.notes.is_empty());
        let finding = fires_for(&SUSPECTED, issued("2026-06-01T14:00:10Z"), &options);
        assert!(finding.notes.iter().any(|note| note.contains("time zone")));
    }

    #[test]
    fn within_the_skew_and_one_time_alone() {
        let options = verdict_on("good-assertion-signed");
        passes_for(&SUSPECTED, issued("2026-06-01T12:03:00Z"), &options);
        passes_for(&SUSPECTED, issued("2026-06-01T08:00:00Z"), &options);
        let one = issued("2026-06-01T12:10:05Z").replacen("12:10:05Z", "11:59:00Z", 1);
        passes_for(&SUSPECTED, one, &options);
        does_not_apply(&SUSPECTED, vector("good-assertion-signed"));
    }
}
