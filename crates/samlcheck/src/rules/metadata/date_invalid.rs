//! The rule `metadata.date-invalid`.

use samlkit::Value;
use samlkit::xsd;

use super::{CORRECT, attributes};
use crate::case::Case;
use crate::rule::{Finding, Findings, Outcome, rule};

rule! {
    /// `validUntil` is not a time, or `cacheDuration` is not a duration.
    ///
    /// ## Why it matters
    /// Readers do different things with it: some refuse the file, some take it for valid for ever.
    ///
    /// ## How to fix it
    /// `validUntil` is written `2026-11-21T12:00:00Z`, `cacheDuration` `P1D` or `PT6H`.
    ///
    /// ## Example
    /// ```text
    /// bad   validUntil="31.12.2026"
    /// good  validUntil="2026-12-31T00:00:00Z"
    /// ```
    pub static DATE_INVALID = "metadata.date-invalid" {
        severity: Error,
        sources: [Schema("3.2.6"), Schema("3.2.7"), Core("1.3.3")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let mut any = false;
    let mut findings = Findings::default();
    for (_, attribute) in attributes(case, "validUntil") {
        any = true;
        if Value::of_attribute(attribute).date_time().is_none() {
            let message = format!("validUntil is {:?}, which is no time", attribute.value());
            let expected = "a time in UTC, such as 2026-11-21T12:00:00Z";
            findings.push(
                Finding::new(message).at(attribute.value_range()).expected(expected).help(CORRECT),
            );
        }
    }
    for (_, attribute) in attributes(case, "cacheDuration") {
        any = true;
        if !xsd::is_duration(attribute.value()) {
            let message = format!("cacheDuration is {:?}, which is no duration", attribute.value());
            let expected = "a duration, such as P1D for a day or PT6H for six hours";
            findings.push(
                Finding::new(message).at(attribute.value_range()).expected(expected).help(CORRECT),
            );
        }
    }
    if !any {
        return Outcome::DoesNotApply("there is no validUntil and no cacheDuration");
    }
    findings.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn on_entity(attribute: &str) -> String {
        with(idp(), "<EntityDescriptor ", &format!("<EntityDescriptor {attribute} "))
    }

    #[test]
    fn a_day_that_is_none_and_a_number() {
        let finding = fires(&DATE_INVALID, on_entity("validUntil='2027-02-29T00:00:00Z'"));
        assert!(finding.message.contains("2027-02-29"), "{}", finding.message);
        let finding = fires(&DATE_INVALID, on_entity("cacheDuration='86400'"));
        assert!(finding.message.contains("86400"), "{}", finding.message);
    }

    #[test]
    fn a_leap_day_and_white_space() {
        passes(
            &DATE_INVALID,
            on_entity("validUntil=' 2028-02-29T00:00:00Z ' cacheDuration='PT1H'"),
        );
        does_not_apply(&DATE_INVALID, idp());
    }
}
