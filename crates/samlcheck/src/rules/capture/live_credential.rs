//! The rule `capture.live-credential`.

use samlkit::names::ASSERTION;
use samlkit::{Kind, Value};

use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The response still counts: it is a login, not a log.
    ///
    /// ## Why it matters
    /// Whoever has it can sign in as the user, as long as no service provider has seen it. This tool
    /// sends nothing anywhere, other tools and chat windows do.
    ///
    /// ## How to fix it
    /// Do not paste it anywhere until its time is over. `--redact` makes a report that can be shared.
    ///
    /// ## Example
    /// ```text
    /// bad   NotOnOrAfter="2026-11-21T04:05:00Z", looked at 03:09 UTC
    /// good  the same file an hour later
    /// ```
    pub static LIVE_CREDENTIAL = "capture.live-credential" {
        severity: Warning,
        sources: [Profiles("4.1.4.5")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let Some(document) = case.document.ok().filter(|_| case.kind == Some(Kind::Response)) else {
        return Outcome::DoesNotApply("the document is no response");
    };
    let conditions = document.elements().filter(|element| element.is(ASSERTION, "Conditions"));
    let ends = conditions.filter_map(|conditions| conditions.attribute("NotOnOrAfter"));
    let mut dates = ends.filter_map(|end| Some((end, Value::of_attribute(end).date_time()?)));
    let Some((end, _)) = dates.find(|(_, until)| *until > case.now) else { return Outcome::Passed };
    Finding::new(format!("the response counts until {}: it is a login, not a log", end.value()))
        .at(end.value_range())
        .help("do not paste it anywhere until then; --redact makes a report that can be shared")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn in_its_time() {
        let response = String::from_utf8(vector("good-assertion-signed")).unwrap();
        fires(&LIVE_CREDENTIAL, with(response, "2026-06-01T13", "2026-12-01T13"));
    }

    #[test]
    fn after_its_time() {
        passes(&LIVE_CREDENTIAL, vector("good-assertion-signed"));
        does_not_apply(&LIVE_CREDENTIAL, idp());
    }
}
