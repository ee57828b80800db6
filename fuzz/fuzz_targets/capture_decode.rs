//! Whatever is pasted: no panic, and what comes out looks like XML and is no larger than allowed.
#![no_main]

use samlkit::capture::{Form, INFLATED, decode};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = decode(bytes) else { return };
    match message.form {
        Form::Xml => assert_eq!(*message.xml, *bytes),
        // Inflating is what makes it larger; percent-encoding and base64 make it smaller.
        _ => assert!(message.xml.len() <= INFLATED.max(bytes.len())),
    }
    if message.form != Form::Xml {
        let again = decode(&message.xml).expect("what came out is XML");
        assert!(again.form == Form::Xml || again.form == Form::HtmlForm);
    }
});
