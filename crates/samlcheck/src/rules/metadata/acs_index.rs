//! The rule `metadata.acs-index`.

use std::collections::HashSet;

use samlkit::metadata::{Endpoint, SpSsoDescriptor};

use super::CORRECT;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The `index` of an assertion consumer service is missing, no number or used twice, or two
    /// say that they are the default.
    ///
    /// ## Why it matters
    /// A request may name the service by its index, and without one the default is used. Where
    /// that is not unambiguous, identity providers choose differently, and some refuse the file.
    ///
    /// ## How to fix it
    /// Number the services from 0, and let one of them say `isDefault="true"`.
    ///
    /// ## Example
    /// ```text
    /// bad   <AssertionConsumerService index="0"/><AssertionConsumerService index="0"/>
    /// good  <AssertionConsumerService index="0"/><AssertionConsumerService index="1"/>
    /// ```
    pub static ACS_INDEX = "metadata.acs-index" {
        severity: Error,
        sources: [Metadata("2.2.3")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, _: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    let services = &sp.assertion_consumer_services;
    if services.is_empty() {
        return Outcome::DoesNotApply("there is no AssertionConsumerService");
    }
    let mut indexes = HashSet::new();
    let mut defaults = 0u32;
    let findings = services.iter().filter_map(|service| {
        defaults = defaults.saturating_add(u32::from(is_default(service)));
        let Some(index) = &service.index else {
            let start = service.element.start_tag_range();
            return Some(Finding::new("the AssertionConsumerService has no index").at(start));
        };
        let finding = match index.trimmed().parse::<u16>() {
            Err(_) => format!("the index {:?} is no number from 0 to 65535", index.text()),
            Ok(number) if !indexes.insert(number) => format!("the index {number} is used twice"),
            Ok(_) if is_default(service) && defaults > 1 => {
                let start = service.element.start_tag_range();
                let message = "a second AssertionConsumerService says isDefault=\"true\"";
                return Some(Finding::new(message).at(start));
            }
            Ok(_) => return None,
        };
        Some(Finding::new(finding).at(index.range()))
    });
    let expected = "an index of its own for each, and one default at most";
    findings.map(|f| f.expected(expected).help(CORRECT)).collect()
}

fn is_default(service: &Endpoint<'_>) -> bool {
    service.is_default.as_ref().and_then(|value| value.boolean()) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn missing_twice_no_number_and_two_defaults() {
        for (from, to, message) in [
            (" index=\"1\"", "", "has no index"),
            (" index=\"1\"", " index=\"0\"", "the index 0 is used twice"),
            (" index=\"1\"", " index=\"-1\"", "no number"),
            (" index=\"1\"", " index=\"1\" isDefault=\"1\"", "a second"),
        ] {
            let finding = fires(&ACS_INDEX, with(sp(), from, to));
            assert!(finding.message.contains(message), "{}", finding.message);
        }
    }

    #[test]
    fn a_gap_and_a_default_that_is_false() {
        passes(&ACS_INDEX, with(sp(), " index=\"1\"", " index=\"7\" isDefault=\"false\""));
        passes(&ACS_INDEX, IDENTITY_CENTER);
    }
}
