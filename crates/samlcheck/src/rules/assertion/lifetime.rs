//! The rule `assertion.lifetime`.

use chrono::TimeDelta;

use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The assertion counts for more than 24 hours.
    ///
    /// ## Why it matters
    /// Whoever has a copy can sign in with it as long as it counts. An assertion is used within seconds;
    /// Entra gives it an hour.
    ///
    /// ## How to fix it
    /// Shorten the lifetime at the identity provider; in Entra it is a token lifetime policy.
    ///
    /// ## Example
    /// ```text
    /// bad   NotOnOrAfter two days after NotBefore
    /// good  NotOnOrAfter 65 minutes after NotBefore
    /// ```
    pub static LIFETIME = "assertion.lifetime" {
        severity: Warning,
        sources: [Core("2.5.1.2"), Profiles("4.1.4.2")],
        check: Response(check)
    }
}

/// Hours that an assertion may count.
const HOURS: i64 = 24;

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    let assertion = message.first_assertion();
    let conditions = assertion.and_then(|assertion| assertion.conditions.as_ref());
    let issued = assertion.and_then(|assertion| assertion.issue_instant.as_ref());
    let window = conditions.and_then(|conditions| {
        let from = conditions.not_before.as_ref().or(issued)?;
        let until = conditions.not_on_or_after.as_ref()?;
        Some((from.date_time()?, until, until.date_time()?))
    });
    let Some((from, written, until)) = window else {
        return Outcome::DoesNotApply("there is no assertion that says from when until when");
    };
    let length = until.signed_duration_since(from);
    let finding = (length > TimeDelta::hours(HOURS)).then(|| {
        Finding::new("the assertion counts for more than a day")
            .at(written.range())
            .found(format!("{} hours", length.num_hours()))
            .expected(format!("{HOURS} hours at most, usually one"))
            .help("shorten the lifetime of the token at the identity provider")
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    const END: &str = "NotOnOrAfter=\"2026-06-01T13:05:00.000Z\"><AudienceRestriction>";

    fn until(end: &str) -> String {
        with(to_identity_center(), END, &format!("NotOnOrAfter=\"{end}\"><AudienceRestriction>"))
    }

    #[test]
    fn a_second_more_than_a_day() {
        fires(&LIFETIME, until("2026-06-02T11:55:01Z"));
    }

    #[test]
    fn a_day_and_an_hour() {
        passes(&LIFETIME, until("2026-06-02T11:55:00Z"));
        passes(&LIFETIME, to_identity_center());
        does_not_apply(&LIFETIME, encrypted("aes128-gcm.oaep-mgf1p"));
    }
}
