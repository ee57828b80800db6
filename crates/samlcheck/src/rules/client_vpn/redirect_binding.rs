//! The rule `client-vpn.redirect-binding`.

use samlkit::metadata::IdpSsoDescriptor;
use samlkit::names::binding;

use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::rule::{Finding, Findings, Outcome, rule};
use crate::rules::for_target;

rule! {
    /// The identity provider has no `SingleSignOnService` with the binding HTTP-Redirect.
    ///
    /// ## Why it matters
    /// Client VPN sends its requests by that binding only.
    ///
    /// ## How to fix it
    /// Turn the binding on at the identity provider and download its metadata again. Entra has it
    /// always.
    ///
    /// ## Example
    /// ```text
    /// bad   <SingleSignOnService Binding="…:HTTP-POST"/>, and no other
    /// good  <SingleSignOnService Binding="…:HTTP-Redirect"/>
    /// ```
    pub static REDIRECT_BINDING = "client-vpn.redirect-binding" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    for_target(case, entity, SpProfile::ClientVpn, || {
        let services = &idp.single_sign_on_services;
        if services.iter().any(|service| service.has_binding(binding::HTTP_REDIRECT)) {
            return Findings::default();
        }
        let bindings: Vec<&str> =
            services.iter().filter_map(|s| s.binding.as_ref()).map(|b| b.text()).collect();
        let found = if bindings.is_empty() { "none".to_owned() } else { bindings.join(", ") };
        [Finding::new(
            "no SingleSignOnService has the binding HTTP-Redirect, which Client VPN needs",
        )
        .at(idp.role.element.start_tag_range())
        .found(found)
        .expected(binding::HTTP_REDIRECT)
        .help("turn the binding on at the identity provider and download its metadata again")]
        .into_iter()
        .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn only_post() {
        let xml = with(idp(), "bindings:HTTP-Redirect", "bindings:HTTP-POST");
        fires_for(&REDIRECT_BINDING, xml, &meant_for(SpProfile::ClientVpn));
    }

    #[test]
    fn both() {
        passes_for(&REDIRECT_BINDING, ENTRA, &meant_for(SpProfile::ClientVpn));
        passes(&REDIRECT_BINDING, idp());
    }
}
