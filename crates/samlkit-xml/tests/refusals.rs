//! What is refused, under which rule and at which byte, each beside what comes close and is good.
#![allow(missing_docs, clippy::panic, clippy::string_slice, reason = "tests")]

use samlkit_xml::{Document, Error, ErrorKind, Limits};

fn refusal(bytes: &[u8]) -> Error {
    match Document::parse(bytes) {
        Err(error) => error,
        Ok(_) => panic!("accepted {:?}", String::from_utf8_lossy(bytes)),
    }
}

/// Each input with the rule and the offset of its refusal.
fn refused(rule: &str, cases: &[(&str, usize)]) {
    for (xml, offset) in cases {
        let error = refusal(xml.as_bytes());
        assert_eq!((error.rule(), error.position.offset), (rule, *offset), "{xml:?}: {error}");
        assert!(!error.to_string().is_empty());
    }
}

fn good(cases: &[&str]) {
    for xml in cases {
        if let Err(error) = Document::parse(xml.as_bytes()) {
            panic!("refused {xml:?}: {} {error} at {}", error.rule(), error.position);
        }
    }
}

#[test]
fn tags_and_structure() {
    refused(
        "xml.syntax",
        &[
            ("", 0),
            (" \r\n\t", 0),
            ("\u{FEFF}", 3),
            ("<a>", 3),
            ("<a><b></a>", 6),
            ("<a></a></a>", 7),
            ("</a>", 0),
            ("<a/><b/>", 4),
            ("<a/>text", 4),
            ("text<a/>", 0),
            ("<a/>&amp;", 4),
            ("<a/>&#32;", 4),
            ("<a/><![CDATA[ ]]>", 4),
            ("<!-- only -->", 13),
            ("<a", 0),
            ("< a/>", 1),
            ("<>", 1),
            ("<1a/>", 1),
            ("<-a/>", 1),
            ("<a></ a>", 3),
            ("<a></a b='1'>", 3),
            ("<a></a", 3),
            ("<a / >", 3),
            ("<a/ >", 2),
            ("<a>x & y</a>", 5),
            ("<a>&</a>", 3),
            ("<a>&lt</a>", 3),
            ("<a>& lt;</a>", 3),
            ("<a>&#;</a>", 3),
            ("<a>&#x;</a>", 3),
            ("<a>&#X41;</a>", 3),
            ("<a>&#1f;</a>", 3),
            ("<a>]]></a>", 3),
            ("<a>x]]>y</a>", 4),
        ],
    );
    good(&[
        "<a/>",
        "\u{FEFF}<a/>",
        " \n<a/>\r\n ",
        "<a></a \r\n\t>",
        "<a\n/>",
        "<a>]] ></a>",
        "<a>]]&gt;</a>",
        "<a>x > y ]> z</a>",
        "<a>&lt;&gt;&amp;&apos;&quot;</a>",
        "<a>&#65;&#x41;&#x000000000041;</a>",
        "<_a.-·é/>",
    ]);
}

#[test]
fn attributes() {
    refused(
        "xml.syntax",
        &[
            ("<a b/>", 4),
            ("<a b=1/>", 5),
            ("<a b=c='1'/>", 5),
            ("<a b='1'c='2'/>", 8),
            ("<a b=\"1\"c=\"2\"/>", 8),
            ("<a'1'/>", 2),
            ("<a ='1'/>", 3),
            ("<a 1b='1'/>", 3),
            ("<a b='x<y'/>", 7),
            ("<a b='x&y'/>", 7),
            ("<a b='&amp'/>", 6),
            ("<a b='1' / c='2'/>", 9),
            ("<a b='1", 0),
            ("<a b='1'></a c='1'>", 9),
        ],
    );
    refused(
        "xml.attribute",
        &[
            ("<a b='1' b='1'/>", 9),
            ("<a xmlns:p='u' xmlns:p='v'/>", 15),
            ("<a xmlns='u' xmlns='u'/>", 13),
            ("<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>", 34),
            ("<a p:b='' q:b='' xmlns:p='u&amp;' xmlns:q='u&#38;'/>", 10),
        ],
    );
    good(&[
        "<a b = '1'\n\tc='2'/>",
        "<a b='x>y' c='\"' d=\"'\"/>",
        "<a xmlns:p='u' xmlns:q='v' p:b='' q:b='' b=''/>",
        "<a xmlns='u' xmlns:p='u' b='' p:b=''/>",
        "<a xmlns:p='u'><b xmlns:p='u'/></a>",
        "<a B='' b=''/>",
    ]);
    // More attributes than are compared pairwise.
    let many: String = (0..40).map(|n| format!(" b{n}=''")).collect();
    good(&[&format!("<a{many}/>")]);
    refused("xml.attribute", &[(&format!("<a{many} b7=''/>"), 2 + many.len() + 1)]);
}

#[test]
fn comments_sections_and_instructions() {
    refused(
        "xml.syntax",
        &[
            ("<a><!-- a -- b --></a>", 10),
            ("<a><!-- a ---></a>", 10),
            ("<a><!--></a>", 3),
            ("<a><!---></a>", 3),
            ("<a><!-- </a>", 3),
            ("<a><!- x --></a>", 3),
            ("<a><![CDATA[ </a>", 3),
            ("<a><![cdata[ ]]></a>", 3),
            ("<a><!ELEMENT b ANY></a>", 3),
            ("<a><?xml version='1.0'?></a>", 3),
            ("<a><?XML x?></a>", 3),
            ("<a><?xMl?></a>", 3),
            (" <?xml version='1.0'?><a/>", 1),
            ("<a><? x?></a>", 5),
            ("<a><?1?></a>", 5),
            ("<a><?b", 3),
            ("<a><?b></a>", 3),
            ("<a><?b'?></a>", 5),
            ("<a><??></a>", 5),
        ],
    );
    refused("xml.namespace", &[("<a><?b:c x?></a>", 5)]);
    good(&[
        "<!-- a - b --><?b?><a/><!----><?c d?>",
        "<a><![CDATA[]]></a>",
        "<a><![CDATA[<&]]]]><![CDATA[>]]></a>",
        "<a><?b > <x> ? ?></a>",
        "<a><?xml-stylesheet href='x'?></a>",
    ]);
}

#[test]
fn document_types_are_refused_wherever_they_stand() {
    refused(
        "xml.doctype",
        &[
            ("<!DOCTYPE a><a/>", 0),
            ("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 22),
            ("<!DOCTYPE", 0),
            ("<a><!DOCTYPE a></a>", 3),
            ("<a/><!DOCTYPE a>", 4),
        ],
    );
    refused("xml.syntax", &[("<!doctype a><a/>", 0)]);
    good(&["<a>&lt;!DOCTYPE a></a>", "<!--<!DOCTYPE a>--><a/>"]);
}

#[test]
fn entities_and_characters() {
    refused(
        "xml.entity",
        &[("<a>&nbsp;</a>", 3), ("<a b='&b;'/>", 6), ("<a>&LT;</a>", 3), ("<a>&b:c;</a>", 3)],
    );
    refused(
        "xml.character",
        &[
            ("<a>\u{0}</a>", 3),
            ("<a b='\u{1F}'/>", 6),
            ("<a><!-- \u{8} --></a>", 8),
            ("<a>\u{FFFE}</a>", 3),
            ("<a>&#0;</a>", 3),
            ("<a>&#8;</a>", 3),
            ("<a>&#xD800;</a>", 3),
            ("<a>&#xFFFF;</a>", 3),
            ("<a>&#x110000;</a>", 3),
            ("<a>&#99999999999999999999;</a>", 3),
            ("<a b='&#x1;'/>", 6),
        ],
    );
    good(&["<a>\t\u{7F}\u{85}\u{FFFD}\u{10FFFF}&#9;&#xD7FF;&#xE000;&#x10FFFF;</a>"]);
}

#[test]
fn encodings() {
    refused(
        "xml.encoding",
        &[
            ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", 30),
            ("<?xml version='1.0' encoding='UTF-7'?><a/>", 30),
            ("<?xml version='1.0' encoding='UTF-16'?><a/>", 30),
            ("<?xml version='1.0' encoding=''?><a/>", 30),
            ("<?xml version='1.0' encoding='us-ascii'?><a>é</a>", 30),
        ],
    );
    let cases: [(&[u8], usize); 7] = [
        (b"<a>\xFF</a>", 3),
        (b"<a>\n\xC0\xAF</a>", 4),
        (b"<a>\xED\xA0\x80</a>", 3),
        (b"\xFF\xFE\0\0<\0\0\0", 0),
        (b"<\0a\0/\0>\0", 0),
        (b"\xFE\xFF\0<\xD8\0", 4),
        (b"\xFF\xFE<\0a\0/\0>\0\0", 10),
    ];
    for (bytes, offset) in cases {
        let error = refusal(bytes);
        assert_eq!((error.rule(), error.position.offset), ("xml.encoding", offset), "{bytes:?}");
    }
    // Latin-1 is named even where the bytes are what gives it away.
    let error = refusal(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>");
    assert!(
        matches!(&error.kind, ErrorKind::DeclaredEncoding { declared } if declared == "ISO-8859-1")
    );

    good(&[
        "<?xml version='1.0' encoding='utf-8'?><a>é</a>",
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?><a/>",
        "<?xml version='1.0' encoding='US-ASCII'?><a/>",
        "<?xml version='1.0' standalone='yes'?><a/>",
        "<?xml version='1.0'?><a/>",
    ]);
    refused(
        "xml.syntax",
        &[
            ("<?xml?><a/>", 5),
            ("<?xml version='1.1'?><a/>", 15),
            ("<?xml version='2.0'?><a/>", 15),
            ("<?xml encoding='UTF-8'?><a/>", 5),
            ("<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>", 37),
            ("<?xml version='1.0' standalone='maybe'?><a/>", 32),
            ("<?xml version='1.0'encoding='UTF-8'?><a/>", 19),
            ("<?xml version='1.0' x='y'?><a/>", 20),
            ("<?xml version='1.0'", 0),
        ],
    );
}

#[test]
fn utf_16_is_read_and_offsets_are_those_of_its_bytes() {
    let text = "\u{FEFF}<?xml version='1.0' encoding='UTF-16'?>\n<a b='é😀'><c/></a>";
    for big in [true, false] {
        let bytes: Vec<u8> = text
            .encode_utf16()
            .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
            .collect();
        let document = Document::parse(&bytes).unwrap();
        assert!(document.has_byte_order_mark());
        assert_eq!(document.root().attribute("b").unwrap().value(), "é😀");
        let position = document.root().children().next().unwrap().position();
        assert_eq!((position.line, position.column), (2, 11));
        let before = "\u{FEFF}<?xml version='1.0' encoding='UTF-16'?>\n<a b='é😀'>";
        assert_eq!(position.offset, before.encode_utf16().count() * 2);
    }
    let mut lying = vec![0xFF, 0xFE];
    lying.extend(
        "<?xml version='1.0' encoding='utf-8'?><a/>".encode_utf16().flat_map(u16::to_le_bytes),
    );
    assert_eq!(refusal(&lying).rule(), "xml.encoding");
}

#[test]
fn namespaces() {
    refused(
        "xml.namespace",
        &[
            ("<p:a/>", 1),
            ("<a p:b=''/>", 3),
            ("<a><b xmlns:p='u'/><p:c/></a>", 20),
            ("<a xmlns:p=''/>", 3),
            ("<a xmlns:xml='u'/>", 3),
            ("<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", 3),
            ("<a xmlns='http://www.w3.org/XML/1998/namespace'/>", 3),
            ("<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>", 3),
            ("<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", 3),
            ("<a xmlns='http://www.w3.org/2000/xmlns/'/>", 3),
            ("<:a/>", 1),
            ("<a:/>", 1),
            ("<a xmlns:b='u' b:c:d=''/>", 15),
            ("<a xmlns:b='u' b:1=''/>", 15),
            ("<a xmlns:='u'/>", 3),
            ("<xmlns:a/>", 1),
        ],
    );
    good(&[
        "<p:a xmlns:p='u'/>",
        "<a p:b='' xmlns:p='u'/>",
        "<a xmlns='u'><b xmlns=''/></a>",
        "<a xml:lang='en' xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        "<xml:a/>",
    ]);
}

#[test]
fn limits_hold_at_the_limit_and_break_one_above() {
    let limits = Limits::default().depth(3).attributes(2).namespaces(1).size(60);
    let parse = |xml: &str| Document::parse_with(xml.as_bytes(), &limits).map(|_| ());
    for good in [
        "<a><b><c/></b></a>",
        "<a b='' c=''/>",
        "<a xmlns:p='u'/>",
        &format!("<a>{}</a>", "x".repeat(53)),
    ] {
        assert_eq!(parse(good), Ok(()), "{good}");
    }
    for over in [
        "<a><b><c><d/></c></b></a>",
        "<a b='' c='' d=''/>",
        "<a xmlns:p='u' xmlns:q='u'/>",
        &format!("<a>{}</a>", "x".repeat(54)),
    ] {
        let error = parse(over).unwrap_err();
        assert_eq!(error.rule(), "xml.limit", "{over}");
        assert!(error.to_string().starts_with("over the limit of "), "{error}");
    }
}

#[test]
fn nodes_are_counted_whatever_they_are() {
    let limits = Limits::default().nodes(3);
    let parse = |xml: &str| Document::parse_with(xml.as_bytes(), &limits).map(|_| ());
    for good in
        ["<a><b/><c/></a>", "<a>x<b/></a>", "<?p?><!-- c --><a/>", "<a>x&amp;<![CDATA[y]]><b/></a>"]
    {
        assert_eq!(parse(good), Ok(()), "{good}");
    }
    for (over, offset) in [
        ("<a><b/><c/><d/></a>", 11),
        ("<a>x<b/>y</a>", 8),
        ("<a><b/><c/>&lt;&gt;</a>", 11),
        ("<a><b/><c/><!----></a>", 11),
        ("<a><b/><c/></a><?p?>", 15),
        ("<a><b/><c/>x<![CDATA[y]]></a>", 11),
    ] {
        let error = parse(over).unwrap_err();
        assert_eq!(error.to_string(), "over the limit of 3 nodes", "{over}");
        assert_eq!(error.position.offset, offset, "{over}");
    }
    // By default, one for each 16 bytes and 10,000.
    let xml = |nodes: usize| format!("<a>{}</a>{}", "<b/>".repeat(nodes - 1), " ".repeat(9));
    for (nodes, is_good) in [(13_334, true), (13_336, false)] {
        assert_eq!(Document::parse(xml(nodes).as_bytes()).is_ok(), is_good, "{nodes}");
    }
}

/// One of each kind that quotes the input, with a name of 10,000 characters in it.
#[test]
fn messages_cut_what_is_long() {
    let long = "n".repeat(10_000);
    for (xml, starts) in [
        (format!("<{long}>"), "the document ends inside <nnn"),
        (format!("<{long}></x>"), "found </x>, expected </nnn"),
        (format!("<a></{long}>"), "found </nnn"),
        (format!("</{long}>"), "found </nnn"),
        (format!("<a/>{long}"), "found text outside the root element: \"nnn"),
        (format!("<a/><{long}/>"), "found a second root element <nnn"),
        (format!("<a {long}/>"), "expected `=` after the attribute name, found"),
        (format!("<a {long}=1/>"), "expected a quoted attribute value"),
        (format!("<a ={long}/>"), "expected an attribute name, found \"=nnn"),
        (format!("<a><?1{long}?></a>"), "expected a processing instruction's name, found \"1nnn"),
        (format!("<a b=''{long}=''/>"), "expected white space before the attribute, found \"nnn"),
        (format!("<a {long}='<'/>"), "the value of attribute nnn"),
        (format!("<?xml version='{long}'?><a/>"), "found XML version \"nnn"),
        (format!("<a>& {long}</a>"), "found an `&` that begins no reference"),
        (format!("<a>&#{long};</a>"), "found an `&` that begins no reference"),
        (format!("<!{long}>"), "found \"<!nnn"),
        (format!("<a>&{long};</a>"), "the entity &nnn"),
        (format!("<a b='&{long};'/>"), "the entity &nnn"),
        (format!("<a>&#{};</a>", long.replace('n', "9")), "the reference &#999"),
        (format!("<?xml version='1.0' encoding='{long}'?><a/>"), "the XML declaration names the"),
        (format!("<a {long}='' {long}=''/>"), "the attribute nnn"),
        (format!("<a xmlns:{long}='u' xmlns:{long}='v'/>"), "the attribute xmlns:nnn"),
        (format!("<a xmlns:p='u' xmlns:q='u' p:{long}='' q:{long}=''/>"), "the attribute q:nnn"),
        (format!("<{long}:a/>"), "the prefix \"nnn"),
        (format!("<a b:{long}=''/>"), "the prefix \"b\" of b:nnn"),
        (format!("<a xmlns:{long}=''/>"), "xmlns:nnn"),
        (format!("<a xmlns:xml='{long}'/>"), "the declaration xmlns:xml='nnn"),
        (format!("<a:{long}:b/>"), "\"a:nnn"),
        (format!("<a><?b:{long}?></a>"), "the processing instruction target \"b:nnn"),
    ] {
        let error = refusal(xml.as_bytes());
        let message = error.to_string();
        assert!(message.starts_with(starts), "{starts}: {message}");
        assert!(message.len() < 250, "{starts}: {} bytes", message.len());
        // The values themselves are cut, for whoever writes a message of their own.
        assert!(format!("{error:?}").len() < 400, "{error:?}");
    }
    // A declaration is looked for in bytes that are no UTF-8 as well, as far as 200 of them.
    let mut latin = format!("<?xml version='1.0' encoding='{}'?><a>", &long[..150]).into_bytes();
    latin.push(0xE9);
    let message = refusal(&latin).to_string();
    assert!(message.contains("\"nnn") && message.len() < 150, "{message}");
}
