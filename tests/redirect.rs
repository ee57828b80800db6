//! Signatures of the Redirect binding: what is accepted, and what is not. The `openssl` command is
//! the second opinion.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit::dsig::redirect::{Parameter, sign_query, verify_query};
use samlkit::dsig::{
    AlgorithmPolicy, Digest, RedirectError, SignatureAlgorithm, SigningKey, VerifyingKey,
};
use samlkit_tests::key;
use samlkit_tests::openssl::sign as openssl;

const MESSAGE: &str =
    "fZFfa8IwFMW%2FSsl7m7RWraEtuAlD2JiwsYe9xfZWA2nS5abTffulygb7g6%2FnnnPu%2FSUvJw7";

fn keys(name: &str) -> (SigningKey, [VerifyingKey; 1]) {
    let (private, certificate) = key(name);
    let trusted = VerifyingKey::from_pem(&certificate).unwrap();
    (SigningKey::from_pem(&private, None).unwrap(), [trusted])
}

fn judge(query: &str, trusted: &[VerifyingKey]) -> Result<(), RedirectError> {
    verify_query(query, trusted, &AlgorithmPolicy::default()).map(|_| ())
}

#[test]
fn what_is_made_is_verified() {
    for name in ["rsa-2048", "p256", "p384", "p521"] {
        let (private, trusted) = keys(name);
        for state in [None, Some(""), Some("a%20b%2Bc")] {
            let query = sign_query(Parameter::Request, MESSAGE, state, &private, None).unwrap();
            let signed = verify_query(&query, &trusted, &AlgorithmPolicy::default()).unwrap();
            assert_eq!((signed.parameter(), signed.message()), (Parameter::Request, MESSAGE));
            assert_eq!(signed.relay_state(), state);
            assert!(signed.key().certificate().is_some());
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
    let query = sign_query(Parameter::Response, MESSAGE, Some("state"), &private, None).unwrap();
    assert_eq!(judge(&query, &trusted), Ok(()));
    let invalid = Err(RedirectError::Invalid { keys: 1 });
    for (from, to) in [
        ("fZFf", "fZFg"),
        ("=state", "=State"),
        ("&RelayState=state", ""),
        ("SAMLResponse", "SAMLRequest"),
        // The same value in another spelling is not what was signed.
        ("%2FSsl7", "%2fSsl7"),
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

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    let (private, trusted) = keys("rsa-2048");
    let query = sign_query(Parameter::Request, MESSAGE, None, &private, None).unwrap();
    for (query, expected) in [
        (format!("{query}&SAMLRequest=x"), RedirectError::Repeated { name: "SAMLRequest" }),
        (format!("SAMLResponse=x&{query}"), RedirectError::TwoMessages),
        (
            format!("RelayState=a&RelayState=b&{query}"),
            RedirectError::Repeated { name: "RelayState" },
        ),
        (format!("{query}&SigAlg=x"), RedirectError::Repeated { name: "SigAlg" }),
        (query.replace("SAMLRequest", "samlrequest"), RedirectError::NoMessage),
        (query.replace("&Signature=", "&signature="), RedirectError::Unsigned),
        (
            query.replace("&Signature=", "&Signature=%zz"),
            RedirectError::NotDecodable { name: "Signature" },
        ),
        (
            query.replace("&Signature=", "&Signature=*"),
            RedirectError::NotDecodable { name: "Signature" },
        ),
    ] {
        assert_eq!(judge(&query, &trusted), Err(expected), "{query}");
    }
}

#[test]
fn the_policy_counts_here_too() {
    let (private, trusted) = keys("rsa-2048");
    let sha1 = SignatureAlgorithm::RsaPkcs1(Digest::Sha1);
    let query = sign_query(Parameter::Request, MESSAGE, None, &private, Some(sha1)).unwrap();
    assert!(matches!(judge(&query, &trusted), Err(RedirectError::Algorithm { .. })));
    let policy = AlgorithmPolicy::default().allow_sha1();
    assert!(verify_query(&query, &trusted, &policy).is_ok());
    let (private, trusted) = keys("rsa-1024");
    let query = sign_query(Parameter::Request, MESSAGE, None, &private, None).unwrap();
    assert!(matches!(judge(&query, &trusted), Err(RedirectError::WeakKey { least: 2048, .. })));
    let policy = AlgorithmPolicy::default().rsa_bits(1024);
    assert!(verify_query(&query, &trusted, &policy).is_ok());
}

#[test]
fn queries_that_the_openssl_command_signed() {
    let uri = "http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256";
    let (_, trusted) = keys("rsa-2048");
    let in_order = format!("SAMLRequest={MESSAGE}&RelayState=x%3dy&SigAlg={uri}");
    let Some(value) = openssl("rsa-2048", &[], in_order.as_bytes()) else { return };
    let value = STANDARD.encode(value).replace('+', "%2B").replace('=', "%3D");
    assert_eq!(judge(&format!("{in_order}&Signature={value}"), &trusted), Ok(()));
    // In another order in the URL, signed as the specification says.
    let mixed = format!("RelayState=x%3dy&Signature={value}&SigAlg={uri}&SAMLRequest={MESSAGE}");
    assert_eq!(judge(&mixed, &trusted), Ok(()));
    // In another order in the URL, and signed in that.
    let as_written = format!("RelayState=x%3dy&SAMLRequest={MESSAGE}&SigAlg={uri}");
    let value = openssl("rsa-2048", &[], as_written.as_bytes()).unwrap();
    let value = STANDARD.encode(value).replace('+', "%2B").replace('/', "%2F");
    assert_eq!(judge(&format!("{as_written}&Signature={value}"), &trusted), Ok(()));
}
