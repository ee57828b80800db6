//! The rule `capture.repeated-parameter`.

use samlkit::capture::CaptureError;

use super::{Captured, for_message};
use crate::case::Options;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A form body, URL or page has more than one message, or more than one relay state, so which is meant
    /// depends on the program that reads it.
    ///
    /// ## Why it matters
    /// Some programs read the first of two parameters, some the last; some undo percent-encoding in names
    /// or ignore their case. Whoever can add a second message shows one to the program that verifies it
    /// and another to the program that acts on it. An input in a comment or a script of a page is one, too.
    ///
    /// ## How to fix it
    /// If the capture was put together by hand, keep one message in it. If a browser sent it so, find out
    /// which page or proxy adds the second, and do not trust that sign-in.
    ///
    /// ## Example
    /// ```text
    /// bad   SAMLResponse=PHNhbWxw…&SAMLResp%6Fnse=PHNhbWxw…
    /// good  SAMLResponse=PHNhbWxw…&RelayState=x
    /// ```
    pub static REPEATED_PARAMETER = "capture.repeated-parameter" {
        severity: Error,
        sources: [Other("saml-bindings-2.0-os, 3.4.4, 3.5.4")],
        check: Capture(check)
    }
}

fn check(captured: &Captured<'_>, _: &Options) -> Outcome {
    match captured {
        Err(error @ (CaptureError::Repeated { .. } | CaptureError::SeveralMessages { .. })) => {
            Finding::new(error.to_string())
                .expected("one message, and each parameter once")
                .help(
                    "if the capture was put together by hand, keep one message in it; if a browser \
                     sent it so, find out which page or proxy adds the second",
                )
                .into()
        }
        other => for_message(other, |_| Outcome::Passed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_same_twice_and_two_messages() {
        let finding = fires(&REPEATED_PARAMETER, format!("SAMLResp%6Fnse&{RESPONSE}"));
        assert!(finding.message.contains("more than one SAMLResponse"), "{}", finding.message);
        let finding = fires(&REPEATED_PARAMETER, format!("SAMLRequest=PGEvPg&{RESPONSE}"));
        assert!(finding.message.contains("a SAMLRequest beside the SAMLResponse"));
        let base64 = RESPONSE.split_once('=').unwrap().1;
        let input = format!("<input name=SAMLResponse value='{base64}'>");
        fires(&REPEATED_PARAMETER, format!("<html>{input}<!-- {input} --></html>"));
    }

    #[test]
    fn one_message_and_one_relay_state() {
        passes(&REPEATED_PARAMETER, format!("RelayState=x&{RESPONSE}&x=SAMLResponse"));
        does_not_apply(&REPEATED_PARAMETER, idp());
    }
}
