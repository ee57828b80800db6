//! What the worst inputs cost the library: time and the most memory held, at one size and at twice
//! that size. Everything is built for the attack, nothing looks like SAML.

#![allow(clippy::disallowed_methods, reason = "benchmarks measure time")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use allocation_counter::measure;
use samlkit::xml::{Canonicalization, Document};

const MB: usize = 1_000_000;
/// Runs of each measurement; the fastest is printed.
const RUNS: usize = 3;

/// `size` bytes of namespace declarations, a prefix and a name of its own each.
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

fn repeated(size: usize, piece: &str) -> String {
    format!("<a>{}</a>", piece.repeat(size / piece.len()))
}

/// Half of the size is namespace names on the root, the other half entities of 600 bytes.
fn entities(size: usize) -> String {
    let mut xml = "<root".to_owned();
    for number in 0..100 {
        write!(xml, " xmlns:p{number}='urn:{number}:{}'", "x".repeat(size / 200)).unwrap();
    }
    xml.push('>');
    xml.push_str(&format!("<entity>{}</entity>", "t".repeat(580)).repeat(size / 1200));
    xml + "</root>"
}

/// Reads, and does what is asked with each child of the root; the number of refusals.
fn work(xml: &str, method: Option<&Canonicalization<'_>>, each: bool) -> usize {
    let Ok(document) = Document::parse(xml.as_bytes()) else { return 1 };
    let Some(method) = method else { return document.duplicate_ids().count().min(1) };
    let canonical = |element| method.element(element, None, |piece| _ = black_box(piece)).is_err();
    if each {
        document.root().children().filter(|&element| canonical(element)).count()
    } else {
        usize::from(canonical(document.root()))
    }
}

/// Time that this thread has had on a processor; other work of the machine is not in it.
fn processor_time() -> Duration {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(statistics.split(' ').next().unwrap().parse().unwrap())
}

fn main() {
    let exclusive = Canonicalization::by_uri("http://www.w3.org/2001/10/xml-exc-c14n#").unwrap();
    let inclusive =
        Canonicalization::by_uri("http://www.w3.org/TR/2001/REC-xml-c14n-20010315").unwrap();
    type Make = dyn Fn(usize) -> String;
    let cases: [(&str, usize, &Make, Option<&Canonicalization<'_>>, bool); 6] = [
        ("prefixes, read", 47 * MB, &prefixes, None, false),
        ("prefixes, exclusive", 47 * MB, &prefixes, Some(&exclusive), false),
        ("prefixes, each inclusive", MB, &prefixes, Some(&inclusive), true),
        ("elements <a/>", 33_500_000, &|n| repeated(n, "<a/>"), None, false),
        ("duplicate IDs", 100 * MB, &|n| repeated(n, "<a ID='_1'    />"), None, false),
        ("entities, each inclusive", 2 * MB, &entities, Some(&inclusive), true),
    ];
    for (name, size, make, method, each) in cases {
        let mut before = Duration::ZERO;
        for size in [size / 2, size] {
            let xml = make(size);
            let runs = (0..RUNS).map(|_| {
                let start = processor_time();
                black_box(work(&xml, method, each));
                processor_time() - start
            });
            let time = runs.min().unwrap_or_default();
            let mut refused = 0;
            let held = measure(|| refused = work(&xml, method, each)).bytes_max;
            let ratio = held as f64 / xml.len() as f64;
            print!("{name:26} {:6.1} MB {time:10.1?}", xml.len() as f64 / MB as f64);
            print!("  {ratio:5.2} x memory, {refused} refused");
            match before {
                Duration::ZERO => println!(),
                _ => println!(", {:.2} x the time", time.as_secs_f64() / before.as_secs_f64()),
            }
            before = time;
        }
    }
}
