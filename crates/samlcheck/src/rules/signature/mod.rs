//! Rules about signatures. The judgement is samlkit-dsig's, which refuses a signature for all that
//! is wrong with it; here each reason gets its words. In metadata the signature of the root counts,
//! or those of the entities where the root has none.

pub mod algorithm;
pub mod digest;
pub mod invalid;
pub mod malformed;
pub mod missing;
pub mod placement;
pub mod reference;
pub mod transform;
pub mod untrusted_key;
pub mod weak_key;

use samlkit::dsig::{Failure, FailureKind};

use crate::case::{Case, SignatureCheck};
use crate::rule::{Finding, Outcome};

/// The outcome of a rule that verification enforces.
fn enforced(
    case: &Case<'_>,
    rule: &str,
    finding: impl Fn(&SignatureCheck<'_>, &Failure) -> Finding,
) -> Outcome {
    if case.signatures.is_empty() {
        return Outcome::DoesNotApply("nothing is signed");
    }
    let mut findings = Vec::new();
    let mut stopped = false;
    for check in &case.signatures {
        for failure in check.failures() {
            if failure.rule() == rule {
                findings.push(finding(check, failure).at(failure.range.clone()));
            } else {
                stopped |= stops(failure.rule(), rule);
            }
        }
    }
    if findings.is_empty() && stopped { Outcome::NotReached } else { findings.into() }
}

/// Whether a failure of one rule keeps another from being looked at.
fn stops(failed: &str, rule: &str) -> bool {
    let about_values =
        ["signature.digest", "signature.invalid", "signature.untrusted-key", "signature.weak-key"];
    match failed {
        "signature.missing" => true,
        "signature.malformed"
        | "signature.reference"
        | "signature.transform"
        | "signature.algorithm" => about_values.contains(&rule),
        _ => false,
    }
}

/// The usual finding: the failure's own words.
fn as_said(failure: &Failure, help: &str) -> Finding {
    Finding::new(failure.kind.to_string()).help(help)
}

/// What to do about a signature that its maker would have to make in another way.
const ASK: &str = "ask whoever signs for a signature in SAML's profile; a message like this is not \
                   what the usual products make";

/// What to do about content that is not what was signed.
const FETCH_AGAIN: &str = "download the file again and keep it byte for byte: no editor, no pretty-printing, no copying \
     from a browser's view";

/// The kinds of the failures that carry two values to compare.
fn compared(kind: &FailureKind) -> Option<(&str, &str)> {
    match kind {
        FailureKind::Digest { found, expected, .. } => Some((found, expected)),
        _ => None,
    }
}
