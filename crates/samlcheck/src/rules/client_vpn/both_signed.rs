//! The rule `client-vpn.both-signed`.

use samlkit::dsig::is_signed;

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The response and the assertion are not both signed.
    ///
    /// ## Why it matters
    /// Client VPN asks for both signatures. Entra signs the assertion only unless told otherwise.
    ///
    /// ## How to fix it
    /// In Entra: *SAML certificates > Edit > Signing option: Sign SAML response and assertion*.
    ///
    /// ## Example
    /// ```text
    /// bad   Signing option: Sign SAML assertion
    /// good  Signing option: Sign SAML response and assertion
    /// ```
    pub static BOTH_SIGNED = "client-vpn.both-signed" {
        severity: Error,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Response(check)
    }
}

fn check(case: &Case<'_>, message: &Message<'_>) -> Outcome {
    if message.sp_profile != SpProfile::ClientVpn {
        return Outcome::DoesNotApply("the response is for another service provider");
    }
    let response = message.response.unverified();
    let (Ok(document), [assertion]) = (case.document, response.assertions.as_slice()) else {
        return Outcome::DoesNotApply("the response has no assertion that can be read");
    };
    let missing = match (is_signed(document.root()), is_signed(*assertion)) {
        (true, true) => return Outcome::Passed,
        (false, true) => "the response is not signed, only the assertion",
        (true, false) => "the assertion is not signed, only the response",
        (false, false) => "neither the response nor the assertion is signed",
    };
    Finding::new(missing)
        .at(response.range.clone())
        .expected("a signature on the response and one on the assertion")
        .help(
            "Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates > Edit \
             > Signing option: Sign SAML response and assertion",
        )
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn response(vector_name: &str) -> String {
        let response = String::from_utf8(vector(vector_name)).unwrap();
        let acs =
            "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
        let entity_id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
        with(
            with(response, acs, "http://127.0.0.1:35001"),
            entity_id,
            "urn:amazon:webservices:clientvpn",
        )
    }

    #[test]
    fn one_of_them() {
        let finding = fires(&BOTH_SIGNED, response("good-assertion-signed"));
        assert!(finding.message.starts_with("the response is not"), "{}", finding.message);
        let finding = fires(&BOTH_SIGNED, response("good-response-signed"));
        assert!(finding.message.starts_with("the assertion is not"), "{}", finding.message);
    }

    #[test]
    fn both() {
        passes(&BOTH_SIGNED, response("good-both-signed"));
        does_not_apply(&BOTH_SIGNED, to_aws_iam());
    }
}
