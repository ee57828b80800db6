//! The rule `assertion.issuer`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The assertion is issued by somebody else than the identity provider.
    ///
    /// ## Why it matters
    /// Entity IDs are compared character by character: `https://sts.windows.net/{tenant}` without the
    /// slash at the end is not Entra's.
    ///
    /// ## How to fix it
    /// Give the service provider the identity provider's current metadata. Where the tenant differs,
    /// the file belongs to another tenant.
    ///
    /// ## Example
    /// ```text
    /// bad   https://sts.windows.net/5b0e8c1e-…
    /// good  https://sts.windows.net/5b0e8c1e-…/
    /// ```
    pub static ISSUER = "assertion.issuer" {
        severity: Error,
        sources: [Profiles("4.1.4.2")],
        check: Document(check)
    }
}

const HELP: &str = "make the entity ID at the service provider the same as in the identity provider's current metadata, character by character";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "assertion.issuer", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn one_that_breaks_it() {
        fires_for(
            &ISSUER,
            vector("issuer-no-trailing-slash"),
            &verdict_on("issuer-no-trailing-slash"),
        );
    }

    #[test]
    fn one_that_comes_close() {
        passes_for(&ISSUER, vector("good-both-signed"), &verdict_on("good-both-signed"));
        does_not_apply(&ISSUER, idp());
    }
}
