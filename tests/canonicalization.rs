//! The 252 vectors of canonicalization: each expected output was agreed by two other libraries.

use samlkit::xml::{Canonicalization, Document};
use samlkit_tests::{data, read};

#[test]
fn every_vector_gives_the_expected_octets() {
    let folder = data("vectors/c14n");
    let index: serde_json::Value =
        serde_json::from_slice(&read(&folder.join("index.json"))).unwrap();
    let cases = index.as_array().unwrap();
    assert_eq!(cases.len(), 252);
    let mut wrong = Vec::new();
    for case in cases {
        let text = |key: &str| case[key].as_str().unwrap();
        let input = read(&folder.join(text("input")));
        let document = Document::parse(&input).unwrap();
        let element = document.element_by_id(text("element_id")).unwrap();
        let mut method = Canonicalization::by_uri(text("algorithm")).unwrap();
        assert_eq!(method.uri(), text("algorithm"));
        let prefixes = case["inclusive_prefixes"].as_array().unwrap();
        method.prefixes = prefixes.iter().map(|prefix| prefix.as_str().unwrap()).collect();
        let octets = method.octets(element, None).unwrap();
        let expected = read(&folder.join(text("expected")));
        if octets != expected {
            wrong.push(format!(
                "{}\n  is       {}\n  expected {}",
                text("name"),
                String::from_utf8_lossy(&octets),
                String::from_utf8_lossy(&expected)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of 252:\n{}", wrong.len(), wrong.join("\n"));
}
