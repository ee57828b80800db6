//! Verification: the only maker of evidence. A signature is evidence for the element that it
//! stands in, if it has the one shape of the profile ([`Rejection`] says what is wrong), if the
//! element is what was digested, and if a key that the caller trusts signed that digest. What
//! the message says about its key decides nothing.

mod signed;

use samlkit_xml::{Canonicalization, Element};

use crate::algorithm::{AlgorithmPolicy, Digest, SignatureAlgorithm};
use crate::crypto::{self, Hasher};
use crate::explain;
use crate::key::VerifyingKey;
use crate::rejection::{FailureKind, Rejection};
use crate::signature::{Failures, NAMESPACE, Reference, Signature};

pub use self::signed::{Signed, SignedElement};

/// The namespace and name of the element that a signature may come after (saml-core, schema).
const ISSUER: (&str, &str) = ("urn:oasis:names:tc:SAML:2.0:assertion", "Issuer");

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
/// # Errors
/// Everything that is wrong, not only the first.
pub fn verify<'doc>(
    element: Element<'doc>,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
) -> Result<Signed<'doc>, Rejection> {
    let mut failures = Failures::default();
    let signed = judge(element, keys, policy, &mut failures);
    match signed {
        Some(signed) if failures.0.is_empty() => Ok(signed),
        _ => {
            failures.0.sort_by_key(|failure| failure.range.start);
            Err(Rejection { failures: failures.0 })
        }
    }
}

/// Whether a signature stands directly inside an element, good or not.
pub fn is_signed(element: Element<'_>) -> bool {
    signatures(element).next().is_some()
}

/// The signatures that are children of an element.
pub(crate) fn signatures(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    element.children().filter(|child| child.is(NAMESPACE, "Signature"))
}

/// `None` only with a failure noted; a failure may be noted beside `Some`.
fn judge<'doc>(
    element: Element<'doc>,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
    failures: &mut Failures,
) -> Option<Signed<'doc>> {
    if let Some((_, second)) = element.document().duplicate_ids().next() {
        failures.add(FailureKind::DuplicateId, second.start_tag_range());
    }
    let name = || element.name().to_string();
    let mut all = signatures(element);
    let Some(first) = all.next() else {
        match explain::signature_below(element) {
            Some((signature, parent)) => {
                let kind =
                    FailureKind::Misplaced { element: name(), parent: parent.name().to_string() };
                failures.add(kind, signature.start_tag_range());
            }
            None => {
                failures.add(FailureKind::Missing { element: name() }, element.start_tag_range())
            }
        }
        return None;
    };
    if let Some(second) = all.next() {
        let count = all.count().saturating_add(2);
        let kind = FailureKind::SeveralSignatures { element: name(), count };
        failures.add(kind, second.start_tag_range());
        return None;
    }
    check_placement(element, first, failures);
    let signature = Signature::read(first, failures);
    check_algorithms(&signature, policy, failures);
    let reference = signature.reference.as_ref();
    // A digest of something else says nothing about this element.
    let reference = reference.filter(|reference| check_reference(element, reference, failures));
    let digested =
        reference.and_then(|reference| check_digest(element, first, reference, failures));
    let key = check_value(&signature, keys, policy, failures);
    let (canonicalization, digest) = digested?;
    Some(Signed {
        root: SignedElement { element, without: Some(first) },
        key: key?,
        method: signature.method?.0,
        digest,
        canonicalization,
    })
}

/// The signature is the first child, or comes right after an Issuer that is (saml-core and
/// saml-metadata, schemas).
fn check_placement(element: Element<'_>, signature: Element<'_>, failures: &mut Failures) {
    let mut before = element.children().take_while(|child| *child != signature);
    let issuer = before.next().filter(|first| !first.is(ISSUER.0, ISSUER.1));
    if let Some(other) = issuer.or_else(|| before.last()) {
        let after = other.name().to_string();
        let expected = "it as the first child, or right after an Issuer";
        let kind = FailureKind::Placement { after, expected };
        failures.add(kind, signature.start_tag_range());
    }
}

/// `#` and the ID of the signature's own parent (saml-core 5.4.2).
fn check_reference(
    element: Element<'_>,
    reference: &Reference<'_>,
    failures: &mut Failures,
) -> bool {
    let Some(id) = element.attribute("ID").map(|id| id.value()).filter(|id| !id.is_empty()) else {
        let kind = FailureKind::NoId { element: element.name().to_string() };
        failures.add(kind, element.start_tag_range());
        return false;
    };
    let refers = reference.uri.and_then(|uri| uri.strip_prefix('#')) == Some(id);
    if !refers {
        let found = reference.uri.map(str::to_owned);
        let kind = FailureKind::ReferenceUri { found, expected: format!("#{id}") };
        failures.add(kind, reference.range.clone());
    }
    refers
}

fn check_algorithms(signature: &Signature<'_>, policy: &AlgorithmPolicy, failures: &mut Failures) {
    if let Some((method, range)) = &signature.method
        && !policy.accepts(method.digest())
    {
        let found = method.uri().to_owned();
        failures.add(FailureKind::Algorithm { role: "signature method", found }, range.clone());
    }
    let digest = signature.reference.as_ref().and_then(|reference| reference.digest.as_ref());
    if let Some((digest, range)) = digest
        && !policy.accepts(*digest)
    {
        let found = digest.uri().to_owned();
        failures.add(FailureKind::Algorithm { role: "digest method", found }, range.clone());
    }
}

/// Digests the element without its signature and compares. What comes back says how it was done.
fn check_digest<'doc>(
    element: Element<'doc>,
    signature: Element<'doc>,
    reference: &Reference<'doc>,
    failures: &mut Failures,
) -> Option<(Canonicalization<'doc>, Digest)> {
    let method = reference.canonicalization.as_ref()?;
    let (digest, _) = *reference.digest.as_ref()?;
    let (expected, range) = reference.value.as_ref()?;
    let mut hasher = Hasher::new(digest);
    let written = method.element(element, Some(signature), |piece| hasher.update(piece));
    if let Err(limit) = written {
        failures.add(limit, element.start_tag_range());
        return None;
    }
    let found = hasher.finish();
    if !crypto::is_equal(found.octets(), expected) {
        let kind = FailureKind::Digest {
            element: element.name().to_string(),
            found: explain::base64(found.octets()),
            expected: explain::base64(expected),
        };
        failures.add(kind, range.clone());
        return None;
    }
    Some((method.clone(), digest))
}

/// Finds the trusted key that signed SignedInfo.
fn check_value(
    signature: &Signature<'_>,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
    failures: &mut Failures,
) -> Option<VerifyingKey> {
    let (signed_info, method) = (signature.signed_info?, signature.canonicalization.as_ref()?);
    let (algorithm, place) = signature.method.as_ref()?;
    let (value, range) = signature.value.as_ref()?;
    let mut hasher = Hasher::new(algorithm.digest());
    if let Err(limit) = method.element(signed_info, None, |piece| hasher.update(piece)) {
        failures.add(limit, signed_info.start_tag_range());
        return None;
    }
    let hash = hasher.finish();
    let made_by = |key: &&VerifyingKey| key.verifies(*algorithm, hash.octets(), value);
    if let Some(key) = keys.iter().find(made_by) {
        if let Some(least) = policy.lacks(key.kind()) {
            let kind = FailureKind::WeakKey { key: key.kind().clone(), least };
            failures.add(kind, place.clone());
            return None;
        }
        return Some(key.clone());
    }
    let kind = why_no_key(signature, keys, *algorithm, |key| made_by(&key));
    failures.add(kind, range.clone());
    None
}

/// No trusted key made the signature: was it one that the message carries itself?
fn why_no_key(
    signature: &Signature<'_>,
    keys: &[VerifyingKey],
    algorithm: SignatureAlgorithm,
    made_by: impl Fn(&VerifyingKey) -> bool,
) -> FailureKind {
    let presented = signature.key_info.and_then(explain::key_of).filter(|key| made_by(key));
    match presented {
        Some(key) => FailureKind::UntrustedKey {
            presented: key.certificate().cloned().map(Box::new),
            trusted: keys.len(),
        },
        None if keys.is_empty() => FailureKind::NoKeys,
        None if signature.key_info.is_some_and(explain::points_elsewhere) => {
            FailureKind::UntrustedKey { presented: None, trusted: keys.len() }
        }
        None if !keys.iter().any(|key| key.fits(algorithm)) => FailureKind::KeyKind {
            method: algorithm.to_string(),
            trusted: keys.iter().map(|key| key.kind().to_string()).collect::<Vec<_>>().join(", "),
        },
        None => FailureKind::Invalid { keys: keys.len() },
    }
}
