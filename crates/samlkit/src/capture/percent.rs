//! Percent-encoding undone (RFC 3986, 2.1). `+` stays what it is.

/// The decoded text; what is no escape stays as it is, and octets that are no UTF-8 are replaced.
pub(super) fn decode(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digit = |at: usize| {
            let digit = char::from(*after.get(at)?).to_digit(16)?;
            u8::try_from(digit).ok()
        };
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                octets.push(high.wrapping_shl(4) | low);
                rest = after.get(2..).unwrap_or(&[]);
            }
            _ => {
                octets.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(octets).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}
