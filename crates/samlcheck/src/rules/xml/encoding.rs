//! The rule `xml.encoding`.

use super::enforced_by_reader;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The bytes are not in an encoding that SAML documents use, or not in the one declared.
    ///
    /// ## Why it matters
    /// Readers that disagree about the encoding read different values from the same signed bytes.
    /// UTF-8 is what everybody reads; US-ASCII is a part of it, and UTF-16 is accepted with its byte
    /// order mark.
    ///
    /// ## How to fix it
    /// Save the file as UTF-8 without changing anything else. In PowerShell, `>` writes UTF-16; use
    /// `Set-Content -Encoding utf8NoBOM`, or `Invoke-WebRequest -OutFile`.
    ///
    /// ## Example
    /// ```text
    /// bad   <?xml version="1.0" encoding="ISO-8859-1"?>
    /// good  <?xml version="1.0" encoding="UTF-8"?>
    /// ```
    pub static ENCODING = "xml.encoding" {
        severity: Error,
        sources: [Xml("4.3.3")],
        check: Reading(check)
    }
}

const HELP: &str = "save the file as UTF-8; in PowerShell use Set-Content -Encoding utf8NoBOM and \
                    not >, which writes UTF-16";

fn check(case: &Case<'_>) -> Outcome {
    enforced_by_reader(case, "xml.encoding", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn latin_1_declared_or_real() {
        let declared = format!("<?xml version='1.0' encoding='ISO-8859-1'?>{}", idp());
        assert!(fires(&ENCODING, declared).message.contains("ISO-8859-1"));
        let mut bytes = idp().into_bytes();
        let end = bytes.len() - 10;
        bytes[end] = 0xE9;
        assert!(fires(&ENCODING, bytes).message.contains("0xE9"));
    }

    #[test]
    fn utf_16_with_its_mark() {
        let bytes: Vec<u8> =
            format!("\u{FEFF}{}", idp()).encode_utf16().flat_map(u16::to_le_bytes).collect();
        passes(&ENCODING, bytes);
        passes(&ENCODING, format!("<?xml version='1.0' encoding='us-ascii'?>{}", idp()));
    }
}
