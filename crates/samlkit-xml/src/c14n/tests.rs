//! Each branch of canonicalization at the smallest input that shows it. The expected octets are
//! written by hand from the recommendations, not taken from this code.

#![allow(clippy::arithmetic_side_effects, reason = "tests")]

use super::*;
use crate::limits::{Limit, Limits};

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const INCLUSIVE_11: &str = "http://www.w3.org/2006/12/xml-c14n11";

fn method(uri: &str) -> Canonicalization<'static> {
    Canonicalization::by_uri(uri).unwrap()
}

/// The canonical form of the first element named `e`, or else of the root.
fn canonical(method: &Canonicalization<'_>, xml: &str) -> Result<String, CanonicalizationError> {
    let document = Document::parse(xml.as_bytes()).unwrap();
    let apex = document.elements().find(|element| element.name().local == "e");
    let octets = method.octets(apex.unwrap_or(document.root()), None)?;
    Ok(String::from_utf8(octets).unwrap())
}

#[track_caller]
fn gives(uri: &str, xml: &str, expected: &str) {
    assert_eq!(canonical(&method(uri), xml).as_deref(), Ok(expected), "{uri} of {xml}");
}

#[track_caller]
fn all_give(xml: &str, expected: &str) {
    for method in Canonicalization::all() {
        assert_eq!(canonical(&method, xml).as_deref(), Ok(expected), "{} of {xml}", method.uri());
    }
}

fn whole(uri: &str, xml: &str) -> Result<String, CanonicalizationError> {
    let document = Document::parse(xml.as_bytes()).unwrap();
    let mut octets = Vec::new();
    method(uri).document(&document, |piece| octets.extend_from_slice(piece))?;
    Ok(String::from_utf8(octets).unwrap())
}

#[test]
fn each_identifier_is_its_own_method() {
    let uris: Vec<&str> = Canonicalization::all().map(|method| method.uri()).collect();
    assert_eq!(uris.len(), 6);
    for uri in uris {
        let method = method(uri);
        assert_eq!(method.uri(), uri);
        assert_eq!(method.comments, uri.ends_with("#WithComments"));
        let is_exclusive = uri.contains("exc");
        assert_eq!(method.form == Form::Exclusive, is_exclusive);
        assert_eq!(method.form == Form::Inclusive11, uri.contains("c14n11"));
        assert!(method.prefixes.is_empty());
    }
    assert_eq!(Canonicalization::by_uri(""), None);
    assert_eq!(Canonicalization::by_uri("http://www.w3.org/2001/10/xml-exc-c14n"), None);
}

#[test]
fn comments_are_dropped_or_kept() {
    let xml = "<a>1<!-- <c> & -->2</a>";
    for method in Canonicalization::all() {
        let expected = if method.comments { xml } else { "<a>12</a>" };
        assert_eq!(canonical(&method, xml).as_deref(), Ok(expected), "{}", method.uri());
    }
}

#[test]
fn instructions_are_kept_with_one_space() {
    all_give("<a><?p?><?q  r  s ?></a>", "<a><?p?><?q r  s ?></a>");
}

#[test]
fn text_is_escaped_where_it_has_to_be() {
    all_give(
        "<a>&lt;&gt;&amp;\"'&#9;\n&#13;é<![CDATA[<b>]]></a>",
        "<a>&lt;&gt;&amp;\"'\t\n&#xD;é&lt;b&gt;</a>",
    );
}

#[test]
fn values_are_escaped_where_they_have_to_be() {
    all_give(
        "<a b='&lt;>&amp;\"&apos;&#9;&#10;&#13; \té'/>",
        "<a b=\"&lt;>&amp;&quot;'&#x9;&#xA;&#xD;  é\"></a>",
    );
}

#[test]
fn elements_that_are_empty_get_an_end_tag() {
    all_give("<a ><b/><c></c ></a >", "<a><b></b><c></c></a>");
}

/// First those without a namespace, then by namespace name and not by prefix, then by local name
/// (Canonical XML 1.0, 2.2).
#[test]
fn attributes_are_sorted_by_namespace_name_and_local_name() {
    all_give(
        "<e xmlns:a='urn:2' xmlns:b='urn:1' a:x='1' b:y='2' z='3' b:x='4' y='5' a:w='6'/>",
        "<e xmlns:a=\"urn:2\" xmlns:b=\"urn:1\" y=\"5\" z=\"3\" b:x=\"4\" b:y=\"2\" a:w=\"6\" \
         a:x=\"1\"></e>",
    );
    all_give(
        "<e xmlns:a='zzz:' xmlns:b='abc:' xml:lang='en' a:x='1' b:x='2'/>",
        "<e xmlns:a=\"zzz:\" xmlns:b=\"abc:\" b:x=\"2\" xml:lang=\"en\" a:x=\"1\"></e>",
    );
}

#[test]
fn declarations_are_sorted_by_prefix_and_the_default_is_first() {
    let xml = "<b:e xmlns:b='urn:b' xmlns='urn:d' xmlns:a='urn:a' a:x=''><f/></b:e>";
    gives(
        EXCLUSIVE,
        xml,
        "<b:e xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" a:x=\"\"><f xmlns=\"urn:d\"></f></b:e>",
    );
    for uri in [INCLUSIVE, INCLUSIVE_11] {
        gives(
            uri,
            xml,
            "<b:e xmlns=\"urn:d\" xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" a:x=\"\"><f></f></b:e>",
        );
    }
}

#[test]
fn exclusive_writes_a_namespace_where_it_is_used() {
    gives(
        EXCLUSIVE,
        "<r xmlns='urn:d' xmlns:p='urn:p' xmlns:q='urn:q'><e><p:f q:x=''/><p:g/></e></r>",
        "<e xmlns=\"urn:d\"><p:f xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" q:x=\"\"></p:f>\
         <p:g xmlns:p=\"urn:p\"></p:g></e>",
    );
    // Not again inside, but again after another meaning inside has ended.
    gives(
        EXCLUSIVE,
        "<p:e xmlns:p='urn:1'><p:f><p:g xmlns:p='urn:2'/><p:h/></p:f></p:e>",
        "<p:e xmlns:p=\"urn:1\"><p:f><p:g xmlns:p=\"urn:2\"></p:g><p:h></p:h></p:f></p:e>",
    );
}

#[test]
fn inclusive_writes_every_namespace_in_scope_on_the_apex() {
    for uri in [INCLUSIVE, INCLUSIVE_11] {
        gives(
            uri,
            "<r xmlns='urn:d' xmlns:p='urn:p' xmlns:q='urn:q'><s xmlns:q='urn:q2'>\
             <e xmlns:a='urn:a'><f xmlns:p='urn:p' xmlns:b='urn:b'/><g/></e></s></r>",
            "<e xmlns=\"urn:d\" xmlns:a=\"urn:a\" xmlns:p=\"urn:p\" xmlns:q=\"urn:q2\">\
             <f xmlns:b=\"urn:b\"></f><g></g></e>",
        );
    }
}

#[test]
fn the_default_namespace_is_taken_back_only_where_it_was_written() {
    all_give(
        "<e xmlns='urn:d'><f xmlns=''><g/></f><h/></e>",
        "<e xmlns=\"urn:d\"><f xmlns=\"\"><g></g></f><h></h></e>",
    );
    // The apex has none: nothing to take back, whatever the elements around it say.
    all_give("<r xmlns='urn:d'><e xmlns=''><f/></e></r>", "<e><f></f></e>");
    // Exclusive: what is between does not use the default namespace, so it was not written.
    gives(
        EXCLUSIVE,
        "<p:e xmlns:p='urn:p' xmlns='urn:d'><f xmlns=''/></p:e>",
        "<p:e xmlns:p=\"urn:p\"><f></f></p:e>",
    );
    gives(
        INCLUSIVE,
        "<p:e xmlns:p='urn:p' xmlns='urn:d'><f xmlns=''/></p:e>",
        "<p:e xmlns=\"urn:d\" xmlns:p=\"urn:p\"><f xmlns=\"\"></f></p:e>",
    );
}

#[test]
fn the_prefix_xml_is_never_declared() {
    let xml = "<e xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en'><xml:f/></e>";
    all_give(xml, "<e xml:lang=\"en\"><xml:f></xml:f></e>");
}

#[test]
fn listed_prefixes_are_treated_inclusively() {
    let xml = "<r xmlns='urn:d' xmlns:p='urn:p' xmlns:q='urn:q'><p:s xmlns:p='urn:p2'>\
               <q:e><f xmlns:p='urn:p3'/></q:e></p:s></r>";
    let with = |prefixes: &[&'static str]| {
        let method = Canonicalization { prefixes: prefixes.to_vec(), ..method(EXCLUSIVE) };
        canonical(&method, xml).unwrap()
    };
    assert_eq!(with(&[]), "<q:e xmlns:q=\"urn:q\"><f xmlns=\"urn:d\"></f></q:e>");
    assert_eq!(
        with(&["p"]),
        "<q:e xmlns:p=\"urn:p2\" xmlns:q=\"urn:q\"><f xmlns=\"urn:d\" xmlns:p=\"urn:p3\"></f></q:e>"
    );
    assert_eq!(with(&["#default"]), "<q:e xmlns=\"urn:d\" xmlns:q=\"urn:q\"><f></f></q:e>");
    // A prefix that nothing declares, and the empty string, list nothing.
    assert_eq!(with(&["x", ""]), with(&[]));
    // The inclusive forms pass over the list.
    let inclusive = Canonicalization { prefixes: vec!["p"], ..method(INCLUSIVE) };
    assert_eq!(canonical(&inclusive, xml), canonical(&method(INCLUSIVE), xml));
}

#[test]
fn a_listed_default_namespace_that_is_taken_back() {
    let list = Canonicalization { prefixes: vec!["#default"], ..method(EXCLUSIVE) };
    let xml = "<p:e xmlns:p='urn:p' xmlns='urn:d'><p:f xmlns=''/></p:e>";
    let expected = "<p:e xmlns=\"urn:d\" xmlns:p=\"urn:p\"><p:f xmlns=\"\"></p:f></p:e>";
    assert_eq!(canonical(&list, xml).as_deref(), Ok(expected));
}

#[test]
fn xml_attributes_are_inherited_by_the_inclusive_forms() {
    let xml = "<r xml:lang='en' xml:space='preserve' xml:id='r' xml:x='1'><s xml:lang='de'>\
               <e b='' xml:space='default'><f/></e></s></r>";
    gives(EXCLUSIVE, xml, "<e b=\"\" xml:space=\"default\"><f></f></e>");
    // Every one of them, sorted among its own.
    gives(
        INCLUSIVE,
        xml,
        "<e b=\"\" xml:id=\"r\" xml:lang=\"de\" xml:space=\"default\" xml:x=\"1\"><f></f></e>",
    );
    // 1.1, 2.4: xml:lang and xml:space, but not xml:id and no other.
    gives(INCLUSIVE_11, xml, "<e b=\"\" xml:lang=\"de\" xml:space=\"default\"><f></f></e>");
}

#[test]
fn attributes_of_other_namespaces_are_not_inherited() {
    let xml = "<r lang='en' xmlns:p='urn:p' p:lang='en'><e/></r>";
    for uri in [INCLUSIVE, INCLUSIVE_11] {
        gives(uri, xml, "<e xmlns:p=\"urn:p\"></e>");
    }
}

#[test]
fn xml_base_is_inherited_by_1_0_and_joined_by_1_1() {
    let base = |outer: &str, own: &str| format!("<r xml:base='{outer}'><e{own}/></r>");
    let xml = base("http://a/b/c", " xml:base='d'");
    gives(EXCLUSIVE, &xml, "<e xml:base=\"d\"></e>");
    gives(INCLUSIVE, &xml, "<e xml:base=\"d\"></e>");
    gives(INCLUSIVE_11, &xml, "<e xml:base=\"http://a/b/d\"></e>");
    let xml = base("http://a/b/c", "");
    gives(INCLUSIVE, &xml, "<e xml:base=\"http://a/b/c\"></e>");
    gives(INCLUSIVE_11, &xml, "<e xml:base=\"http://a/b/c\"></e>");
    // From the inside outwards, through what is between.
    let xml = "<r xml:base='http://a/b/'><s xml:base='c/'><t><e xml:base='d'/></t></s></r>";
    gives(INCLUSIVE_11, xml, "<e xml:base=\"http://a/b/c/d\"></e>");
    gives(INCLUSIVE_11, &base("", ""), "<e></e>");
    // An attribute that is called so and has no namespace is another one.
    let xml = base("http://a/", " base='x' xml:lang='de'");
    let expected = "<e base=\"x\" xml:base=\"http://a/\" xml:lang=\"de\"></e>";
    gives(INCLUSIVE, &xml, expected);
    gives(INCLUSIVE_11, &xml, expected);
    // Only the apex inherits.
    gives(
        INCLUSIVE_11,
        "<r xml:base='http://a/'><e><f xml:base='g'/></e></r>",
        "<e xml:base=\"http://a/\"><f xml:base=\"g\"></f></e>",
    );
}

#[test]
fn an_element_is_left_out_with_all_inside() {
    let document =
        Document::parse(b"<a>1<b ID='_1'>x<c/><!-- y --></b>2<b/><d><b/></d></a>").unwrap();
    let root = document.root();
    let without = |element: Option<Element<'_>>| {
        String::from_utf8(method(EXCLUSIVE).octets(root, element).unwrap()).unwrap()
    };
    let b = root.children().next();
    assert_eq!(without(b), "<a>12<b></b><d><b></b></d></a>");
    let last = document.elements().last();
    assert_eq!(without(last), "<a>1<b ID=\"_1\">x<c></c></b>2<b></b><d></d></a>");
    assert_eq!(without(Some(root)), "", "nothing is left of an apex");
    // One that is not inside leaves everything as it is.
    let b = b.unwrap();
    let octets = method(EXCLUSIVE).octets(b, last).unwrap();
    assert_eq!(octets, b"<b ID=\"_1\">x<c></c></b>");
}

#[test]
fn what_is_around_the_root_has_lines_of_its_own() {
    let xml = "<!--1--><?p 2?><!--3--><a/><!--4--><?q?><!--5-->";
    assert_eq!(whole(INCLUSIVE, xml).as_deref(), Ok("<?p 2?>\n<a></a>\n<?q?>"));
    let kept = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
    assert_eq!(
        whole(kept, xml).as_deref(),
        Ok("<!--1-->\n<?p 2?>\n<!--3-->\n<a></a>\n<!--4-->\n<?q?>\n<!--5-->")
    );
    assert_eq!(whole(EXCLUSIVE, "\n<a/>\n").as_deref(), Ok("<a></a>"));
}

// Relative namespace names ----------------------------------------------------------------------

#[track_caller]
fn relative(result: Result<String, CanonicalizationError>, name: &str) {
    assert_eq!(result, Err(CanonicalizationError::RelativeNamespace { name: name.to_owned() }));
}

/// Canonical XML 1.0, 1.3; RFC 3986, 4.2: a reference without a scheme is relative.
#[test]
fn a_relative_namespace_name_is_refused() {
    for name in
        ["x", "x/y", "/x", "//x/y", "#x", "?x", "..", " urn:x", "1x:y", "x_y:z", "/a:b", ":"]
    {
        for method in Canonicalization::all() {
            relative(canonical(&method, &format!("<a xmlns='{name}'/>")), name);
            relative(canonical(&method, &format!("<p:a xmlns:p='{name}'/>")), name);
            relative(canonical(&method, &format!("<a xmlns:p='{name}' p:b=''/>")), name);
            relative(whole(method.uri(), &format!("<a><b xmlns='{name}'/></a>")), name);
        }
    }
}

#[test]
fn whatever_has_a_scheme_is_absolute() {
    for name in [
        "urn:oasis:names:tc:SAML:2.0:assertion",
        "http://a",
        "HTTPS://a/b",
        "x:",
        "a+b-c.1:é",
        "mailto:a@b",
    ] {
        all_give(&format!("<a xmlns='{name}'/>"), &format!("<a xmlns=\"{name}\"></a>"));
    }
    all_give("<a xmlns=''/>", "<a></a>");
}

/// What the octets do not have in them is not ambiguous: a declaration that nothing uses, outside
/// of what is canonicalized, or in what is left out.
#[test]
fn a_relative_namespace_name_that_is_not_written_does_no_harm() {
    let xml = "<r xmlns:x='x'><e/></r>";
    gives(EXCLUSIVE, xml, "<e></e>");
    relative(canonical(&method(INCLUSIVE), xml), "x");
    relative(canonical(&method(INCLUSIVE_11), xml), "x");
    let listed = Canonicalization { prefixes: vec!["x"], ..method(EXCLUSIVE) };
    relative(canonical(&listed, xml), "x");
    all_give("<r xmlns='x'><e xmlns='urn:e'/></r>", "<e xmlns=\"urn:e\"></e>");
    all_give("<r><s xmlns='x'/><e/></r>", "<e></e>");
    gives(EXCLUSIVE, "<e><f xmlns:x='x'/></e>", "<e><f></f></e>");
    let document = Document::parse(b"<a><s xmlns='x'/></a>").unwrap();
    for method in Canonicalization::all() {
        let octets = method.octets(document.root(), document.root().children().next());
        assert_eq!(octets.as_deref(), Ok(&b"<a></a>"[..]));
    }
}

#[test]
fn a_long_relative_name_is_cut_in_the_message() {
    let xml = format!("<a xmlns='{}'/>", "x".repeat(10_000));
    let message = canonical(&method(EXCLUSIVE), &xml).unwrap_err().to_string();
    assert!(message.starts_with("the namespace name \"xxx") && message.len() < 200, "{message}");
}

// The budget --------------------------------------------------------------------------------------

/// What a canonicalization takes from the budget: the least that lets it pass.
#[track_caller]
fn cost(method: &Canonicalization<'_>, xml: &str) -> usize {
    let with = |octets: usize| {
        let limits = Limits::default().canonical_octets(octets);
        let document = Document::parse_with(xml.as_bytes(), &limits).unwrap();
        let apex = document.elements().find(|element| element.name().local == "e");
        method.octets(apex.unwrap_or(document.root()), None)
    };
    let all: Vec<usize> = (0..10_000).collect();
    let least = all.partition_point(|&octets| with(octets).is_err());
    let refused = with(least - 1).unwrap_err();
    let CanonicalizationError::Limit(refused) = refused else { panic!("{refused}") };
    assert_eq!((refused.limit, refused.max), (Limit::CanonicalOctets, least - 1));
    assert_eq!(refused.to_string(), format!("over the limit of {} canonical octets", least - 1));
    least
}

/// Every document has two prefixes, none and `xml`, in the table that each walk makes.
const TABLE: usize = 2;

#[test]
fn what_is_written_is_paid_for() {
    for method in Canonicalization::all() {
        assert_eq!(
            cost(&method, "<a b='\"'>x&amp;</a>"),
            "<a b=\"&quot;\">x&amp;</a>".len() + TABLE
        );
    }
    // More than one instalment, in one piece and in many.
    let text = "x".repeat(5_000);
    assert_eq!(cost(&method(EXCLUSIVE), &format!("<a>{text}</a>")), 5_007 + TABLE);
    let many = "<b></b>".repeat(700);
    assert_eq!(cost(&method(EXCLUSIVE), &format!("<a>{many}</a>")), 4_907 + TABLE);
}

#[test]
fn what_is_passed_over_is_paid_for() {
    let (plain, inclusive) = (method(EXCLUSIVE), method(INCLUSIVE));
    let apex = "<e></e>".len() + TABLE;
    assert_eq!(cost(&plain, "<e><!----><!--long--></e>"), apex + 2, "comments");
    // Two more prefixes in the table; two declarations looked at, neither written.
    let xml = "<r xmlns:p='urn:p' xmlns:q='urn:q'><e/></r>";
    assert_eq!(cost(&plain, xml), apex + 2);
    let written = " xmlns:p=\"urn:p\" xmlns:q=\"urn:q\"".len();
    assert_eq!(cost(&inclusive, xml), apex + 2 + 2 + written);
    // The list, with a space for each prefix of it, and the names that it is compared with: `p`,
    // `q` and `xml`. The declarations are looked at.
    let list = Canonicalization { prefixes: vec!["no", "nor"], ..plain.clone() };
    assert_eq!(cost(&list, xml), apex + 2 + (3 + 4) + (1 + 1 + 3) + 2);
    // A declaration that says again what is said already.
    assert_eq!(
        cost(&inclusive, "<e xmlns='urn:d'><f xmlns='urn:d'/></e>"),
        "<e xmlns=\"urn:d\"><f></f></e>".len() + TABLE + 2
    );
    // Attributes around the apex, of which none is inherited.
    assert_eq!(cost(&inclusive, "<r a='' b=''><s c=''><e/></s></r>"), apex + 3);
    // Values that are joined, both of them.
    let joined = "<e xml:base=\"http://a/b\"></e>".len() + TABLE;
    let xml = "<r xml:base='http://a/'><e xml:base='b'/></r>";
    assert_eq!(cost(&method(INCLUSIVE_11), xml), joined + 1 + "http://a/".len() + 1);
    // What is left out, with all inside it.
    let limits = Limits::default().canonical_octets(apex + 1);
    let document = Document::parse_with(b"<e><f><g/></f></e>", &limits).unwrap();
    let f = document.root().children().next();
    assert_eq!(plain.octets(document.root(), f).as_deref(), Ok(&b"<e></e>"[..]));
    // Comments beside the root.
    for (octets, is_enough) in [(apex, false), (apex + 1, true)] {
        let limits = Limits::default().canonical_octets(octets);
        let document = Document::parse_with(b"<!-- c --><e/>", &limits).unwrap();
        assert_eq!(plain.document(&document, |_| ()).is_ok(), is_enough);
    }
}

#[test]
fn all_canonicalizations_of_a_document_have_one_budget() {
    let limits = Limits::default().canonical_octets(3 * ("<a></a>".len() + TABLE));
    let document = Document::parse_with(b"<a/>", &limits).unwrap();
    let root = document.root();
    assert!(method(EXCLUSIVE).octets(root, None).is_ok());
    assert!(method(INCLUSIVE).element(root, None, |_| ()).is_ok());
    assert!(method(INCLUSIVE_11).document(&document, |_| ()).is_ok());
    let mut pieces = 0;
    let refused = method(EXCLUSIVE).element(root, None, |_| pieces += 1).unwrap_err();
    let CanonicalizationError::Limit(refused) = refused else { panic!("{refused}") };
    assert_eq!(refused.limit, Limit::CanonicalOctets);
    // Now that the account is over its limit, nothing is begun.
    let mut after = 0;
    assert!(method(EXCLUSIVE).element(root, None, |_| after += 1).is_err());
    assert!(method(EXCLUSIVE).document(&document, |_| after += 1).is_err());
    assert_eq!(after, 0);
    assert!(pieces < 10);
}

#[test]
fn a_sink_gets_no_more_than_one_instalment_over_the_limit() {
    let xml = format!("<a>{}</a>", "<b>text</b>".repeat(10_000));
    let limits = Limits::default().canonical_octets(10_000).nodes(usize::MAX);
    let document = Document::parse_with(xml.as_bytes(), &limits).unwrap();
    let mut given = 0;
    let result = method(EXCLUSIVE).element(document.root(), None, |piece| given += piece.len());
    assert!(result.is_err());
    assert!((5_000..=14_096).contains(&given), "{given}");
    // A relative name ends the writing as well, and what was written until then is paid for.
    let xml = format!("<a><p:b xmlns:p='x'>{}</p:b></a>", "<b/>".repeat(1000));
    let document = Document::parse(xml.as_bytes()).unwrap();
    let mut given = 0;
    let result = method(EXCLUSIVE).element(document.root(), None, |piece| given += piece.len());
    assert!(result.is_err());
    assert!(given < 20, "{given}");
}

/// Whoever asks again and again for a form that there is not pays each time.
#[test]
fn what_was_written_before_a_relative_name_is_paid_for() {
    let limits = Limits::default().canonical_octets(50);
    let document = Document::parse_with(b"<a><p:b xmlns:p='x'/></a>", &limits).unwrap();
    // Three prefixes, and `<a><p:b xmlns:p="`.
    let cost = 3 + 17;
    let errors: Vec<CanonicalizationError> =
        (0..3).map(|_| method(EXCLUSIVE).octets(document.root(), None).unwrap_err()).collect();
    for (round, error) in errors.into_iter().enumerate() {
        let is_within = (round + 1) * cost <= 50;
        assert_eq!(matches!(error, CanonicalizationError::RelativeNamespace { .. }), is_within);
    }
}
