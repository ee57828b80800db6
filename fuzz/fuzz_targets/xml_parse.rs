//! Whatever the bytes are: no panic, and a tree that holds together.
#![no_main]

use samlkit_xml::Document;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::parse(bytes) else { return };
    let text = document.text();
    for element in document.elements() {
        let (range, tag, content) =
            (element.range(), element.start_tag_range(), element.content_range());
        assert!(text[range.clone()].starts_with('<') && text[range.clone()].ends_with('>'));
        assert!(tag.start == range.start && tag.end <= content.start && content.end <= range.end);
        assert!(text[tag].contains(element.name().local));
        assert!(element.attributes().all(|attribute| range.end >= attribute.range().end));
        assert!(element.parent().is_none_or(|parent| parent.children().any(|e| e == element)));
        assert!(document.position(range.start).line >= 1);
    }
});
