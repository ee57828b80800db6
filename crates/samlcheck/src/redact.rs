//! A report that can be shown to others: names, mail addresses, identifiers and the values of claims
//! become placeholders. The same value is the same placeholder in the whole report, so that what was
//! found can still be compared with what was expected.
//!
//! What stays: host names, entity IDs but for the UUIDs in them, names of attributes, certificates,
//! times. The lines of messages are left out. It is no protection of what a file's name says.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, Input, MatchKind};
use samlkit::names::{ASSERTION, PROTOCOL};
use samlkit::xml::Document;

use crate::profiles::{UUID, is_hex_groups};
use crate::report::{DocumentKind, DocumentReport, EntityCard, Report, ResponseCard};

/// Something in a message that belongs to a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Personal {
    kind: Kind,
    text: String,
}

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Name,
    Address,
    Id,
    Value,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Address => "address",
            Self::Id => "id",
            Self::Value => "value",
        }
    }
}

/// Values shorter than this are replaced only where they are all there is: a `1` may be anything.
const SHORT: usize = 4;
/// Bytes of a value that is replaced inside of a word as well.
const LONG: usize = 8;
/// Digits of the number of an AWS account.
const ACCOUNT_DIGITS: usize = 12;
/// Characters of a UUID.
const UUID_CHARACTERS: usize = 36;

/// What in a message belongs to a person.
pub(crate) fn personal(document: &Document<'_>) -> Vec<Personal> {
    let mut found = Vec::new();
    let mut add = |kind, text: &str| {
        if !text.trim().is_empty() {
            found.push(Personal { kind, text: text.to_owned() });
            if text.trim() != text {
                found.push(Personal { kind, text: text.trim().to_owned() });
            }
        }
    };
    for element in document.elements() {
        let is = |local| element.is(ASSERTION, local);
        if is("NameID") {
            add(Kind::Name, &element.text());
        } else if is("AttributeValue") {
            add(Kind::Value, &element.text());
        }
        let is_saml = [ASSERTION, PROTOCOL].contains(&element.name().namespace);
        for name in ["ID", "InResponseTo", "SessionIndex"].into_iter().filter(|_| is_saml) {
            if let Some(attribute) = element.attribute(name) {
                add(Kind::Id, attribute.value());
            }
        }
    }
    found
}

/// Puts placeholders into everything that the report says.
pub fn redact(report: &mut Report) {
    let mut placeholders = Placeholders::default();
    for document in &report.documents {
        for personal in &document.personal {
            placeholders.add(personal.kind, &personal.text);
        }
        if let Some(Some(verified)) = &document.verdict {
            placeholders.add(Kind::Name, &verified.name_id);
            for value in verified.attributes.iter().flat_map(|attribute| &attribute.values) {
                placeholders.add(Kind::Value, value);
            }
            let ids = [&verified.in_response_to, &verified.session_index].into_iter().flatten();
            ids.chain([&verified.assertion_id]).for_each(|id| placeholders.add(Kind::Id, id));
        }
    }
    placeholders.prepare();
    for document in &mut report.documents {
        redact_document(document, &mut placeholders);
    }
    if let Some(federation) = &mut report.federation {
        redact_entity(&mut federation.idp, &mut placeholders);
        redact_entity(&mut federation.sp, &mut placeholders);
        placeholders.replace(&mut federation.idp_file);
    }
}

fn redact_document(document: &mut DocumentReport, placeholders: &mut Placeholders) {
    let is_message = matches!(document.kind, DocumentKind::Message(_) | DocumentKind::Unreadable);
    placeholders.replace(&mut document.source);
    for finding in &mut document.findings {
        placeholders.replace(&mut finding.message);
        let options =
            [&mut finding.found, &mut finding.expected, &mut finding.help, &mut finding.waived];
        options.into_iter().flatten().for_each(|text| placeholders.replace(text));
        finding.notes.iter_mut().for_each(|text| placeholders.replace(text));
        match &mut finding.excerpt {
            Some(excerpt) if !is_message => {
                for part in [&mut excerpt.before, &mut excerpt.marked, &mut excerpt.after] {
                    placeholders.replace(part);
                }
            }
            excerpt => *excerpt = None,
        }
    }
    if let Some(card) = &mut document.response {
        redact_response(card, placeholders);
    }
    let entities = document.card.iter_mut().flat_map(|card| &mut card.shown);
    entities.for_each(|entity| redact_entity(entity, placeholders));
    if let Some(Some(verified)) = &mut document.verdict {
        placeholders.replace(&mut verified.name_id);
        let values = verified.attributes.iter_mut().flat_map(|attribute| &mut attribute.values);
        values.for_each(|value| placeholders.replace(value));
        placeholders.replace(&mut verified.assertion_id);
        placeholders.replace(&mut verified.issuer);
        let ids = [&mut verified.in_response_to, &mut verified.session_index];
        ids.into_iter().flatten().for_each(|id| placeholders.replace(id));
    }
}

fn redact_entity(entity: &mut EntityCard, placeholders: &mut Placeholders) {
    entity.entity_id.iter_mut().for_each(|text| placeholders.replace(text));
    entity.details.iter_mut().for_each(|(_, text)| placeholders.replace(text));
    entity.endpoints.iter_mut().for_each(|e| placeholders.replace(&mut e.location));
}

fn redact_response(card: &mut ResponseCard, placeholders: &mut Placeholders) {
    let texts =
        [&mut card.destination, &mut card.issuer, &mut card.in_response_to, &mut card.failure];
    texts.into_iter().flatten().for_each(|text| placeholders.replace(text));
    card.audiences.iter_mut().for_each(|text| placeholders.replace(text));
}

/// What each value becomes.
#[derive(Default)]
struct Placeholders {
    /// The values with their placeholders, those that are looked for inside of texts.
    values: Vec<(String, String)>,
    search: Option<AhoCorasick>,
    known: HashMap<String, String>,
    counts: HashMap<Kind, usize>,
}

impl Placeholders {
    /// The placeholder of a value, a new one if it has none yet.
    fn of(&mut self, kind: Kind, text: &str) -> String {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let kind = if kind != Kind::Id && is_address(text) { Kind::Address } else { kind };
        let count = self.counts.entry(kind).or_default();
        *count = count.saturating_add(1);
        let placeholder = format!("[{}-{count}]", kind.word());
        self.known.insert(text.to_owned(), placeholder.clone());
        placeholder
    }

    fn add(&mut self, kind: Kind, text: &str) {
        if !text.is_empty() && !self.known.contains_key(text) {
            let placeholder = self.of(kind, text);
            self.values.push((text.to_owned(), placeholder));
        }
    }

    /// Makes the values ready to be looked for, all at once: a response may have thousands.
    fn prepare(&mut self) {
        self.values.retain(|(value, _)| value.chars().count() >= SHORT);
        let values = self.values.iter().map(|(value, _)| value);
        self.search =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(values).ok();
    }

    fn replace(&mut self, text: &mut String) {
        if let Some(placeholder) = self.known.get(text.as_str()) {
            text.clone_from(placeholder);
            return;
        }
        let known = self.replace_values(text);
        *text = self.replace_words(&known);
    }

    /// Replaces the values of messages. A short one inside a longer word is left, because it is mostly none:
    /// `test` in `latest`.
    fn replace_values(&self, text: &str) -> String {
        let Some(search) = &self.search else { return text.to_owned() };
        let mut replaced = String::with_capacity(text.len());
        let mut done = 0;
        let mut from = 0;
        while let Some(found) = search.find(Input::new(text).range(from..)) {
            let between = text.get(done..found.start()).unwrap_or_default();
            let before = text.get(..found.start()).unwrap_or_default().chars().next_back();
            let first = text.get(found.range()).unwrap_or_default().chars().next();
            let joins = before.is_some_and(char::is_alphanumeric)
                && first.is_some_and(char::is_alphanumeric);
            if joins && found.len() < LONG {
                from = found.start().saturating_add(first.map_or(1, char::len_utf8));
                continue;
            }
            let placeholder = self.values.get(found.pattern().as_usize());
            replaced.push_str(between);
            replaced.push_str(placeholder.map_or("[value]", |(_, placeholder)| placeholder));
            done = found.end();
            from = done;
        }
        replaced.push_str(text.get(done..).unwrap_or_default());
        replaced
    }

    /// Replaces mail addresses, UUIDs and numbers of AWS accounts that no message told of.
    fn replace_words(&mut self, text: &str) -> String {
        let is_part = |c: char| c.is_alphanumeric() || "@._-+#%".contains(c);
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let word_end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let end =
                if word_end > 0 { word_end } else { rest.find(is_part).unwrap_or(rest.len()) };
            let Some((piece, after)) = rest.split_at_checked(end) else { break };
            if word_end > 0 {
                self.push_word(piece, &mut replaced);
            } else {
                replaced.push_str(piece);
            }
            rest = after;
        }
        replaced
    }

    fn push_word(&mut self, word: &str, out: &mut String) {
        // A sentence may end behind an address.
        let bare = word.trim_end_matches(['.', '-']);
        let tail = word.get(bare.len()..).unwrap_or_default();
        let uuid =
            bare.char_indices().filter(|(at, _)| word.is_char_boundary(*at)).find_map(|(at, _)| {
                let end = at.checked_add(UUID_CHARACTERS)?;
                let text = bare.get(at..end)?;
                is_hex_groups(text, &UUID).then_some((at, end, text))
            });
        let is_account = bare.len() == ACCOUNT_DIGITS && bare.bytes().all(|b| b.is_ascii_digit());
        if is_account {
            out.push_str(&self.of(Kind::Id, bare));
        } else if is_address(bare) {
            out.push_str(&self.of(Kind::Address, bare));
        } else if let Some((start, end, uuid)) = uuid {
            out.push_str(bare.get(..start).unwrap_or_default());
            out.push_str(&self.of(Kind::Id, uuid));
            out.push_str(bare.get(end..).unwrap_or_default());
        } else {
            out.push_str(bare);
        }
        out.push_str(tail);
    }
}

/// Whether a text has the form of a mail address.
fn is_address(text: &str) -> bool {
    let is_good =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c == '/' || c.is_whitespace());
    text.split_once('@').is_some_and(|(user, domain)| {
        is_good(user) && is_good(domain) && domain.contains('.') && !domain.contains('@')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{failure, to_identity_center, vector, verdict_on, with};
    use crate::{Options, check};

    fn report(files: &[(&[u8], &Options)]) -> Report {
        let at = "2026-06-01T12:00:00Z".parse().unwrap();
        let documents = files.iter().map(|(bytes, options)| check("file", bytes, options, at));
        Report {
            documents: documents.collect(),
            at,
            federation: None,
            config: None,
            passed_over: 0,
        }
    }

    /// Everything that any format could print.
    fn all(report: &Report) -> String {
        format!(
            "{:?}",
            report
                .documents
                .iter()
                .map(|d| (&d.findings, &d.response, &d.verdict, &d.card))
                .collect::<Vec<_>>()
        )
    }

    #[test]
    fn nothing_of_a_person_is_left() {
        let good = verdict_on("good-assertion-signed");
        let plain = Options::default();
        let upper =
            with(to_identity_center(), ">ada@example.com</NameID>", ">Ada@Example.com</NameID>");
        let told = failure(
            "AADSTS50105: user 'eve@corp.example' of app 5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64.",
        );
        let mut report = report(&[
            (&vector("good-assertion-signed"), &good),
            (upper.as_bytes(), &plain),
            (told.as_bytes(), &plain),
        ]);
        assert!(
            all(&report).contains("ada@example.com") && all(&report).contains("Ada@Example.com")
        );
        for finding in report.documents.iter_mut().flat_map(|document| &mut document.findings) {
            finding.waived = Some("until 2026-07-01: agreed with eve@corp.example".to_owned());
        }
        redact(&mut report);
        let text = all(&report);
        for secret in [
            "ada@example.com",
            "Ada@Example.com",
            "eve@corp",
            "5b0e8c1e-93d4",
            "_req-4711",
            "7d5f9a34-1c1e",
        ] {
            assert!(!text.contains(secret), "{secret} is left in {text}");
        }
        assert!(text.contains("[address-1]") && text.contains("[id-"), "{text}");
    }

    #[test]
    fn placeholders_are_the_same_for_the_same() {
        let good = verdict_on("good-assertion-signed");
        let bytes = vector("good-assertion-signed");
        let mut report = report(&[(&bytes, &good), (&bytes, &good)]);
        redact(&mut report);
        let names: Vec<_> = report
            .documents
            .iter()
            .map(|document| document.verdict.clone().flatten().unwrap().name_id)
            .collect();
        assert_eq!(names, ["[address-1]", "[address-1]"]);
    }

    #[test]
    fn words_and_parts_of_words() {
        let mut placeholders = Placeholders::default();
        for value in ["1", "test", "Ada Lovelace", "Ada Lovelace of Ockham"] {
            placeholders.add(Kind::Value, value);
        }
        placeholders.prepare();
        let mut text = "latest test of (Ada Lovelace of Ockham), Ada Lovelaces".to_owned();
        placeholders.replace(&mut text);
        assert_eq!(text, "latest [value-2] of ([value-4]), [value-3]s");
        let mut text = "1 value".to_owned();
        placeholders.replace(&mut text);
        assert_eq!(text, "1 value");
        let mut text =
            "mail ada@b.example. and https://x/5B0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64/ größe"
                .to_owned();
        placeholders.replace(&mut text);
        assert_eq!(text, "mail [address-1]. and https://x/[id-1]/ größe");
        let mut text = "accounts, 444455556666 and 111122223333, since 20260601120000".to_owned();
        placeholders.replace(&mut text);
        assert_eq!(text, "accounts, [id-2] and [id-3], since 20260601120000");
    }
}
