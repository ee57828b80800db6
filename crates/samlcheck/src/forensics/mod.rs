//! Captures in JSON: what browsers and tools export. Each gives the messages inside it, in the order
//! of time, as text that [`samlkit::capture::decode`] reads.

mod har;
mod json;
mod recording;
mod saml_provider;
mod saml_tracer;

use std::borrow::Cow;

use json::Json;

use crate::repair::BYTE_ORDER_MARK;

pub use recording::{INFLATED_IN_ALL, MESSAGES, Recording};

/// A message inside an export, still in its wrapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported<'j> {
    /// Where it was: a method and a URL, or what the field is called.
    pub place: String,
    /// When it was sent, as the export writes it; exports sort by this.
    pub time: Cow<'j, str>,
    /// The message: a form body, a URL or XML.
    pub text: Cow<'j, str>,
}

impl Exported<'_> {
    /// Whether it came as a request and not as a response.
    pub(crate) fn is_request(&self) -> bool {
        let has = |name: &str| self.text.contains(&format!("{name}="));
        has("SAMLRequest") && !has("SAMLResponse") && !has("SAMLAssertion")
    }
}

/// The messages inside an export; `None` if `bytes` are no JSON of a known kind.
pub fn exported(bytes: &[u8]) -> Option<Vec<Exported<'_>>> {
    let body = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let json: Json<'_> = serde_json::from_slice(body).ok()?;
    let known =
        [har::messages(&json), saml_tracer::messages(&json), saml_provider::messages(&json)];
    let mut messages = known.into_iter().flatten().next()?;
    messages.sort_by(|a, b| a.time.cmp(&b.time));
    Some(messages)
}

/// The parameters that carry a message.
const PARAMETERS: [&str; 3] = ["SAMLResponse", "SAMLRequest", "SAMLAssertion"];

/// Pairs of names and values as a form body, if one of them carries a message.
fn form<'v>(pairs: impl Iterator<Item = (&'v str, &'v str)>) -> Option<String> {
    let pairs: Vec<(&str, &str)> = pairs.collect();
    let carries = pairs.iter().any(|(name, _)| PARAMETERS.contains(name));
    let escape = |value: &str| {
        let value = value.replace('%', "%25").replace('+', "%2B").replace('&', "%26");
        value.replace('=', "%3D").replace('#', "%23").replace('?', "%3F")
    };
    let written: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    carries.then(|| written.join("&"))
}

/// Whether a text has a parameter in it that carries a message.
fn carries_message(text: &str) -> bool {
    PARAMETERS.iter().any(|name| text.contains(&format!("{name}=")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_har_file_in_the_order_of_time() {
        let har = r#"{"log": {"entries": [
            {"startedDateTime": "2026-06-01T12:00:05Z", "request": {"method": "POST",
             "url": "https://sp.example/acs", "postData": {"mimeType": "x", "params": [
               {"name": "SAMLResponse", "value": "PGE+\nPj48L2E+"}, {"name": "RelayState", "value": "a&b"}]}}},
            {"startedDateTime": "2026-06-01T12:00:01Z", "request": {"method": "GET",
             "url": "https://idp.example/?SAMLRequest=s0nUtwMA"}},
            {"startedDateTime": "2026-06-01T12:00:03Z", "request": {"method": "GET", "url": "https://idp.example/x.png"}},
            {"startedDateTime": "2026-06-01T12:00:07Z", "request": {"method": "POST",
             "url": "https://sts.amazonaws.com/", "postData": {"text": "Action=x&SAMLAssertion=PGEvPg%3D%3D"}}}]}}"#;
        let messages = exported(har.as_bytes()).unwrap();
        let places: Vec<&str> = messages.iter().map(|message| message.place.as_str()).collect();
        assert_eq!(
            places,
            [
                "GET https://idp.example/",
                "POST https://sp.example/acs",
                "POST https://sts.amazonaws.com/"
            ]
        );
        let xml: Vec<Vec<u8>> = messages
            .iter()
            .map(|message| {
                samlkit::capture::decode(message.text.as_bytes()).unwrap().xml.into_owned()
            })
            .collect();
        assert_eq!(xml, [b"<a/>".to_vec(), b"<a>>></a>".to_vec(), b"<a/>".to_vec()]);
    }

    #[test]
    fn an_export_of_saml_tracer() {
        let tracer = r#"{"timestamp": "2026", "requests": [
            {"method": "GET", "url": "https://x/", "requestId": "1"},
            {"method": "POST", "url": "https://sp.example/acs", "requestId": "2", "protocol": "SAML-P",
             "post": [["SAMLResponse", "PGEvPg=="], ["RelayState", ""]]},
            {"method": "GET", "url": "https://idp.example/", "requestId": "3", "saml": "<b/>"},
            {"method": "POST", "url": "https://y/", "post": [["SAMLResponse", {"hash": "masked"}]]}]}"#;
        let messages = exported(tracer.as_bytes()).unwrap();
        let xml: Vec<Vec<u8>> = messages
            .iter()
            .map(|message| {
                samlkit::capture::decode(message.text.as_bytes()).unwrap().xml.into_owned()
            })
            .collect();
        assert_eq!(xml, [b"<a/>".to_vec(), b"<b/>".to_vec()]);
    }

    #[test]
    fn metadata_as_iam_has_it_and_json_of_other_kinds() {
        let provider =
            br#"{"SAMLMetadataDocument": "<EntityDescriptor/>", "ValidUntil": "2125-02-20"}"#;
        let messages = exported(provider).unwrap();
        assert_eq!(messages[0].text, "<EntityDescriptor/>");
        assert_eq!(exported(b"{\"a\": 1}"), None);
        assert_eq!(exported(b"[1, 2]"), None);
        assert_eq!(exported(b"no json"), None);
        assert_eq!(exported(br#"{"log": {"entries": []}}"#), Some(Vec::new()));
    }
}
