//! How often memory is allocated on the way to evidence. OpenSSL's own allocations are not seen.

use allocation_counter::measure;
use samlkit::dsig::{AlgorithmPolicy, VerifyingKey, verify};
use samlkit::xml::Document;
use samlkit_tests::{identity_provider, key, service_provider, vectors_request, vectors_time};

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
    let sp = service_provider().build().unwrap();
    let idp = identity_provider(&[&key("rsa-2048").1]);
    let (pending, now) = (vectors_request(), vectors_time());
    let mut verdict = None;
    let all = measure(|| {
        verdict = Some(sp.verify_without_replay(&idp, &bytes, Some(&pending), now));
    });
    let verified = verdict.unwrap().unwrap();
    println!(
        "allocations: {} for {} bytes, {} attributes",
        all.count_total,
        bytes.len(),
        verified.attributes().len()
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
