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

fn whole(xml: &str, uri: &str) -> String {
    let document = Document::parse(xml.as_bytes()).unwrap();
    let mut octets = Vec::new();
    let method = Canonicalization::by_uri(uri).unwrap();
    method.document(&document, |piece| octets.extend_from_slice(piece)).unwrap();
    String::from_utf8(octets).unwrap()
}

/// Canonical XML 1.0, 2.3 and its examples 3.1 and 3.2.
#[test]
fn what_stands_beside_the_root() {
    let xml =
        "<?xml version='1.0'?>\r\n<?first  a b ?>\r\n<!-- one -->\n<a/> <!-- two -->\n<?last?>\n";
    let plain = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    assert_eq!(whole(xml, plain), "<?first a b ?>\n<a></a>\n<?last?>");
    let with_comments = format!("{plain}#WithComments");
    assert_eq!(
        whole(xml, &with_comments),
        "<?first a b ?>\n<!-- one -->\n<a></a>\n<!-- two -->\n<?last?>"
    );
}

/// A namespace name is escaped like every other value (Canonical XML 1.0, 2.3). libxml2 does not do
/// so, and xmlsec1 with it: no namespace in use has a character that would show it.
#[test]
fn namespace_names_are_escaped() {
    let xml = "<a xmlns='urn:x?a=1&amp;b=&lt;&quot;&#9;'/>";
    for uri in ["http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2006/12/xml-c14n11"] {
        assert_eq!(whole(xml, uri), "<a xmlns=\"urn:x?a=1&amp;b=&lt;&quot;&#x9;\"></a>");
    }
}

#[test]
fn one_element_left_out() {
    let xml = "<a>1<b/><!-- c -->2<b><c/></b>3</a>";
    let document = Document::parse(xml.as_bytes()).unwrap();
    let root = document.root();
    let method = Canonicalization::by_uri("http://www.w3.org/2001/10/xml-exc-c14n#").unwrap();
    let without = |at: usize| {
        let octets = method.octets(root, root.children().nth(at)).unwrap();
        String::from_utf8(octets).unwrap()
    };
    assert_eq!(without(0), "<a>12<b><c></c></b>3</a>");
    assert_eq!(without(1), "<a>1<b></b>23</a>");
    assert_eq!(without(2), "<a>1<b></b>2<b><c></c></b>3</a>");
}
