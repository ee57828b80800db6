//! References: `&lt;`, `&#65;`. The five entities that XML predefines and the characters that it
//! allows, nothing else; there is no DTD that could define more.

use crate::characters::{is_char, name_length};
use crate::error::{ErrorKind, Failure, excerpt, fail};

/// The character that `&…;` stands for (XML 1.0, 4.1 and 4.6).
pub(super) fn reference(raw: &str, at: usize) -> Result<char, Failure> {
    let bare = || ErrorKind::BareAmpersand { found: excerpt(raw) };
    let Some(inner) = raw.strip_prefix('&').and_then(|r| r.strip_suffix(';')) else {
        return fail(bare(), at);
    };
    if let Some(number) = inner.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix('x') {
            Some(hexadecimal) => (hexadecimal, 16),
            None => (number, 10),
        };
        if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
            return fail(bare(), at);
        }
        // Any number of leading zeros is allowed, so the value saturates instead of overflowing.
        let code = digits.chars().fold(0u32, |code, digit| {
            code.saturating_mul(radix).saturating_add(digit.to_digit(radix).unwrap_or(0))
        });
        return match char::from_u32(code).filter(|&c| is_char(c)) {
            Some(c) => Ok(c),
            None => fail(ErrorKind::ForbiddenReference { reference: excerpt(raw) }, at),
        };
    }
    match inner {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ if !inner.is_empty() && name_length(inner) == inner.len() => {
            fail(ErrorKind::UndefinedEntity { name: excerpt(inner) }, at)
        }
        _ => fail(bare(), at),
    }
}
