//! Messages and signatures of the Redirect binding: what is accepted, and what is not. The `openssl`
//! command is the second opinion.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use samlkit::Verified;
use samlkit::binding::{BindingError, read_redirect};
use samlkit::capture::{CaptureError, decode};
use samlkit::dsig::redirect::{Parameter, Query, sign_query, verify};
use samlkit::dsig::{
    AlgorithmPolicy, Digest, ParameterError, RedirectError, SignatureAlgorithm, SigningKey,
    VerifyingKey, parameters,
};
use samlkit::protocol::LogoutRequest;
use samlkit::xml::Limits;
use samlkit_tests::key;
use samlkit_tests::openssl::sign as openssl;

/// A request to end somebody's session, as it stands in a query.
fn message(user: &str) -> String {
    let xml = format!(
        "<LogoutRequest xmlns='urn:oasis:names:tc:SAML:2.0:protocol' ID='_1' Version='2.0' \
         IssueInstant='2026-06-01T12:00:00Z' xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion'>\
         <a:Issuer>https://idp/</a:Issuer><a:NameID>{user}</a:NameID></LogoutRequest>"
    );
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(xml.as_bytes()).unwrap();
    parameters::encode(&STANDARD.encode(encoder.finish().unwrap()))
}

fn keys(name: &str) -> (SigningKey, [VerifyingKey; 1]) {
    let (private, certificate) = key(name);
    let trusted = VerifyingKey::from_pem(&certificate).unwrap();
    (SigningKey::from_pem(&private, None).unwrap(), [trusted])
}

fn judge(query: &str, trusted: &[VerifyingKey]) -> Result<(), RedirectError> {
    judge_by(query, trusted, &AlgorithmPolicy::default())
}

fn judge_by(
    query: &str,
    trusted: &[VerifyingKey],
    policy: &AlgorithmPolicy,
) -> Result<(), RedirectError> {
    verify(&Query::read(query)?, trusted, policy).map(|_| ())
}

#[test]
fn what_is_made_is_verified_and_hands_out_its_message() {
    for name in ["rsa-2048", "p256", "p384", "p521"] {
        let (private, trusted) = keys(name);
        for (state, decoded) in
            [(None, None), (Some(""), Some("")), (Some("a%20b%2Bc+d"), Some("a b+c d"))]
        {
            let query =
                sign_query(Parameter::Request, &message("ada"), state, &private, None).unwrap();
            let query = read_redirect(&query).unwrap();
            assert!(query.is_signed());
            let signed = verify(query.query(), &trusted, &AlgorithmPolicy::default()).unwrap();
            assert_eq!((signed.parameter(), signed.relay_state()), (Parameter::Request, decoded));
            assert!(signed.key().certificate().is_some());
            let document = signed.document(&Limits::default()).unwrap();
            let request = Verified::<LogoutRequest<'_>>::read(document.root()).unwrap();
            assert_eq!(request.name_id.as_ref().unwrap().value.text(), "ada");
        }
    }
    let (private, _) = keys("p256");
    for wrong in ["a b", "a&b", "a=b", "\u{e9}"] {
        assert!(sign_query(Parameter::Request, wrong, None, &private, None).is_err(), "{wrong}");
    }
}

#[test]
fn what_was_changed_is_refused() {
    let (private, trusted) = keys("rsa-2048");
    let (ada, eve) = (message("ada"), message("eve"));
    let query = sign_query(Parameter::Response, &ada, Some("state"), &private, None).unwrap();
    assert_eq!(judge(&query, &trusted), Ok(()));
    let invalid = Err(RedirectError::Invalid { keys: 1 });
    for (from, to) in [
        (ada.as_str(), eve.as_str()),
        ("=state", "=State"),
        ("&RelayState=state", ""),
        ("SAMLResponse", "SAMLRequest"),
        // The same in another spelling is not what was signed.
        ("SAMLResponse", "SAMLRespons%65"),
        ("%2F", "%2f"),
    ] {
        assert!(query.contains(from));
        assert_eq!(judge(&query.replacen(from, to, 1), &trusted), invalid, "{from}");
    }
    let other = keys("p256").1;
    assert_eq!(judge(&query, &other), Err(RedirectError::Invalid { keys: 1 }));
    assert_eq!(judge(&query, &[]), Err(RedirectError::Invalid { keys: 0 }));
    // Parameters that are not signed may stand anywhere.
    assert_eq!(judge(&format!("utm=x&{query}&y"), &trusted), Ok(()));
}

/// The attacks: a request that the identity provider signed, for `ada`, and a forged one, for `eve`,
/// where some program reads the second and verifies the first.
#[test]
fn a_forged_message_beside_the_signed_one_is_refused() {
    let (private, trusted) = keys("rsa-2048");
    let signed = sign_query(Parameter::Request, &message("ada"), None, &private, None).unwrap();
    let forged = message("eve");
    let repeated = ParameterError::Repeated { name: "SAMLRequest" };
    let alike =
        |found: &str| ParameterError::Alike { found: found.to_owned(), expected: "SAMLRequest" };
    for (query, expected) in [
        (format!("https://x/?SAMLRequest={forged}&{signed}"), alike("https://x/?SAMLRequest")),
        (format!("x=1&\u{A0}SAMLRequest={forged}&{signed}"), alike("\u{A0}SAMLRequest")),
        (format!("x=1&%C2%A0SAMLRequest={forged}&{signed}"), alike("\u{A0}SAMLRequest")),
        (format!(" SAMLRequest={forged}&{signed}"), alike(" SAMLRequest")),
        (format!("{signed}&samlrequest={forged}"), alike("samlrequest")),
        (format!("x=1;SAMLRequest={forged}&{signed}"), alike("SAMLRequest")),
        (format!("SAMLRequ%65st={forged}&{signed}"), repeated.clone()),
        (format!("{signed}&SAMLRequ%65st={forged}"), repeated.clone()),
        (format!("{signed}&SAMLRequest={forged}"), repeated.clone()),
        (format!("SAMLRequest&{signed}"), repeated),
    ] {
        let expected = RedirectError::Parameter(expected);
        assert_eq!(judge(&query, &trusted), Err(expected.clone()), "{query}");
        assert_eq!(read_redirect(&query), Err(BindingError::Redirect(expected)), "{query}");
        // What is pasted is not read as the forged message either.
        let pasted = decode(query.as_bytes());
        let is_forged = pasted.as_ref().is_ok_and(|m| m.xml.windows(3).any(|w| w == b"eve"));
        assert!(!is_forged, "{query}: {pasted:?}");
    }
    let url = format!("https://sp/slo?https://x/?SAMLRequest={forged}&{signed}");
    let repeated = CaptureError::Repeated { name: "SAMLRequest" };
    assert_eq!(decode(url.as_bytes()).unwrap_err(), repeated);
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    let (private, trusted) = keys("rsa-2048");
    let query = sign_query(Parameter::Request, &message("ada"), None, &private, None).unwrap();
    let repeated = |name| ParameterError::Repeated { name }.into();
    let alike =
        |found: &str, expected| ParameterError::Alike { found: found.to_owned(), expected }.into();
    let signature =
        |found: &str| ParameterError::Escape { name: "Signature", found: found.to_owned() }.into();
    let cases: [(String, RedirectError); 9] = [
        (format!("SAMLResponse=x&{query}"), ParameterError::TwoMessages.into()),
        (format!("RelayState=a&RelayState=b&{query}"), repeated("RelayState")),
        (format!("RelayState=a&{query}&%52elayState"), repeated("RelayState")),
        (format!("{query}&SigAlg=x"), repeated("SigAlg")),
        (query.replace("SAMLRequest", "samlrequest"), alike("samlrequest", "SAMLRequest")),
        (query.replace("&Signature=", "&signature="), alike("signature", "Signature")),
        (query.replace("&Signature=", "&x="), RedirectError::HalfSigned { missing: "Signature" }),
        (query.replace("&Signature=", "&Signature=%zz"), signature("%zz")),
        (query.split("&SigAlg").next().unwrap().to_owned(), RedirectError::Unsigned),
    ];
    for (query, expected) in cases {
        assert_eq!(judge(&query, &trusted), Err(expected), "{query}");
    }
    let star = judge(&query.replace("&Signature=", "&Signature=*"), &trusted).unwrap_err();
    assert_eq!(star.to_string(), "the value of Signature is not base64: found '*' at character 1");
}

#[test]
fn the_policy_counts_here_too() {
    let (private, trusted) = keys("rsa-2048");
    let ada = message("ada");
    let sha1 = SignatureAlgorithm::RsaPkcs1(Digest::Sha1);
    let query = sign_query(Parameter::Request, &ada, None, &private, Some(sha1)).unwrap();
    assert!(matches!(judge(&query, &trusted), Err(RedirectError::Algorithm { .. })));
    let policy = AlgorithmPolicy::default().allow_sha1();
    assert!(judge_by(&query, &trusted, &policy).is_ok());
    let (private, trusted) = keys("rsa-1024");
    let query = sign_query(Parameter::Request, &ada, None, &private, None).unwrap();
    assert!(matches!(judge(&query, &trusted), Err(RedirectError::WeakKey { least: 2048, .. })));
    let policy = AlgorithmPolicy::default().rsa_bits(1024);
    assert!(judge_by(&query, &trusted, &policy).is_ok());
}

#[test]
fn queries_that_the_openssl_command_signed() {
    let uri = "http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256";
    let ada = message("ada");
    let (_, trusted) = keys("rsa-2048");
    let in_order = format!("SAMLRequest={ada}&RelayState=x%3dy&SigAlg={uri}");
    let Some(value) = openssl("rsa-2048", &[], in_order.as_bytes()) else { return };
    let value = STANDARD.encode(value).replace('+', "%2B").replace('=', "%3D");
    assert_eq!(judge(&format!("{in_order}&Signature={value}"), &trusted), Ok(()));
    // As senders wrote it that broke base64 into lines.
    let broken = value.replacen("%2B", "%0D%0A%2B", 1);
    assert_ne!(broken, value);
    assert_eq!(judge(&format!("{in_order}&Signature={broken}"), &trusted), Ok(()));
    // In another order in the URL, signed as the specification says.
    let mixed = format!("RelayState=x%3dy&Signature={value}&SigAlg={uri}&SAMLRequest={ada}");
    assert_eq!(judge(&mixed, &trusted), Ok(()));
    // In another order in the URL, and signed in that.
    let as_written = format!("RelayState=x%3dy&SAMLRequest={ada}&SigAlg={uri}");
    let value = openssl("rsa-2048", &[], as_written.as_bytes()).unwrap();
    let value = STANDARD.encode(value).replace('+', "%2B").replace('/', "%2F");
    assert_eq!(judge(&format!("{as_written}&Signature={value}"), &trusted), Ok(()));
}
