//! What Entra's error codes mean for SAML. Entra puts a code such as `AADSTS50011` into the message of
//! a failure, and on its own pages. Source: Entra's reference of error codes, which warns that texts
//! change; the numbers are what counts.

/// One or several codes of one meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct EntraError {
    /// The numbers after `AADSTS`.
    pub codes: &'static [u32],
    /// What happened.
    pub cause: &'static str,
    /// What to do; a path is one in the app, in the Entra admin center.
    pub fix: &'static str,
}

/// The codes that are met with SAML.
pub static ENTRA_ERRORS: [EntraError; 31] = [
    EntraError {
        codes: &[50011],
        cause: "the ACS URL in the request is not among the Reply URLs; with IAM Identity Center it is often the second host or Region",
        fix: "Single sign-on > Basic SAML Configuration > Reply URL: add every ACS URL of the service provider",
    },
    EntraError {
        codes: &[700016, 650056],
        cause: "no app in this tenant has the request's Issuer as its Identifier, or it is the wrong tenant",
        fix: "Single sign-on > Basic SAML Configuration > Identifier (Entity ID): the service provider's entity ID, character by character",
    },
    EntraError {
        codes: &[50105],
        cause: "the user is not assigned to the app; groups inside groups do not count",
        fix: "Users and groups > Add user/group",
    },
    EntraError {
        codes: &[75011],
        cause: "the request demands one way to sign in (RequestedAuthnContext), and the user signed in by another",
        fix: "remove RequestedAuthnContext from the service provider's request",
    },
    EntraError {
        codes: &[75005],
        cause: "the request is not a valid SAML request",
        fix: "capture the request and give it to samlcheck",
    },
    EntraError {
        codes: &[750054],
        cause: "the sign-in endpoint was opened without a SAMLRequest",
        fix: "start at Properties > User access URL, or at the service provider",
    },
    EntraError {
        codes: &[7500514],
        cause: "what was posted is no response that Entra reads",
        fix: "look at what is posted to Entra, and how it is encoded",
    },
    EntraError {
        codes: &[7500525],
        cause: "the XML of the message cannot be read",
        fix: "look at its encoding: it is deflated for HTTP-Redirect, and only there",
    },
    EntraError {
        codes: &[7500529],
        cause: "the ID of the request begins with a digit",
        fix: "the service provider has to begin IDs with a letter or _",
    },
    EntraError {
        codes: &[75001],
        cause: "the binding of the request cannot be used",
        fix: "the service provider has to send its request by HTTP-Redirect or HTTP-POST",
    },
    EntraError {
        codes: &[75003],
        cause: "the request asks for the response by a binding that Entra does not have",
        fix: "the service provider has to ask for HTTP-POST",
    },
    EntraError {
        codes: &[75008],
        cause: "the Destination of the request is not Entra's",
        fix: "the service provider has to take the sign-in URL from Entra's metadata",
    },
    EntraError {
        codes: &[75016],
        cause: "the NameIDPolicy of the request is none that Entra takes",
        fix: "remove NameIDPolicy from the request, or ask for persistent, emailAddress, unspecified or transient",
    },
    EntraError {
        codes: &[76021],
        cause: "the app demands signed requests, and this one is not signed; no service provider of AWS signs its requests",
        fix: "Single sign-on > SAML certificates > Verification certificates > Edit: turn it off",
    },
    EntraError {
        codes: &[76026],
        cause: "the request is too old",
        fix: "sign in again; compare the clocks",
    },
    EntraError {
        codes: &[900236],
        cause: "the request has a part that Entra does not take",
        fix: "remove Subject and Scoping from the request",
    },
    EntraError {
        codes: &[75006, 90011],
        cause: "the request has a part that Entra does not take, such as SPNameQualifier",
        fix: "remove it from the request",
    },
    EntraError {
        codes: &[50003, 50146],
        cause: "the app has no signing key that can be used",
        fix: "Single sign-on > SAML certificates: make a new certificate and make it active",
    },
    EntraError {
        codes: &[501241],
        cause: "the source of a required claim is empty for this user",
        fix: "Single sign-on > Attributes & Claims: another source, or fill the user's attribute",
    },
    EntraError {
        codes: &[501621],
        cause: "the transformation of a claim by a pattern took too long",
        fix: "Single sign-on > Attributes & Claims: a simpler pattern",
    },
    EntraError {
        codes: &[50020, 50034, 51004, 16000, 16003, 90072],
        cause: "the account that signed in is none of this tenant's",
        fix: "sign out, and in again with the right account, or invite it as a guest",
    },
    EntraError {
        codes: &[50057, 50053, 50055, 50126],
        cause: "the account is disabled or locked, or its password is wrong or expired",
        fix: "look at the user's account",
    },
    EntraError {
        codes: &[50058, 50140, 16001, 50199],
        cause: "a step of signing in, and no failure",
        fix: "nothing has to be done; look for another code at the same time",
    },
    EntraError {
        codes: &[50072, 50074, 50076, 50079],
        cause: "the user has to give or register a second factor",
        fix: "let the user complete it; the policy is under Protection > Conditional Access",
    },
    EntraError {
        codes: &[53000, 53001, 53003, 530032, 50005, 50131, 50158],
        cause: "a Conditional Access policy stands in the way",
        fix: "Monitoring & health > Sign-in logs > (entry) > Conditional Access names the policy",
    },
    EntraError {
        codes: &[7000112, 70001, 50001],
        cause: "the app is disabled or not in this tenant",
        fix: "Properties > Enabled for users to sign in",
    },
    EntraError {
        codes: &[90002, 90038, 50059],
        cause: "the tenant or the cloud in the URL is wrong",
        fix: "download the Federation Metadata XML of the app again",
    },
    EntraError {
        codes: &[90015],
        cause: "the query is too long",
        fix: "send the request by HTTP-POST, or make it shorter",
    },
    EntraError {
        codes: &[50194],
        cause: "the common endpoint was used for an app of one tenant",
        fix: "use the sign-in URL with the tenant's ID",
    },
    EntraError {
        codes: &[900971],
        cause: "the app has no reply address",
        fix: "Single sign-on > Basic SAML Configuration > Reply URL",
    },
    EntraError {
        codes: &[50107, 50008, 5000819, 50006],
        cause: "Entra could not use the response of another identity provider that it relies on itself: no fault between Entra and AWS",
        fix: "look at the federation of the user's domain",
    },
];

/// Codes of a federation in which Entra itself relies on another identity provider.
pub const INBOUND: [u32; 4] = [50107, 50008, 5_000_819, 50006];

/// The first code in a text, such as `AADSTS50011: The redirect URI ...`.
pub fn code_in(text: &str) -> Option<u32> {
    let rest = text.split("AADSTS").skip(1);
    let mut numbers = rest.filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end)?.parse().ok()
    });
    numbers.next()
}

/// What a code means, where that is known.
pub fn entra_error(code: u32) -> Option<&'static EntraError> {
    ENTRA_ERRORS.iter().find(|error| error.codes.contains(&code))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_in_texts() {
        assert_eq!(code_in("AADSTS50011: The redirect URI"), Some(50011));
        assert_eq!(code_in("x (AADSTS)AADSTS700016"), Some(700_016));
        assert_eq!(code_in("AADSTS99999999999999"), None);
        assert_eq!(code_in("50011"), None);
    }

    #[test]
    fn every_code_stands_once() {
        let mut seen = HashSet::new();
        for code in ENTRA_ERRORS.iter().flat_map(|error| error.codes) {
            assert!(seen.insert(code), "{code} stands twice");
        }
        assert_eq!(
            entra_error(50105).map(|error| error.fix),
            Some("Users and groups > Add user/group")
        );
        assert!(INBOUND.iter().all(|code| entra_error(*code).is_some()));
        assert_eq!(entra_error(1), None);
    }
}
