//! What a file or a pasted text is, judged by its bytes and never by its name.

use samlkit_xml::Document;

/// What some bytes look like.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// No bytes at all, or only white space and a byte order mark.
    Blank,
    /// XML, or something that begins like it.
    Xml,
    /// An HTML page.
    Html,
    /// A PEM file; the label of its first block.
    Pem(String),
    /// A DER certificate.
    DerCertificate,
    /// Base64 of XML, as a form posts it.
    Base64Xml,
    /// A form body or URL with a SAML parameter.
    SamlParameter,
    /// JSON.
    Json,
    /// A file of a kind that its first bytes give away, such as a PDF document.
    Known(&'static str),
    /// Text of no known kind, with its beginning.
    Text(String),
    /// Bytes of no known kind.
    Binary,
}

/// The first bytes of kinds of files that people give by mistake.
const SIGNATURES: [(&[u8], &str); 9] = [
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x7FELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"\xD0\xCF\x11\xE0", "an old Office document"),
];

/// How much of the input is looked at, where the whole is not needed, in bytes.
const WINDOW: usize = 4096;
/// Characters of unknown text to quote.
const QUOTED: usize = 40;

/// Recognizes what `bytes` are.
///
/// ```
/// use samlkit::capture::{Content, recognize};
///
/// assert_eq!(recognize(b"%PDF-1.7"), Content::Known("a PDF document"));
/// assert_eq!(recognize(b" <a/>"), Content::Xml);
/// assert_eq!(recognize(b"PHNhbWxwOlJlc3BvbnNlPg=="), Content::Base64Xml);
/// assert_eq!(recognize(b"<!DOCTYPE html><html>"), Content::Html);
/// ```
pub fn recognize(bytes: &[u8]) -> Content {
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let body = body.trim_ascii_start();
    if body.is_empty() {
        return Content::Blank;
    }
    if matches!(bytes, [0xFF, 0xFE, b'<', 0, ..] | [0xFE, 0xFF, 0, b'<', ..] | [b'<', 0, ..]) {
        return Content::Xml;
    }
    let window = body.get(..WINDOW.min(body.len())).unwrap_or(body);
    let begins = |with: &str| {
        window.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
    };
    if begins("<!doctype html") || begins("<html") {
        return Content::Html;
    }
    if body.starts_with(b"<") {
        return Content::Xml;
    }
    if let Some((_, kind)) = SIGNATURES.iter().find(|(first, _)| body.starts_with(first)) {
        return Content::Known(kind);
    }
    if let [0x30, 0x82, _, _, 0x30, ..] = body {
        return Content::DerCertificate;
    }
    // A character cut in two at the window's end is no sign of bytes that are not text.
    let text = match std::str::from_utf8(window) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let valid = window.get(..error.valid_up_to()).unwrap_or(b"");
            std::str::from_utf8(valid).unwrap_or("")
        }
        Err(_) => return Content::Binary,
    };
    if text.contains('\0') {
        return Content::Binary;
    }
    if let Some(label) = text.split("-----BEGIN ").nth(1) {
        return Content::Pem(label.split("-----").next().unwrap_or("").to_owned());
    }
    if ["SAMLResponse=", "SAMLRequest=", "SAMLAssertion="].iter().any(|p| text.contains(p)) {
        return Content::SamlParameter;
    }
    if text.starts_with(['{', '[']) {
        return Content::Json;
    }
    let base64 =
        |c: char| c.is_ascii_alphanumeric() || "+/=-_%".contains(c) || c.is_ascii_whitespace();
    // `<`, with or without a byte order mark before it, is one of these in base64.
    let xml_in_base64 = ["PD", "PE", "PF", "PG", "PH", "77u/PD", "77u/PE", "77u/PF"];
    if text.chars().all(base64) && xml_in_base64.iter().any(|start| text.starts_with(start)) {
        return Content::Base64Xml;
    }
    Content::Text(text.lines().next().unwrap_or("").chars().take(QUOTED).collect())
}

impl Content {
    /// What the input is, in words that follow *it is* or *this is*.
    pub fn describe(&self) -> String {
        match self {
            Self::Blank => "nothing but white space".to_owned(),
            Self::Xml => "XML".to_owned(),
            Self::Html => "an HTML page".to_owned(),
            Self::Pem(label) => format!("a PEM file with a {label}"),
            Self::DerCertificate => "a DER certificate or key".to_owned(),
            Self::Base64Xml => "XML in base64".to_owned(),
            Self::SamlParameter => "a URL or form body with a SAML message".to_owned(),
            Self::Json => "JSON".to_owned(),
            Self::Known(kind) => (*kind).to_owned(),
            Self::Text(start) => format!("text that begins with {start:?}"),
            Self::Binary => "binary data".to_owned(),
        }
    }
}

/// Whether an element of SAML stands anywhere in the document, whatever its root is.
pub fn holds_saml(document: &Document<'_>) -> bool {
    document.elements().any(|element| {
        let namespace = element.name().namespace;
        namespace.starts_with("urn:oasis:names:tc:SAML:")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_by_its_bytes() {
        let cases: [(&[u8], Content); 16] = [
            (b"", Content::Blank),
            (b"\xEF\xBB\xBF \n", Content::Blank),
            (b"\xEF\xBB\xBF<?xml version='1.0'?>", Content::Xml),
            (b"\xFF\xFE<\0a\0", Content::Xml),
            (b"\n<HTML><body>", Content::Html),
            (b"<htmlx/>", Content::Html),
            (b"-----BEGIN CERTIFICATE-----\n", Content::Pem("CERTIFICATE".into())),
            (b"Bag Attributes\n-----BEGIN PRIVATE KEY-----", Content::Pem("PRIVATE KEY".into())),
            (b"\x30\x82\x02\xf2\x30\x82", Content::DerCertificate),
            (b"SAMLResponse=PHNh&RelayState=x", Content::SamlParameter),
            (b"https://idp/?SAMLRequest=fZ", Content::SamlParameter),
            (b"{\"log\": 1}", Content::Json),
            (b"77u/PD94bWwg", Content::Base64Xml),
            (b"PROSE is not base64.", Content::Text("PROSE is not base64.".into())),
            (b"hello", Content::Text("hello".into())),
            (b"\x00\x01\x02", Content::Binary),
        ];
        for (bytes, expected) in cases {
            assert_eq!(recognize(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_character_at_the_edge_of_the_window_is_still_text() {
        let text = format!("x{}", "é".repeat(WINDOW));
        assert!(matches!(recognize(text.as_bytes()), Content::Text(_)));
    }
}
