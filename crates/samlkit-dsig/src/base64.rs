//! Base64 as XML has it (XML Schema part 2, 3.2.16): the values of signatures, digests, ciphers and
//! keys, with white space anywhere. Everything else in a value is refused. Certificates are read more
//! forgivingly, in `certificate`; what people paste is repaired far from here, in samlkit's captures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The text of octets.
pub(crate) fn encode(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

/// The octets of a text; `None` where it is no base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let packed: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(packed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_passed_over_and_nothing_else() {
        assert_eq!(decode(" YW\r\nRh\t").as_deref(), Some(&b"ada"[..]));
        assert_eq!(decode(""), Some(Vec::new()));
        for wrong in ["YWRh=", "YWR", "YW-h", "YWRh\u{A0}", "YX==", "YWRhYQ"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
        assert_eq!(encode(b"ada"), "YWRh");
    }
}
