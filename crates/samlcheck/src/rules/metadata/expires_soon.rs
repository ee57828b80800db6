//! The rule `metadata.expires-soon`.

use super::{call, valid_until};
use crate::case::Case;
use crate::report::days_until;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The metadata says that it is valid for less than 14 more days, or as many as
    /// `samlcheck.toml` says.
    ///
    /// ## Why it matters
    /// After that a verifier must not use it, and every sign-in fails at once.
    ///
    /// ## How to fix it
    /// Download it again, and set up whatever fetches it regularly. A publisher that renews its
    /// metadata only days before the end leaves no time for that.
    ///
    /// ## Example
    /// ```text
    /// bad   validUntil="2026-11-28T00:00:00Z", in 7 days
    /// good  validUntil="2027-05-06T00:00:00Z"
    /// ```
    pub static EXPIRES_SOON = "metadata.expires-soon" {
        severity: Warning,
        sources: [Metadata("2.3.2")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let soon = case.options.policy.thresholds.metadata_days;
    valid_until(case, |until, element, written| {
        let days = days_until(until, case.now);
        (until > case.now && days < soon).then(|| {
            Finding::new(format!(
                "{} is valid until {written}, for {days} more days",
                call(element)
            ))
            .help("download the metadata again, and do so regularly")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn until(time: &str) -> String {
        with(idp(), "<EntityDescriptor ", &format!("<EntityDescriptor validUntil=\"{time}\" "))
    }

    #[test]
    fn thirteen_days_and_a_bit() {
        let finding = fires(&EXPIRES_SOON, until("2026-12-05T03:08:59Z"));
        assert!(finding.message.ends_with("for 13 more days"), "{}", finding.message);
    }

    #[test]
    fn fourteen_days_and_none() {
        passes(&EXPIRES_SOON, until("2026-12-05T03:09:00Z"));
        passes(&EXPIRES_SOON, until(NOW));
        does_not_apply(&EXPIRES_SOON, idp());
    }
}
