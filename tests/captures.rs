//! Captures of one message in every form that people paste, and what is none.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use samlkit::capture::{CaptureError, Content, Form, INFLATED, Oddity, Parameter, decode};
use samlkit_tests::{data, read};
use std::io::Write as _;

/// A message whose base64 has every character that needs care.
fn xml() -> Vec<u8> {
    let mut xml = read(&data("vectors/responses/good-assertion-signed.xml"));
    xml.extend("<!-- \u{fb}\u{ff}\u{3ff} >>>??? -->".bytes());
    xml
}

fn percent(text: &str) -> String {
    text.replace('%', "%25").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

fn deflate(xml: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(xml).unwrap();
    encoder.finish().unwrap()
}

fn in_lines(text: &str, end: &str) -> String {
    let lines = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap());
    lines.collect::<Vec<_>>().join(end)
}

#[test]
fn every_form_gives_the_same_octets() {
    let xml = xml();
    let base64 = STANDARD.encode(&xml);
    let deflated = STANDARD.encode(deflate(&xml));
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(&xml).unwrap();
    let zlib = STANDARD.encode(zlib.finish().unwrap());
    let escaped = percent(&base64);
    assert!(base64.contains('+') && base64.contains('/'));
    let none: &[Oddity] = &[];
    let cases: Vec<(String, Form, &[Oddity])> = vec![
        (base64.clone(), Form::Base64, none),
        (format!("\n  {base64}\n"), Form::Base64, none),
        (in_lines(&base64, "\n"), Form::Base64, none),
        (in_lines(&base64, "\r\n"), Form::Base64, none),
        (STANDARD_NO_PAD.encode(&xml), Form::Base64, none),
        (escaped.clone(), Form::Base64, none),
        (percent(&escaped), Form::Base64, &[Oddity::EscapedTwice]),
        (base64.replace('+', " "), Form::Base64, &[Oddity::PlusLost]),
        (URL_SAFE.encode(&xml), Form::Base64, &[Oddity::Base64Url]),
        (deflated.clone(), Form::Deflated, none),
        (zlib, Form::Deflated, none),
        (format!("SAMLResponse={escaped}&RelayState=a%2Fb+c"), Form::FormBody, none),
        (format!("RelayState=a%2Fb+c&SAMLResponse={escaped}"), Form::FormBody, none),
        (format!("SAMLResponse={base64}"), Form::FormBody, none),
        (
            format!(
                "https://sp.example/acs?SAMLResponse={}&RelayState=a%2Fb+c",
                percent(&deflated)
            ),
            Form::Url,
            none,
        ),
        (
            format!(
                "<!DOCTYPE html><html><body onload='x()'><form method=\"post\" action=\"https://a/\">\
                 <input type=\"hidden\" name=\"RelayState\" value=\"a/b c\"/>\
                 <input type='hidden' value='{}' name='SAMLResponse' /></form></body></html>",
                base64.replace('+', "&#x2B;").replace('=', "&#61;")
            ),
            Form::HtmlForm,
            none,
        ),
        (
            format!("Action=AssumeRoleWithSAML&SAMLAssertion={escaped}&Version=2011-06-15"),
            Form::FormBody,
            none,
        ),
    ];
    for (number, (text, form, oddities)) in cases.into_iter().enumerate() {
        let message = decode(text.as_bytes()).unwrap_or_else(|e| panic!("{e}: {}", &text[..60]));
        assert!(message.xml == xml, "{number}: {}", &text[..60]);
        assert_eq!(
            (message.form, message.oddities.as_slice()),
            (form, oddities),
            "{}",
            &text[..60]
        );
        if text.contains("RelayState") {
            assert_eq!(message.relay_state.as_deref(), Some("a/b c"));
            assert_eq!(message.parameter, Some(Parameter::Response));
        }
    }
    let plain = decode(&xml).unwrap();
    assert_eq!((plain.xml.into_owned(), plain.form), (xml, Form::Xml));
}

/// Without padding every third deflated message looks as if a `+` were missing at its end.
#[test]
fn nothing_is_repaired_that_is_whole() {
    for length in 0..200 {
        let xml = format!("<a>{}</a>", "xyz-".repeat(length));
        for octets in [deflate(xml.as_bytes()), xml.clone().into_bytes()] {
            for text in [STANDARD.encode(&octets), STANDARD_NO_PAD.encode(&octets)] {
                let query = format!("SAMLRequest={}", percent(&text));
                let message = decode(query.as_bytes()).unwrap();
                assert_eq!(
                    (message.xml.into_owned(), message.oddities),
                    (xml.clone().into_bytes(), Vec::new())
                );
            }
        }
    }
}

#[test]
fn a_signed_query_is_kept_for_its_signature() {
    let deflated = percent(&STANDARD.encode(deflate(b"<AuthnRequest/>")));
    let query = format!("SAMLRequest={deflated}&SigAlg=x&Signature=y");
    let url = format!("https://idp/?{query}#top");
    let message = decode(url.as_bytes()).unwrap();
    assert_eq!(message.parameter, Some(Parameter::Request));
    assert_eq!(message.query, Some(query));
}

#[test]
fn what_is_no_capture_says_why() {
    let why = |text: &str| decode(text.as_bytes()).unwrap_err();
    assert_eq!(why("%PDF-1.7"), CaptureError::Unrecognized(Content::Known("a PDF document")));
    assert!(matches!(why("hello world, this is text."), CaptureError::Unrecognized(_)));
    assert_eq!(why("<html><body>Sign in</body></html>"), CaptureError::HtmlPage { title: None });
    assert_eq!(
        why("SAMLResponse=PHNh*"),
        CaptureError::NotBase64 { what: "SAMLResponse", found: '*', at: 5 }
    );
    assert_eq!(why("SAMLResponse=PHNhb"), CaptureError::CutShort);
    assert_eq!(why("SAMLResponse=AAAA"), CaptureError::NoXml { length: 3 });
    assert!(matches!(why("RelayState=x&xSAMLResponse=PHNh"), CaptureError::Unrecognized(_)));
}

#[test]
fn nothing_is_picked_where_there_are_two() {
    let why = |text: &str| decode(text.as_bytes()).unwrap_err();
    let one = "SAMLResponse=PGEvPg==";
    for text in [
        "SAMLResponse=PGIvPg==&SAMLResponse=PGEvPg==",
        "SAMLResp%6Fnse=PGIvPg==&SAMLResponse=PGEvPg==",
        "SAMLResponse=PGEvPg==&SAMLResponse",
        "SAMLResponse&SAMLResponse=PGEvPg==",
        "samlresponse=PGIvPg==&SAMLResponse=PGEvPg==",
        "x=1&\u{A0}SAMLResponse=PGIvPg==&SAMLResponse=PGEvPg==",
        "https://sp/acs?SAMLResponse=PGIvPg==&SAMLResponse=PGEvPg==",
        "?https://x/?SAMLResponse=PGIvPg==&SAMLResponse=PGEvPg==",
    ] {
        assert_eq!(why(text), CaptureError::Repeated { name: "SAMLResponse" }, "{text}");
    }
    let state = CaptureError::Repeated { name: "RelayState" };
    assert_eq!(why(&format!("RelayState=a&{one}&RelayState=b")), state);
    let both = CaptureError::SeveralMessages { first: "SAMLResponse", second: "SAMLRequest" };
    assert_eq!(why(&format!("SAMLRequest=PGIvPg==&{one}")), both);
    // Once, in another spelling and with what was pasted around it.
    let text = "\n SAMLResp%6Fnse =PGEvPg==&relay_state=x&x=SAMLResponse";
    assert!(matches!(why(text), CaptureError::Unrecognized(_)));
    let text = "x=1&\n SAMLResponse =PGEvPg==&%52elayState=y&z=SAMLResponse=";
    let message = decode(text.as_bytes()).unwrap();
    assert_eq!((&*message.xml, message.relay_state.as_deref()), (&b"<a/>"[..], Some("y")));
}

#[test]
fn a_bomb_is_refused_before_it_fills_the_memory() {
    let mut bomb = b"<a>".to_vec();
    bomb.resize(200_000_000, b' ');
    let bomb = STANDARD.encode(deflate(&bomb));
    assert!(bomb.len() < 300_000);
    let text = format!("SAMLResponse={}", percent(&bomb));
    assert_eq!(decode(text.as_bytes()), Err(CaptureError::InflateLimit { max: INFLATED }));
}
