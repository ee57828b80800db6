//! The rule `metadata.acs-binding`.

use samlkit::metadata::SpSsoDescriptor;
use samlkit::names::binding;

use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// An assertion consumer service has the binding HTTP-Redirect.
    ///
    /// ## Why it matters
    /// A response is too long for a URL, and the profile forbids to send one so. An identity
    /// provider that goes by the file sends nothing there.
    ///
    /// ## How to fix it
    /// Give it the binding `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST`.
    ///
    /// ## Example
    /// ```text
    /// bad   <AssertionConsumerService Binding="…:HTTP-Redirect"/>
    /// good  <AssertionConsumerService Binding="…:HTTP-POST"/>
    /// ```
    pub static ACS_BINDING = "metadata.acs-binding" {
        severity: Error,
        sources: [Profiles("4.1.2")],
        check: Sp(check)
    }
}

fn check(_: &Case<'_>, _: &Entity<'_>, sp: &SpSsoDescriptor<'_>) -> Outcome {
    let services = &sp.assertion_consumer_services;
    if services.is_empty() {
        return Outcome::DoesNotApply("there is no AssertionConsumerService");
    }
    let redirect = services.iter().filter(|service| service.has_binding(binding::HTTP_REDIRECT));
    let findings = redirect.filter_map(|service| {
        let binding = service.binding.as_ref()?;
        let finding = Finding::new("an AssertionConsumerService has the binding HTTP-Redirect");
        Some(finding.at(binding.range()).expected(binding::HTTP_POST).help(
            "publish the ACS URL with the binding HTTP-POST; no identity provider redirects to it",
        ))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn redirect() {
        fires(&ACS_BINDING, with(sp(), "bindings:HTTP-POST", "bindings:HTTP-Redirect"));
    }

    #[test]
    fn post_and_artifact() {
        passes(&ACS_BINDING, sp());
    }
}
