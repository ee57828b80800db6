//! Why a signature is refused: all of it, each fact with its place, in document order. A
//! [`Rejection`] without a failure cannot be made: only [`Failures::reject`] makes one, and it takes a
//! [`Noted`], which only noting a failure gives.

use std::fmt;
use std::ops::Range;

use samlkit_xml::{CanonicalizationError, LimitExceeded};

use crate::algorithm::PublicKey;
use crate::certificate::Certificate;

/// Everything that keeps a signature from being evidence. There is at least one failure, and none can be
/// made by hand:
///
/// ```compile_fail,E0451
/// let reject_without_a_reason = samlkit_dsig::Rejection { failures: Vec::new() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    failures: Vec<Failure>,
}

impl Rejection {
    /// The failures in the order of their places; at least one.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// The failures in the order of their places; at least one.
    pub fn into_failures(self) -> Vec<Failure> {
        self.failures
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, failure) in self.failures.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", failure.rule(), failure.kind)?;
        }
        Ok(())
    }
}

impl std::error::Error for Rejection {}

/// That a failure was noted: what a step gives instead of its result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noted(());

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Failures(Vec<Failure>);

impl Failures {
    pub(crate) fn add(&mut self, kind: impl Into<FailureKind>, range: Range<usize>) -> Noted {
        self.0.push(Failure { kind: kind.into(), range });
        Noted(())
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// That there is one.
    pub(crate) fn any(&self) -> Result<(), Noted> {
        if self.0.is_empty() { Ok(()) } else { Err(Noted(())) }
    }

    /// All of them.
    pub(crate) fn reject(self, _: Noted) -> Rejection {
        Rejection { failures: self.in_order() }
    }

    /// All of them, of which there may be none.
    pub(crate) fn in_order(mut self) -> Vec<Failure> {
        self.0.sort_by_key(|failure| failure.range.start);
        self.0
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// What is wrong.
    pub kind: FailureKind,
    /// The range in the document's text.
    pub range: Range<usize>,
}

impl Failure {
    /// One thing that is wrong. It is a value like any other; only a [`Rejection`] is a judgement.
    pub fn new(kind: FailureKind, range: Range<usize>) -> Self {
        Self { kind, range }
    }

    /// The name of the rule that is broken, such as `signature.digest`.
    pub fn rule(&self) -> &'static str {
        self.kind.rule()
    }
}

/// What is wrong with a signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are the values that each message names")]
pub enum FailureKind {
    // signature.missing
    /// The element has no signature of its own.
    #[error("<{element}> is not signed")]
    Missing { element: String },

    // signature.malformed
    /// More than one signature on one element.
    #[error("<{element}> has {count} signatures, expected one")]
    SeveralSignatures { element: String, count: usize },
    /// An element that has to be there is not.
    #[error("<{parent}> has no <{child}>")]
    MissingChild { parent: &'static str, child: &'static str },
    /// An element that may stand once stands again.
    #[error("<{parent}> has a second <{child}>")]
    RepeatedChild { parent: &'static str, child: &'static str },
    /// An element where the profile allows none like it, or not here.
    #[error("<{found}> may not stand here in <{parent}>")]
    UnexpectedChild { parent: &'static str, found: String },
    /// An attribute that has to be there is not.
    #[error("<{element}> has no attribute {attribute}")]
    MissingAttribute { element: &'static str, attribute: &'static str },
    /// Something else than text in a value.
    #[error("<{element}> holds a comment or processing instruction; expected base64 alone")]
    SplitValue { element: &'static str },
    /// A value that is not base64.
    #[error("<{element}> is not base64")]
    NotBase64 { element: &'static str },

    // signature.reference
    /// Not exactly one Reference.
    #[error("the signature has {count} references, expected one")]
    References { count: usize },
    /// A Reference to something else than the element that holds the signature.
    #[error("the signature is over {}, expected {expected:?}, the element that it stands in",
        .found.as_ref().map_or("a reference without URI".to_owned(), |found| format!("{found:?}")))]
    ReferenceUri { found: Option<String>, expected: String },
    /// The element that holds the signature has no ID to refer to.
    #[error("<{element}> has a signature but no ID that it could refer to")]
    NoId { element: String },

    // signature.transform
    /// A transform that the profile does not have, or not in this place.
    #[error("found the transform {found:?}, expected {expected}")]
    Transform { found: String, expected: &'static str },
    /// The enveloped-signature transform is missing.
    #[error("there is no enveloped-signature transform")]
    NoTransform,

    // signature.placement
    /// The signature is not where the schema puts it.
    #[error("the signature comes after <{after}>, expected {expected}")]
    Placement { after: String, expected: &'static str },
    /// The signature that refers to the element is somewhere inside it.
    #[error(
        "the signature over <{element}> is in <{parent}>, expected it as a child of <{element}>"
    )]
    Misplaced { element: String, parent: String },

    // signature.algorithm
    /// An algorithm that the profile does not have, or that the policy refuses.
    #[error("the {role} {found:?} is not accepted")]
    Algorithm { role: &'static str, found: String },
    /// No trusted key is of the kind that the algorithm needs.
    #[error("{method} was used, and no trusted key is of that kind: {}", in_a_row(.trusted))]
    KeyKind { method: String, trusted: Vec<PublicKey> },

    // signature.weak-key
    /// The signature is good under a trusted key that is too short.
    #[error("the key is {key}, expected {least} bits or more")]
    WeakKey { key: PublicKey, least: u32 },

    // signature.digest
    /// The content is not what was signed.
    #[error("the content of <{element}> was changed after it was signed")]
    Digest { element: String, found: String, expected: String },

    // signature.invalid
    /// SignatureValue does not fit SignedInfo under any trusted key. Which key made it instead is asked
    /// by [`explain`](crate::explain()) only.
    #[error("the signature value fits none of the {keys} trusted keys")]
    Invalid { keys: usize },

    // signature.untrusted-key
    /// The signature was made by a key that is not trusted. Said by [`explain`](crate::explain()) only.
    #[error("the signature was made by a key that is not trusted: {}",
        .presented.as_ref().map_or("one without a certificate".to_owned(),
            |c| format!("{}, sha256 {}", c.subject, c.sha256_hex())))]
    UntrustedKey { presented: Option<Box<Certificate>>, trusted: usize },
    /// There is no key to trust.
    #[error("no key is trusted")]
    NoKeys,

    // xml.duplicate-id
    /// A duplicate ID.
    #[error("the document has a duplicate ID, so a reference to it means nothing")]
    DuplicateId,

    // xml.limit, signature.transform
    /// The element has no canonical form, or one that is too large.
    #[error(transparent)]
    Canonicalization(#[from] CanonicalizationError),
    /// The document causes more work than it may.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
}

impl FailureKind {
    /// The name of the rule that is broken, such as `signature.digest`.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "signature.missing",
            Self::SeveralSignatures { .. }
            | Self::MissingChild { .. }
            | Self::RepeatedChild { .. }
            | Self::UnexpectedChild { .. }
            | Self::MissingAttribute { .. }
            | Self::SplitValue { .. }
            | Self::NotBase64 { .. } => "signature.malformed",
            Self::References { .. } | Self::ReferenceUri { .. } | Self::NoId { .. } => {
                "signature.reference"
            }
            Self::Transform { .. } | Self::NoTransform => "signature.transform",
            Self::Placement { .. } | Self::Misplaced { .. } => "signature.placement",
            Self::Algorithm { .. } | Self::KeyKind { .. } => "signature.algorithm",
            Self::WeakKey { .. } => "signature.weak-key",
            Self::Digest { .. } => "signature.digest",
            Self::Invalid { .. } => "signature.invalid",
            Self::UntrustedKey { .. } | Self::NoKeys => "signature.untrusted-key",
            Self::DuplicateId => "xml.duplicate-id",
            Self::Canonicalization(CanonicalizationError::Limit(_)) | Self::Limit(_) => "xml.limit",
            Self::Canonicalization(_) => "signature.transform",
        }
    }
}

fn in_a_row(keys: &[PublicKey]) -> String {
    keys.iter().map(PublicKey::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use samlkit_xml::Document;

    use super::*;
    use crate::algorithm::AlgorithmPolicy;
    use crate::verify::verify;

    #[test]
    fn failures_are_in_the_order_of_their_places() {
        let mut failures = Failures::default();
        assert!(failures.any().is_ok());
        assert_eq!(failures.count(), 0);
        failures.add(FailureKind::NoKeys, 9..10);
        let noted = failures.add(FailureKind::DuplicateId, 3..4);
        assert!(failures.any().is_err());
        assert_eq!(failures.count(), 2);
        let rejection = failures.reject(noted);
        assert_eq!(
            rejection.to_string(),
            "xml.duplicate-id: the document has a duplicate ID, so a reference to it means nothing; \
             signature.untrusted-key: no key is trusted"
        );
        let starts: Vec<_> = rejection.failures().iter().map(|f| f.range.start).collect();
        assert_eq!(starts, [3, 9]);
        assert_eq!(rejection.clone().into_failures(), rejection.failures());
    }

    #[test]
    fn each_kind_has_its_rule() {
        let text = || String::from("x");
        let key = || PublicKey::Unknown;
        for (kind, rule) in [
            (FailureKind::Missing { element: text() }, "signature.missing"),
            (FailureKind::SeveralSignatures { element: text(), count: 2 }, "signature.malformed"),
            (FailureKind::MissingChild { parent: "a", child: "b" }, "signature.malformed"),
            (FailureKind::RepeatedChild { parent: "a", child: "b" }, "signature.malformed"),
            (FailureKind::UnexpectedChild { parent: "a", found: text() }, "signature.malformed"),
            (FailureKind::MissingAttribute { element: "a", attribute: "b" }, "signature.malformed"),
            (FailureKind::SplitValue { element: "a" }, "signature.malformed"),
            (FailureKind::NotBase64 { element: "a" }, "signature.malformed"),
            (FailureKind::References { count: 2 }, "signature.reference"),
            (FailureKind::ReferenceUri { found: None, expected: text() }, "signature.reference"),
            (FailureKind::NoId { element: text() }, "signature.reference"),
            (FailureKind::Transform { found: text(), expected: "y" }, "signature.transform"),
            (FailureKind::NoTransform, "signature.transform"),
            (FailureKind::Placement { after: text(), expected: "y" }, "signature.placement"),
            (FailureKind::Misplaced { element: text(), parent: text() }, "signature.placement"),
            (FailureKind::Algorithm { role: "y", found: text() }, "signature.algorithm"),
            (FailureKind::KeyKind { method: text(), trusted: vec![key()] }, "signature.algorithm"),
            (FailureKind::WeakKey { key: key(), least: 1 }, "signature.weak-key"),
            (
                FailureKind::Digest { element: text(), found: text(), expected: text() },
                "signature.digest",
            ),
            (FailureKind::Invalid { keys: 1 }, "signature.invalid"),
            (FailureKind::UntrustedKey { presented: None, trusted: 1 }, "signature.untrusted-key"),
            (FailureKind::NoKeys, "signature.untrusted-key"),
            (FailureKind::DuplicateId, "xml.duplicate-id"),
        ] {
            assert_eq!(Failure { kind, range: 0..0 }.rule(), rule);
        }
    }

    #[test]
    fn what_a_rejection_says() {
        let document = Document::parse(b"<a ID='_1'/>").unwrap();
        let rejection = verify(document.root(), &[], &AlgorithmPolicy::default()).unwrap_err();
        assert_eq!(rejection.to_string(), "signature.missing: <a> is not signed");
        let uri = |found: Option<&str>| {
            let (found, expected) = (found.map(str::to_owned), "#_1".to_owned());
            FailureKind::ReferenceUri { found, expected }.to_string()
        };
        let rest = ", expected \"#_1\", the element that it stands in";
        assert_eq!(uri(Some("#_2")), format!("the signature is over \"#_2\"{rest}"));
        assert_eq!(uri(None), format!("the signature is over a reference without URI{rest}"));
        assert_eq!(
            FailureKind::UntrustedKey { presented: None, trusted: 1 }.to_string(),
            "the signature was made by a key that is not trusted: one without a certificate"
        );
    }
}
