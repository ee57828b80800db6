//! What was verified, in samael's types: nothing that is not signed gets there.

#![cfg(feature = "samael")]
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use samlkit::dsig::{AlgorithmPolicy, VerifyingKey, verify};
use samlkit::names::ASSERTION;
use samlkit::samael::{ConversionError, assertion, entity_descriptor, response};
use samlkit::xml::Document;

fn read(path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    std::fs::read_to_string(format!("{root}/{path}")).unwrap()
}

#[test]
fn an_assertion_and_a_response() {
    let xml = read("tests/data/vectors/responses/good-both-signed.xml");
    let keys = [VerifyingKey::from_pem(&read("tests/data/vectors/responses/idp.pem")).unwrap()];
    let document = Document::parse(xml.as_bytes()).unwrap();
    let root = document.root();
    let policy = AlgorithmPolicy::default();
    let inside = root.children().find(|child| child.is(ASSERTION, "Assertion")).unwrap();
    let signed = verify(inside, &keys, &policy).unwrap();
    let converted = assertion(&signed).unwrap();
    assert_eq!(converted.id, "_a1");
    let name_id = converted.subject.unwrap().name_id.unwrap();
    assert_eq!(name_id.value, "ada@example.com");
    assert!(converted.signature.is_none(), "the signature is not part of what was signed");
    assert!(matches!(response(&signed), Err(ConversionError::Other { .. })));

    let around = verify(root, &keys, &policy).unwrap();
    let converted = response(&around).unwrap();
    assert_eq!(converted.in_response_to.as_deref(), Some("_req-4711"));
    assert!(converted.assertion.is_some());
}

#[test]
fn a_comment_does_not_cut_the_name() {
    let xml = read("tests/data/vectors/responses/good-comment-in-nameid.xml");
    let keys = [VerifyingKey::from_pem(&read("tests/data/vectors/responses/idp.pem")).unwrap()];
    let document = Document::parse(xml.as_bytes()).unwrap();
    let inside = document.root().children().find(|child| child.is(ASSERTION, "Assertion")).unwrap();
    let signed = verify(inside, &keys, &AlgorithmPolicy::default()).unwrap();
    let name_id = assertion(&signed).unwrap().subject.unwrap().name_id.unwrap();
    let ours = signed.root().children().find(|child| child.is(ASSERTION, "Subject")).unwrap();
    let ours = ours.children().next().unwrap().text();
    assert_eq!(name_id.value, ours);
}

#[test]
fn metadata() {
    let xml = read("examples/entra-app.xml");
    let certificate = read("tests/data/certificates/active.b64");
    let keys = [VerifyingKey::from_certificate(&certificate).unwrap()];
    let document = Document::parse(xml.as_bytes()).unwrap();
    let signed = verify(document.root(), &keys, &AlgorithmPolicy::default()).unwrap();
    let converted = entity_descriptor(&signed).unwrap();
    let id = "https://sts.windows.net/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64/";
    assert_eq!(converted.entity_id.as_deref(), Some(id));
    assert_eq!(converted.idp_sso_descriptors.unwrap()[0].key_descriptors.len(), 2);
}
