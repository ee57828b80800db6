//! The rule `capture.base64url`.

use samlkit::capture::Oddity;

use super::{Captured, for_message};
use crate::case::Options;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The base64 has `-` and `_` where SAML has `+` and `/`.
    ///
    /// ## Why it matters
    /// It is the alphabet for URLs, which the bindings of SAML do not use. Many readers refuse it.
    ///
    /// ## How to fix it
    /// Whatever made or copied the message has to use the standard alphabet.
    ///
    /// ## Example
    /// ```text
    /// bad   PHNhbWxwOlJlc3BvbnNl-_8=
    /// good  PHNhbWxwOlJlc3BvbnNl+/8=
    /// ```
    pub static BASE64URL = "capture.base64url" {
        severity: Warning,
        sources: [Other("RFC 4648, 5")],
        check: Capture(check)
    }
}

fn check(captured: &Captured<'_>, _: &Options) -> Outcome {
    for_message(captured, |message| {
        let finding = message.oddities.contains(&Oddity::Base64Url).then(|| {
            Finding::new("the base64 is in the alphabet for URLs, with - and _ in it")
                .expected("+ and / in their place")
                .help("whatever made or copied the message has to use the standard alphabet")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_hyphen() {
        fires(&BASE64URL, RESPONSE.replace('+', "-"));
    }

    #[test]
    fn the_standard_alphabet() {
        passes(&BASE64URL, RESPONSE);
        does_not_apply(&BASE64URL, idp());
    }
}
