//! The rule `entra.request-scoping`.

use samlkit::names::PROTOCOL;

use super::for_request;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The request has a Scoping with a ProxyCount, an IDPList or a RequesterID.
    ///
    /// ## Why it matters
    /// Entra refuses it with AADSTS900236, or passes over it.
    ///
    /// ## How to fix it
    /// Leave Scoping out of the service provider's request.
    ///
    /// ## Example
    /// ```text
    /// bad   <Scoping ProxyCount="1"/>
    /// good  no Scoping
    /// ```
    pub static REQUEST_SCOPING = "entra.request-scoping" {
        severity: Warning,
        sources: [Entra("single-sign-on-saml-protocol.md")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    for_request(case, |root, _| {
        let scoping = root.children().find(|child| child.is(PROTOCOL, "Scoping"));
        let says = scoping.filter(|scoping| {
            let inside = |child: samlkit::xml::Element<'_>| {
                child.is(PROTOCOL, "IDPList") || child.is(PROTOCOL, "RequesterID")
            };
            scoping.attribute("ProxyCount").is_some() || scoping.children().any(inside)
        });
        let finding = says.map(|scoping| {
            Finding::new("the request has a Scoping that Entra does not take")
                .at(scoping.start_tag_range())
                .help("leave Scoping out of the service provider's request")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn a_count_and_a_requester() {
        fires(&REQUEST_SCOPING, to_entra("<samlp:Scoping ProxyCount=\"1\"/>"));
        let requester =
            "<samlp:Scoping><samlp:RequesterID>urn:x</samlp:RequesterID></samlp:Scoping>";
        fires(&REQUEST_SCOPING, to_entra(requester));
    }

    #[test]
    fn an_empty_one_and_none() {
        passes(&REQUEST_SCOPING, to_entra("<samlp:Scoping/>"));
        passes(&REQUEST_SCOPING, to_entra(""));
    }
}
