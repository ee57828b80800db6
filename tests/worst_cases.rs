//! The worst that a signed document can be within the limits: refused, or verified, in little time.
//! The time allowed is for a debug build on a busy machine; anything quadratic takes minutes here.

#![allow(clippy::disallowed_methods, reason = "these tests measure time")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use samlkit::dsig::{
    AlgorithmPolicy, Rejection, SignOptions, SigningKey, VerifyingKey, sign, verify,
};
use samlkit::xml::{Canonicalization, CanonicalizationError, Document, Limit, Limits};
use samlkit_tests::key;

const ENOUGH: Duration = Duration::from_secs(20);

fn open_limits() -> Limits {
    Limits::default()
        .depth(usize::MAX)
        .attributes(usize::MAX)
        .namespaces(usize::MAX)
        .nodes(usize::MAX)
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    println!("{what}: {:?}", start.elapsed());
    assert!(start.elapsed() < ENOUGH, "{what} took {:?}", start.elapsed());
    result
}

fn trusted() -> [VerifyingKey; 1] {
    [VerifyingKey::from_pem(&key("rsa-2048").1).unwrap()]
}

/// Signs the element `_1` of a document, reads the result and verifies it.
fn round_trip(what: &str, xml: &str, limits: &Limits) {
    let (private, certificate) = key("rsa-2048");
    let key = SigningKey::from_pem(&private, Some(&certificate)).unwrap();
    let document = Document::parse_with(xml.as_bytes(), limits).unwrap();
    let signed = sign(&document, "_1", &key, &SignOptions::default()).unwrap();
    timed(what, || {
        let document = Document::parse_with(&signed, limits).unwrap();
        let element = document.element_by_id("_1").unwrap();
        assert!(verify(element, &trusted(), &AlgorithmPolicy::default()).is_ok());
    });
}

#[test]
fn fifty_thousand_attributes() {
    let mut xml = "<a ID='_1' xmlns:p='urn:p' xmlns:q='urn:q'".to_owned();
    for number in 0..50_000 {
        write!(xml, " {}a{}='{number}'", ["", "p:", "q:"][number % 3], number * 7_919 % 50_000)
            .unwrap();
    }
    xml.push_str("/>");
    assert_eq!(Document::parse(xml.as_bytes()).unwrap_err().rule(), "xml.limit");
    round_trip("50,000 attributes", &xml, &open_limits());
}

#[test]
fn a_hundred_thousand_nested_elements() {
    let inner = format!("{}{}", "<p:b xmlns:p='urn:p'>".repeat(100_000), "</p:b>".repeat(100_000));
    let xml = format!("<a ID='_1'>{inner}</a>");
    assert_eq!(Document::parse(xml.as_bytes()).unwrap_err().rule(), "xml.limit");
    round_trip("100,000 nested elements", &xml, &open_limits());
}

#[test]
fn ten_megabytes_of_namespace_declarations() {
    let mut xml = "<root>".to_owned();
    let mut number = 0;
    while xml.len() < 10_000_000 {
        xml.push_str("<e");
        for _ in 0..100 {
            write!(xml, " xmlns:p{number}='urn:{number}'").unwrap();
            number += 1;
        }
        xml.push_str("/>");
    }
    xml.push_str("<a ID='_1'/></root>");
    round_trip("10 MB of namespace declarations", &xml, &Limits::default());
    for method in
        ["http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2006/12/xml-c14n11"]
    {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let method = Canonicalization::by_uri(method).unwrap();
        timed("their canonical form", || method.octets(document.root(), None).unwrap());
    }
}

#[test]
fn two_thousand_signatures() {
    let empty = "<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:SignedInfo>\
                 <ds:CanonicalizationMethod Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>\
                 <ds:SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/>\
                 <ds:Reference URI='#_1'><ds:Transforms>\
                 <ds:Transform Algorithm='http://www.w3.org/2000/09/xmldsig#enveloped-signature'/>\
                 </ds:Transforms><ds:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>\
                 <ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>\
                 <ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>";
    let policy = AlgorithmPolicy::default();
    let on_one = format!("<a ID='_1'>{}</a>", empty.repeat(2_000));
    let rejection = timed("2,000 signatures on one element", || {
        let document = Document::parse(on_one.as_bytes()).unwrap();
        verify(document.root(), &trusted(), &policy).unwrap_err()
    });
    assert_eq!(rejection.failures()[0].rule(), "signature.malformed");

    let mut each = "<root>".to_owned();
    for number in 0..2_000 {
        write!(each, "<a ID='_{number}'>{}</a>", empty.replace("#_1", &format!("#_{number}")))
            .unwrap();
    }
    each.push_str("</root>");
    let rejections: Vec<Rejection> = timed("2,000 elements with a signature each", || {
        let document = Document::parse(each.as_bytes()).unwrap();
        let elements = document.root().children();
        elements.map(|element| verify(element, &trusted(), &policy).unwrap_err()).collect()
    });
    assert_eq!(rejections.len(), 2_000);
    for rejection in rejections {
        let rules: Vec<&str> = rejection.failures().iter().map(|failure| failure.rule()).collect();
        assert_eq!(rules, ["signature.digest", "signature.invalid"]);
    }
}

/// Exclusive canonicalization writes a namespace on each element that uses it, and so can make much
/// of little. It is refused, in little time and memory.
#[test]
fn a_long_namespace_on_many_elements() {
    let long = "x".repeat(1_000_000);
    let inner = "<p:b/>".repeat(100_000);
    let xml = format!("<root xmlns:p='urn:{long}'><a ID='_1'>{inner}</a></root>");
    let document = Document::parse(xml.as_bytes()).unwrap();
    let method = Canonicalization::by_uri("http://www.w3.org/2001/10/xml-exc-c14n#").unwrap();
    let element = document.element_by_id("_1").unwrap();
    let refused = timed("100 GB of canonical form", || method.octets(element, None)).unwrap_err();
    let CanonicalizationError::Limit(refused) = refused else { panic!("{refused}") };
    assert_eq!(refused.limit, Limit::CanonicalOctets);
    assert_eq!(refused.max, xml.len() * 8 + (1 << 20));
}
