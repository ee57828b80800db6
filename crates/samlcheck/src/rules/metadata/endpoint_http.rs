//! The rule `metadata.endpoint-http`.

use url::{Host, Url};

use super::{endpoint_urls, endpoints};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// An endpoint is reached by http, on a host other than the user's own machine.
    ///
    /// ## Why it matters
    /// A response is a login: whoever reads it on the way can use it. Entra takes http reply URLs
    /// for localhost only.
    ///
    /// ## How to fix it
    /// Publish the endpoint with https.
    ///
    /// ## Example
    /// ```text
    /// bad   Location="http://idp.example/sso"
    /// good  Location="https://idp.example/sso"
    /// ```
    pub static ENDPOINT_HTTP = "metadata.endpoint-http" {
        severity: Warning,
        sources: [Other("SAML2Int, SDP-MD08")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    if endpoints(entity).next().is_none() {
        return Outcome::DoesNotApply("there is no endpoint");
    }
    let findings = endpoint_urls(entity).filter_map(|(element, url)| {
        let parsed = Url::parse(url.value()).ok().filter(|parsed| parsed.scheme() == "http")?;
        (!is_loopback(&parsed)).then(|| {
            let name = element.name();
            Finding::new(format!("the <{name}> is reached by http: {:?}", url.value()))
                .at(url.value_range())
                .expected("https, so that nobody reads the messages on the way")
                .help("publish the endpoint with https, and use that URL on both sides")
        })
    });
    findings.collect()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn http_to_somewhere() {
        fires(
            &ENDPOINT_HTTP,
            with(idp(), "https://idp.example.org/sso", "http://idp.example.org/sso"),
        );
        let disguised = "http://localhost.example.org/";
        fires(&ENDPOINT_HTTP, with(idp(), "https://idp.example.org/sso", disguised));
    }

    #[test]
    fn http_to_the_user_s_own_machine() {
        passes(&ENDPOINT_HTTP, CLIENT_VPN);
        passes(
            &ENDPOINT_HTTP,
            with(idp(), "https://idp.example.org/sso", "http://localhost:8080/sso"),
        );
        passes(&ENDPOINT_HTTP, with(idp(), "https://idp.example.org/sso", "http://[::1]/sso"));
    }
}
