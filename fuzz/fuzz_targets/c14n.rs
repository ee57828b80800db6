//! Canonical octets can be read, and their canonical octets are themselves. The first byte chooses
//! the method.
#![no_main]

use samlkit_xml::{Canonicalization, Document};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((choice, bytes)) = input.split_first() else { return };
    let Ok(document) = Document::parse(bytes) else { return };
    let method = Canonicalization::all().nth(usize::from(choice % 6)).unwrap();
    let once = |document: &Document<'_>| {
        let mut octets = Vec::new();
        method.document(document, |piece| octets.extend_from_slice(piece)).map(|()| octets)
    };
    let Ok(octets) = once(&document) else { return };
    let canonical = Document::parse(&octets).expect("canonical octets are well-formed");
    assert_eq!(once(&canonical).unwrap(), octets);
    for element in document.elements().take(16) {
        if let Ok(octets) = method.octets(element, None) {
            let again = Document::parse(&octets).expect("those of an element are well-formed");
            assert_eq!(method.octets(again.root(), None).unwrap(), octets);
        }
    }
});
