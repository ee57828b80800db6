//! The rule `aws-iam.stale`.

use chrono::TimeDelta;

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::REDEEM_MINUTES;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// The response was issued more than five minutes before the time that it is judged at.
    ///
    /// ## Why it matters
    /// AssumeRoleWithSAML answers *Token must be redeemed within 5 minutes of issuance*, though the assertion
    /// itself may count for an hour. Tools that keep a response and call AWS later run into it.
    ///
    /// ## How to fix it
    /// Sign in again and call AWS at once. For a response that was saved, say with `--at` when it was sent.
    ///
    /// ## Example
    /// ```text
    /// bad   IssueInstant 03:00:00, used at 03:06:00
    /// good  IssueInstant 03:00:00, used at 03:00:10
    /// ```
    pub static STALE = "aws-iam.stale" {
        severity: Error,
        sources: [Aws("AWS STS API, AssumeRoleWithSAML")],
        check: Response(check)
    }
}

fn check(case: &Case<'_>, message: &Message<'_>) -> Outcome {
    if case.options.verdict.is_none() {
        return Outcome::DoesNotApply("no verdict was asked for, and the response may be a record");
    }
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let issued = assertion.issue_instant.as_ref();
        let issued = issued.and_then(|issued| Some((issued, issued.date_time()?)));
        let Some((written, time)) = issued else {
            return Outcome::DoesNotApply("the assertion says not when it was issued");
        };
        let age = case.now.signed_duration_since(time);
        let finding = (age > TimeDelta::minutes(REDEEM_MINUTES)).then(|| {
            Finding::new("AWS IAM does not take a response this old")
                .at(written.range())
                .found(format!("issued {} minutes ago", age.num_minutes()))
                .expected(format!(
                    "{REDEEM_MINUTES} minutes at most, as of {}",
                    case.now.format("%Y-%m-%d %H:%M UTC")
                ))
                .help(
                    "sign in again and use the response at once; or say with --at when it was sent",
                )
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    /// Judges a response to AWS IAM that was issued at this time as of 12:00.
    fn issued(at: &str) -> (String, crate::Options) {
        let written = "IssueInstant=\"2026-06-01T12:00:00.000Z\"";
        let mut options = verdict_on("good-assertion-signed");
        options.sp_profile = Some(SpProfile::AwsIam);
        (with(to_aws_iam(), written, &format!("IssueInstant=\"{at}\"")), options)
    }

    #[test]
    fn a_second_too_late() {
        let (response, options) = issued("2026-06-01T11:54:59Z");
        fires_for(&STALE, response, &options);
    }

    #[test]
    fn just_in_time_and_a_record() {
        let (response, options) = issued("2026-06-01T11:55:00Z");
        passes_for(&STALE, response, &options);
        does_not_apply(&STALE, to_aws_iam());
    }
}
