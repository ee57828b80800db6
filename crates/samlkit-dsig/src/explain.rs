//! Why a signature failed, as facts for a report. Nothing here is evidence: [`Explanation`] has no
//! element to read values from, and the key in it is a [`PresentedKey`], which nothing takes for trusted.
//! The certificates that a message carries are decoded here and nowhere else.

use samlkit_xml::{Canonicalization, CanonicalizationError, Element, Limit};

use crate::algorithm::{AlgorithmPolicy, Digest};
use crate::base64;
use crate::inspection::{Inspection, SignedHash, inspect};
use crate::key::PresentedKey;
use crate::namespace::SIGNATURE as NAMESPACE;
use crate::rejection::{Failure, FailureKind, Failures};
use crate::signature::signatures;

/// Keys of a `KeyInfo` that are looked at: a leaf and what is above it in its chain.
const MOST_PRESENTED: usize = 8;

/// What can be said of the signature on an element without trusting anybody.
#[derive(Clone, Debug)]
pub struct Explanation<'doc> {
    element: Element<'doc>,
    signature: Option<Element<'doc>>,
    presented: Option<PresentedKey>,
    is_made_by_presented: bool,
    /// Whether KeyInfo names a place to fetch the key from. Nothing is ever fetched.
    points_elsewhere: bool,
    failures: Vec<Failure>,
    reference: Option<Reference<'doc>>,
}

/// What the signature says of the element.
#[derive(Clone, Debug)]
struct Reference<'doc> {
    method: Canonicalization<'doc>,
    digest: Digest,
    stated: Vec<u8>,
}

/// Looks at the signature of `element` as a verifier would that trusted the key which the message
/// carries. It is for reports: it says what is wrong besides trust, and who claims to have signed.
///
/// ```
/// use samlkit_dsig::{AlgorithmPolicy, explain};
/// use samlkit_xml::Document;
///
/// let document = Document::parse(b"<Assertion ID='_1'/>")?;
/// let explanation = explain(document.root(), &AlgorithmPolicy::default());
/// assert_eq!(explanation.failures()[0].rule(), "signature.missing");
/// assert!(explanation.presented().is_none());
/// # Ok::<(), samlkit_xml::Error>(())
/// ```
///
/// An explanation is no evidence:
///
/// ```compile_fail,E0599
/// # use samlkit_dsig::{AlgorithmPolicy, explain};
/// # fn read(element: samlkit_xml::Element<'_>) {
/// let forged = explain(element, &AlgorithmPolicy::default()).root();
/// # }
/// ```
pub fn explain<'doc>(element: Element<'doc>, policy: &AlgorithmPolicy) -> Explanation<'doc> {
    let mut failures = Failures::default();
    let inspected = inspect(element, policy, &mut failures);
    let signature = signatures(element).next();
    let of_key = |signature: Element<'doc>| {
        signature.children().find(|child| child.is(NAMESPACE, "KeyInfo"))
    };
    let key_info = signature.and_then(of_key);
    let all = key_info.map(presented_keys).unwrap_or_default();
    let retrieval = |info: Element<'_>| info.children().any(|c| c.is(NAMESPACE, "RetrievalMethod"));
    let points_elsewhere = all.is_empty() && key_info.is_some_and(retrieval);
    let mut presented = all.first().cloned();
    let mut is_made_by_presented = false;
    if let Ok(Inspection { value: Ok(made), .. }) = &inspected {
        match made_by(element, made, &all) {
            Ok(Some(key)) => {
                // That it is too short is noted by the check.
                let _ = made.check_key(key.kind(), policy, &mut failures);
                presented = Some(key.clone());
                is_made_by_presented = true;
            }
            Ok(None) => _ = failures.add(none_made_it(made, &all), made.value_range.clone()),
            Err(limit) => _ = failures.add(limit, made.value_range.clone()),
        }
    }
    let reference = inspected.ok().and_then(|inspected| {
        let reference = inspected.signature.reference.ok()?;
        let ((digest, _), (stated, _)) = (reference.digest.ok()?, reference.value.ok()?);
        Some(Reference { method: reference.canonicalization.ok()?, digest, stated })
    });
    let failures = failures.in_order();
    Explanation {
        element,
        signature,
        presented,
        is_made_by_presented,
        points_elsewhere,
        failures,
        reference,
    }
}

fn made_by<'k>(
    element: Element<'_>,
    made: &SignedHash,
    keys: &'k [PresentedKey],
) -> Result<Option<&'k PresentedKey>, samlkit_xml::LimitExceeded> {
    for key in keys {
        element.document().budget().spend(Limit::KeyTrials, 1)?;
        if key.verifies(made.method, made.hash.octets(), &made.value) {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

fn none_made_it(made: &SignedHash, keys: &[PresentedKey]) -> FailureKind {
    match keys {
        [] => FailureKind::NoKeys,
        keys if !keys.iter().any(|key| key.kind().fits(made.method)) => FailureKind::KeyKind {
            method: made.method.to_string(),
            trusted: keys.iter().map(|key| key.kind().to_string()).collect::<Vec<_>>().join(", "),
        },
        keys => FailureKind::Invalid { keys: keys.len() },
    }
}

impl<'doc> Explanation<'doc> {
    /// The key that the signature carries with it, if one can be read: the one that made it, or else the
    /// first. It says who claims to have signed, and nothing makes it true.
    pub fn presented(&self) -> Option<&PresentedKey> {
        self.presented.as_ref()
    }

    /// Whether the presented key made the signature value.
    pub fn is_made_by_presented(&self) -> bool {
        self.is_made_by_presented
    }

    /// What would still be wrong if the presented key were trusted, in the order of the places. Empty
    /// means that element, signature and presented key agree with one another, which anybody can arrange.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// What the signature says that the digest of the element is: the hash function and the value. `None`
    /// where that cannot be read.
    pub fn stated_digest(&self) -> Option<(Digest, &[u8])> {
        self.reference.as_ref().map(|reference| (reference.digest, reference.stated.as_slice()))
    }

    /// By which method the signature says that the element became octets.
    pub fn stated_canonicalization(&self) -> Option<&Canonicalization<'doc>> {
        self.reference.as_ref().map(|reference| &reference.method)
    }

    /// The canonical octets of the element without its signature, by any method.
    ///
    /// # Errors
    /// [`CanonicalizationError`].
    pub fn octets(&self, method: &Canonicalization<'_>) -> Result<Vec<u8>, CanonicalizationError> {
        method.octets(self.element, self.signature)
    }

    /// How the element was formatted after it was signed, where that can be told: with its white space as
    /// it must have been it has the digest that its signature states. `None` where the digest is good as
    /// it is, or where no such change explains it.
    ///
    /// It explains a refusal and makes nothing good: only octets that a trusted key signed are trusted.
    pub fn reformatted(&self) -> Option<Reformatting> {
        let Reference { method, digest, stated } = self.reference.as_ref()?;
        let octets = self.octets(method).ok()?;
        reformatting(&octets, |octets| digest.value(octets) == *stated)
    }

    /// A failure of [`verify`](crate::verify()) in the words of what is known now: a value that fits none of
    /// the trusted keys was made by the presented one, or by one that the message says to fetch.
    pub fn refine(&self, failure: Failure) -> Failure {
        Failure { kind: self.refine_kind(failure.kind), range: failure.range }
    }

    fn refine_kind(&self, kind: FailureKind) -> FailureKind {
        let trusted = match kind {
            FailureKind::Invalid { keys } => keys,
            FailureKind::KeyKind { .. } | FailureKind::NoKeys => 0,
            other => return other,
        };
        let is_elsewhere = self.points_elsewhere && trusted > 0;
        if !self.is_made_by_presented && !is_elsewhere {
            return kind;
        }
        let made_it = self.presented.as_ref().filter(|_| self.is_made_by_presented);
        let presented = made_it.and_then(PresentedKey::certificate).cloned().map(Box::new);
        FailureKind::UntrustedKey { presented, trusted }
    }
}

/// The keys that a `KeyInfo` spells out: in certificates, and as `RSAKeyValue`. One that cannot be
/// read, or that proves nothing, is left out.
fn presented_keys(key_info: Element<'_>) -> Vec<PresentedKey> {
    let mut keys = Vec::new();
    for child in key_info.children() {
        let inside = |local: &'static str| {
            child.children().filter(move |inside| inside.is(NAMESPACE, local))
        };
        if child.is(NAMESPACE, "X509Data") {
            let certificates = inside("X509Certificate").take(MOST_PRESENTED);
            keys.extend(
                certificates.filter_map(|c| PresentedKey::from_certificate(&c.text()).ok()),
            );
        }
        if child.is(NAMESPACE, "KeyValue") {
            keys.extend(inside("RSAKeyValue").take(1).filter_map(of_rsa_value));
        }
        if keys.len() >= MOST_PRESENTED {
            break;
        }
    }
    keys.truncate(MOST_PRESENTED);
    keys
}

fn of_rsa_value(value: Element<'_>) -> Option<PresentedKey> {
    let number = |local: &str| {
        let number = value.children().find(|child| child.is(NAMESPACE, local))?;
        base64::decode(&number.text())
    };
    PresentedKey::from_rsa_value(&number("Modulus")?, &number("Exponent")?).ok()
}

/// What was done to content after it was signed, where that can be told from its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reformatting {
    /// White space was put between elements.
    SpaceBetweenElements,
    /// White space was put around texts, too.
    SpaceAroundTexts,
    /// Line ends became carriage return and line feed.
    CarriageReturnsAdded,
    /// Line ends were carriage return and line feed, and are no more.
    CarriageReturnsLost,
}

impl Reformatting {
    /// What was done, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::SpaceBetweenElements => "white space was put between elements",
            Self::SpaceAroundTexts => "white space was put around texts",
            Self::CarriageReturnsAdded => "carriage returns were added at line ends",
            Self::CarriageReturnsLost => "carriage returns were taken from line ends",
        }
    }
}

/// Which change of white space gives octets that have the digest which was signed.
fn reformatting(octets: &[u8], is_signed: impl Fn(&[u8]) -> bool) -> Option<Reformatting> {
    if is_signed(octets) {
        return None;
    }
    let pieces = pieces(octets);
    let is_blank = |text: &[u8]| text.trim_ascii().is_empty();
    let without_blank = |keep_leaves: bool| {
        let mut written = Vec::with_capacity(octets.len());
        for (at, (piece, is_tag)) in pieces.iter().enumerate() {
            let tag = |at: Option<usize>| at.and_then(|at| pieces.get(at)).map(|(tag, _)| *tag);
            let opened = tag(at.checked_sub(1)).is_some_and(|tag| !tag.starts_with(b"</"));
            let closes = tag(at.checked_add(1)).is_some_and(|tag| tag.starts_with(b"</"));
            if *is_tag || !is_blank(piece) || (keep_leaves && opened && closes) {
                written.extend_from_slice(piece);
            }
        }
        written
    };
    let trimmed = || {
        let trim = |(piece, is_tag): &(&[u8], bool)| {
            if *is_tag { piece.to_vec() } else { piece.trim_ascii().to_vec() }
        };
        pieces.iter().map(trim).collect::<Vec<_>>().concat()
    };
    // Canonical octets are UTF-8, and carriage returns are references in them.
    let text = std::str::from_utf8(octets).ok()?;
    if is_signed(&without_blank(true)) || is_signed(&without_blank(false)) {
        return Some(Reformatting::SpaceBetweenElements);
    }
    if is_signed(&trimmed()) {
        return Some(Reformatting::SpaceAroundTexts);
    }
    if is_signed(text.replace("&#xD;", "").as_bytes()) {
        return Some(Reformatting::CarriageReturnsAdded);
    }
    let returned = text.replace('\n', "&#xD;\n");
    is_signed(returned.as_bytes()).then_some(Reformatting::CarriageReturnsLost)
}

/// Canonical octets as tags and the texts between them; what is a tag is marked.
fn pieces(octets: &[u8]) -> Vec<(&[u8], bool)> {
    let mut pieces = Vec::new();
    let mut rest = octets;
    while !rest.is_empty() {
        let is_tag = rest.starts_with(b"<");
        let mut quoted = false;
        let mut ends = rest.iter().enumerate().filter(|(_, octet)| {
            // Canonical XML has no other quotes.
            quoted ^= is_tag && **octet == b'"';
            if is_tag { !quoted && **octet == b'>' } else { **octet == b'<' }
        });
        let end = ends.next().map_or(rest.len(), |(at, _)| at.saturating_add(usize::from(is_tag)));
        let Some((piece, after)) = rest.split_at_checked(end) else { break };
        pieces.push((piece, is_tag));
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use samlkit_xml::Document;

    use super::*;
    use crate::{SignOptions, SigningKey, sign};

    /// What explains that `signed`, changed so, has another digest.
    fn explained(signed: &str, change: impl Fn(&str) -> String) -> Option<Reformatting> {
        let pem = include_str!("../../../tests/data/keys/rsa-2048.test-only.pem");
        let key = SigningKey::from_pem(pem, None).unwrap();
        let document = Document::parse(signed.as_bytes()).unwrap();
        let signed = sign(&document, "_1", &key, &SignOptions::default()).unwrap();
        let changed = change(&String::from_utf8(signed).unwrap());
        let document = Document::parse(changed.as_bytes()).unwrap();
        explain(document.root(), &AlgorithmPolicy::default()).reformatted()
    }

    const ONE_LINE: &str = "<a ID='_1'><b x='1 &gt; 2'><c>ada</c></b><d> </d></a>";

    #[test]
    fn what_editors_do() {
        let pretty = |text: &str| text.replace("<b", "\n  <b").replace("</b>", "\n  </b>\n");
        assert_eq!(explained(ONE_LINE, pretty), Some(Reformatting::SpaceBetweenElements));
        let around = |text: &str| pretty(text).replace("ada", "\n  ada\n").replace("> <", "><");
        let dense = ONE_LINE.replace("> <", "><");
        assert_eq!(explained(&dense, around), Some(Reformatting::SpaceAroundTexts));
        let added = |text: &str| text.replace("\n", "&#xD;\n");
        assert_eq!(
            explained("<a ID='_1'>x\ny</a>", added),
            Some(Reformatting::CarriageReturnsAdded)
        );
        let lost = |text: &str| text.replace("&#13;", "");
        assert_eq!(
            explained("<a ID='_1'>x&#13;\ny</a>", lost),
            Some(Reformatting::CarriageReturnsLost)
        );
    }

    #[test]
    fn other_changes_and_none() {
        assert_eq!(explained(ONE_LINE, |text| text.replace("ada", "eve")), None);
        assert_eq!(explained(ONE_LINE, |text| text.replace("ada", "a da")), None);
        assert_eq!(explained(ONE_LINE, str::to_owned), None);
    }
}
