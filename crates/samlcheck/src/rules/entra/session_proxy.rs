//! The rule `entra.session-proxy`.

use crate::case::{Case, Message};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The response is for a host below `.mcas.ms`: the session control of Defender for Cloud Apps put
    /// itself between.
    ///
    /// ## Why it matters
    /// The service provider compares `Destination` and `Recipient` with its own URL, and that is another.
    ///
    /// ## How to fix it
    /// Exclude the app from the Conditional Access policy with *Use Conditional Access App Control*, or
    /// read the response where the proxy hands it on.
    ///
    /// ## Example
    /// ```text
    /// bad   Destination="https://us-east-1.signin.aws.mcas.ms/platform/saml/acs/…"
    /// good  Destination="https://us-east-1.signin.aws/platform/saml/acs/…"
    /// ```
    pub static SESSION_PROXY = "entra.session-proxy" {
        severity: Warning,
        sources: [Other("Microsoft Defender for Cloud Apps documentation, proxy-intro-aad")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    let destination = message.response.unverified().destination.as_ref();
    let recipients = message.assertion.iter().flat_map(|a| a.unverified().recipients());
    let is_proxy = |url: &str| {
        let host = url.split('/').nth(2).unwrap_or_default();
        host.split(':').next().is_some_and(|host| host.ends_with(".mcas.ms"))
    };
    let mut urls = destination.into_iter().chain(recipients);
    let finding = urls.find(|url| is_proxy(url.text())).map(|url| {
        Finding::new("the response is for the proxy of Defender for Cloud Apps")
            .at(url.range())
            .found(url.text())
            .expected("the ACS URL of the service provider")
            .help(
                "exclude the app from the session policy: Entra admin center > Protection > \
                 Conditional Access > (policy) > Session",
            )
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn a_host_with_the_suffix() {
        let proxied =
            with(to_identity_center(), "us-east-1.signin.aws/", "us-east-1.signin.aws.mcas.ms/");
        fires(&SESSION_PROXY, proxied);
    }

    #[test]
    fn the_suffix_in_the_path() {
        passes(&SESSION_PROXY, to_identity_center());
        passes(&SESSION_PROXY, with(to_identity_center(), "signin.aws/", "signin.aws/x.mcas.ms/"));
    }
}
