//! The worst that an input can be, at sizes where anything quadratic takes minutes. Each case is
//! read twice, the second time at four times the size: a quadratic reader would take 16 times as
//! long, a linear one 4, and the test allows 10.
#![allow(clippy::disallowed_methods, reason = "these tests measure time")]
#![allow(missing_docs, clippy::panic, clippy::arithmetic_side_effects, reason = "tests")]

use std::time::{Duration, Instant};

use samlkit_xml::{Document, Limits};

/// A debug build on a busy machine is slow; quadratic work at these sizes is far slower.
const ENOUGH: Duration = Duration::from_secs(20);
const MB: usize = 1_000_000;

fn open_limits() -> Limits {
    Limits::default().depth(usize::MAX).attributes(usize::MAX).namespaces(usize::MAX)
}

fn seconds(xml: &str) -> f64 {
    let start = Instant::now();
    let document = Document::parse_with(xml.as_bytes(), &open_limits());
    let took = start.elapsed();
    assert!(took < ENOUGH, "{took:?}");
    match document {
        Ok(document) => assert!(document.elements().count() > 0),
        Err(error) => panic!("{error}"),
    }
    took.as_secs_f64()
}

fn linear(make: impl Fn(usize) -> String, size: usize) {
    let small = seconds(&make(size)).max(0.002);
    let large = seconds(&make(size * 4));
    assert!(large < small * 10.0, "{small} s became {large} s at four times the size");
}

#[test]
fn attributes_on_one_element() {
    linear(|n| format!("<a{}/>", (0..n).map(|i| format!(" b{i}=''")).collect::<String>()), 20_000);
}

#[test]
fn namespace_declarations_on_one_element_and_their_use() {
    let make = |n: usize| {
        let declared: String = (0..n).map(|i| format!(" xmlns:p{i}='urn:{i}'")).collect();
        let used: String = (0..n).map(|i| format!("<p{i}:b/>")).collect();
        format!("<a{declared}>{used}</a>")
    };
    linear(make, 20_000);
}

#[test]
fn nested_elements_each_with_a_declaration() {
    let make = |n: usize| {
        let open: String = (0..n).map(|i| format!("<p:a xmlns:p{i}='u' xmlns:p='v{i}'>")).collect();
        open + &"</p:a>".repeat(n)
    };
    linear(make, 20_000);
}

#[test]
fn nested_elements() {
    linear(|n| "<a>".repeat(n) + &"</a>".repeat(n), 20_000);
}

#[test]
fn one_text_node_of_10_mb() {
    linear(|n| format!("<a>{}</a>", "text ]] > ".repeat(n / 10)), 10 * MB / 4);
    linear(|n| format!("<a>{}</a>", "é\r\n&amp;<![CDATA[]]]]>".repeat(n / 25)), 10 * MB / 4);
}

#[test]
fn base64_of_10_mb() {
    linear(|n| format!("<a>{}</a>", "TUlJQyt6Q0NBZU9n\n".repeat(n / 17)), 10 * MB / 4);
    linear(|n| format!("<a b='{}'/>", "TUlJQyt6Q0NBZU9n\n".repeat(n / 17)), 10 * MB / 4);
}

#[test]
fn ids_and_comments_by_the_thousand() {
    linear(|n| format!("<a>{}</a>", "<b ID='_same'/>".repeat(n)), 20_000);
    linear(|n| format!("<a>{}</a>", "<!-- > - > -->x".repeat(n)), 20_000);
    linear(|n| format!("<a>{}</a>", "<!---->".repeat(n)), 20_000);
}

#[test]
fn positions_of_a_document_on_one_line() {
    let xml = format!("<a>{}</a>", "<b c='d'/>".repeat(100_000));
    let document = Document::parse(xml.as_bytes()).unwrap();
    let start = Instant::now();
    let columns: usize =
        document.elements().map(|e| usize::try_from(e.position().column).unwrap()).sum();
    assert!(columns > 0 && start.elapsed() < ENOUGH);
}
