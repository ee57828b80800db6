//! From bytes to text: UTF-8, US-ASCII, and UTF-16 with its byte order mark (XML 1.0, 4.3.3).
//! Everything else is refused here (`xml.encoding`). Whether a declaration names the encoding that
//! was found is the reader's business.

use std::borrow::Cow;

use crate::encoding::Encoding;
use crate::error::{ErrorKind, Failure, excerpt, fail};

/// How far into the input an XML declaration is looked for, to explain bytes that are no UTF-8.
const DECLARATION_WINDOW: usize = 200;

/// Turns the input into text that still holds its byte order mark. UTF-8 is borrowed.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Failure> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => fail(ErrorKind::Utf32, 0),
        [0xFF, 0xFE, ..] => utf16(bytes, u16::from_le_bytes, Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => utf16(bytes, u16::from_be_bytes, Encoding::Utf16Be),
        [b'<', 0, ..] | [0, b'<', ..] => fail(ErrorKind::Utf16WithoutMark, 0),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok((Cow::Borrowed(text), Encoding::Utf8)),
            Err(error) => {
                let at = error.valid_up_to();
                let kind = match declared_encoding(bytes) {
                    Some(declared) if !Encoding::Utf8.may_be_declared(&declared, "") => {
                        ErrorKind::DeclaredEncoding { declared: excerpt(&declared) }
                    }
                    _ => ErrorKind::InvalidUtf8 { byte: bytes.get(at).copied().unwrap_or(0) },
                };
                fail(kind, at)
            }
        },
    }
}

fn utf16(
    bytes: &[u8],
    unit: fn([u8; 2]) -> u16,
    encoding: Encoding,
) -> Result<(Cow<'_, str>, Encoding), Failure> {
    let mut pairs = bytes.chunks_exact(2);
    let mut text = String::with_capacity(bytes.len());
    let units = pairs.by_ref().filter_map(|pair| Some(unit(pair.try_into().ok()?)));
    let mut at = 0usize;
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok(c) => {
                text.push(c);
                at = at.saturating_add(c.len_utf16().saturating_mul(2));
            }
            Err(_) => return fail(ErrorKind::InvalidUtf16 { encoding }, at),
        }
    }
    if !pairs.remainder().is_empty() {
        return fail(ErrorKind::InvalidUtf16 { encoding }, at);
    }
    Ok((Cow::Owned(text), encoding))
}

/// What an XML declaration in the first bytes names, for the message only.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let window = bytes.get(..DECLARATION_WINDOW.min(bytes.len()))?;
    let window = String::from_utf8_lossy(window);
    let (declaration, _) = window.split_once("?>")?;
    let (_, after) = declaration.split_once("encoding")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    after.split(quote).nth(1).map(str::to_owned)
}
