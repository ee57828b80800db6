//! The rule `metadata.expired`.

use super::{call, valid_until};
use crate::case::Case;
use crate::report::days_until;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The metadata says that it was valid until a moment that has passed.
    ///
    /// ## Why it matters
    /// Whoever publishes it does not vouch for the keys any more. A verifier must not use it. The
    /// limit of a group holds for every entity in it, that of an entity for every role.
    ///
    /// ## How to fix it
    /// Download the metadata again, from where it is published.
    ///
    /// ## Example
    /// ```text
    /// bad   validUntil="2026-11-14T00:00:00Z", judged on 2026-11-21
    /// good  validUntil="2027-05-06T00:00:00Z"
    /// ```
    pub static EXPIRED = "metadata.expired" {
        severity: Error,
        sources: [Metadata("2.3.1"), Metadata("2.3.2"), Metadata("2.4.1")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    valid_until(case, |until, element, written| {
        let days = days_until(until, case.now).unsigned_abs();
        (until <= case.now).then(|| {
            Finding::new(format!("{} was valid until {written}, {days} days ago", call(element)))
                .help("download the metadata again from where it is published")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn until(element: &str, time: &str) -> String {
        let xml = group(&[idp()]);
        with(xml, &format!("<{element} "), &format!("<{element} validUntil=\"{time}\" "))
    }

    #[test]
    fn on_the_entity_the_role_and_the_group() {
        for element in ["EntitiesDescriptor", "EntityDescriptor", "IDPSSODescriptor"] {
            let finding = fires(&EXPIRED, until(element, NOW));
            assert!(finding.message.contains(element), "{}", finding.message);
        }
    }

    #[test]
    fn a_second_left() {
        passes(&EXPIRED, until("EntityDescriptor", "2026-11-21T03:09:01Z"));
        does_not_apply(&EXPIRED, idp());
    }
}
