//! The rule `entra.request-subject`.

use samlkit::names::ASSERTION;

use super::for_request;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The request has a Subject.
    ///
    /// ## Why it matters
    /// Entra does not take it: AADSTS900236.
    ///
    /// ## How to fix it
    /// Leave it out. To name the user beforehand, add the parameter `login_hint` to the URL.
    ///
    /// ## Example
    /// ```text
    /// bad   <AuthnRequest><Issuer/><Subject><NameID>ada@example.com</NameID></Subject>
    /// good  <AuthnRequest><Issuer/>, and &login_hint=ada@example.com in the URL
    /// ```
    pub static REQUEST_SUBJECT = "entra.request-subject" {
        severity: Error,
        sources: [Entra("single-sign-on-saml-protocol.md")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    for_request(case, |root, _| {
        let subject = root.children().find(|child| child.is(ASSERTION, "Subject"));
        let finding = subject.map(|subject| {
            Finding::new("the request has a Subject, which Entra does not take")
                .at(subject.start_tag_range())
                .note("Entra reports this as AADSTS900236")
                .help("leave it out; the parameter login_hint of the URL names a user beforehand")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn a_subject() {
        let subject = "<saml:Subject><saml:NameID>ada@example.com</saml:NameID></saml:Subject>";
        fires(&REQUEST_SUBJECT, to_entra(subject));
    }

    #[test]
    fn none_and_one_of_another_namespace() {
        passes(&REQUEST_SUBJECT, to_entra(""));
        passes(
            &REQUEST_SUBJECT,
            to_entra("<samlp:Extensions><Subject xmlns=\"urn:x\"/></samlp:Extensions>"),
        );
    }
}
