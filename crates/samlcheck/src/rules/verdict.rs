//! What the rules about responses share: each refusal of the verdict becomes a finding of the rule
//! that it names, and where the verdict stopped early, the rules behind it were not reached.

use samlkit::sp::{Refusal, RefusalKind};

use crate::case::Case;
use crate::rule::{Finding, Findings, Outcome};

/// The outcome of a rule that the verdict enforces.
pub(super) fn enforced(case: &Case<'_>, rule: &str, help: &str) -> Outcome {
    let rejection = match &case.verdict {
        None => return Outcome::DoesNotApply("no verdict was asked for"),
        Some(Ok(_)) => return Outcome::Passed,
        Some(Err(rejection)) => rejection,
    };
    let of_rule = rejection.refusals().iter().filter(|refusal| refusal.rule() == rule);
    let findings: Findings = of_rule.map(|refusal| finding(refusal).help(help)).collect();
    // Without a response there is no assertion, and without an assertion no subject.
    let stopped = rejection.rules().any(|broken| {
        let is_document = broken.starts_with("xml.") && broken != "xml.duplicate-id";
        let has_none = matches!(
            broken,
            "assertion.missing"
                | "assertion.encrypted"
                | "assertion.decryption"
                | "response.status"
        );
        is_document
            || broken == "document.root"
            || (has_none && !rule.starts_with("response."))
            || (broken == "assertion.subject" && rule.starts_with("subject."))
    });
    if findings.is_empty() && stopped { Outcome::NotReached } else { findings.into() }
}

fn finding(refusal: &Refusal) -> Finding {
    let finding = Finding::new(refusal.kind.to_string()).at(refusal.range.clone());
    match &refusal.kind {
        RefusalKind::ResponseIssuer { found, expected, .. } => {
            finding.found(found).expected(expected)
        }
        RefusalKind::AssertionIssuer { found: Some(found), expected, .. } => {
            finding.found(found).expected(expected)
        }
        RefusalKind::Destination { found, expected, .. } => {
            finding.found(found).expected(expected.join(" or "))
        }
        RefusalKind::Recipient { found: Some(found), expected, .. } => {
            finding.found(found).expected(expected.join(" or "))
        }
        RefusalKind::Audience { found, expected, .. } => {
            finding.found(found.join(" or ")).expected(expected.join(" or "))
        }
        _ => finding,
    }
}
