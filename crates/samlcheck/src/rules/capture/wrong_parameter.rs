//! The rule `capture.wrong-parameter`.

use samlkit::Kind;
use samlkit::capture::Parameter;

use super::{Captured, for_message};
use crate::case::Options;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The capture holds a request where a response was asked for, or the other way round.
    ///
    /// ## Why it matters
    /// A request says what the service provider wants, a response what came of it. A verdict needs
    /// the response.
    ///
    /// ## How to fix it
    /// Take the request that the browser *posts* to the service provider's ACS URL; the one with
    /// `SAMLRequest` goes to the identity provider before it.
    ///
    /// ## Example
    /// ```text
    /// bad   samlcheck response with SAMLRequest=fZJNT8Mw… in the file
    /// good  samlcheck response with SAMLResponse=PHNhbWxw… in the file
    /// ```
    pub static WRONG_PARAMETER = "capture.wrong-parameter" {
        severity: Warning,
        sources: [Other("saml-bindings-2.0-os, 3.5.4")],
        check: Capture(check)
    }
}

fn check(captured: &Captured<'_>, options: &Options) -> Outcome {
    for_message(captured, |message| match (message.parameter, options.asked_for) {
        (Some(Parameter::Request), Some(Kind::Response)) => {
            Finding::new("the capture holds a SAMLRequest, and a response was asked for")
                .help(
                    "take what the browser posts to the service provider's ACS URL, which has the \
                     parameter SAMLResponse",
                )
                .into()
        }
        _ => Outcome::Passed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_request() {
        let asked = verdict_on("good-both-signed");
        fires_for(&WRONG_PARAMETER, REQUEST, &asked);
    }

    #[test]
    fn a_response_and_nobody_asks() {
        let asked = verdict_on("good-both-signed");
        passes_for(&WRONG_PARAMETER, RESPONSE, &asked);
        passes(&WRONG_PARAMETER, REQUEST);
    }
}
