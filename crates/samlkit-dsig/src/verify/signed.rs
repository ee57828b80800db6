//! Evidence: what a verified signature covers, and the way to read it. There is no other way to
//! make a [`Signed`] than [`verify`](crate::verify()), and none to reach from it what was not
//! signed: the signature itself, comments, what stands around the element.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use samlkit_xml::{
    Attribute, Canonicalization, CanonicalizationError, Element, Name, Node, Position,
};

use crate::algorithm::{Digest, SignatureAlgorithm};
use crate::key::VerifyingKey;

/// An element whose signature was verified.
#[derive(Clone, Debug)]
pub struct Signed<'doc> {
    pub(super) root: SignedElement<'doc>,
    pub(super) key: VerifyingKey,
    pub(super) method: SignatureAlgorithm,
    pub(super) digest: Digest,
    pub(super) canonicalization: Canonicalization<'doc>,
}

impl<'doc> Signed<'doc> {
    /// The element that was signed.
    pub fn root(&self) -> SignedElement<'doc> {
        self.root
    }

    /// The trusted key that signed it.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The algorithm of the signature.
    pub fn method(&self) -> SignatureAlgorithm {
        self.method
    }

    /// The hash function over the element.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// How the element became octets.
    pub fn canonicalization(&self) -> &Canonicalization<'doc> {
        &self.canonicalization
    }

    /// The octets that were hashed.
    ///
    /// # Errors
    /// [`CanonicalizationError`], which verification would have met already.
    pub fn octets(&self) -> Result<Vec<u8>, CanonicalizationError> {
        self.canonicalization.octets(self.root.element, self.root.without)
    }
}

/// An element inside what was signed. It gives what was hashed and nothing else.
///
/// Prefixes in values (as in `xsi:type="xs:string"`) cannot be resolved here: exclusive
/// canonicalization does not cover what they stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SignedElement<'doc> {
    pub(super) element: Element<'doc>,
    /// The signature that was cut out before hashing.
    pub(super) without: Option<Element<'doc>>,
}

impl<'doc> SignedElement<'doc> {
    /// An element that was decrypted out of what was signed.
    pub(crate) fn decrypted(element: Element<'doc>) -> Self {
        Self { element, without: None }
    }

    /// The element itself, for decryption.
    pub(crate) fn element(self) -> Element<'doc> {
        self.element
    }

    /// The element's name.
    pub fn name(self) -> Name<'doc> {
        self.element.name()
    }

    /// Whether the element has this namespace and local name.
    pub fn is(self, namespace: &str, local: &str) -> bool {
        self.element.is(namespace, local)
    }

    /// The attribute of that local name in no namespace.
    pub fn attribute(self, local: &str) -> Option<Attribute<'doc>> {
        self.element.attribute(local)
    }

    /// The attribute of that namespace and local name.
    pub fn attribute_in(self, namespace: &str, local: &str) -> Option<Attribute<'doc>> {
        self.element.attribute_in(namespace, local)
    }

    /// The attributes, namespace declarations not among them.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'doc>> {
        self.element.attributes()
    }

    /// The elements directly inside, without the signature.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let Self { element, without } = self;
        let children = element.children().filter(move |child| Some(*child) != without);
        children.map(move |element| Self { element, without })
    }

    /// The text directly inside, whole: a comment does not end it.
    pub fn text(self) -> Cow<'doc, str> {
        self.element.text()
    }

    /// Whether anything but text and comments stands inside.
    pub fn has_children(self) -> bool {
        self.element.nodes().any(|node| matches!(node, Node::Element(_)))
    }

    /// Where the element begins.
    pub fn position(self) -> Position {
        self.element.position()
    }

    /// The range in the document's text.
    pub fn range(self) -> Range<usize> {
        self.element.range()
    }

    /// The range of what stands between start and end tag.
    pub fn content_range(self) -> Range<usize> {
        self.element.content_range()
    }
}

impl fmt::Debug for SignedElement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.element.fmt(f)
    }
}
