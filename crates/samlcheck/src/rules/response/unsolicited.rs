//! The rule `response.unsolicited`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The response answers no request, and unsolicited ones are not allowed.
    ///
    /// ## Why it matters
    /// A sign-in that begins at the identity provider can be slipped to somebody else, who then works
    /// under a stranger's account.
    ///
    /// ## How to fix it
    /// Begin the sign-in at the service provider, or allow unsolicited responses if you need them:
    /// `--allow-unsolicited`.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response>, and no request was sent
    /// good  <Response InResponseTo="_req-4711">
    /// ```
    pub static UNSOLICITED = "response.unsolicited" {
        severity: Error,
        sources: [Profiles("4.1.5")],
        check: Document(check)
    }
}

const HELP: &str = "begin the sign-in at the service provider; --allow-unsolicited accepts one that begins at the identity provider";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "response.unsolicited", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &UNSOLICITED,
            vector("unsolicited-not-allowed"),
            &verdict_on("unsolicited-not-allowed"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(
            &UNSOLICITED,
            vector("good-unsolicited-when-allowed"),
            &verdict_on("good-unsolicited-when-allowed"),
        );
        does_not_apply(&UNSOLICITED, idp());
    }
}
