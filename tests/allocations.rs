//! How often memory is allocated on the way to evidence. OpenSSL's own allocations are not seen.

use allocation_counter::measure;
use samlkit::dsig::{AlgorithmPolicy, SignOptions, SigningKey, VerifyingKey, sign, verify};
use samlkit::xml::Document;
use samlkit_tests::{data, key, read};

/// The most that verifying a signed assertion of 8 KB with a ready key may take.
const AT_MOST: u64 = 40;

/// An assertion in the shape of Entra's, with as many attribute values as make it 8 KB.
fn assertion() -> Vec<u8> {
    let response = read(&data("vectors/responses/good-assertion-signed.xml"));
    let text = String::from_utf8(response).unwrap();
    let from = text.find("<Assertion ").unwrap();
    let to = text.find("</Assertion>").unwrap() + "</Assertion>".len();
    let signature = text.find("<Signature ").unwrap()
        ..text.find("</Signature>").unwrap() + "</Signature>".len();
    let mut plain = format!("{}{}", &text[from..signature.start], &text[signature.end..to]);
    while plain.len() < 5_700 {
        let group = "<Attribute Name=\"http://schemas.example/claims/group\"><AttributeValue>\
                     7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11</AttributeValue></Attribute>";
        plain =
            plain.replacen("</AttributeStatement>", &format!("{group}</AttributeStatement>"), 1);
    }
    let (private, certificate) = key("rsa-2048");
    let key = SigningKey::from_pem(&private, Some(&certificate)).unwrap();
    let document = Document::parse(plain.as_bytes()).unwrap();
    sign(&document, "_a1", &key, &SignOptions::default()).unwrap()
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
