//! The worst that an input can be: twice the input takes at most 2.2 times the time, and no input
//! within the limits takes more than 12 times its size in memory, and 1 MB.
//!
//! Time is what the thread had on a processor, at best of several runs, so other work of the
//! machine does not fail a test. Anything quadratic takes four times as long for twice the input.
#![allow(clippy::disallowed_methods, reason = "these tests measure time")]
#![allow(missing_docs, clippy::panic, clippy::unwrap_used, reason = "tests")]
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions, reason = "tests")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use allocation_counter::measure;
use samlkit_xml::{Canonicalization, CanonicalizationError, DUPLICATE_IDS_KEPT, Document, Limits};

const MB: usize = 1_000_000;
/// How much longer twice the input may take.
const AT_MOST: f64 = 2.2;
/// Both sizes are measured as often as this before they are found to be too far apart.
const ROUNDS: usize = 15;
/// Octets of memory for each byte of the input, and those that are always allowed.
const MEMORY_FACTOR: usize = 12;
const MEMORY_ALWAYS: usize = MB;

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

fn open_limits() -> Limits {
    let limits = Limits::default().depth(usize::MAX).attributes(usize::MAX);
    limits.namespaces(usize::MAX).nodes(usize::MAX)
}

/// Time that this thread has had on a processor; where the system does not say, time by the clock.
fn processor_time(begin: Instant) -> Duration {
    // The sum is brought up to date when the thread gives up the processor.
    std::thread::yield_now();
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = statistics.split(' ').next().and_then(|first| first.parse().ok());
    nanoseconds.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

fn seconds(work: &dyn Fn(&str), xml: &str) -> f64 {
    let begin = Instant::now();
    let before = processor_time(begin);
    work(xml);
    (processor_time(begin) - before).as_secs_f64()
}

/// `work` with what `make` gives for `size`, and for twice that.
fn linear(work: &dyn Fn(&str), make: &dyn Fn(usize) -> String, size: usize) {
    let (small, large) = (make(size), make(size * 2));
    let (mut fast, mut slow) = (f64::MAX, f64::MAX);
    for round in 1..=ROUNDS {
        fast = fast.min(seconds(work, &small));
        slow = slow.min(seconds(work, &large));
        if round > 1 && slow <= fast * AT_MOST {
            println!("{fast:.3} s became {slow:.3} s, {:.2} times", slow / fast);
            return;
        }
    }
    panic!("{fast} s became {slow} s at twice the size, {:.2} times", slow / fast);
}

fn read(xml: &str) {
    let document = Document::parse_with(xml.as_bytes(), &open_limits()).unwrap();
    assert!(document.duplicate_ids().count() <= DUPLICATE_IDS_KEPT);
}

fn read_within_limits(xml: &str) {
    assert_eq!(Document::parse(xml.as_bytes()).unwrap_err().rule(), "xml.limit");
}

/// Canonicalizes the children of the root one by one; how many there is a form of.
fn each_child(uri: &str, document: &Document<'_>) -> usize {
    let method = Canonicalization::by_uri(uri).unwrap();
    let canonical = |child| match method.element(child, None, |_| ()) {
        Ok(()) => true,
        Err(CanonicalizationError::Limit(_)) => false,
        Err(error) => panic!("{error}"),
    };
    document.root().children().filter(|&child| canonical(child)).count()
}

fn read_and_canonicalize_each_child(xml: &str) {
    let document = Document::parse(xml.as_bytes()).unwrap();
    each_child(INCLUSIVE, &document);
}

/// Elements with 100 declarations each, a prefix and a name of its own for each.
fn prefixes(size: usize) -> String {
    let mut xml = "<root>".to_owned();
    let mut number = 0;
    while xml.len() < size {
        xml.push_str("<e");
        for _ in 0..100 {
            write!(xml, " xmlns:p{number:x}='u:{number:x}'").unwrap();
            number += 1;
        }
        xml.push_str("/>");
    }
    xml + "</root>"
}

/// Half of it is namespace names on the root, the other half elements of 600 bytes.
fn entities(size: usize) -> String {
    let mut xml = "<root".to_owned();
    for number in 0..100 {
        write!(xml, " xmlns:p{number}='urn:{number}:{}'", "x".repeat(size / 200)).unwrap();
    }
    xml.push('>');
    xml.push_str(&format!("<entity>{}</entity>", "t".repeat(583)).repeat(size / 1200));
    xml + "</root>"
}

fn inside(piece: &str, size: usize) -> String {
    format!("<a>{}</a>", piece.repeat(size / piece.len()))
}

// Time --------------------------------------------------------------------------------------------

#[test]
fn attributes_on_one_element() {
    let make =
        |n: usize| format!("<a{}/>", (0..n).map(|i| format!(" b{i:06}=''")).collect::<String>());
    linear(&read, &make, 20_000);
}

#[test]
fn namespace_declarations_on_one_element_and_their_use() {
    let make = |n: usize| {
        let declared: String = (0..n).map(|i| format!(" xmlns:p{i:06}='urn:{i}'")).collect();
        let used: String = (0..n).map(|i| format!("<p{i:06}:b/>")).collect();
        format!("<a{declared}>{used}</a>")
    };
    linear(&read, &make, 10_000);
}

#[test]
fn nested_elements_each_with_a_declaration() {
    let make = |n: usize| {
        let open: String = (0..n).map(|i| format!("<p:a xmlns:p{i}='u' xmlns:p='v{i}'>")).collect();
        open + &"</p:a>".repeat(n)
    };
    linear(&read, &make, 10_000);
}

#[test]
fn nested_elements() {
    linear(&read, &|n| "<a>".repeat(n) + &"</a>".repeat(n), 20_000);
}

#[test]
fn one_text_node() {
    linear(&read, &|n| inside("text ]] > ", n), 4 * MB);
    linear(&read, &|n| inside("é\r\n&amp;<![CDATA[]]]]>", n), MB);
}

#[test]
fn base64_on_lines() {
    linear(&read, &|n| inside("TUlJQyt6Q0NBZU9n\n", n), 4 * MB);
    linear(&read, &|n| format!("<a b='{}'/>", "TUlJQyt6Q0NBZU9n\n".repeat(n / 17)), MB);
}

#[test]
fn elements_comments_and_ids_by_the_thousand() {
    linear(&read, &|n| inside("<a/>", n), MB / 2);
    linear(&read, &|n| inside("<!-- > - > -->x", n), MB);
    linear(&read, &|n| inside("<!---->", n), MB);
    linear(&read, &|n| inside("<b ID='_same'/>", n), MB / 2);
    linear(&read, &|n| inside("<b ID='_1'/><b ID='_2'/><b ID='_3'/>", n), MB / 2);
}

#[test]
fn elements_over_the_limit() {
    linear(&read_within_limits, &|n| inside("<a/>", n), 2 * MB);
}

#[test]
fn distinct_prefixes() {
    linear(&read, &prefixes, MB);
    // Each element makes a table of all prefixes, until the budget is used up.
    linear(&read_and_canonicalize_each_child, &prefixes, MB / 2);
}

#[test]
fn elements_canonicalized_one_by_one_under_long_namespace_names() {
    linear(&read_and_canonicalize_each_child, &entities, MB);
    let xml = entities(2 * MB);
    let document = Document::parse(xml.as_bytes()).unwrap();
    assert_eq!(document.root().children().count(), 1_666);
    // Each is 1 MB, and 17 MB are allowed. A method that leaves out what is not used has no trouble.
    assert_eq!(each_child(INCLUSIVE, &document), 17);
    let document = Document::parse(xml.as_bytes()).unwrap();
    assert_eq!(each_child(EXCLUSIVE, &document), 1_666);
}

#[test]
fn positions_of_a_document_on_one_line() {
    let positions = |xml: &str| {
        let document = Document::parse_with(xml.as_bytes(), &open_limits()).unwrap();
        let columns: usize =
            document.elements().map(|e| usize::try_from(e.position().column).unwrap()).sum();
        assert!(columns > 0);
    };
    linear(&positions, &|n| inside("<b c='d'/>", n), MB / 20);
}

// Memory ------------------------------------------------------------------------------------------

/// Reads within the default limits, and does with the document what a verifier would.
fn read_and_use(bytes: &[u8]) {
    let Ok(document) = Document::parse(bytes) else { return };
    for uri in [EXCLUSIVE, INCLUSIVE] {
        let method = Canonicalization::by_uri(uri).unwrap();
        _ = method.element(document.root(), None, |_| ());
    }
    assert!(document.duplicate_ids().count() <= DUPLICATE_IDS_KEPT);
    _ = document.root().position();
}

#[track_caller]
fn bounded(what: &str, bytes: &[u8]) {
    let held = measure(|| read_and_use(bytes)).bytes_max;
    let held = usize::try_from(held).unwrap();
    println!("{what}: {:.2} x {} bytes", held as f64 / bytes.len() as f64, bytes.len());
    let allowed = bytes.len() * MEMORY_FACTOR + MEMORY_ALWAYS;
    assert!(held <= allowed, "{what}: {held} octets of memory for {} bytes", bytes.len());
}

/// `size` bytes of elements with `per_element` of what `one` gives for a running number.
fn tags(size: usize, per_element: usize, one: &dyn Fn(usize) -> String) -> String {
    let (mut xml, mut number) = ("<r>".to_owned(), 0);
    while xml.len() < size {
        xml.push_str("<e");
        for _ in 0..per_element {
            xml.push_str(&one(number));
            number += 1;
        }
        xml.push_str("/>");
    }
    xml + "</r>"
}

fn is_read(xml: &str) {
    assert_eq!(Document::parse(xml.as_bytes()).err(), None);
}

/// The densest that each kind of thing in the tree can be, with nodes at their limit.
#[test]
fn memory_is_bounded_whatever_the_input() {
    let size = MB;
    let pieces = [
        "<a ID='_1'     />",
        "<a id='a' b=''/>",
        "<a ID='1' id='2' Id='3' iD='4'/>",
        "<a xmlns='u:1' />",
        "<?a bbbbbbbbbbb?>",
        "<!--         -->",
        "<a b='&lt;'    />",
        "&lt;",
        "&#9;\r\n",
        "x\r<![CDATA[]]>",
        "=",
        "xmlns=",
        "<a id='a' b=''/>=================",
        "1234567890123456789012345678<a/>",
    ];
    for piece in pieces {
        let xml = inside(piece, size);
        is_read(&xml);
        bounded(piece, xml.as_bytes());
    }
    for piece in ["<a/>", "<a></a>", "<a b=''/>", "x<a/>", "<!---->", "<?a?>"] {
        let xml = inside(piece, size);
        read_within_limits(&xml);
        bounded(piece, xml.as_bytes());
    }
    let words = |n: usize| format!("{:x}", n + 4096);
    let attributes = tags(size, 250, &|n| format!(" {:02x}=''", n % 250).replace(' ', " a"));
    let decoded = tags(size, 250, &|n| format!(" a{:x}='\t'", n % 250));
    let prefixes = tags(size, 125, &|n| format!(" xmlns:a{}='u:'", words(n)));
    let names = tags(size, 125, &|n| format!(" xmlns:a{}='{}'", n % 125, words(n)));
    let both = tags(size, 125, &|n| format!(" xmlns:a{0}='u:{0}'", words(n)));
    let ids = tags(size, 1, &|n| format!(" ID='a{}'", words(n)));
    let used = tags(size, 2, &|n| match n % 2 {
        0 => format!(" xmlns:p='u:{}'", words(n)),
        _ => " p:a=''".to_owned(),
    });
    for (what, xml) in [
        ("attributes", &attributes),
        ("decoded attributes", &decoded),
        ("prefixes", &prefixes),
        ("namespace names", &names),
        ("prefixes and names", &both),
        ("IDs", &ids),
        ("names that are used", &used),
    ] {
        is_read(xml);
        bounded(what, xml.as_bytes());
        let wide: Vec<u8> =
            format!("\u{FEFF}{xml}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        bounded(&format!("{what} in UTF-16"), &wide);
    }
    let wide: Vec<u8> = format!("\u{FEFF}<a>{}</a>", "語&lt;".repeat(size / 10))
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    bounded("text of three octets in UTF-16", &wide);
}

#[test]
fn a_small_document_needs_little() {
    let held = measure(|| read_and_use(b"<a ID='_1'><b ID='_1'/></a>")).bytes_max;
    assert!(held < 4_000, "{held}");
}

#[test]
fn duplicate_ids_are_counted_and_the_first_are_kept() {
    let xml = inside("<a ID='_1'     />", MB);
    let document = Document::parse(xml.as_bytes()).unwrap();
    assert_eq!(document.duplicate_id_count(), xml.len() / 17 - 1);
    let pairs: Vec<_> = document.duplicate_ids().collect();
    assert_eq!(pairs.len(), DUPLICATE_IDS_KEPT);
    let elements: Vec<_> = document.root().children().take(1 + DUPLICATE_IDS_KEPT).collect();
    for (pair, second) in pairs.iter().zip(&elements[1..]) {
        assert_eq!(*pair, (elements[0], *second));
    }
}
