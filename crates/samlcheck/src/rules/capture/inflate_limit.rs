//! The rule `capture.inflate-limit`.

use samlkit::capture::CaptureError;

use super::{Captured, for_message};
use crate::case::Options;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The message inflates to more than a megabyte.
    ///
    /// ## Why it matters
    /// A few kilobytes can inflate to gigabytes; that is an attack on whoever reads them. No message
    /// of a Redirect URL is larger than the URL allows.
    ///
    /// ## How to fix it
    /// Do not read it. Find out who sent it.
    ///
    /// ## Example
    /// ```text
    /// bad   a query of 2 KB that inflates to 2 MB
    /// good  a message of some 10 KB
    /// ```
    pub static INFLATE_LIMIT = "capture.inflate-limit" {
        severity: Error,
        sources: [Other("saml-bindings-2.0-os, 3.4.4.1")],
        check: Capture(check)
    }
}

fn check(captured: &Captured<'_>, _: &Options) -> Outcome {
    match captured {
        Err(error @ CaptureError::InflateLimit { .. }) => {
            Finding::new(error.to_string()).help("do not read it; find out who sent it").into()
        }
        other => for_message(other, |_| Outcome::Passed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    /// Two megabytes of spaces behind `<a>`, in two kilobytes.
    #[test]
    fn a_bomb() {
        let bomb = include_str!("../../../../../tests/data/bomb.b64");
        fires(&INFLATE_LIMIT, format!("SAMLResponse={}", bomb.trim().replace('+', "%2B")));
    }

    #[test]
    fn a_message_that_is_deflated() {
        passes(&INFLATE_LIMIT, REQUEST);
        does_not_apply(&INFLATE_LIMIT, idp());
    }
}
