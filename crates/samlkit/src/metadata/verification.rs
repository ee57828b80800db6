//! Metadata as evidence: every entity of a document is covered by a signature of a key that the caller
//! trusts, or the document is refused as a whole. What comes out is [`Verified`] entities, and nothing else
//! in the document can be read through it.

use std::fmt;
use std::ops::Range;

use samlkit_dsig::{AlgorithmPolicy, FailureKind, Signed, VerifyingKey, verify};
use samlkit_xml::Element;

use super::{EntityDescriptor, Metadata, SignedParts};
use crate::verified::Verified;

/// A metadata document all of whose entities are covered by signatures that were verified.
#[derive(Clone, Debug)]
pub struct VerifiedMetadata<'doc> {
    metadata: Metadata<'doc>,
    signed: Vec<Signed<'doc>>,
}

/// Why the entities of a metadata document are not all vouched for; at least one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotVouchedFor {
    first: SignatureFault,
    others: Vec<SignatureFault>,
}

/// One reason, and where it stands in the document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignatureFault {
    /// What is wrong.
    pub kind: SignatureFaultKind,
    /// The range in the document's text.
    pub range: Range<usize>,
}

/// What is wrong with the signatures of a metadata document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureFaultKind {
    /// A signature is refused, or an entity has none and no group around it has one.
    #[error(transparent)]
    Signature(FailureKind),
    /// A signed entity or group stands where metadata has none.
    #[error(
        "a signed <{signed}> stands outside the chain of EntitiesDescriptor: it was moved to make room"
    )]
    Wrapping {
        /// The element's name.
        signed: String,
    },
}

impl SignatureFaultKind {
    /// The name of the rule that is broken, such as `signature.wrapping`.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Signature(kind) => kind.rule(),
            Self::Wrapping { .. } => "signature.wrapping",
        }
    }
}

impl NotVouchedFor {
    /// All that is wrong, in the order in which it was found; at least one.
    pub fn faults(&self) -> impl Iterator<Item = &SignatureFault> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl fmt::Display for NotVouchedFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.first.kind.rule(), self.first.kind)?;
        for fault in &self.others {
            write!(f, "; {}: {}", fault.kind.rule(), fault.kind)?;
        }
        Ok(())
    }
}

impl std::error::Error for NotVouchedFor {}

/// Faults that are kept of one document; a document of a federation may have thousands.
const MOST_FAULTS: usize = 20;

impl<'doc> Metadata<'doc> {
    /// Verifies the signatures over all entities of the document: each entity's own, or that of a group
    /// around it. `keys` are those that metadata is known to be signed with: the federation's, or the one
    /// that was pinned for this entity.
    ///
    /// # Errors
    /// [`NotVouchedFor`], where a signature is refused, where a single entity is not covered by any, and
    /// where a signed entity stands in a place that it was moved to.
    pub fn verify(
        &self,
        keys: &[VerifyingKey],
        policy: &AlgorithmPolicy,
    ) -> Result<VerifiedMetadata<'doc>, NotVouchedFor> {
        let SignedParts { signed, unsigned, misplaced } = self.signed_parts();
        let mut faults = Vec::new();
        let mut good = Vec::with_capacity(signed.len());
        let wrapping = |element: &Element<'_>| SignatureFault {
            kind: SignatureFaultKind::Wrapping { signed: element.name().to_string() },
            range: element.start_tag_range(),
        };
        faults.extend(misplaced.iter().take(MOST_FAULTS).map(wrapping));
        let missing = |element: &Element<'_>| {
            let kind = FailureKind::Missing { element: element.name().to_string() };
            let kind = SignatureFaultKind::Signature(kind);
            SignatureFault { kind, range: element.start_tag_range() }
        };
        faults.extend(unsigned.iter().take(MOST_FAULTS).map(missing));
        if signed.is_empty() && faults.is_empty() {
            // A group without an entity, which nobody signed.
            faults.push(missing(&self.root()));
        }
        for element in signed {
            match verify(element, keys, policy) {
                Ok(signed) => good.push(signed),
                Err(_) if faults.len() >= MOST_FAULTS => {}
                Err(rejection) => {
                    faults.extend(rejection.into_failures().into_iter().map(|failure| {
                        let kind = SignatureFaultKind::Signature(failure.kind);
                        SignatureFault { kind, range: failure.range }
                    }));
                }
            }
        }
        let mut faults = faults.into_iter();
        match faults.next() {
            Some(first) => Err(NotVouchedFor { first, others: faults.collect() }),
            None => Ok(VerifiedMetadata { metadata: self.clone(), signed: good }),
        }
    }
}

impl<'doc> VerifiedMetadata<'doc> {
    /// All entities, in document order. Each is read anew.
    pub fn entities(&self) -> impl Iterator<Item = Verified<EntityDescriptor<'doc>>> + use<'doc> {
        self.metadata.entities().map(Verified::new)
    }

    /// The entity of that ID; `None` where there is none, or more than one.
    pub fn entity(&self, entity_id: &str) -> Option<Verified<EntityDescriptor<'doc>>> {
        let mut entities = self.metadata.entities_of_id(entity_id);
        let first = entities.next()?;
        entities.next().is_none().then(|| Verified::new(first))
    }

    /// The signatures, in document order: of the document's one, or of each entity.
    pub fn signatures(&self) -> &[Signed<'doc>] {
        &self.signed
    }
}

#[cfg(test)]
mod tests {
    use samlkit_dsig::{SignOptions, SigningKey, sign};
    use samlkit_xml::Document;

    use super::*;
    use crate::names::METADATA;

    const PRIVATE: &str = include_str!("../../../../tests/data/keys/p256.test-only.pem");
    const CERTIFICATE: &str = include_str!("../../../../tests/data/keys/p256.crt.pem");

    fn group(inside: &str) -> String {
        format!("<EntitiesDescriptor xmlns='{METADATA}' ID='_g'>{inside}</EntitiesDescriptor>")
    }

    fn signed(xml: &str, id: &str) -> String {
        let key = SigningKey::from_pem(PRIVATE, None).unwrap();
        let document = Document::parse(xml.as_bytes()).unwrap();
        String::from_utf8(sign(&document, id, &key, &SignOptions::default()).unwrap()).unwrap()
    }

    fn entity(number: usize) -> String {
        format!("<EntityDescriptor ID='_{number}' entityID='urn:{number}'/>")
    }

    /// The entity IDs, or the rules that are broken.
    fn judged(xml: &str) -> Result<Vec<String>, Vec<&'static str>> {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let metadata = Metadata::read(&document).unwrap();
        let keys = [VerifyingKey::from_pem(CERTIFICATE).unwrap()];
        match metadata.verify(&keys, &AlgorithmPolicy::default()) {
            Ok(verified) => Ok(verified
                .entities()
                .map(|entity| entity.entity_id.as_ref().unwrap().text().to_owned())
                .collect()),
            Err(error) => Err(error.faults().map(|fault| fault.kind.rule()).collect()),
        }
    }

    #[test]
    fn all_entities_of_a_signed_group() {
        let good = signed(&group(&format!("{}{}", entity(1), entity(2))), "_g");
        assert_eq!(judged(&good), Ok(vec!["urn:1".to_owned(), "urn:2".to_owned()]));
        let changed = good.replace("urn:1", "urn:3");
        assert_eq!(judged(&changed), Err(vec!["signature.digest"]));
    }

    #[test]
    fn each_reason_in_words() {
        let inside = format!("<Extensions>{}</Extensions>{}", entity(1), entity(2));
        let xml = signed(&group(&inside), "_1");
        let document = Document::parse(xml.as_bytes()).unwrap();
        let metadata = Metadata::read(&document).unwrap();
        let error = metadata.verify(&[], &AlgorithmPolicy::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "signature.wrapping: a signed <EntityDescriptor> stands outside the chain of \
             EntitiesDescriptor: it was moved to make room; signature.missing: <EntityDescriptor> is \
             not signed"
        );
    }

    /// Of each kind that the places give, and of signatures until there are so many.
    #[test]
    fn the_first_faults_are_kept() {
        let unsigned: String = (0..MOST_FAULTS + 5).map(entity).collect();
        let missing = vec!["signature.missing"; MOST_FAULTS];
        assert_eq!(judged(&group(&unsigned)), Err(missing.clone()));
        let bad = signed(&group(&unsigned), "_0").replace("urn:0", "urn:x");
        assert_eq!(judged(&bad), Err(missing));
        let few = signed(&group(&format!("{}{}", entity(0), entity(1))), "_0");
        let expected = Err(vec!["signature.missing", "signature.digest"]);
        assert_eq!(judged(&few.replace("urn:0", "urn:x")), expected);
    }
}
