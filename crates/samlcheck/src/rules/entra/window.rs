//! The rule `entra.window`.

use chrono::TimeDelta;

use super::for_assertion_of_entra;
use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The assertion counts for another time than Entra's usual one: from five minutes before it was issued to
    /// an hour or so after.
    ///
    /// ## Why it matters
    /// A token lifetime policy is in force, or the message is not Entra's at all. A shorter time breaks
    /// sign-ins of slow users, a longer one lets a stolen response live.
    ///
    /// ## How to fix it
    /// Nothing has to be done if it is meant. Policies are listed by `GET
    /// https://graph.microsoft.com/v1.0/policies/tokenLifetimePolicies`.
    ///
    /// ## Example
    /// ```text
    /// bad   NotOnOrAfter ten minutes after IssueInstant
    /// good  NotOnOrAfter sixty minutes after IssueInstant
    /// ```
    pub static WINDOW = "entra.window" {
        severity: Info,
        sources: [Entra("single-sign-on-saml-protocol.md, configurable token lifetimes")],
        check: Response(check)
    }
}

/// Minutes from the issue instant to NotBefore: -5 measured, 0 documented, and a minute of tolerance.
const START: std::ops::RangeInclusive<i64> = -6..=1;
/// Minutes from the issue instant to NotOnOrAfter: 60 measured, 65 to 70 documented.
const END: std::ops::RangeInclusive<i64> = 59..=71;

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion_of_entra(message, |assertion| {
        let conditions = assertion.conditions.as_ref();
        let times = conditions.and_then(|conditions| {
            let issued = assertion.issue_instant.as_ref()?.date_time()?;
            let start = conditions.not_before.as_ref()?;
            let end = conditions.not_on_or_after.as_ref()?;
            let after = |then: chrono::DateTime<chrono::Utc>| then.signed_duration_since(issued);
            Some((after(start.date_time()?), after(end.date_time()?), end))
        });
        let Some((start, end, written)) = times else {
            return Outcome::DoesNotApply("the assertion says not from when until when it counts");
        };
        let minutes = |length: TimeDelta| length.num_minutes();
        let is_usual = START.contains(&minutes(start)) && END.contains(&minutes(end));
        let finding = (!is_usual).then(|| {
            Finding::new("the assertion counts for another time than Entra's usual one")
                .at(written.range())
                .found(format!(
                    "from {} to {} minutes after it was issued",
                    minutes(start),
                    minutes(end)
                ))
                .expected("from 5 minutes before it was issued to 60 or 65 after")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const END_OF: &str = "NotOnOrAfter=\"2026-06-01T13:05:00.000Z\"><AudienceRestriction>";

    fn until(end: &str) -> String {
        with(to_identity_center(), END_OF, &format!("NotOnOrAfter=\"{end}\"><AudienceRestriction>"))
    }

    #[test]
    fn ten_minutes_and_a_day() {
        let finding = fires(&WINDOW, until("2026-06-01T12:10:00Z"));
        assert_eq!(finding.found.as_deref(), Some("from -5 to 10 minutes after it was issued"));
        fires(&WINDOW, until("2026-06-02T12:00:00Z"));
    }

    #[test]
    fn as_measured_and_as_documented() {
        passes(&WINDOW, to_identity_center());
        passes(&WINDOW, until("2026-06-01T13:00:00Z"));
        let foreign = with(
            to_identity_center(),
            "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/",
            "https://idp.example/",
        );
        does_not_apply(&WINDOW, foreign);
    }
}
