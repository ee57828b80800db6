//! Evidence is for what was signed and for nothing else: whatever is done to signed documents, the
//! octets behind a verdict are among those that were signed.
#![no_main]

use std::sync::LazyLock;

use samlkit_dsig::{AlgorithmPolicy, VerifyingKey, verify};
use samlkit_xml::Document;

static KEYS: LazyLock<[VerifyingKey; 1]> = LazyLock::new(|| {
    [VerifyingKey::from_pem(include_str!("../../tests/data/keys/rsa-2048.crt.pem")).unwrap()]
});

/// All documents that were ever signed with the key for this.
const SEEDS: [&[u8]; 3] = [
    include_bytes!("../seeds/verify/assertion.xml"),
    include_bytes!("../seeds/verify/metadata.xml"),
    include_bytes!("../seeds/verify/response.xml"),
];

static SIGNED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let signed: Vec<Vec<u8>> = SEEDS.iter().flat_map(|seed| evidence(seed)).collect();
    assert_eq!(signed.len(), 4, "every signature in the seeds is good");
    signed
});

/// The octets behind every good signature in a document.
fn evidence(bytes: &[u8]) -> Vec<Vec<u8>> {
    let Ok(document) = Document::parse(bytes) else { return Vec::new() };
    let signed = document.elements().filter(|element| element.attribute("ID").is_some());
    let policy = AlgorithmPolicy::default();
    signed
        .take(16)
        .filter_map(|e| verify(e, KEYS.as_slice(), &policy).ok()?.octets().ok())
        .collect()
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for octets in evidence(bytes) {
        assert!(SIGNED.contains(&octets), "{}", String::from_utf8_lossy(&octets));
    }
});
