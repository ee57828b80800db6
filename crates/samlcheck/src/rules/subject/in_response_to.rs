//! The rule `subject.in-response-to`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The confirmation answers another request than the one that was sent.
    ///
    /// ## Why it matters
    /// It may be somebody else's response, put into an envelope that fits.
    ///
    /// ## How to fix it
    /// Sign in again, in one window.
    ///
    /// ## Example
    /// ```text
    /// bad   <SubjectConfirmationData InResponseTo="_req-4710"/>, the request was _req-4711
    /// good  <SubjectConfirmationData InResponseTo="_req-4711"/>
    /// ```
    pub static IN_RESPONSE_TO = "subject.in-response-to" {
        severity: Error,
        sources: [Profiles("4.1.4.3")],
        check: Document(check)
    }
}

const HELP: &str = "sign in again in one window; a service on several machines has to share the IDs of its requests";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "subject.in-response-to", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &IN_RESPONSE_TO,
            vector("in-response-to-wrong-confirmation"),
            &verdict_on("in-response-to-wrong-confirmation"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &IN_RESPONSE_TO,
            vector("good-unsolicited-when-allowed"),
            &verdict_on("good-unsolicited-when-allowed"),
        );
        does_not_apply(&IN_RESPONSE_TO, idp());
    }
}
