//! All that can be said of a signature without a key: its shape, its place, what it refers to, whether
//! the element has the digest that was signed, and the hash that a key must have signed. Both roads
//! begin here, the one that judges ([`verify`](crate::verify())) and the one that only explains
//! ([`explain`](crate::explain())); what the message says about its key is no part of it.

use std::ops::Range;

use samlkit_xml::{Canonicalization, Element, Limit};

use crate::algorithm::{AlgorithmPolicy, Digest, PublicKey, SignatureAlgorithm};
use crate::base64;
use crate::crypto::{self, Hasher};
use crate::namespace::{ASSERTION, SIGNATURE as NAMESPACE};
use crate::rejection::{FailureKind, Failures, Noted};
use crate::signature::{Reference, Signature, signatures};

/// A signature that was looked at, with what was found out; the rest was noted as failures.
#[derive(Debug)]
pub(crate) struct Inspection<'doc> {
    /// The `Signature` element.
    pub(crate) element: Element<'doc>,
    pub(crate) signature: Signature<'doc>,
    /// How the element that holds the signature became octets with the digest that was signed.
    pub(crate) digested: Result<(Canonicalization<'doc>, Digest), Noted>,
    pub(crate) value: Result<SignedHash, Noted>,
}

/// What a key must have signed, and how.
#[derive(Debug)]
pub(crate) struct SignedHash {
    pub(crate) method: SignatureAlgorithm,
    /// Of SignedInfo in canonical form.
    pub(crate) hash: crypto::Hash,
    /// The octets of SignatureValue.
    pub(crate) value: Vec<u8>,
    /// Where SignatureMethod stands.
    pub(crate) method_range: Range<usize>,
    /// Where SignatureValue stands.
    pub(crate) value_range: Range<usize>,
}

/// Looks at the signature of `element`: the one that is its child and refers to it.
pub(crate) fn inspect<'doc>(
    element: Element<'doc>,
    policy: &AlgorithmPolicy,
    failures: &mut Failures,
) -> Result<Inspection<'doc>, Noted> {
    if let Some((_, second)) = element.document().duplicate_ids().next() {
        failures.add(FailureKind::DuplicateId, second.start_tag_range());
    }
    let name = || element.name().to_string();
    let mut all = signatures(element);
    let Some(first) = all.next() else {
        return Err(match signature_below(element) {
            Some((signature, parent)) => {
                let kind =
                    FailureKind::Misplaced { element: name(), parent: parent.name().to_string() };
                failures.add(kind, signature.start_tag_range())
            }
            None => {
                failures.add(FailureKind::Missing { element: name() }, element.start_tag_range())
            }
        });
    };
    if let Some(second) = all.next() {
        let count = all.count().saturating_add(2);
        let kind = FailureKind::SeveralSignatures { element: name(), count };
        return Err(failures.add(kind, second.start_tag_range()));
    }
    if let Err(limit) = element.document().budget().spend(Limit::Signatures, 1) {
        return Err(failures.add(limit, first.start_tag_range()));
    }
    check_placement(element, first, failures);
    let signature = Signature::read(first, failures);
    check_algorithms(&signature, policy, failures);
    let digested = match &signature.reference {
        // A digest of something else says nothing about this element.
        Ok(reference) => check_reference(element, reference, failures)
            .and_then(|()| check_digest(element, first, reference, failures)),
        Err(noted) => Err(*noted),
    };
    let value = signed_hash(&signature, failures);
    Ok(Inspection { element: first, signature, digested, value })
}

/// A signature that refers to `element` from deeper inside it, and what it stands in.
fn signature_below(element: Element<'_>) -> Option<(Element<'_>, Element<'_>)> {
    let id = element.attribute("ID").map(|id| id.value()).filter(|id| !id.is_empty())?;
    let mut references = element.descendants().filter(|inside| inside.is(NAMESPACE, "Reference"));
    let reference = references.find(|reference| {
        let uri = reference.attribute("URI").map(|uri| uri.value());
        uri.and_then(|uri| uri.strip_prefix('#')) == Some(id)
    })?;
    let signature = reference.parent()?.parent()?;
    signature.is(NAMESPACE, "Signature").then_some((signature, signature.parent()?))
}

/// The signature is the first child, or comes right after an Issuer that is (saml-core and
/// saml-metadata, schemas).
fn check_placement(element: Element<'_>, signature: Element<'_>, failures: &mut Failures) {
    let mut before = element.children().take_while(|child| *child != signature);
    let issuer = before.next().filter(|first| !first.is(ASSERTION, "Issuer"));
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
) -> Result<(), Noted> {
    let Some(id) = element.attribute("ID").map(|id| id.value()).filter(|id| !id.is_empty()) else {
        let kind = FailureKind::NoId { element: element.name().to_string() };
        return Err(failures.add(kind, element.start_tag_range()));
    };
    if reference.uri.and_then(|uri| uri.strip_prefix('#')) == Some(id) {
        return Ok(());
    }
    let found = reference.uri.map(str::to_owned);
    let kind = FailureKind::ReferenceUri { found, expected: format!("#{id}") };
    Err(failures.add(kind, reference.range.clone()))
}

fn check_algorithms(signature: &Signature<'_>, policy: &AlgorithmPolicy, failures: &mut Failures) {
    if let Ok((method, range)) = &signature.method
        && !policy.accepts(method.digest())
    {
        let (role, found) = ("signature method", method.uri().to_owned());
        failures.add(FailureKind::Algorithm { role, found }, range.clone());
    }
    if let Ok(reference) = &signature.reference
        && let Ok((digest, range)) = &reference.digest
        && !policy.accepts(*digest)
    {
        let (role, found) = ("digest method", digest.uri().to_owned());
        failures.add(FailureKind::Algorithm { role, found }, range.clone());
    }
}

/// Digests the element without its signature and compares. What comes back says how it was done.
fn check_digest<'doc>(
    element: Element<'doc>,
    signature: Element<'doc>,
    reference: &Reference<'doc>,
    failures: &mut Failures,
) -> Result<(Canonicalization<'doc>, Digest), Noted> {
    let method = reference.canonicalization.as_ref().map_err(|noted| *noted)?;
    let (digest, _) = reference.digest.as_ref().map_err(|noted| *noted)?;
    let (expected, range) = reference.value.as_ref().map_err(|noted| *noted)?;
    let mut hasher = Hasher::new(*digest);
    method
        .element(element, Some(signature), |piece| hasher.update(piece))
        .map_err(|error| failures.add(error, element.start_tag_range()))?;
    let found = hasher.finish();
    if crypto::is_equal(found.octets(), expected) {
        return Ok((method.clone(), *digest));
    }
    let kind = FailureKind::Digest {
        element: element.name().to_string(),
        found: base64::encode(found.octets()),
        expected: base64::encode(expected),
    };
    Err(failures.add(kind, range.clone()))
}

/// Hashes SignedInfo in its canonical form.
fn signed_hash(signature: &Signature<'_>, failures: &mut Failures) -> Result<SignedHash, Noted> {
    let signed_info = signature.signed_info?;
    let method = signature.canonicalization.as_ref().map_err(|noted| *noted)?;
    let (algorithm, method_range) = signature.method.as_ref().map_err(|noted| *noted)?;
    let (value, value_range) = signature.value.as_ref().map_err(|noted| *noted)?;
    let mut hasher = Hasher::new(algorithm.digest());
    method
        .element(signed_info, None, |piece| hasher.update(piece))
        .map_err(|error| failures.add(error, signed_info.start_tag_range()))?;
    Ok(SignedHash {
        method: *algorithm,
        hash: hasher.finish(),
        value: value.clone(),
        method_range: method_range.clone(),
        value_range: value_range.clone(),
    })
}

impl SignedHash {
    /// What is wrong with a key that made the signature: that it is too short for the policy.
    pub(crate) fn check_key(
        &self,
        key: &PublicKey,
        policy: &AlgorithmPolicy,
        failures: &mut Failures,
    ) -> Result<(), Noted> {
        match policy.lacks(key) {
            Some(least) => {
                let kind = FailureKind::WeakKey { key: key.clone(), least };
                Err(failures.add(kind, self.method_range.clone()))
            }
            None => Ok(()),
        }
    }

    /// Why it was made by none of these keys, each of which was tried.
    pub(crate) fn made_by_none<'k>(
        &self,
        keys: impl Iterator<Item = &'k PublicKey>,
    ) -> FailureKind {
        let keys: Vec<PublicKey> = keys.cloned().collect();
        if keys.is_empty() {
            FailureKind::NoKeys
        } else if keys.iter().any(|key| key.fits(self.method)) {
            FailureKind::Invalid { keys: keys.len() }
        } else {
            FailureKind::KeyKind { method: self.method.to_string(), trusted: keys }
        }
    }
}
