//! The rule `capture.unrecognized`.

use samlkit::capture::CaptureError;

use super::{Captured, for_message};
use crate::case::Options;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A value that should hold a message does not: it is not base64, or what it encodes is no XML.
    ///
    /// ## Why it matters
    /// The copy went wrong, or it is another parameter.
    ///
    /// ## How to fix it
    /// Copy the value of `SAMLResponse` from the payload of the request in the browser's network
    /// tools, from the first character to the last. XML, base64, a form body and a URL are all read.
    ///
    /// ## Example
    /// ```text
    /// bad   SAMLResponse=PHNhbWxw*OlJlc3BvbnNl
    /// good  SAMLResponse=PHNhbWxwOlJlc3BvbnNlIC4uLg==
    /// ```
    pub static UNRECOGNIZED = "capture.unrecognized" {
        severity: Error,
        sources: [Other("saml-bindings-2.0-os, 3.4, 3.5")],
        check: Capture(check)
    }
}

fn check(captured: &Captured<'_>, _: &Options) -> Outcome {
    match captured {
        Err(error @ (CaptureError::NotBase64 { .. } | CaptureError::NoXml { .. })) => Finding::new(
            error.to_string(),
        )
        .expected("the base64 of a SAML message, of its deflated form, or the XML itself")
        .help(
            "copy the value of SAMLResponse from the payload of the request in the browser's \
                     network tools, from the first character to the last",
        )
        .into(),
        other => for_message(other, |_| Outcome::Passed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_star_and_octets_that_are_no_xml() {
        assert!(fires(&UNRECOGNIZED, "SAMLResponse=PHNh*").message.contains("'*' at character 5"));
        assert!(fires(&UNRECOGNIZED, "SAMLResponse=AAAA").message.contains("3 octets"));
    }

    #[test]
    fn a_message_in_a_form() {
        passes(&UNRECOGNIZED, "RelayState=x&SAMLResponse=PHNhbWxwOlJlc3BvbnNlLz4=");
        does_not_apply(&UNRECOGNIZED, idp());
    }
}
