//! Repairs that lose nothing: what was signed stays octet by octet what it was, and each repair is
//! checked by comparing the canonical octets, or the message in a capture, before and after.

use samlkit::capture::{Form, Oddity, decode};
use samlkit::xml::{Canonicalization, Document};

/// A repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Takes the byte order mark away.
    ByteOrderMark,
    /// Writes UTF-16 as UTF-8.
    Utf8,
    /// Makes each line end one line feed.
    LineEnds,
    /// Puts `+` where a form that was decoded twice left a space.
    LostPlus,
}

impl Repair {
    /// All of them, in the order in which they are made.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::ByteOrderMark, Self::LineEnds, Self::LostPlus];

    /// What was done, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "the byte order mark is gone",
            Self::Utf8 => "UTF-16 became UTF-8",
            Self::LineEnds => "each line end is one line feed",
            Self::LostPlus => "spaces are + again",
        }
    }

    /// The file after the repair; `None` where there is nothing to repair.
    fn make(self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::ByteOrderMark => bytes.strip_prefix(BYTE_ORDER_MARK).map(<[u8]>::to_vec),
            Self::Utf8 => utf8(bytes),
            Self::LineEnds => {
                let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains('\r'))?;
                Some(text.replace("\r\n", "\n").replace('\r', "\n").into_bytes())
            }
            Self::LostPlus => lost_plus(bytes),
        }
    }
}

/// Canonical XML 1.0 with comments: what it leaves alike says the same.
const CANONICAL: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
/// U+FEFF in UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file after its repairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The new file.
    pub bytes: Vec<u8>,
    /// What was done.
    pub repairs: Vec<Repair>,
}

/// Makes those of the wanted repairs that the file needs.
///
/// # Errors
/// A sentence, where a repair would change what the file says. Nothing is repaired then.
pub fn repair(bytes: &[u8], wanted: &[Repair]) -> Result<Repaired, String> {
    let mut repaired = Repaired { bytes: bytes.to_vec(), repairs: Vec::new() };
    for one in Repair::ALL.into_iter().filter(|one| wanted.contains(one)) {
        if let Some(after) = one.make(&repaired.bytes) {
            if says(&after)? != says(&repaired.bytes)? {
                return Err(format!(
                    "after it {}, the file would say something else; nothing is written",
                    one.describe()
                ));
            }
            repaired.bytes = after;
            repaired.repairs.push(one);
        }
    }
    Ok(repaired)
}

/// What a file says: the canonical octets, with comments, of the XML in it.
fn says(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let message = decode(bytes).map_err(|error| error.to_string())?;
    let document = Document::parse(&message.xml)
        .map_err(|error| format!("{}: {}: {error}", error.position, error.rule()))?;
    let mut octets = Vec::new();
    let method = Canonicalization::by_uri(CANONICAL).ok_or("the method is not known")?;
    method
        .document(&document, |piece| octets.extend_from_slice(piece))
        .map_err(|error| error.to_string())?;
    Ok(octets)
}

/// UTF-16 with its byte order mark as UTF-8 without one; the declaration says so, too.
fn utf8(bytes: &[u8]) -> Option<Vec<u8>> {
    let (rest, read): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => (rest, u16::from_be_bytes),
        _ => return None,
    };
    let (pairs, []) = rest.as_chunks::<2>() else { return None };
    let units: Vec<u16> = pairs.iter().map(|pair| read(*pair)).collect();
    let text = String::from_utf16(&units).ok()?;
    let Some((declaration, body)) = text.split_once("?>").filter(|(d, _)| d.starts_with("<?xml"))
    else {
        return Some(text.into_bytes());
    };
    let lower = declaration.to_ascii_lowercase();
    let declaration = match lower.find("utf-16") {
        Some(at) => {
            let (before, after) = declaration.split_at_checked(at)?;
            format!("{before}UTF-8{}", after.get("utf-16".len()..)?)
        }
        None => declaration.to_owned(),
    };
    Some(format!("{declaration}?>{body}").into_bytes())
}

/// The capture with `+` where it must have been.
fn lost_plus(bytes: &[u8]) -> Option<Vec<u8>> {
    let message = decode(bytes).ok()?;
    if !message.oddities.contains(&Oddity::PlusLost) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    match message.form {
        Form::Base64 | Form::Deflated => Some(text.trim().replace(' ', "+").into_bytes()),
        Form::FormBody => {
            let name = message.parameter?.name();
            let parameters = text.split('&').map(|parameter| match parameter.split_once('=') {
                Some((found, value)) if found.trim() == name => {
                    format!("{found}={}", value.trim().replace(' ', "%2B"))
                }
                _ => parameter.to_owned(),
            });
            Some(parameters.collect::<Vec<_>>().join("&").into_bytes())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn all(bytes: impl AsRef<[u8]>) -> Repaired {
        repair(bytes.as_ref(), &Repair::ALL).unwrap()
    }

    #[test]
    fn a_byte_order_mark_and_line_ends() {
        let repaired = all(ENTRA);
        assert_eq!(repaired.repairs, [Repair::ByteOrderMark]);
        assert_eq!(repaired.bytes, &ENTRA.as_bytes()[3..]);
        let lines = with(IDENTITY_CENTER, "\n", "\r\n");
        let repaired = all(&lines);
        assert_eq!(repaired.repairs, [Repair::LineEnds]);
        assert_eq!(repaired.bytes, IDENTITY_CENTER.as_bytes());
        assert_eq!(all(IDENTITY_CENTER).repairs, []);
        let wanted = repair(ENTRA.as_bytes(), &[Repair::LineEnds]).unwrap();
        assert_eq!((wanted.repairs.len(), wanted.bytes), (0, ENTRA.as_bytes().to_vec()));
    }

    #[test]
    fn utf_16() {
        let text = with(IDENTITY_CENTER, "UTF-8", "utf-16");
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let repaired = all(&bytes);
        assert_eq!(repaired.repairs, [Repair::Utf8]);
        assert_eq!(repaired.bytes, IDENTITY_CENTER.as_bytes());
    }

    #[test]
    fn a_lost_plus() {
        let base64 = RESPONSE.split_once('=').unwrap().1;
        let lost = base64.replace('+', " ");
        assert_ne!(lost, base64);
        assert_eq!(all(&lost).bytes, base64.as_bytes());
        let form = all(format!("RelayState=a b&SAMLResponse={lost}"));
        assert_eq!(form.repairs, [Repair::LostPlus]);
        let text = String::from_utf8(form.bytes).unwrap();
        assert!(text.starts_with("RelayState=a b&SAMLResponse=") && text.contains("%2B"), "{text}");
        assert_eq!(all(RESPONSE).repairs, []);
    }

    #[test]
    fn what_cannot_be_read_is_not_repaired() {
        assert!(repair(b"\xEF\xBB\xBF<a", &Repair::ALL).unwrap_err().contains("xml.syntax"));
    }
}
