//! The parameters by which a message travels through a browser (saml-bindings 3.4.4.1, 3.5.4), taken
//! out of a query or of a form body strictly: [`redirect`](crate::redirect) and samlkit's `binding`
//! read through this and through nothing else.
//!
//! Programs differ in what they read from the same parameters: the first of two or the last, a name
//! in any case, with white space around it, up to a `[` or a NUL, after a `;` or a second `?`. A
//! sender who knows that shows one message to the program that verifies and another to the program
//! that acts. So whatever another program could take for one of the parameters, and this one would
//! not, is a refusal. Nothing is repaired; that is for `samlkit::capture`.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::{Damage, ParameterError};

/// The parameter with a request.
pub const REQUEST: &str = "SAMLRequest";
/// The parameter with a response.
pub const RESPONSE: &str = "SAMLResponse";
/// The parameter with the relay state.
pub const RELAY_STATE: &str = "RelayState";

/// What need not be escaped in a query (RFC 3986, 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Padding says nothing that the length does not: it may be left out, all of it. Bits behind the last octet have to be zero, so one
/// message has one spelling.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Which message a query or a form carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl Parameter {
    /// The name in the query.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => REQUEST,
            Self::Response => RESPONSE,
        }
    }
}

/// A parameter as received: nothing in it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part<'t> {
    /// Which of the parameters it is.
    pub name: &'static str,
    /// Name, `=` and value.
    pub whole: &'t str,
    /// What follows the first `=`; empty where there is none.
    pub value: &'t str,
}

/// How a name stands to one of the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// It is that parameter, once percent-encoding is undone.
    Exact(&'static str),
    /// It is not that parameter, but another program could take it for that.
    Alike(&'static str),
}

/// Which of the parameters `names` a name spells, as it stands before `=`; `None` if nobody could
/// take it for one of them.
///
/// ```
/// use samlkit_dsig::parameters::{Spelling, spelling};
///
/// let of = |name| spelling(name, &["SAMLRequest"]);
/// assert_eq!(of("SAMLRequ%65st"), Some(Spelling::Exact("SAMLRequest")));
/// assert_eq!(of("%C2%A0SAMLRequest"), Some(Spelling::Alike("SAMLRequest")));
/// assert_eq!(of("samlrequest[]"), Some(Spelling::Alike("SAMLRequest")));
/// assert_eq!(of("SAMLRequestId"), None);
/// ```
pub fn spelling(name: &str, names: &[&'static str]) -> Option<Spelling> {
    let decoded = percent_decode_str(name).decode_utf8_lossy();
    if let Some(exact) = names.iter().find(|known| ***known == *decoded) {
        return Some(Spelling::Exact(exact));
    }
    // Twice, for whoever decodes twice.
    let twice = percent_decode_str(&decoded).decode_utf8_lossy();
    twice.split(['?', ';', '&', '#']).find_map(|piece| {
        let to_end = |c| matches!(c, '[' | '\0' | '=');
        let bare = piece.split(to_end).find(|part| !part.is_empty())?;
        let visible: String = bare.chars().filter(char::is_ascii_graphic).collect();
        let trimmed = visible.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let alike = names.iter().find(|known| known.eq_ignore_ascii_case(trimmed))?;
        Some(Spelling::Alike(alike))
    })
}

/// Splits a query or a form body, and gives those of the parameters `names` that it has, in the
/// order in which they stand, each at most once.
///
/// # Errors
/// [`ParameterError::Repeated`], [`ParameterError::Alike`].
pub fn split<'t>(text: &'t str, names: &[&'static str]) -> Result<Vec<Part<'t>>, ParameterError> {
    let mut parts: Vec<Part<'t>> = Vec::with_capacity(names.len());
    for whole in text.split('&') {
        let (name, value) = whole.split_once('=').unwrap_or((whole, ""));
        match spelling(name, names) {
            Some(Spelling::Exact(name)) => {
                if parts.iter().any(|part| part.name == name) {
                    return Err(ParameterError::Repeated { name });
                }
                parts.push(Part { name, whole, value });
            }
            Some(Spelling::Alike(expected)) => return Err(alike(name, expected)),
            None => {}
        }
        // Some programs end a parameter at `;` too, or begin the query at the last `?`.
        for after in value.split([';', '?']).skip(1) {
            let name = after.split('=').next().unwrap_or("");
            if let Some(Spelling::Exact(like) | Spelling::Alike(like)) = spelling(name, names) {
                return Err(alike(name, like));
            }
        }
    }
    Ok(parts)
}

/// The message among the parts, and the relay state, if there is one.
///
/// # Errors
/// [`ParameterError::NoMessage`], [`ParameterError::TwoMessages`].
pub fn message<'t>(parts: &[Part<'t>]) -> Result<(Parameter, Part<'t>), ParameterError> {
    match (of(parts, REQUEST), of(parts, RESPONSE)) {
        (Some(part), None) => Ok((Parameter::Request, part)),
        (None, Some(part)) => Ok((Parameter::Response, part)),
        (Some(_), Some(_)) => Err(ParameterError::TwoMessages),
        (None, None) => Err(ParameterError::NoMessage),
    }
}

/// The part of that name.
pub fn of<'t>(parts: &[Part<'t>], name: &str) -> Option<Part<'t>> {
    parts.iter().find(|part| part.name == name).copied()
}

/// A part's value with percent-encoding undone once. `+` stays what it is (RFC 3986).
///
/// # Errors
/// [`ParameterError::Escape`], [`ParameterError::NotUtf8`].
pub fn value<'t>(part: Part<'t>) -> Result<Cow<'t, str>, ParameterError> {
    let Part { name, value, .. } = part;
    let mut rest = value.bytes().enumerate();
    while let Some((at, byte)) = rest.next() {
        if byte == b'%' {
            let mut is_digit = || rest.next().is_some_and(|(_, digit)| digit.is_ascii_hexdigit());
            if !(is_digit() && is_digit()) {
                let after = value.get(at..).unwrap_or("");
                let found = after.chars().take(ESCAPE_LENGTH).collect();
                return Err(ParameterError::Escape { name, found });
            }
        }
    }
    percent_decode_str(value).decode_utf8().map_err(|_| ParameterError::NotUtf8 { name })
}

/// [`value`] of a form, where `+` is a space.
///
/// # Errors
/// [`ParameterError::Escape`], [`ParameterError::NotUtf8`].
pub fn form_value(part: Part<'_>) -> Result<String, ParameterError> {
    let spaced = part.value.replace('+', " ");
    value(Part { value: &spaced, ..part }).map(Cow::into_owned)
}

/// Percent-encodes a value for a query.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Whether line breaks may stand in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineBreaks {
    /// As a form has them (saml-bindings 3.5.4: RFC 2045, which breaks lines).
    Allowed,
    /// As in a query (3.4.4.1: *Linefeeds or other whitespace MUST be removed*).
    Refused,
}

/// The octets that are the base64 `text`, a decoded value of the parameter `name`.
///
/// # Errors
/// [`ParameterError::Empty`], [`ParameterError::NotBase64`], [`ParameterError::Incomplete`].
pub fn base64(
    name: &'static str,
    text: &str,
    breaks: LineBreaks,
) -> Result<Vec<u8>, ParameterError> {
    let is_break = |c: char| breaks == LineBreaks::Allowed && matches!(c, '\r' | '\n');
    let is_foreign =
        |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') || is_break(c));
    if let Some((before, found)) = text.chars().enumerate().find(|&(_, c)| is_foreign(c)) {
        let at = before.saturating_add(1);
        return Err(ParameterError::NotBase64 { name, found, at, damage: Damage::of(found) });
    }
    let packed: Cow<'_, str> = match text.contains(is_break) {
        true => text.chars().filter(|&c| !is_break(c)).collect::<String>().into(),
        false => text.into(),
    };
    if packed.is_empty() {
        return Err(ParameterError::Empty { name });
    }
    let incomplete = ParameterError::Incomplete { name, characters: packed.len() };
    if packed.ends_with('=') && !packed.len().is_multiple_of(QUANTUM) {
        return Err(incomplete);
    }
    BASE64.decode(packed.as_bytes()).map_err(|_| incomplete)
}

/// Characters of base64 to which it is padded (RFC 4648, 4).
const QUANTUM: usize = 4;
/// Characters of an escape that is none to quote.
const ESCAPE_LENGTH: usize = 3;
/// Characters of a name to quote.
const NAME_LENGTH: usize = 60;

fn alike(name: &str, expected: &'static str) -> ParameterError {
    let found = percent_decode_str(name).decode_utf8_lossy();
    // What is alike stands at the end.
    let skipped = found.chars().count().saturating_sub(NAME_LENGTH);
    ParameterError::Alike { found: found.chars().skip(skipped).collect(), expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = [REQUEST, RESPONSE, RELAY_STATE];

    #[test]
    fn names_that_another_program_could_take() {
        for name in [
            "samlrequest",
            " SAMLRequest",
            "+SAMLRequest",
            "SAMLRequest%20",
            "%C2%A0SAMLRequest",
            "%E2%80%8BSAMLRequest",
            "SAML%C2%ADRequest",
            "%EF%BB%BFSAMLRequest",
            "\u{FEFF}SAMLRequest",
            "SAMLRequest%00",
            "SAMLRequest%00x",
            "SAMLRequest[]",
            "SAMLRequest%5B0%5D",
            "SAMLRequ%2565st",
            "SAMLRequest%FF",
            "SAMLRequest%",
            "SAMLRequest%3Dx",
            "https://x/?SAMLRequest",
            "?SAMLRequest",
            "x;SAMLRequest",
            "SAMLRequest;x",
            "amp;SAMLRequest",
            "x%26SAMLRequest",
            "\"SAMLRequest\"",
        ] {
            assert_eq!(spelling(name, &NAMES), Some(Spelling::Alike(REQUEST)), "{name}");
            let expected = ParameterError::Alike {
                found: percent_decode_str(name).decode_utf8_lossy().into_owned(),
                expected: REQUEST,
            };
            assert_eq!(split(&format!("{name}=x"), &NAMES), Err(expected.clone()), "{name}");
            assert_eq!(split(name, &NAMES), Err(expected), "{name}");
        }
        for name in ["SAML_Request", "relay_state", "xSAMLRequest", "SAMLRequest2", "", "%"] {
            assert_eq!(split(&format!("{name}=x"), &NAMES), Ok(Vec::new()), "{name}");
        }
        let long = format!("{}?SAMLRequest", "x".repeat(1000));
        let Err(ParameterError::Alike { found, .. }) = split(&long, &NAMES) else { panic!() };
        assert_eq!(found.len(), NAME_LENGTH);
    }

    #[test]
    fn a_parameter_that_begins_inside_a_value() {
        for text in [
            "x=1;SAMLRequest=y",
            "RelayState=;samlrequest",
            "x=;a;SAMLRequ%65st=",
            "x=https://x/?SAMLRequest=y",
        ] {
            assert!(matches!(split(text, &NAMES), Err(ParameterError::Alike { .. })), "{text}");
        }
        // A URL as the relay state, as many a sender writes it.
        let text = "RelayState=https://x/?a=1;b=2";
        assert_eq!(split(text, &NAMES).unwrap()[0].value, "https://x/?a=1;b=2");
    }

    #[test]
    fn a_parameter_twice_in_any_spelling() {
        for text in [
            "SAMLRequest=x&SAMLRequest=x",
            "SAMLRequest=x&SAMLRequ%65st=y",
            "%53AMLRequest=x&y&SAMLRequest=y",
            "SAMLRequest&SAMLRequest=y",
            "SAMLRequest=y&SAMLRequest",
        ] {
            let expected = Err(ParameterError::Repeated { name: REQUEST });
            assert_eq!(split(text, &NAMES), expected, "{text}");
        }
    }

    #[test]
    fn one_message_and_not_two() {
        let found = |text| message(&split(text, &NAMES).unwrap());
        assert_eq!(found("a=b&SAMLResponse=x=y").unwrap().1.value, "x=y");
        assert_eq!(found("SAMLRe%71uest=x").unwrap().0, Parameter::Request);
        assert_eq!(found("SAMLRequest=x&SAMLResponse"), Err(ParameterError::TwoMessages));
        assert_eq!(found("RelayState=x"), Err(ParameterError::NoMessage));
    }

    #[test]
    fn escapes_are_undone_once() {
        let part = |value| Part { name: RELAY_STATE, whole: "", value };
        assert_eq!(value(part("a%2Bb+c%2525")).unwrap(), "a+b+c%25");
        assert_eq!(form_value(part("a%2Bb+c%2525")).unwrap(), "a+b c%25");
        for (text, found) in [("a%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%%41", "%%4")] {
            let found = found.to_owned();
            let expected = ParameterError::Escape { name: RELAY_STATE, found };
            assert_eq!(value(part(text)), Err(expected), "{text}");
        }
        for text in ["%FF", "%C3", "%ED%A0%80"] {
            let expected = Err(ParameterError::NotUtf8 { name: RELAY_STATE });
            assert_eq!(value(part(text)), expected, "{text}");
        }
        assert_eq!(encode("a b+c/é~"), "a%20b%2Bc%2F%C3%A9~");
    }

    #[test]
    fn base64_has_one_spelling() {
        let strict = |text| base64(REQUEST, text, LineBreaks::Refused);
        let broken = |text| base64(REQUEST, text, LineBreaks::Allowed);
        for text in ["PGE+", "PGE+PA==", "PGE+PA", "PGE+PDw=", "PGE+PDw"] {
            assert!(strict(text).unwrap().starts_with(b"<a>"), "{text}");
        }
        assert_eq!(broken("PG\r\nE+\n").unwrap(), b"<a>");
        for (text, found, at, damage) in [
            ("PGE PA", ' ', 4, Damage::Space),
            ("PGE-PA", '-', 4, Damage::UrlAlphabet),
            ("PGE_PA", '_', 4, Damage::UrlAlphabet),
            ("PGE%2BPA", '%', 4, Damage::EscapedTwice),
            ("\u{FEFF}PGE+", '\u{FEFF}', 1, Damage::ByteOrderMark),
            ("PG\tE+", '\t', 3, Damage::Other),
            ("<a>", '<', 1, Damage::Other),
        ] {
            let expected = ParameterError::NotBase64 { name: REQUEST, found, at, damage };
            assert_eq!(strict(text), Err(expected.clone()), "{text}");
            assert_eq!(broken(text), Err(expected), "{text}");
        }
        let line = ParameterError::NotBase64 {
            name: REQUEST,
            found: '\n',
            at: 5,
            damage: Damage::LineBreak,
        };
        assert_eq!(strict("PGE+\nPA=="), Err(line));
        // The last: bits behind the last octet, which a second spelling could differ in.
        for text in ["P", "PGE+P", "PA=", "PA===", "PA==PA==", "PA=A", "=", "PB"] {
            let incomplete = ParameterError::Incomplete { name: REQUEST, characters: text.len() };
            assert_eq!(strict(text), Err(incomplete), "{text}");
        }
        assert_eq!(strict(""), Err(ParameterError::Empty { name: REQUEST }));
        assert_eq!(broken("\r\n"), Err(ParameterError::Empty { name: REQUEST }));
    }
}
