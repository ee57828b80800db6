//! The rule `entra.request-name-id`.

use samlkit::names::name_id_format;

use super::for_request;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The request asks for a NameID format that Entra does not give: another than persistent, emailAddress,
    /// unspecified and transient.
    ///
    /// ## Why it matters
    /// Entra refuses the request: AADSTS75016. A format that it does give wins over
    /// what the claim says in the portal.
    ///
    /// ## How to fix it
    /// Ask for one of the four, or leave the NameIDPolicy out; the format is then what the claim says.
    ///
    /// ## Example
    /// ```text
    /// bad   <NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos"/>
    /// good  <NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"/>
    /// ```
    pub static REQUEST_NAME_ID = "entra.request-name-id" {
        severity: Error,
        sources: [Entra("single-sign-on-saml-protocol.md")],
        check: Document(check)
    }
}

const FORMATS: [&str; 4] = [
    name_id_format::PERSISTENT,
    name_id_format::EMAIL_ADDRESS,
    name_id_format::UNSPECIFIED,
    name_id_format::TRANSIENT,
];

fn check(case: &Case<'_>) -> Outcome {
    for_request(case, |_, request| {
        let format = request.name_id_policy.as_ref().and_then(|policy| policy.format.as_ref());
        let Some(format) = format else {
            return Outcome::DoesNotApply("the request asks for no NameID format");
        };
        let finding = (!FORMATS.contains(&format.text())).then(|| {
            Finding::new("Entra does not give this NameID format")
                .at(format.range())
                .found(format.text())
                .expected(FORMATS.join(", "))
                .note("Entra reports this as AADSTS75016")
                .help("ask for one of these, or leave NameIDPolicy out of the request")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    fn asking_for(format: &str) -> String {
        to_entra(&format!("<samlp:NameIDPolicy Format=\"urn:oasis:names:tc:SAML:{format}\"/>"))
    }

    #[test]
    fn kerberos_and_a_slip() {
        fires(&REQUEST_NAME_ID, asking_for("2.0:nameid-format:kerberos"));
        fires(&REQUEST_NAME_ID, asking_for("2.0:nameid-format:emailAddress"));
    }

    #[test]
    fn an_address() {
        passes(&REQUEST_NAME_ID, asking_for("1.1:nameid-format:emailAddress"));
        does_not_apply(&REQUEST_NAME_ID, to_entra("<samlp:NameIDPolicy AllowCreate=\"true\"/>"));
    }
}
