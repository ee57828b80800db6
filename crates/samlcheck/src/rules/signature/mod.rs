//! Rules about signatures. The judgement is samlkit-dsig's, which refuses a signature for all that
//! is wrong with it; here each reason gets its words. In metadata the signature of the root counts,
//! or those of the entities where the root has none.

pub mod algorithm;
pub mod certificate_expired;
pub mod digest;
pub mod invalid;
pub mod key_rotated;
pub mod malformed;
pub mod missing;
pub mod placement;
pub mod reference;
pub mod reformatted;
pub mod tenant_key;
pub mod transform;
pub mod untrusted_key;
pub mod weak_key;
pub mod wrapping;

use std::ops::Range;

use samlkit::dsig::{Certificate, FailureKind};

use crate::case::Case;
use crate::rule::{Finding, Findings, Outcome};

/// The outcome of a rule that verification enforces. `finding` is told whether the signature had to be
/// made by a key that the user gave.
fn enforced(
    case: &Case<'_>,
    rule: &str,
    finding: impl Fn(bool, &FailureKind) -> Finding,
) -> Outcome {
    if case.signatures.is_empty() && case.verdict.is_none() {
        return Outcome::DoesNotApply("nothing is signed");
    }
    let of_signatures = case.signatures.iter().flat_map(|check| {
        check.failures().map(|failure| (check.is_pinned, &failure.kind, failure.range.clone()))
    });
    let refused = case.refused_signatures.iter();
    let of_verdict = refused.map(|failure| (true, &failure.kind, failure.range.clone()));
    let mut findings = Findings::default();
    let mut stopped = case.kind.is_none();
    for (is_pinned, kind, range) in of_signatures.chain(of_verdict) {
        if kind.rule() == rule {
            findings.push(finding(is_pinned, kind).at(range));
        } else {
            stopped |= stops(kind.rule(), rule);
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
fn as_said(kind: &FailureKind, help: &str) -> Finding {
    Finding::new(kind.to_string()).help(help)
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

/// A signature of a response that is good under a certificate beside it, which is none of those that
/// the identity provider's metadata lists.
struct Untrusted<'c> {
    presented: &'c Certificate,
    trusted: Vec<&'c Certificate>,
    range: Range<usize>,
}

fn untrusted<'c>(case: &'c Case<'_>) -> Option<Untrusted<'c>> {
    let keys = case.options.verdict.as_ref()?.idp.keys();
    let mut presented = case.refused_signatures.iter().filter_map(|failure| match &failure.kind {
        FailureKind::UntrustedKey { presented: Some(presented), .. } => {
            Some((presented, failure.range.clone()))
        }
        _ => None,
    });
    let (presented, range) = presented.next()?;
    let trusted = keys.iter().filter_map(|key| key.certificate()).collect();
    Some(Untrusted { presented, trusted, range })
}
