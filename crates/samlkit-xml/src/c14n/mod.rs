//! Canonicalization: from a subtree to the octets that a signature is over. Exclusive XML
//! Canonicalization 1.0 with its PrefixList, Canonical XML 1.0 and 1.1, each with and without
//! comments, of a document or of one element, with one element left out (the signature that is
//! inside what it signs).
//!
//! The octets go into a sink piece by piece, so a digest needs no copy. Time is linear in the
//! output and in what is passed over, and both are taken from the document's budget: exclusive
//! canonicalization may write one long namespace name for each of many elements, and inclusive
//! canonicalization all names in scope for each of many signed elements.
//!
//! A relative namespace name is refused (Canonical XML 1.0, 1.3: an implementation *must report an
//! operation failure*), where it would be written. So one that is declared where nothing uses it
//! does no harm to exclusive canonicalization, which leaves it out; libxml2 fails on that too.
//!
//! Here is which method; how an element is written is in `walk`, the octets and their price in
//! `output`.

mod output;
#[cfg(test)]
mod tests;
mod walk;

pub use self::output::CanonicalizationError;
pub use self::walk::Form;

use self::walk::Walk;
use crate::document::{Document, Element};

/// A method of canonicalization.
///
/// ```
/// use samlkit_xml::{Canonicalization, Document};
///
/// let document = Document::parse(b"<a xmlns='urn:a' xmlns:u='urn:unused'><b y='2' x=\"1\"/></a>")?;
/// let exclusive = Canonicalization::by_uri("http://www.w3.org/2001/10/xml-exc-c14n#").unwrap();
/// let b = document.root().children().next().unwrap();
/// assert_eq!(exclusive.octets(b, None)?, b"<b xmlns=\"urn:a\" x=\"1\" y=\"2\"></b>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonicalization<'a> {
    /// Which family.
    pub form: Form,
    /// Whether comments are kept.
    pub comments: bool,
    /// The PrefixList of exclusive canonicalization: prefixes that are treated as Canonical XML
    /// does; `#default` is the default namespace. The other forms pass over it.
    pub prefixes: Vec<&'a str>,
}

/// The identifiers of the methods (RFC 9231, 3.1; Exclusive XML Canonicalization 1.0, 4).
const METHODS: [(&str, Form, bool); 6] = [
    ("http://www.w3.org/2001/10/xml-exc-c14n#", Form::Exclusive, false),
    ("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", Form::Exclusive, true),
    ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", Form::Inclusive, false),
    ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", Form::Inclusive, true),
    ("http://www.w3.org/2006/12/xml-c14n11", Form::Inclusive11, false),
    ("http://www.w3.org/2006/12/xml-c14n11#WithComments", Form::Inclusive11, true),
];

impl<'a> Canonicalization<'a> {
    /// The method of that identifier, with an empty PrefixList.
    pub fn by_uri(uri: &str) -> Option<Self> {
        let (_, form, comments) = METHODS.iter().find(|(known, ..)| *known == uri)?;
        Some(Self { form: *form, comments: *comments, prefixes: Vec::new() })
    }

    /// All methods, each with an empty PrefixList.
    pub fn all() -> impl Iterator<Item = Self> {
        let method = |&(_, form, comments): &_| Self { form, comments, prefixes: Vec::new() };
        METHODS.iter().map(method)
    }

    /// The method's identifier.
    pub fn uri(&self) -> &'static str {
        let same =
            |method: &&(&str, Form, bool)| (method.1, method.2) == (self.form, self.comments);
        METHODS.iter().find(same).map_or("", |(uri, ..)| uri)
    }

    /// Gives the canonical octets of `element` and all inside it to `sink`, in pieces, except
    /// `without` and all inside that. They are taken from the document's [`Budget`](crate::Budget).
    ///
    /// # Errors
    /// [`CanonicalizationError`]; nothing may be concluded from the pieces that came before.
    pub fn element(
        &self,
        element: Element<'_>,
        without: Option<Element<'_>>,
        sink: impl FnMut(&[u8]),
    ) -> Result<(), CanonicalizationError> {
        let without = without.map(|element| element.node);
        self.walk(element.document(), sink).element(element.node, without)
    }

    /// Gives the canonical octets of a whole document to `sink`, in pieces. They are taken from the
    /// document's [`Budget`](crate::Budget).
    ///
    /// # Errors
    /// [`CanonicalizationError`]; nothing may be concluded from the pieces that came before.
    pub fn document(
        &self,
        document: &Document<'_>,
        sink: impl FnMut(&[u8]),
    ) -> Result<(), CanonicalizationError> {
        self.walk(document, sink).document()
    }

    /// The canonical octets of `element` in one piece; see [`Canonicalization::element`].
    ///
    /// # Errors
    /// [`CanonicalizationError`].
    pub fn octets(
        &self,
        element: Element<'_>,
        without: Option<Element<'_>>,
    ) -> Result<Vec<u8>, CanonicalizationError> {
        let mut octets = Vec::with_capacity(element.range().len());
        self.element(element, without, |piece| octets.extend_from_slice(piece))?;
        Ok(octets)
    }

    fn walk<'d, Sink: FnMut(&[u8])>(
        &self,
        document: &'d Document<'d>,
        sink: Sink,
    ) -> Walk<'d, Sink> {
        Walk::new(document, self.form, self.comments, &self.prefixes, sink)
    }
}
