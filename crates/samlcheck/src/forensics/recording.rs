//! Which messages of an export are looked at. A recording has a handful; one of a hundred thousand, or one
//! whose messages inflate to gigabytes, is an accident or an attack, and is looked at as far as it is worth
//! the work: the last messages, because they tell how it ended. How many were left out is known to the
//! caller, who says so.

use std::collections::HashSet;

use samlkit::Kind;
use samlkit::capture::{CaptureError, decode};
use samlkit::xml::Document;

use super::Exported;

/// Messages of one export that are looked at. An hour of signing in and out gives less than that.
pub const MESSAGES: usize = 200;
/// Octets that the messages of one export may grow by when they are inflated, all together: as much as
/// sixteen of the largest. A real message grows by a few thousand.
pub const INFLATED_IN_ALL: usize = 16 << 20;

/// The messages of an export that are looked at, in the order of time.
#[derive(Debug)]
pub struct Recording<'j> {
    /// The messages, the last ones of the export.
    pub messages: Vec<Exported<'j>>,
    /// How many there are before them.
    pub left_out: usize,
    /// The IDs of the requests among them; none where messages are left out, because what a response
    /// answers may be among those.
    pub requests: HashSet<String>,
}

impl<'j> Recording<'j> {
    /// Takes the last messages of an export.
    pub fn new(mut messages: Vec<Exported<'j>>) -> Self {
        let mut requests = HashSet::new();
        let mut budget = INFLATED_IN_ALL;
        let mut looked_at = 0usize;
        for message in messages.iter().rev().take(MESSAGES) {
            let (grown, id) = growth(message.text.as_bytes());
            let Some(left) = budget.checked_sub(grown) else { break };
            budget = left;
            requests.extend(id);
            looked_at = looked_at.saturating_add(1);
        }
        let left_out = messages.len().saturating_sub(looked_at);
        messages.drain(..left_out);
        if left_out > 0 {
            requests.clear();
        }
        Self { messages, left_out, requests }
    }
}

/// By how many octets a message grows when it is taken out, and its ID, if it is a request.
fn growth(capture: &[u8]) -> (usize, Option<String>) {
    match decode(capture) {
        Ok(message) => (message.xml.len().saturating_sub(capture.len()), request_id(&message.xml)),
        Err(CaptureError::InflateLimit { max }) => (max, None),
        Err(_) => (0, None),
    }
}

fn request_id(xml: &[u8]) -> Option<String> {
    let document = Document::parse(xml).ok()?;
    let root = document.root();
    let id = root.attribute("ID").filter(|_| Kind::of(root) == Some(Kind::AuthnRequest))?;
    Some(id.value().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(count: usize, text: &str) -> Vec<Exported<'_>> {
        let message = |number: usize| Exported {
            place: number.to_string(),
            time: String::new().into(),
            text: text.into(),
        };
        (0..count).map(message).collect()
    }

    const REQUEST: &str = "<samlp:AuthnRequest xmlns:samlp='urn:oasis:names:tc:SAML:2.0:protocol' \
                           ID='_1'/>";

    #[test]
    fn the_last_ones_of_too_many() {
        let recording = Recording::new(messages(MESSAGES, REQUEST));
        assert_eq!((recording.messages.len(), recording.left_out), (MESSAGES, 0));
        assert_eq!(recording.requests, HashSet::from(["_1".to_owned()]));
        let recording = Recording::new(messages(MESSAGES + 5, REQUEST));
        assert_eq!((recording.messages.len(), recording.left_out), (MESSAGES, 5));
        assert_eq!(recording.messages[0].place, "5");
        assert!(recording.requests.is_empty());
        assert_eq!(Recording::new(Vec::new()).left_out, 0);
    }

    #[test]
    fn bombs_until_the_budget_is_used_up() {
        let bomb = include_str!("../../../../tests/data/bomb.b64").trim().replace('+', "%2B");
        let text = format!("SAMLResponse={bomb}");
        let recording = Recording::new(messages(100, &text));
        let each = INFLATED_IN_ALL / samlkit::capture::INFLATED;
        assert_eq!((recording.messages.len(), recording.left_out), (each, 100 - each));
        assert_eq!(recording.messages[0].place, (100 - each).to_string());
    }
}
