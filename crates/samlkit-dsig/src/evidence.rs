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

    /// Whether an element is a child, a signature of this element too.
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

#[cfg(test)]
#[allow(clippy::string_slice, reason = "tests")]
mod tests {
    use samlkit_xml::Document;

    use super::*;
    use crate::algorithm::AlgorithmPolicy;
    use crate::testing::{EXCLUSIVE, GOOD, INCLUSIVE, element, sealed, trusted};
    use crate::verify::verify;

    const TRANSFORM: &str = "<Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>";
    const NAME: &str = "<Name>ada</Name>";

    /// `GOOD` with `inside` in the place of the name, inside an element that declares `around`, its
    /// second transform being `transform`.
    fn signed_xml(around: &str, transform: &str, inside: &str) -> String {
        let template = GOOD.replace(NAME, inside).replace(TRANSFORM, transform);
        sealed(&format!("<Around{around}>{template}</Around>"))
    }

    /// Verifies the assertion and shows its evidence.
    fn with_evidence<T>(xml: &str, show: impl Fn(Signed<'_>) -> T) -> T {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let assertion = element(&document, "Assertion");
        let keys = [trusted("rsa-2048")];
        show(verify(assertion, &keys, &AlgorithmPolicy::default()).unwrap())
    }

    #[test]
    fn what_was_signed_is_read_and_nothing_else() {
        let inside =
            "<Name xmlns:p='urn:p' b='2' p:a='1' a='0'>ad<!-- x --><?y z?>a<b/>!</Name><c/>";
        let xml = signed_xml("", TRANSFORM, inside);
        with_evidence(&xml, |signed| {
            let root = signed.root();
            assert_eq!((root.name().local, root.is("", "Assertion")), ("Assertion", true));
            assert!(!root.is("", "Name") && !root.is("urn:x", "Assertion"));
            assert_eq!(root.attribute("ID").map(|id| id.value()), Some("_1"));
            assert!(root.attribute("id").is_none());
            assert_eq!(&xml[root.range()], &xml["<Around>".len()..xml.len() - "</Around>".len()]);
            assert_eq!(root.position().offset, "<Around>".len());
            assert_eq!(format!("{root:?}"), "<Assertion> at 1:9");
            // The signature was not hashed, so nothing leads to it.
            let names: Vec<_> = root.children().map(|child| child.name().local).collect();
            assert_eq!(names, ["Name", "c"]);
            let children: Vec<_> = root.children().collect();
            let [name, c] = children.as_slice() else { panic!("{names:?}") };
            // A comment does not end a text, and is no child.
            assert_eq!(name.text(), "ada!");
            assert!(name.has_children() && !c.has_children() && root.has_children());
            let attributes: Vec<_> = name.attributes().map(|a| a.value()).collect();
            assert_eq!(attributes, ["2", "1", "0"]);
            assert_eq!(name.attribute_in("urn:p", "a").map(|a| a.value()), Some("1"));
            assert_eq!(name.attribute("a").map(|a| a.value()), Some("0"));
            assert!(name.attribute_in("urn:q", "a").is_none());
            let content = &xml[name.content_range()];
            assert_eq!(content, "ad<!-- x --><?y z?>a<b/>!");
            assert_eq!(&xml[c.range()], "<c/>");
            assert!(name.element() == element(name.element().document(), "Name"));
        });
        let xml = signed_xml("", TRANSFORM, "<Name>ad<!-- x -->a</Name>");
        with_evidence(&xml, |signed| {
            let name = signed.root().children().next().unwrap();
            assert!(!name.has_children());
            assert_eq!(name.text(), "ada");
        });
    }

    /// A signature further inside is content like any other, and was hashed.
    #[test]
    fn a_signature_of_an_element_inside_is_content() {
        let inner = "<Inner><Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/></Inner>";
        with_evidence(&signed_xml("", TRANSFORM, inner), |signed| {
            let inner = signed.root().children().next().unwrap();
            let inside: Vec<_> = inner.children().map(|child| child.name().local).collect();
            assert_eq!(inside, ["Signature"]);
            assert!(String::from_utf8(signed.octets().unwrap()).unwrap().contains("<Signature"));
        });
    }

    #[test]
    fn who_signed_and_how() {
        with_evidence(&sealed(GOOD), |signed| {
            assert_eq!(signed.key().kind().to_string(), "RSA 2048");
            assert_eq!(signed.method(), SignatureAlgorithm::RsaPkcs1(Digest::Sha256));
            assert_eq!(signed.digest(), Digest::Sha256);
            assert_eq!(signed.canonicalization().form, Form::Exclusive);
            let octets = b"<Assertion ID=\"_1\"><Name>ada</Name></Assertion>";
            assert_eq!(signed.octets().unwrap(), octets);
        });
    }

    fn bindings(xml: &str) -> Vec<(String, String)> {
        with_evidence(xml, |signed| {
            let inside = signed.root().children().next().unwrap().children().next().unwrap();
            let owned = |(prefix, name): (&str, &str)| (prefix.to_owned(), name.to_owned());
            inside.bindings().unwrap().into_iter().map(owned).collect()
        })
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(prefix, name)| ((*prefix).to_owned(), (*name).to_owned())).collect()
    }

    #[test]
    fn the_namespaces_that_were_hashed_around_an_element() {
        let around = " xmlns:o='urn:o' xmlns:l='urn:l'";
        let inside =
            "<u:Name xmlns:u='urn:u' xmlns:v='urn:v' xmlns:w='urn:w' v:x=''><In/></u:Name>";
        let used = [("u", "urn:u"), ("v", "urn:v")];
        assert_eq!(bindings(&signed_xml(around, TRANSFORM, inside)), pairs(&used));
        let listed = format!(
            "<Transform Algorithm='{EXCLUSIVE}'><n:InclusiveNamespaces xmlns:n='{EXCLUSIVE}' \
             PrefixList='l w x'/></Transform>"
        );
        let with_list = [("l", "urn:l"), ("u", "urn:u"), ("v", "urn:v"), ("w", "urn:w")];
        assert_eq!(bindings(&signed_xml(around, &listed, inside)), pairs(&with_list));
        let all = [("l", "urn:l"), ("o", "urn:o"), ("u", "urn:u"), ("v", "urn:v"), ("w", "urn:w")];
        for transform in ["", &format!("<Transform Algorithm='{INCLUSIVE}'/>")] {
            assert_eq!(bindings(&signed_xml(around, transform, inside)), pairs(&all));
        }
    }

    #[test]
    fn in_a_document_that_was_signed_whole_all_of_them() {
        let xml = b"<a xmlns='urn:a' xmlns:u='urn:unused'><b xmlns:u='urn:u2'/></a>";
        let document = Document::parse(xml).unwrap();
        let root = SignedElement::whole(document.root());
        let found = root.children().next().unwrap().bindings().unwrap();
        assert_eq!(Vec::from_iter(found), [("", "urn:a"), ("u", "urn:u2")]);
        assert_eq!(
            Vec::from_iter(all_in_scope(document.root())),
            [("", "urn:a"), ("u", "urn:unused")]
        );
    }
}
