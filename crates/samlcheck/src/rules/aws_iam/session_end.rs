//! The rule `aws-iam.session-end`.

use chrono::TimeDelta;
use samlkit::Value;

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::SESSION_DURATION;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// `SessionNotOnOrAfter` ends the session before `SessionDuration` does.
    ///
    /// ## Why it matters
    /// AWS takes the earlier of the two, so that the session is shorter than it was set to be.
    ///
    /// ## How to fix it
    /// Nothing has to be done, unless the session should last longer: then leave `SessionNotOnOrAfter` out
    /// at the identity provider.
    ///
    /// ## Example
    /// ```text
    /// bad   SessionDuration 3600, SessionNotOnOrAfter after 20 minutes
    /// good  SessionDuration 3600, no SessionNotOnOrAfter
    /// ```
    pub static SESSION_END = "aws-iam.session-end" {
        severity: Info,
        sources: [Aws("IAM User Guide, create_saml_assertions")],
        check: Response(check)
    }
}

fn check(case: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let durations = values(assertion, SESSION_DURATION);
        let seconds = durations.first().and_then(|value| value.text.text().parse::<u32>().ok());
        let duration = seconds.and_then(|seconds| TimeDelta::try_seconds(i64::from(seconds)));
        let statements = assertion.authn_statements.iter();
        let ends = statements.filter_map(|statement| statement.session_not_on_or_after.as_ref());
        let end = ends.filter_map(|end| Some((end, end.date_time()?))).min_by_key(|(_, end)| *end);
        let issued = assertion.issue_instant.as_ref().and_then(Value::date_time);
        let (Some(duration), Some((written, end))) = (duration, end) else {
            return Outcome::DoesNotApply("the response has not both of the two times");
        };
        let length = end.signed_duration_since(issued.unwrap_or(case.now));
        let finding = (length < duration).then(|| {
            Finding::new("SessionNotOnOrAfter ends the session before SessionDuration does")
                .at(written.range())
                .found(format!("{} minutes", length.num_minutes()))
                .expected(format!("{} minutes, as SessionDuration says", duration.num_minutes()))
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    fn ending(end: &str) -> String {
        let duration = format!(
            "<Attribute Name=\"{SESSION_DURATION}\"><AttributeValue>3600</AttributeValue></Attribute>\
             </AttributeStatement>"
        );
        let response = with(to_aws_iam(), "</AttributeStatement>", &duration);
        with(
            response,
            "<AuthnStatement ",
            &format!("<AuthnStatement SessionNotOnOrAfter=\"{end}\" "),
        )
    }

    #[test]
    fn half_an_hour() {
        fires(&SESSION_END, ending("2026-06-01T12:30:00Z"));
    }

    #[test]
    fn an_hour_and_no_end() {
        passes(&SESSION_END, ending("2026-06-01T13:00:00Z"));
        does_not_apply(&SESSION_END, to_aws_iam());
    }
}
