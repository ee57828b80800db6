//! What evidence is worth, over documents made at random: canonical octets are a fixed point,
//! nothing that changes them is accepted, and reading through the evidence gives what was hashed.

use samlkit::dsig::{
    AlgorithmPolicy, SignOptions, SignedElement, SigningKey, VerifyingKey, sign, verify,
};
use samlkit::xml::{Canonicalization, Document, Element, Node};
use samlkit_tests::generate::{Random, target};
use samlkit_tests::key;

const METHODS: [&str; 6] = [
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
];

fn document(random: &mut Random) -> String {
    format!("<root>{}</root>", target(random, "t:subject", " xmlns:t='urn:target' ID='_1'"))
}

#[test]
fn canonicalizing_canonical_octets_changes_nothing() {
    let mut random = Random(0xF1_F1);
    for _ in 0..300 {
        let xml = document(&mut random);
        let parsed = Document::parse(xml.as_bytes()).unwrap();
        for uri in METHODS {
            let method = Canonicalization::by_uri(uri).unwrap();
            let octets = method.octets(parsed.element_by_id("_1").unwrap(), None).unwrap();
            let again = Document::parse(&octets).unwrap();
            let element = method.octets(again.root(), None).unwrap();
            assert_eq!(octets, element, "{uri}: {xml}");
            let mut whole = Vec::new();
            method.document(&again, |piece| whole.extend_from_slice(piece)).unwrap();
            assert_eq!(octets, whole, "{uri}: {xml}");
        }
    }
}

fn keys() -> (SigningKey, [VerifyingKey; 1]) {
    let (private, certificate) = key("p256");
    let trusted = VerifyingKey::from_pem(&certificate).unwrap();
    (SigningKey::from_pem(&private, Some(&certificate)).unwrap(), [trusted])
}

#[test]
fn no_change_that_reaches_the_canonical_octets_is_accepted() {
    let (key, trusted) = keys();
    let policy = AlgorithmPolicy::default();
    let mut random = Random(0xBAD_C0DE);
    let (mut accepted, mut refused, mut unreadable) = (0, 0, 0);
    for _ in 0..60 {
        let xml = document(&mut random);
        let parsed = Document::parse(xml.as_bytes()).unwrap();
        let signed = sign(&parsed, "_1", &key, &SignOptions::default()).unwrap();
        let good = Document::parse(&signed).unwrap();
        let subject = good.element_by_id("_1").unwrap();
        let evidence = verify(subject, &trusted, &policy).unwrap();
        let octets = evidence.octets().unwrap();
        let range = subject.range();
        for _ in 0..60 {
            let mut changed = signed.clone();
            let at = range.start + random.below(range.len());
            changed[at] = match random.below(3) {
                0 => random.number() as u8,
                1 => random.of(b" \t\n<>&'\"a1=/"),
                _ => changed[at] ^ (1 << random.below(7)),
            };
            let Ok(parsed) = Document::parse(&changed) else {
                unreadable += 1;
                continue;
            };
            // Whatever the changed document gives evidence for has the octets that were signed.
            for element in parsed.elements() {
                match verify(element, &trusted, &policy) {
                    Ok(evidence) => {
                        assert_eq!(evidence.octets().unwrap(), octets);
                        accepted += 1;
                    }
                    Err(rejection) => {
                        assert!(!rejection.failures().is_empty());
                        refused += 1;
                    }
                }
            }
        }
    }
    // Every kind of outcome was met: white space inside tags changes nothing that counts.
    assert!(
        accepted > 10 && refused > 1000 && unreadable > 500,
        "{accepted} {refused} {unreadable}"
    );
}

/// An element as a value, without its place.
#[derive(Debug, PartialEq)]
struct Seen {
    namespace: String,
    local: String,
    attributes: Vec<(String, String, String)>,
    text: String,
    children: Vec<Seen>,
}

fn through_evidence(element: SignedElement<'_>) -> Seen {
    let attributes = element.attributes().map(|a| {
        let name = a.name();
        (name.namespace.to_owned(), name.local.to_owned(), a.value().to_owned())
    });
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort();
    Seen {
        namespace: element.name().namespace.to_owned(),
        local: element.name().local.to_owned(),
        attributes,
        text: element.text().into_owned(),
        children: element.children().map(through_evidence).collect(),
    }
}

fn of_octets(element: Element<'_>) -> Seen {
    let attributes = element.attributes().map(|a| {
        let name = a.name();
        (name.namespace.to_owned(), name.local.to_owned(), a.value().to_owned())
    });
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort();
    assert!(
        !element.nodes().any(|node| matches!(node, Node::Comment(_))),
        "comments are not hashed"
    );
    Seen {
        namespace: element.name().namespace.to_owned(),
        local: element.name().local.to_owned(),
        attributes,
        text: element.text().into_owned(),
        children: element.children().map(of_octets).collect(),
    }
}

#[test]
fn reading_through_evidence_gives_what_the_octets_give() {
    let (key, trusted) = keys();
    let mut random = Random(0x5EE);
    for _ in 0..300 {
        let xml = document(&mut random);
        let parsed = Document::parse(xml.as_bytes()).unwrap();
        let signed = sign(&parsed, "_1", &key, &SignOptions::default()).unwrap();
        let document = Document::parse(&signed).unwrap();
        let subject = document.element_by_id("_1").unwrap();
        let evidence = verify(subject, &trusted, &AlgorithmPolicy::default()).unwrap();
        let octets = evidence.octets().unwrap();
        let again = Document::parse(&octets).unwrap();
        assert_eq!(through_evidence(evidence.root()), of_octets(again.root()), "{xml}");
    }
}
