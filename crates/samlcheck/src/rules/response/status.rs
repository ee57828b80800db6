//! The rule `response.status`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The identity provider reports a failure instead of signing the user in.
    ///
    /// ## Why it matters
    /// The codes and the message say why. Entra puts an AADSTS code into the message; its sign-in log
    /// has the same code.
    ///
    /// ## How to fix it
    /// Look up the code: *Entra admin center > Monitoring & health > Sign-in logs*, with the time of
    /// the response.
    ///
    /// ## Example
    /// ```text
    /// bad   <StatusCode Value="…:status:Responder"/>
    /// good  <StatusCode Value="…:status:Success"/>
    /// ```
    pub static STATUS = "response.status" {
        severity: Error,
        sources: [Core("3.2.2.2")],
        check: Document(check)
    }
}

const HELP: &str = "look up the message: Entra admin center > Monitoring & health > Sign-in logs, at the time of the response";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "response.status", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(&STATUS, vector("status-failure-entra"), &verdict_on("status-failure-entra"));
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&STATUS, vector("good-assertion-signed"), &verdict_on("good-assertion-signed"));
        does_not_apply(&STATUS, idp());
    }
}
