//! How often memory is allocated on the way to evidence. OpenSSL's own allocations are not seen.

use allocation_counter::measure;
use samlkit::dsig::{AlgorithmPolicy, VerifyingKey, verify};
use samlkit::sp::{Expected, IdentityProvider, ServiceProvider};
use samlkit::xml::Document;
use samlkit_tests::key;

/// The most that verifying a signed assertion of 8 KB with a ready key may take.
const AT_MOST: u64 = 40;

/// Both of them, in the shape of Entra's.
fn response() -> Vec<u8> {
    let (private, certificate) = key("rsa-2048");
    samlkit_tests::response_of_8_kb(&private, &certificate)
}

/// An assertion of 8 KB, with one signature.
fn assertion() -> Vec<u8> {
    let (private, certificate) = key("rsa-2048");
    samlkit_tests::assertion_of_8_kb(&private, &certificate)
}

/// The most that the verdict on a response of 8 KB may take, with all rules.
const AT_MOST_FOR_A_VERDICT: u64 = 120;

#[test]
fn the_verdict_on_a_response_of_8_kb_allocates_little() {
    let bytes = response();
    assert!((7_800..8_400).contains(&bytes.len()), "{}", bytes.len());
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let entity_id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    let sp = ServiceProvider::new(entity_id, [acs.to_owned()]);
    let idp = IdentityProvider {
        entity_id: "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/".to_owned(),
        keys: vec![VerifyingKey::from_pem(&key("rsa-2048").1).unwrap()],
    };
    let expected = Expected { request_id: Some("_req-4711"), acs_url: None };
    let now = "2026-06-01T12:00:00Z".parse().unwrap();
    let mut verdict = None;
    let all = measure(|| {
        verdict = Some(sp.verify_response(&idp, &bytes, &expected, now));
    });
    let verified = verdict.unwrap().unwrap();
    println!(
        "allocations: {} for {} bytes, {} attributes",
        all.count_total,
        bytes.len(),
        verified.attributes.len()
    );
    assert!(all.count_total <= AT_MOST_FOR_A_VERDICT, "{}", all.count_total);
}

#[test]
fn verifying_an_assertion_of_8_kb_allocates_little() {
    let bytes = assertion();
    assert!((7_800..8_400).contains(&bytes.len()), "{}", bytes.len());
    let keys = [VerifyingKey::from_pem(&key("rsa-2048").1).unwrap()];
    let policy = AlgorithmPolicy::default();
    let mut is_good = false;
    let parsed = measure(|| drop(Document::parse(&bytes)));
    let all = measure(|| {
        let document = Document::parse(&bytes).unwrap();
        is_good = verify(document.root(), &keys, &policy).is_ok();
    });
    assert!(is_good);
    println!("allocations: {} to read, {} to read and verify", parsed.count_total, all.count_total);
    assert!(
        all.count_total <= AT_MOST,
        "{} to read, {} in all",
        parsed.count_total,
        all.count_total
    );
}
