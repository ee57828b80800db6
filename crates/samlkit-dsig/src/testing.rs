//! What the tests of this crate share: keys, and signatures of any shape that they want to see refused.
//! [`sign`](crate::sign()) makes the one good shape only, so here a template says the shape, and digest
//! and value are put into it.

use samlkit_xml::{Canonicalization, Document, Element, Form};

use crate::algorithm::{Digest, SignatureAlgorithm};
use crate::base64;
use crate::key::{SigningKey, VerifyingKey};
use crate::namespace::SIGNATURE;

/// Exclusive canonicalization.
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// Canonical XML 1.0.
pub(crate) const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

/// A signed element in the one good shape, with places for the digest and the value.
pub(crate) const GOOD: &str = "<Assertion ID='_1'>\
    <Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><SignedInfo>\
    <CanonicalizationMethod Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>\
    <SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/>\
    <Reference URI='#_1'><Transforms>\
    <Transform Algorithm='http://www.w3.org/2000/09/xmldsig#enveloped-signature'/>\
    <Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/></Transforms>\
    <DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>\
    <DigestValue>DIGEST</DigestValue></Reference></SignedInfo>\
    <SignatureValue>VALUE</SignatureValue><KeyInfo/></Signature>\
    <Name>ada</Name></Assertion>";

const KEYS: [(&str, &str, &str); 5] = [
    (
        "rsa-2048",
        include_str!("../../../tests/data/keys/rsa-2048.test-only.pem"),
        include_str!("../../../tests/data/keys/rsa-2048.crt.pem"),
    ),
    (
        "rsa-1024",
        include_str!("../../../tests/data/keys/rsa-1024.test-only.pem"),
        include_str!("../../../tests/data/keys/rsa-1024.crt.pem"),
    ),
    (
        "p256",
        include_str!("../../../tests/data/keys/p256.test-only.pem"),
        include_str!("../../../tests/data/keys/p256.crt.pem"),
    ),
    (
        "p384",
        include_str!("../../../tests/data/keys/p384.test-only.pem"),
        include_str!("../../../tests/data/keys/p384.crt.pem"),
    ),
    (
        "p521",
        include_str!("../../../tests/data/keys/p521.test-only.pem"),
        include_str!("../../../tests/data/keys/p521.crt.pem"),
    ),
];

/// The private key of that name in `tests/data/keys`, and its certificate, both in PEM.
pub(crate) fn pem(name: &str) -> (&'static str, &'static str) {
    let (_, private, certificate) = KEYS.iter().find(|(known, ..)| *known == name).unwrap();
    (private, certificate)
}

/// That key, to sign with; its certificate goes into `KeyInfo`.
pub(crate) fn signing_key(name: &str) -> SigningKey {
    let (private, certificate) = pem(name);
    SigningKey::from_pem(private, Some(certificate)).unwrap()
}

/// That key, trusted.
pub(crate) fn trusted(name: &str) -> VerifyingKey {
    VerifyingKey::from_pem(pem(name).1).unwrap()
}

/// The base64 of that key's certificate.
pub(crate) fn certificate(name: &str) -> String {
    let body = pem(name).1.split("-----").nth(2).unwrap();
    body.split_ascii_whitespace().collect()
}

/// The first element of that local name.
pub(crate) fn element<'d>(document: &'d Document<'d>, local: &str) -> Element<'d> {
    document.elements().find(|element| element.name().local == local).unwrap()
}

/// `template` with `DIGEST` and `VALUE` filled in by the key rsa-2048, RSA with SHA-256.
pub(crate) fn sealed(template: &str) -> String {
    let method = SignatureAlgorithm::RsaPkcs1(Digest::Sha256);
    sealed_by(template, &signing_key("rsa-2048"), method)
}

/// `template` with `DIGEST` and `VALUE` filled in. The digest is of the element around the signature, by
/// the method that the second transform names and the hash function that is named; the value is of
/// SignedInfo in the canonical form that is named. What is not understood is done in the usual way: the
/// test is about its refusal.
pub(crate) fn sealed_by(template: &str, key: &SigningKey, algorithm: SignatureAlgorithm) -> String {
    let document = Document::parse(template.as_bytes()).unwrap();
    let signature = element(&document, "Signature");
    let named = |local: &str, nth: usize| {
        signature.descendants().filter(|e| e.is(SIGNATURE, local)).nth(nth)
    };
    let mut content =
        Canonicalization { form: Form::Inclusive, comments: false, prefixes: Vec::new() };
    if let Some(transform) = named("Transform", 1) {
        content = Canonicalization::by_uri(algorithm_of(transform)).unwrap_or(content);
        content.comments = false;
        let list = transform.children().find_map(|child| child.attribute("PrefixList"));
        content.prefixes = list.map_or(Vec::new(), |l| l.value().split_whitespace().collect());
    }
    let digest = named("DigestMethod", 0).and_then(|method| Digest::by_uri(algorithm_of(method)));
    let octets = content.octets(signature.parent().unwrap(), Some(signature)).unwrap();
    let value = digest.unwrap_or(Digest::Sha256).value(&octets);
    let digested = template.replace("DIGEST", &base64::encode(&value));

    let document = Document::parse(digested.as_bytes()).unwrap();
    let signature = element(&document, "Signature");
    let named = |local: &str| signature.descendants().find(|e| e.is(SIGNATURE, local));
    let method =
        named("CanonicalizationMethod").and_then(|m| Canonicalization::by_uri(algorithm_of(m)));
    let method = method.unwrap_or(Canonicalization::by_uri(EXCLUSIVE).unwrap());
    let info = method.octets(named("SignedInfo").unwrap_or(signature), None).unwrap();
    let value = key.sign(algorithm, &algorithm.digest().value(&info)).unwrap();
    digested.replace("VALUE", &base64::encode(&value))
}

fn algorithm_of(element: Element<'_>) -> &str {
    element.attribute("Algorithm").map_or("", |uri| uri.value())
}
