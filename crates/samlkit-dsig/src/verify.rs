//! Verification: the maker of evidence. A signature is evidence for the element that it stands in, if
//! it has the one shape of the profile ([`Rejection`] says what is wrong), if the element is what was
//! digested, and if a key that the caller trusts signed that digest.
//!
//! What the message says about its key is not even read here: a certificate that a stranger put into a
//! message is decoded by [`explain`](crate::explain()) only, which makes no evidence.

use samlkit_xml::{Element, Limit};

use crate::algorithm::AlgorithmPolicy;
use crate::evidence::Signed;
use crate::inspection::{SignedHash, inspect};
use crate::key::VerifyingKey;
use crate::rejection::{FailureKind, Failures, Noted, Rejection};

/// Verifies the signature of `element`: the one that is its child and refers to it.
///
/// ```
/// use samlkit_dsig::{AlgorithmPolicy, verify};
/// use samlkit_xml::Document;
///
/// let document = Document::parse(b"<Assertion ID='_1'/>")?;
/// let rejection = verify(document.root(), &[], &AlgorithmPolicy::default()).unwrap_err();
/// assert_eq!(rejection.to_string(), "signature.missing: <Assertion> is not signed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The key that a message presents is no key to trust, and does not become one:
///
/// ```compile_fail,E0308
/// # use samlkit_dsig::{AlgorithmPolicy, explain, verify};
/// # fn judge(element: samlkit_xml::Element<'_>) {
/// let policy = AlgorithmPolicy::default();
/// let presented = explain(element, &policy).presented().cloned().unwrap();
/// let forged = verify(element, &[presented], &policy);
/// # }
/// ```
///
/// # Errors
/// Everything that is wrong, not only the first.
pub fn verify<'doc>(
    element: Element<'doc>,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
) -> Result<Signed<'doc>, Rejection> {
    let mut failures = Failures::default();
    let signed = judge(element, keys, policy, &mut failures);
    // A failure may have been noted beside a signature that is good otherwise.
    let signed = signed.and_then(|signed| failures.any().map(|()| signed));
    signed.map_err(|noted| failures.reject(noted))
}

fn judge<'doc>(
    element: Element<'doc>,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
    failures: &mut Failures,
) -> Result<Signed<'doc>, Noted> {
    let inspected = inspect(element, policy, failures)?;
    let made = inspected.value.and_then(|made| {
        let key = trusted_key(element, &made, keys, policy, failures)?;
        Ok((key, made.method))
    });
    let (canonicalization, digest) = inspected.digested?;
    let (key, method) = made?;
    Ok(Signed::new(element, inspected.element, key, (method, digest), canonicalization))
}

/// Finds the trusted key that signed.
fn trusted_key(
    element: Element<'_>,
    made: &SignedHash,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
    failures: &mut Failures,
) -> Result<VerifyingKey, Noted> {
    let budget = element.document().budget();
    for key in keys.iter().filter(|key| key.kind().fits(made.method)) {
        if let Err(limit) = budget.spend(Limit::KeyTrials, 1) {
            return Err(failures.add(limit, made.value_range.clone()));
        }
        if key.verifies(made.method, made.hash.octets(), &made.value) {
            made.check_key(key.kind(), policy, failures)?;
            return Ok(key.clone());
        }
    }
    let kind = if keys.is_empty() {
        FailureKind::NoKeys
    } else if !keys.iter().any(|key| key.kind().fits(made.method)) {
        FailureKind::KeyKind {
            method: made.method.to_string(),
            trusted: keys.iter().map(|key| key.kind().to_string()).collect::<Vec<_>>().join(", "),
        }
    } else {
        FailureKind::Invalid { keys: keys.len() }
    };
    Err(failures.add(kind, made.value_range.clone()))
}
