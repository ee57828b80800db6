//! Evidence: what a verified signature covers, and the way to read it. A [`Signed`] is made by
//! [`verify`](crate::verify()) only, and a [`SignedElement`] comes out of that, out of the query of a
//! Redirect URL whose signature was verified, or out of what was decrypted inside either. There is no way
//! to reach from it what was not signed: the signature itself, comments, what stands around the element.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use samlkit_xml::{
    Attribute, Canonicalization, CanonicalizationError, Element, Form, Name, Node, Position,
};

use crate::algorithm::{Digest, SignatureAlgorithm};
use crate::key::VerifyingKey;
use crate::rejection::Failures;
use crate::signature::Signature;

/// An element whose signature was verified. Only [`verify`](crate::verify()) makes one:
///
/// ```compile_fail,E0451
/// # fn forge<'d>(root: samlkit_dsig::SignedElement<'d>, other: samlkit_dsig::Signed<'d>) {
/// let forged = samlkit_dsig::Signed { root, ..other };
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Signed<'doc> {
    root: SignedElement<'doc>,
    key: VerifyingKey,
    method: SignatureAlgorithm,
    digest: Digest,
    canonicalization: Canonicalization<'doc>,
}

impl<'doc> Signed<'doc> {
    /// For [`verify`](crate::verify()), and nobody else.
    pub(crate) fn new(
        element: Element<'doc>,
        signature: Element<'doc>,
        key: VerifyingKey,
        (method, digest): (SignatureAlgorithm, Digest),
        canonicalization: Canonicalization<'doc>,
    ) -> Self {
        let root = SignedElement { element, without: Some(signature) };
        Self { root, key, method, digest, canonicalization }
    }

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
    /// [`CanonicalizationError`], where the budget of the document is spent.
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
    element: Element<'doc>,
    /// The signature that was cut out before hashing.
    without: Option<Element<'doc>>,
}

impl<'doc> SignedElement<'doc> {
    /// The root of a document that was signed as a whole, or decrypted out of what was signed.
    pub(crate) fn whole(element: Element<'doc>) -> Self {
        Self { element, without: None }
    }

    /// The namespaces that the signed octets have in scope where this element begins: what was hashed
    /// around it, and nothing that merely stands around it. `None` where the signature cannot be read
    /// any more, which it was to be verified.
    pub(crate) fn bindings(self) -> Option<BTreeMap<&'doc str, &'doc str>> {
        let Some(signature) = self.without else { return Some(all_in_scope(self.element)) };
        let read = Signature::read(signature, &mut Failures::default());
        let method = read.reference.ok()?.canonicalization.ok()?;
        method.bindings_at(signature.parent()?, self.element)
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

/// All namespaces that are in scope where an element begins.
pub(crate) fn all_in_scope(element: Element<'_>) -> BTreeMap<&str, &str> {
    let inclusive =
        Canonicalization { form: Form::Inclusive, comments: false, prefixes: Vec::new() };
    inclusive.bindings_at(element, element).unwrap_or_default()
}

impl fmt::Debug for SignedElement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.element.fmt(f)
    }
}
