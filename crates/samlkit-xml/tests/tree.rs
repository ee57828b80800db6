//! What the tree says of a document: names, values, text, ranges, IDs.
#![allow(missing_docs, clippy::unwrap_used, clippy::string_slice, reason = "tests")]

use samlkit_xml::{Document, Node};

fn parse(xml: &str) -> Document<'_> {
    Document::parse(xml.as_bytes()).unwrap()
}

#[test]
fn values_and_line_ends_are_normalized_by_the_specification() {
    let document = parse("<a b=' x\ty\r\nz\n&#10;&#x9;&amp;&lt; ' c=\"\r\">1\r\n2\r3&#13;4</a>");
    let root = document.root();
    assert_eq!(root.attribute("b").unwrap().value(), " x y z \n\t&< ");
    assert_eq!(root.attribute("c").unwrap().value(), " ");
    assert_eq!(root.text(), "1\n2\n3\r4");
}

#[test]
fn text_is_whole_whatever_stands_in_it() {
    let document = parse("<a>user@x<!-- cut -->.evil<?pi?>.com<![CDATA[ & ]]>&gt;<b>in</b>!</a>");
    assert_eq!(document.root().text(), "user@x.evil.com & >!");
    let nodes: Vec<String> = document.root().nodes().map(|n| format!("{n:?}")).collect();
    assert_eq!(nodes.len(), 7, "{nodes:?}");
    assert!(matches!(document.root().nodes().nth(4), Some(Node::Text(".com & >"))));
    let sections = parse("<a><![CDATA[<]]>x</a>");
    assert_eq!(sections.root().text(), "<x");
    assert_eq!(sections.root().nodes().count(), 1);
    assert_eq!(parse("<a><![CDATA[]]></a>").root().nodes().count(), 0);
    let borrowed = parse("<a>plain</a>");
    assert!(matches!(borrowed.root().text(), std::borrow::Cow::Borrowed("plain")));
}

#[test]
fn names_carry_prefix_and_namespace() {
    let document = parse(
        "<p:a xmlns:p='u' xmlns='d' p:x='1' y='2'><b/><c xmlns='' xmlns:p='v'><p:d/></c></p:a>",
    );
    let root = document.root();
    assert!(root.is("u", "a") && !root.is("d", "a"));
    assert_eq!(root.name().to_string(), "p:a");
    assert_eq!(root.attribute_in("u", "x").unwrap().value(), "1");
    assert!(root.attribute("x").is_none() && root.attribute_in("d", "y").is_none());
    let names: Vec<(&str, &str)> =
        document.elements().map(|e| (e.name().namespace, e.name().local)).collect();
    assert_eq!(names, [("u", "a"), ("d", "b"), ("", "c"), ("v", "d")]);
    let d = document.elements().last().unwrap();
    assert_eq!(d.namespace_of_prefix("p"), Some("v"));
    assert_eq!(d.namespace_of_prefix(""), None);
    assert_eq!(root.namespace_of_prefix(""), Some("d"));
    assert_eq!(d.namespace_of_prefix("xml"), Some("http://www.w3.org/XML/1998/namespace"));
    assert_eq!(d.namespace_of_prefix("q"), None);
    let declared: Vec<_> = root.namespace_declarations().map(|n| (n.prefix, n.namespace)).collect();
    assert_eq!(declared, [("p", "u"), ("", "d")]);
    assert_eq!(d.parent().unwrap().parent(), Some(root));
    assert!(root.parent().is_none());
}

#[test]
fn ranges_are_those_of_the_input() {
    let xml = "\u{FEFF}<a>\n <b  c = 'é' >t</b></a>";
    let document = parse(xml);
    let b = document.root().children().next().unwrap();
    assert_eq!(&xml[b.range()], "<b  c = 'é' >t</b>");
    assert_eq!(&xml[b.start_tag_range()], "<b  c = 'é' >");
    assert_eq!(&xml[b.content_range()], "t");
    let c = b.attribute("c").unwrap();
    assert_eq!((&xml[c.range()], &xml[c.value_range()]), ("c = 'é'", "é"));
    assert_eq!((b.position().line, b.position().column), (2, 2));
    assert_eq!(document.root().range(), 3..xml.len());
    let xml = "<a xmlns:pre='urn:p' pre:c='&amp;' é = \"'\" pre:d=''/>";
    let document = parse(xml);
    let ranges = document.root().attributes().map(|a| (&xml[a.range()], &xml[a.value_range()]));
    assert_eq!(
        ranges.collect::<Vec<_>>(),
        [("pre:c='&amp;'", "&amp;"), ("é = \"'\"", "'"), ("pre:d=''", "")]
    );
    let empty = parse("<a><b/></a>");
    assert_eq!(empty.root().children().next().unwrap().content_range(), 7..7);
}

#[test]
fn children_skip_what_is_deeper() {
    let document = parse("<a><b><c/><d/></b>x<e><f><g/></f></e></a>");
    let local = |e: samlkit_xml::Element<'_>| e.name().local.to_owned();
    assert_eq!(document.root().children().map(local).collect::<Vec<_>>(), ["b", "e"]);
    let e = document.root().children().nth(1).unwrap();
    assert_eq!(e.descendants().map(local).collect::<Vec<_>>(), ["e", "f", "g"]);
}

#[test]
fn ids_are_found_under_every_name_that_anybody_treats_as_one() {
    let document =
        parse("<a ID='1' xmlns:u='urn:u'><b Id='2'/><c id='1'/><d xml:id='2'/><e u:Id='1'/></a>");
    let pairs: Vec<_> = document
        .duplicate_ids()
        .map(|(a, b)| (a.name().local.to_owned(), b.name().local.to_owned()))
        .collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(pairs, [("a", "c"), ("a", "e"), ("b", "d")]);
    assert_eq!(document.duplicate_id_count(), 3);
    assert_eq!(document.element_by_id("1"), Some(document.root()));
    assert!(document.element_by_id("3").is_none());
    // The same element may say its ID twice; different values and other attributes are no IDs.
    let fine = parse("<a ID='1' xml:id='1'><b ID='2' AssertionIDRef='1'/><c id=''/><d id=''/></a>");
    assert_eq!((fine.duplicate_ids().count(), fine.duplicate_id_count()), (0, 0));
    // Two elements that share two IDs are one pair.
    let both = parse("<a ID='1' Id='2'><b ID='2' Id='1'/></a>");
    assert_eq!((both.duplicate_ids().count(), both.duplicate_id_count()), (1, 1));
}
