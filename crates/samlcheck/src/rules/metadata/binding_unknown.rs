//! The rule `metadata.binding-unknown`.

use samlkit::names::binding;

use super::endpoints;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, Severity, rule};

rule! {
    /// An endpoint has a binding that SAML 2.0 does not define, or none.
    ///
    /// ## Why it matters
    /// A SAML 2.0 partner passes over the endpoint. That is as it should be for those of SAML 1.1
    /// and of other protocols, and not if the name is a slip: it is compared character by
    /// character. An endpoint without a binding is against the schema.
    ///
    /// ## How to fix it
    /// The usual ones are `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST` and
    /// `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect`.
    ///
    /// ## Example
    /// ```text
    /// bad   Binding="urn:mace:shibboleth:1.0:profiles:AuthnRequest"
    /// good  Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    /// ```
    pub static BINDING_UNKNOWN = "metadata.binding-unknown" {
        severity: Info,
        sources: [Metadata("2.2.2"), Other("saml-bindings-2.0-os, 3")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    if endpoints(entity).next().is_none() {
        return Outcome::DoesNotApply("there is no endpoint");
    }
    let findings = endpoints(entity).filter_map(|element| {
        let name = element.name();
        let Some(written) = element.attribute("Binding") else {
            let finding = Finding::new(format!("the <{name}> has no Binding"));
            let usual = format!("{} or {}", binding::HTTP_POST, binding::HTTP_REDIRECT);
            let finding = finding.at(element.start_tag_range()).expected(usual);
            return Some(finding.severity(Severity::Warning));
        };
        if binding::ALL.contains(&written.value()) {
            return None;
        }
        let message =
            format!("SAML 2.0 does not define the binding {:?} of <{name}>", written.value());
        let finding = Finding::new(message).at(written.value_range());
        let meant =
            binding::ALL.iter().find(|known| known.eq_ignore_ascii_case(written.value().trim()));
        Some(match meant {
            Some(known) => finding.severity(Severity::Warning).expected(*known),
            None => finding,
        })
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_of_saml_1_a_slip_and_none() {
        let of = |binding: &str| {
            with(idp(), "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", binding)
        };
        let old = fires(&BINDING_UNKNOWN, of("urn:mace:shibboleth:1.0:profiles:AuthnRequest"));
        assert_eq!(old.severity, Severity::Info);
        let slip =
            fires(&BINDING_UNKNOWN, of("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-REDIRECT"));
        assert_eq!(
            (slip.severity, slip.expected.as_deref()),
            (Severity::Warning, Some(binding::HTTP_REDIRECT))
        );
        let none =
            with(idp(), " Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\"", "");
        assert!(fires(&BINDING_UNKNOWN, none).message.ends_with("has no Binding"));
    }

    #[test]
    fn one_beside_the_usual_ones() {
        passes(
            &BINDING_UNKNOWN,
            with(idp(), "bindings:HTTP-Redirect", "bindings:HTTP-POST-SimpleSign"),
        );
    }
}
