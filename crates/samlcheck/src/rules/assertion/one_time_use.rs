//! The rule `assertion.one-time-use`.

use samlkit::assertion::Condition;

use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The assertion has the condition OneTimeUse: no copy of it may be kept for later.
    ///
    /// ## Why it matters
    /// A service provider that keeps assertions must not use this one again.
    ///
    /// ## How to fix it
    /// Nothing has to be done at a service provider that makes a session of its own.
    ///
    /// ## Example
    /// ```text
    /// bad   <OneTimeUse/>, and the service keeps the assertion to use it later
    /// good  <OneTimeUse/>, and the assertion is forgotten
    /// ```
    pub static ONE_TIME_USE = "assertion.one-time-use" {
        severity: Info,
        sources: [Core("2.5.1.5")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    let assertion = message.first_assertion();
    let Some(conditions) = assertion.and_then(|assertion| assertion.conditions.as_ref()) else {
        return Outcome::DoesNotApply("there are no conditions that can be read");
    };
    let finding = conditions.others.contains(&Condition::OneTimeUse).then(|| {
        Finding::new("the assertion may be used once: keep no copy").at(conditions.range.clone())
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn with_the_condition() {
        let once = with(to_identity_center(), "</Conditions>", "<OneTimeUse/></Conditions>");
        fires(&ONE_TIME_USE, once);
    }

    #[test]
    fn with_another() {
        let other = with(to_identity_center(), "</Conditions>", "<ProxyRestriction/></Conditions>");
        passes(&ONE_TIME_USE, other);
        does_not_apply(&ONE_TIME_USE, encrypted("aes128-gcm.oaep-mgf1p"));
    }
}
