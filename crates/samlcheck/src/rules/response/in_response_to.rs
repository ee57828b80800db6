//! The rule `response.in-response-to`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The response answers another request than the one that was sent.
    ///
    /// ## Why it matters
    /// It may be somebody else's response, or the answer to a request of yesterday.
    ///
    /// ## How to fix it
    /// Sign in again, in one window. A service on several machines has to share the IDs of its
    /// requests.
    ///
    /// ## Example
    /// ```text
    /// bad   InResponseTo="_req-4710", the request was _req-4711
    /// good  InResponseTo="_req-4711"
    /// ```
    pub static IN_RESPONSE_TO = "response.in-response-to" {
        severity: Error,
        sources: [Profiles("4.1.4.3")],
        check: Document(check)
    }
}

const HELP: &str = "sign in again in one window; a service on several machines has to share the IDs of its requests";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "response.in-response-to", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &IN_RESPONSE_TO,
            vector("in-response-to-wrong-response"),
            &verdict_on("in-response-to-wrong-response"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &IN_RESPONSE_TO,
            vector("good-assertion-signed"),
            &verdict_on("good-assertion-signed"),
        );
        does_not_apply(&IN_RESPONSE_TO, idp());
    }
}
