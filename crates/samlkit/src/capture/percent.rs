//! Percent-encoding undone leniently (RFC 3986, 2.1). `+` stays what it is.

use percent_encoding::percent_decode_str;

/// The decoded text; what is no escape stays as it is, and octets that are no UTF-8 are replaced.
pub(super) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
