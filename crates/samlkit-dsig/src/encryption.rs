//! XML Encryption as SAML uses it (XML Encryption 1.1; saml-core 6): one element in the place of
//! another, for a key of the reader. Decrypting proves nothing about who wrote it.
//!
//! Whatever goes wrong after the algorithms are known gives one error without a reason: a reason
//! would let a stranger find out the plaintext by asking (XML Encryption 1.1, 6.1).
//!
//! What comes out was never hashed as XML. Plaintext that is complete by itself is read by itself, so a
//! signature in it holds as it did before it was encrypted. Other plaintext is read with the namespaces
//! that were in scope around it; where a signature around vouches for it, only with those that the
//! signed octets declare there, because every other declaration may be a stranger's. A prefix that is
//! declared around it and was not signed stands for a namespace that nobody reads: an attribute such as
//! `xsi:type` does no harm so, and an element of that prefix is a failure.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use samlkit_xml::{Document, Element, Error, Limit, Limits, Node};

use crate::algorithm::{Cipher, EncryptionPolicy, KeyTransport};
use crate::base64;
use crate::crypto;
use crate::error::DecryptError;
use crate::evidence::{SignedElement, all_in_scope};
use crate::key::DecryptionKey;
use crate::markup::attribute_value;
use crate::namespace::{ENCRYPTION, ENCRYPTION_11, SIGNATURE};

/// What was decrypted. Its [`Debug`](fmt::Debug) does not show it.
pub struct Decrypted {
    plain: String,
    /// The plaintext inside an element that declares the namespaces that it may be read with.
    wrapped: String,
    /// Whether it was decrypted out of what was signed.
    is_signed: bool,
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Decrypted")
    }
}

/// The XML that was decrypted. Positions in it mean nothing in the file that it was encrypted in.
#[derive(Debug)]
pub struct DecryptedDocument<'d> {
    document: Document<'d>,
    is_wrapped: bool,
    is_signed: bool,
}

/// What the namespace of a prefix begins with whose declaration was not signed; the prefix follows.
const NOT_SIGNED: &str = "urn:samlkit:not-signed:";

/// Decrypts what is inside `encrypted`, which nobody vouches for: an `EncryptedAssertion` and its like,
/// with one `EncryptedData` in it and the `EncryptedKey`s inside that or beside it.
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt(
    encrypted: Element<'_>,
    keys: &[DecryptionKey],
    policy: EncryptionPolicy,
) -> Result<Decrypted, DecryptError> {
    let plain = open(encrypted, keys, policy, MOST_TRIALS_UNSIGNED)?;
    // A signature in it is over these bindings as well.
    let bindings = all_in_scope(encrypted).into_iter();
    let bindings = bindings.map(|(prefix, name)| (prefix, Cow::Borrowed(name))).collect();
    let wrapped = wrap(&plain, &bindings);
    Ok(Decrypted { plain, wrapped, is_signed: false })
}

/// [`decrypt`] for an element inside what was signed: whoever signed it vouches for what was in it,
/// and [`DecryptedDocument::signed_element`] gives that. AES in CBC mode is accepted whatever the policy
/// says, because nobody can have changed the ciphertext.
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt_signed(
    encrypted: SignedElement<'_>,
    keys: &[DecryptionKey],
    policy: EncryptionPolicy,
) -> Result<Decrypted, DecryptError> {
    let element = encrypted.element();
    let plain = open(element, keys, policy.allow_cbc(), usize::MAX)?;
    let bindings = encrypted
        .bindings()
        .ok_or_else(|| DecryptError::NotSigned { element: element.name().to_string() })?;
    let mut named: BTreeMap<&str, Cow<'_, str>> =
        bindings.into_iter().map(|(prefix, name)| (prefix, Cow::Borrowed(name))).collect();
    for prefix in all_in_scope(element).into_keys().filter(|prefix| !prefix.is_empty()) {
        named.entry(prefix).or_insert_with(|| Cow::Owned(format!("{NOT_SIGNED}{prefix}")));
    }
    let wrapped = wrap(&plain, &named);
    Ok(Decrypted { plain, wrapped, is_signed: true })
}

impl Decrypted {
    /// Reads the XML that was decrypted.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn document(&self, limits: &Limits) -> Result<DecryptedDocument<'_>, Error> {
        let is_signed = self.is_signed;
        match Document::parse_with(self.plain.as_bytes(), limits) {
            // A root in no namespace may take one from around it.
            Ok(document) if !document.root().name().namespace.is_empty() => {
                Ok(DecryptedDocument { document, is_wrapped: false, is_signed })
            }
            _ => self.document_in_place(limits),
        }
    }

    /// [`Decrypted::document`] with the namespaces around it, also where it is complete by itself: an
    /// assertion may have been signed in its place together with them, by inclusive canonicalization
    /// or a PrefixList, and then been encrypted without them.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn document_in_place(&self, limits: &Limits) -> Result<DecryptedDocument<'_>, Error> {
        let document = Document::parse_with(self.wrapped.as_bytes(), limits)?;
        Ok(DecryptedDocument { document, is_wrapped: true, is_signed: self.is_signed })
    }
}

impl<'d> DecryptedDocument<'d> {
    /// The document around the element.
    pub fn document(&self) -> &Document<'d> {
        &self.document
    }

    /// The element that was decrypted; `None` if something else than one element was encrypted.
    /// Comments and processing instructions beside it do no harm.
    pub fn element(&self) -> Option<Element<'_>> {
        let root = self.document.root();
        if !self.is_wrapped {
            return Some(root);
        }
        // What such an element is called, nobody said whose word counts.
        let is_named = |e: Element<'_>| !e.name().namespace.starts_with(NOT_SIGNED);
        if self.is_signed && !self.document.elements().all(is_named) {
            return None;
        }
        let mut only = None;
        for node in root.nodes() {
            match node {
                Node::Element(element) if only.is_none() => only = Some(element),
                Node::Element(_) => return None,
                Node::Text(text) if !text.trim_ascii().is_empty() => return None,
                _ => {}
            }
        }
        only
    }

    /// The evidence for that element, where it comes from [`decrypt_signed`].
    pub fn signed_element(&self) -> Option<SignedElement<'_>> {
        self.element().filter(|_| self.is_signed).map(SignedElement::whole)
    }
}

/// What is to be decrypted, read and found to be of the profile before any private key is used: what is
/// wrong up to here depends on the message alone, which whoever sent it knows.
struct Prepared<'doc> {
    cipher: Cipher,
    value: Vec<u8>,
    /// Several mean several readers. What is wrong with one of them matters only if all are wrong.
    keys: Vec<WrappedKey<'doc>>,
}

/// Private-key operations for one element that nobody vouches for: two keys of the reader's, each tried on
/// the encrypted keys of nine readers, and a few more.
const MOST_TRIALS_UNSIGNED: usize = 24;

/// The plaintext of the one `EncryptedData` in `encrypted`.
///
/// Behind [`Prepared::read`] there is one answer, [`DecryptError::Failed`], and the same steps are
/// taken whether one of the keys opens the data or none. Otherwise an attacker who puts further keys behind
/// a genuine one learns from the answer whether that one did. The steps are the same; that each takes the
/// same time is not promised.
fn open(
    encrypted: Element<'_>,
    keys: &[DecryptionKey],
    policy: EncryptionPolicy,
    most_trials: usize,
) -> Result<String, DecryptError> {
    let prepared = Prepared::read(encrypted, policy)?;
    if keys.is_empty() {
        return Err(DecryptError::NoKey);
    }
    let trials = prepared.keys.len().saturating_mul(keys.len());
    if trials > most_trials {
        let limit = Limit::Decryptions;
        return Err(DecryptError::TooManyKeys { limit, found: trials, max: most_trials });
    }
    encrypted.document().budget().spend(Limit::Decryptions, trials).map_err(DecryptError::Limit)?;
    let Prepared { cipher, value, keys: wrapped_keys } = &prepared;
    // The cipher runs where no key was unwrapped as well; what it makes with this one is not used.
    let stand_in = vec![0; cipher.key_length()];
    let mut opened = None;
    for wrapped in wrapped_keys {
        for key in keys {
            let unwrapped = wrapped.unwrap(key, cipher.key_length());
            let unwrapped = unwrapped.filter(|key| key.len() == cipher.key_length());
            let plain = crypto::decrypt(*cipher, unwrapped.as_ref().unwrap_or(&stand_in), value);
            let plain = plain.filter(|_| unwrapped.is_some());
            opened = opened.or(plain.and_then(|plain| String::from_utf8(plain).ok()));
        }
    }
    opened.ok_or(DecryptError::Failed)
}

impl<'doc> Prepared<'doc> {
    fn read(encrypted: Element<'doc>, policy: EncryptionPolicy) -> Result<Self, DecryptError> {
        let data = one(encrypted, ENCRYPTION, "EncryptedData")?;
        let beside = || encrypted.children().filter(|child| *child != data);
        if let Some(other) = beside().find(|child| !child.is(ENCRYPTION, "EncryptedKey")) {
            return Err(unexpected(encrypted, other));
        }
        let (_, uri) = method(data)?;
        let refused = |role, uri: &str| DecryptError::Algorithm { role, found: uri.to_owned() };
        let cipher = Cipher::by_uri(uri).filter(|cipher| policy.accepts_cipher(*cipher));
        let cipher = cipher.ok_or_else(|| refused("encryption method", uri))?;
        let value = cipher_value(data)?;
        let infos = data.children().filter(|child| child.is(SIGNATURE, "KeyInfo"));
        let inside = infos.flat_map(Element::children);
        let wrapped = inside.chain(beside()).filter(|e| e.is(ENCRYPTION, "EncryptedKey"));
        let (mut keys, mut wrong) = (Vec::new(), DecryptError::Missing { what: "EncryptedKey" });
        for wrapped in wrapped {
            match WrappedKey::read(wrapped) {
                Ok(read) if policy.accepts_transport(read.transport) => keys.push(read),
                Ok(read) => wrong = refused("key encryption method", read.uri),
                Err(error) => wrong = error,
            }
        }
        if keys.is_empty() { Err(wrong) } else { Ok(Self { cipher, value, keys }) }
    }
}

/// An `EncryptedKey`.
struct WrappedKey<'doc> {
    uri: &'doc str,
    transport: KeyTransport,
    /// `OAEPparams` (XML Encryption 1.1, 5.5.2).
    label: Vec<u8>,
    value: Vec<u8>,
}

impl<'doc> WrappedKey<'doc> {
    fn read(element: Element<'doc>) -> Result<Self, DecryptError> {
        let (method, uri) = method(element)?;
        let of = |namespace: &str, local: &str| {
            let child = method.children().find(|child| child.is(namespace, local))?;
            Some(child.attribute("Algorithm").map_or("", |uri| uri.value()))
        };
        let (digest, mask) = (of(SIGNATURE, "DigestMethod"), of(ENCRYPTION_11, "MGF"));
        let transport = KeyTransport::by_uri(uri, digest, mask).ok_or_else(|| {
            DecryptError::Algorithm { role: "key encryption method", found: uri.to_owned() }
        })?;
        let label = method.children().find(|child| child.is(ENCRYPTION, "OAEPparams"));
        let label = label.map_or(Some(Vec::new()), |label| base64::decode(&label.text()));
        let label = label.ok_or(DecryptError::Missing { what: "OAEPparams in base64" })?;
        Ok(Self { uri, transport, label, value: cipher_value(element)? })
    }

    fn unwrap(&self, key: &DecryptionKey, length: usize) -> Option<Vec<u8>> {
        key.unwrap(self.transport, &self.label, &self.value, length)
    }
}

/// The one child of that name.
fn one<'doc>(
    parent: Element<'doc>,
    namespace: &str,
    local: &'static str,
) -> Result<Element<'doc>, DecryptError> {
    let mut all = parent.children().filter(|child| child.is(namespace, local));
    let first = all.next().ok_or(DecryptError::Missing { what: local })?;
    match all.next() {
        Some(second) => Err(unexpected(parent, second)),
        None => Ok(first),
    }
}

fn unexpected(parent: Element<'_>, found: Element<'_>) -> DecryptError {
    let (parent, found) = (parent.name().to_string(), found.name().to_string());
    DecryptError::Unexpected { parent, found }
}

fn method<'doc>(of: Element<'doc>) -> Result<(Element<'doc>, &'doc str), DecryptError> {
    let method = one(of, ENCRYPTION, "EncryptionMethod")?;
    let algorithm = method.attribute("Algorithm");
    let algorithm =
        algorithm.ok_or(DecryptError::Missing { what: "EncryptionMethod Algorithm" })?;
    Ok((method, algorithm.value()))
}

fn cipher_value(of: Element<'_>) -> Result<Vec<u8>, DecryptError> {
    let value = one(one(of, ENCRYPTION, "CipherData")?, ENCRYPTION, "CipherValue")?;
    if let Some(inside) = value.children().next() {
        return Err(unexpected(value, inside));
    }
    base64::decode(&value.text()).ok_or(DecryptError::Missing { what: "CipherValue in base64" })
}

/// The plaintext inside an element that declares these namespaces.
fn wrap(plain: &str, bindings: &BTreeMap<&str, Cow<'_, str>>) -> String {
    let mut wrapped = String::from("<decrypted");
    for (prefix, namespace) in bindings {
        let colon = if prefix.is_empty() { "" } else { ":" };
        // Writing to a string cannot fail.
        let _ = write!(wrapped, " xmlns{colon}{prefix}=\"{}\"", attribute_value(namespace));
    }
    let plain = plain.trim_start_matches('\u{FEFF}');
    let without_declaration = match plain.strip_prefix("<?xml ") {
        Some(rest) => rest.split_once("?>").map_or(plain, |(_, rest)| rest),
        None => plain,
    };
    wrapped.push('>');
    wrapped.push_str(without_declaration.trim());
    wrapped.push_str("</decrypted>");
    wrapped
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;
    use crate::algorithm::AlgorithmPolicy;
    use crate::testing::{element, pem, signing_key, trusted};
    use crate::{SignOptions, sign, verify};

    /// An `EncryptedData` of `tests/data/encrypted-data`, which `tests/data/make` made.
    macro_rules! data {
        ($name:literal) => {
            include_str!(concat!("../../../tests/data/encrypted-data/", $name, ".xml")).trim_end()
        };
    }

    fn key() -> DecryptionKey {
        DecryptionKey::from_pem(pem("rsa-2048").0).unwrap()
    }

    fn open_policy() -> EncryptionPolicy {
        EncryptionPolicy::default().allow_cbc().allow_rsa_pkcs1()
    }

    /// What the root encrypts, decrypted where nobody signed it.
    fn unsigned(xml: &str, policy: EncryptionPolicy) -> Result<Decrypted, DecryptError> {
        let document = Document::parse(xml.as_bytes()).unwrap();
        decrypt(document.root(), &[key()], policy)
    }

    /// Why nothing inside the root can be decrypted.
    fn why(inside: &str) -> DecryptError {
        unsigned(&format!("<E>{inside}</E>"), EncryptionPolicy::default()).unwrap_err()
    }

    /// The element that was decrypted: its namespace and its text. The error is that it cannot be read.
    fn shown(decrypted: &Decrypted) -> Result<Option<(String, String)>, ()> {
        let document = decrypted.document(&Limits::default()).map_err(|_| ())?;
        let shown = |e: Element<'_>| (e.name().namespace.to_owned(), e.text().into_owned());
        Ok(document.element().map(shown))
    }

    /// `shown` of `data` inside `<E xmlns='urn:e' xmlns:p='urn:p'>`, unsigned.
    fn read(data: &str) -> Result<Option<(String, String)>, ()> {
        let xml = format!("<E xmlns='urn:e' xmlns:p='urn:p'>{data}</E>");
        shown(&unsigned(&xml, open_policy()).unwrap())
    }

    fn is(namespace: &str, text: &str) -> Result<Option<(String, String)>, ()> {
        Ok(Some((namespace.to_owned(), text.to_owned())))
    }

    #[test]
    fn plaintext_is_read_by_itself_or_with_the_namespaces_around() {
        assert_eq!(read(data!("whole")), is("urn:s", "users"));
        assert_eq!(read(data!("bare")), is("urn:e", "users"));
        assert_eq!(read(data!("prefixed")), is("urn:p", "users"));
        assert_eq!(read(data!("comments")), is("urn:s", "users"));
        assert_eq!(read(data!("comments-prefixed")), is("urn:p", "users"));
        assert_eq!(read(data!("declaration")), is("urn:p", "users"));
        // Whatever the name of a namespace holds.
        let odd = "urn:&quot;&lt;&amp;";
        let xml = format!("<E xmlns:p='{odd}'>{}</E>", data!("prefixed"));
        let decrypted = unsigned(&xml, EncryptionPolicy::default()).unwrap();
        assert_eq!(shown(&decrypted), is("urn:\"<&", "users"));
        // And with none around.
        let xml = format!("<E>{}</E>", data!("bare"));
        let decrypted = unsigned(&xml, EncryptionPolicy::default()).unwrap();
        assert_eq!(shown(&decrypted), is("", "users"));
        assert_eq!(format!("{decrypted:?}"), "Decrypted");
    }

    #[test]
    fn plaintext_that_is_not_one_element() {
        for none in
            [data!("two"), data!("text-before"), data!("text-after"), data!("text"), data!("empty")]
        {
            assert_eq!(read(none), Ok(None));
        }
        assert_eq!(read(data!("breakout")), Err(()));
        assert_eq!(read(data!("declaration-cut")), Err(()));
        // What is not UTF-8 is like what cannot be decrypted.
        assert_eq!(why(data!("latin-1")), DecryptError::Failed);
    }

    #[test]
    fn a_decrypted_document_gives_evidence_only_if_it_was_signed_around() {
        let xml = format!("<E>{}</E>", data!("whole"));
        let decrypted = unsigned(&xml, EncryptionPolicy::default()).unwrap();
        let document = decrypted.document(&Limits::default()).unwrap();
        assert!(document.element().is_some() && document.signed_element().is_none());
        assert_eq!(document.document().root().name().local, "Attribute");
        assert!(decrypted.document(&Limits::default().size(8)).is_err());
    }

    /// An assertion in the namespace `urn:assertion` with this EncryptedData in it, inside a response
    /// that nobody signs and that declares `around`; the assertion is signed with the prefixes `listed`.
    fn signed_assertion(data: &str, around: &str, listed: &[&str]) -> String {
        let xml = format!(
            "<r:Response xmlns:r='urn:response'{around}><Assertion xmlns='urn:assertion' ID='_1'>\
             <EncryptedAttribute>{data}</EncryptedAttribute></Assertion></r:Response>"
        );
        let document = Document::parse(xml.as_bytes()).unwrap();
        let options = listed.iter().fold(SignOptions::default(), |options, p| options.prefix(*p));
        String::from_utf8(sign(&document, "_1", &signing_key("p256"), &options).unwrap()).unwrap()
    }

    /// What is decrypted inside the assertion, which has to be signed well.
    fn inside_signed(xml: &str, policy: EncryptionPolicy) -> Result<Decrypted, DecryptError> {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let assertion = element(&document, "Assertion");
        let signed = verify(assertion, &[trusted("p256")], &AlgorithmPolicy::default()).unwrap();
        let encrypted = signed.root().children().next().unwrap();
        decrypt_signed(encrypted, &[key()], policy)
    }

    fn signed_shown(xml: &str) -> Result<Option<(String, String)>, ()> {
        let decrypted = inside_signed(xml, EncryptionPolicy::default()).unwrap();
        let shown = shown(&decrypted)?;
        let document = decrypted.document(&Limits::default()).unwrap();
        let signed = document.signed_element();
        let signed = signed.map(|e| (e.name().namespace.to_owned(), e.text().into_owned()));
        assert_eq!(signed, shown);
        Ok(shown)
    }

    /// Item 1 of the attacks: the plaintext uses a prefix that only the unsigned response declares.
    #[test]
    fn a_prefix_from_outside_the_signed_element_names_nothing() {
        for name in ["urn:p", "urn:assertion"] {
            let xml = signed_assertion(data!("prefixed"), &format!(" xmlns:p='{name}'"), &[]);
            assert_eq!(signed_shown(&xml), Ok(None));
            // Rebound or taken away, the signature holds and nothing more is read.
            for (other, shown) in [
                ("xmlns:p='urn:assertion'", Ok(None)),
                ("xmlns:p='urn:q'", Ok(None)),
                ("xmlns:q='urn:p'", Err(())),
            ] {
                let changed = xml.replace(&format!("xmlns:p='{name}'"), other);
                assert_eq!(signed_shown(&changed), shown);
            }
        }
    }

    /// As `xsi:type` often stands there: the attribute does no harm, and says nothing to anybody.
    #[test]
    fn an_attribute_of_such_a_prefix_does_no_harm_and_is_not_read() {
        let xml = signed_assertion(data!("typed"), " xmlns:p='urn:p'", &[]);
        for changed in [xml.clone(), xml.replace("xmlns:p='urn:p'", "xmlns:p='urn:other'")] {
            assert_eq!(signed_shown(&changed), is("urn:assertion", "users"));
            let decrypted = inside_signed(&changed, EncryptionPolicy::default()).unwrap();
            let document = decrypted.document(&Limits::default()).unwrap();
            let element = document.signed_element().unwrap();
            assert!(element.attribute_in("urn:p", "type").is_none());
            assert!(element.attribute_in("urn:other", "type").is_none());
            assert_eq!(element.attributes().count(), 1);
        }
        // Where it was signed, it is read.
        let listed = signed_assertion(data!("typed"), " xmlns:p='urn:p'", &["p"]);
        let decrypted = inside_signed(&listed, EncryptionPolicy::default()).unwrap();
        let document = decrypted.document(&Limits::default()).unwrap();
        let typed = document.signed_element().unwrap().attribute_in("urn:p", "type");
        assert_eq!(typed.map(|a| a.value()), Some("p:string"));
    }

    #[test]
    fn a_prefix_that_was_signed_is_read_and_cannot_be_rebound() {
        let xml = signed_assertion(data!("prefixed"), " xmlns:p='urn:p'", &["p"]);
        assert_eq!(signed_shown(&xml), is("urn:p", "users"));
        let rebound = xml.replace("xmlns:p='urn:p'", "xmlns:p='urn:assertion'");
        let document = Document::parse(rebound.as_bytes()).unwrap();
        let assertion = element(&document, "Assertion");
        assert!(verify(assertion, &[trusted("p256")], &AlgorithmPolicy::default()).is_err());
        // The default namespace was signed too, because the assertion uses it.
        let bare = signed_assertion(data!("bare"), "", &[]);
        assert_eq!(signed_shown(&bare), is("urn:assertion", "users"));
        assert_eq!(signed_shown(&signed_assertion(data!("whole"), "", &[])), is("urn:s", "users"));
    }

    /// Signed with Canonical XML 1.0, then encrypted. What stands by itself has what was signed with it;
    /// what was cut out of a document was signed with all that was in scope there, and no more.
    #[test]
    fn a_signature_inside_holds_as_it_did_before_encryption() {
        let holds = |xml: &str| {
            let document = Document::parse(xml.as_bytes()).unwrap();
            let encrypted = element(&document, "E");
            let decrypted = decrypt(encrypted, &[key()], EncryptionPolicy::default()).unwrap();
            let document = decrypted.document(&Limits::default()).unwrap();
            let inside = document.element().unwrap();
            verify(inside, &[trusted("rsa-2048")], &AlgorithmPolicy::default()).is_ok()
        };
        let whole = data!("signed-whole");
        assert!(holds(&format!("<E xmlns='urn:e' xmlns:p='urn:p'>{whole}</E>")));
        let part = data!("signed-part");
        assert!(holds(&format!("<E xmlns:a='urn:a' xmlns:u='urn:unused'>{part}</E>")));
        assert!(holds(&format!("<R xmlns:a='urn:a'><E xmlns:u='urn:unused'>{part}</E></R>")));
        assert!(!holds(&format!("<E xmlns:a='urn:a'>{part}</E>")));
        assert!(!holds(&format!("<E xmlns:a='urn:a' xmlns:u='urn:u'>{part}</E>")));
        let more = format!("<E xmlns:a='urn:a' xmlns:u='urn:unused' xmlns:p='urn:p'>{part}</E>");
        assert!(!holds(&more));
    }

    #[test]
    fn what_may_stand_in_an_encrypted_element() {
        let data = data!("bare");
        assert!(unsigned(&format!("<E><!-- x -->\n{data}<?x y?></E>"), open_policy()).is_ok());
        let missing = |what| DecryptError::Missing { what };
        let unexpected = |parent: &str, found: &str| DecryptError::Unexpected {
            parent: parent.to_owned(),
            found: found.to_owned(),
        };
        assert_eq!(why(""), missing("EncryptedData"));
        assert_eq!(why(&format!("{data}{data}")), unexpected("E", "e:EncryptedData"));
        assert_eq!(why(&format!("<Assertion/>{data}")), unexpected("E", "Assertion"));
        assert_eq!(why(&format!("{data}<Assertion/>")), unexpected("E", "Assertion"));
        let change = |from: &str, to: &str| {
            assert!(data.contains(from), "{from}");
            why(&data.replacen(from, to, 1))
        };
        let method =
            "<e:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes128-gcm\"/>";
        assert_eq!(change(method, ""), missing("EncryptionMethod"));
        assert_eq!(change(method, "<e:EncryptionMethod/>"), missing("EncryptionMethod Algorithm"));
        let twice = unexpected("e:EncryptedData", "e:EncryptionMethod");
        assert_eq!(change(method, &method.repeat(2)), twice);
        // The data of the data, not of its key.
        let (before, after) = data.split_at(data.rfind("<e:CipherData>").unwrap());
        let change_data = |from: &str, to: &str| {
            assert!(after.contains(from), "{from}");
            why(&format!("{before}{}", after.replace(from, to)))
        };
        let (start, value) = ("<e:CipherData>", "<e:CipherValue>");
        assert_eq!(change_data("CipherData", "Other"), missing("CipherData"));
        let twice = change_data(start, &format!("<e:CipherData/>{start}"));
        assert_eq!(twice, unexpected("e:EncryptedData", "e:CipherData"));
        assert_eq!(change_data("CipherValue", "Other"), missing("CipherValue"));
        let twice = change_data(value, &format!("<e:CipherValue/>{value}"));
        assert_eq!(twice, unexpected("e:CipherData", "e:CipherValue"));
        let element = unexpected("e:CipherValue", "x");
        assert_eq!(change_data(value, &format!("{value}<x/>")), element);
        let star = change_data(value, &format!("{value}*"));
        assert_eq!(star, missing("CipherValue in base64"));
        let start = data.find("<e:EncryptedKey>").unwrap();
        let end = data.find("</d:KeyInfo>").unwrap();
        let key = &data[start..end];
        assert_eq!(change(key, ""), missing("EncryptedKey"));
        // Beside the data, as inside it.
        let beside = format!("<E>{}{}</E>", data.replace(key, ""), key_with_namespace(key));
        assert!(unsigned(&beside, EncryptionPolicy::default()).is_ok());
        // A key in another place of the data is none.
        let elsewhere = data
            .replace(key, "")
            .replace("</e:EncryptedData>", &format!("{key}</e:EncryptedData>"));
        assert_eq!(why(&elsewhere), missing("EncryptedKey"));
        assert_eq!(why(&data.replace("KeyInfo", "Other")), missing("EncryptedKey"));
    }

    #[test]
    fn algorithms_by_policy_and_by_place() {
        let of = |role, found: &str| DecryptError::Algorithm { role, found: found.to_owned() };
        let (method, transport) = ("encryption method", "key encryption method");
        let cbc = of(method, "http://www.w3.org/2001/04/xmlenc#aes128-cbc");
        let pkcs1 = of(transport, "http://www.w3.org/2001/04/xmlenc#rsa-1_5");
        assert_eq!(why(data!("cbc")), cbc);
        assert_eq!(why(data!("pkcs1")), pkcs1);
        // CBC is read inside what was signed, RSA 1.5 is not, because it is the key that it gives away.
        let inside =
            |data| inside_signed(&signed_assertion(data, "", &[]), EncryptionPolicy::default());
        assert_eq!(shown(&inside(data!("cbc")).unwrap()), is("urn:assertion", "users"));
        assert_eq!(inside(data!("pkcs1")).unwrap_err(), pkcs1);
        // Each policy opens its own and no other.
        let xml = |data: &str| format!("<E>{data}</E>");
        let with = |data, policy| unsigned(&xml(data), policy);
        let (allow_cbc, allow_pkcs1) = (
            EncryptionPolicy::default().allow_cbc(),
            EncryptionPolicy::default().allow_rsa_pkcs1(),
        );
        assert_eq!(shown(&with(data!("cbc"), allow_cbc).unwrap()), is("", "users"));
        assert_eq!(with(data!("cbc"), allow_pkcs1).unwrap_err(), cbc);
        assert_eq!(shown(&with(data!("pkcs1"), allow_pkcs1).unwrap()), is("", "users"));
        assert_eq!(with(data!("pkcs1"), allow_cbc).unwrap_err(), pkcs1);
        let other = data!("bare").replace("xmlenc11#aes128-gcm", "xmlenc11#aes128-ccm");
        assert_eq!(why(&other), of(method, "http://www.w3.org/2009/xmlenc11#aes128-ccm"));
        let other = data!("bare").replace("rsa-oaep-mgf1p", "kw-aes128");
        assert_eq!(why(&other), of(transport, "http://www.w3.org/2001/04/xmlenc#kw-aes128"));
    }

    #[test]
    fn the_label_of_oaep() {
        let label = data!("label");
        let xml = |data: &str| format!("<E>{data}</E>");
        let read = unsigned(&xml(label), EncryptionPolicy::default()).unwrap();
        assert_eq!(shown(&read), is("", "users"));
        let params = "<e:OAEPparams>c2FtbGtpdA==</e:OAEPparams>";
        assert!(label.contains(params));
        for wrong in
            ["", "<e:OAEPparams></e:OAEPparams>", "<e:OAEPparams>c2FtbGtpcg==</e:OAEPparams>"]
        {
            assert_eq!(why(&label.replace(params, wrong)), DecryptError::Failed);
        }
        // Another element of that name is none, and a label where none was given is a wrong one.
        assert_eq!(why(&label.replace("OAEPparams", "Other")), DecryptError::Failed);
        let missing = DecryptError::Missing { what: "OAEPparams in base64" };
        assert_eq!(why(&label.replace("c2FtbGtpdA==", "*")), missing);
    }

    /// The base64 of the two values of `data`: the encrypted key, and the encrypted data.
    fn values(data: &str) -> [String; 2] {
        let rest = data.split("<e:CipherValue>").skip(1);
        let values: Vec<_> = rest.map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
        values.try_into().unwrap()
    }

    /// `value` of `data` with its octets changed.
    fn with_value(data: &str, value: &str, change: impl Fn(&mut Vec<u8>)) -> String {
        let mut octets = base64::decode(value).unwrap();
        change(&mut octets);
        data.replace(value, &base64::encode(&octets))
    }

    #[test]
    fn every_wrong_octet_gives_one_answer() {
        for data in [data!("bare"), data!("cbc"), data!("pkcs1")] {
            let of = |data: &str| unsigned(&format!("<E>{data}</E>"), open_policy());
            assert!(of(data).is_ok());
            let [wrapped, content] = values(data);
            for at in [0, 100, 255] {
                let changed = with_value(data, &wrapped, |octets| octets[at] ^= 1);
                assert_eq!(of(&changed).unwrap_err(), DecryptError::Failed);
            }
            for length in [0, 1, 255] {
                let cut = with_value(data, &wrapped, |octets| octets.truncate(length));
                assert_eq!(of(&cut).unwrap_err(), DecryptError::Failed);
            }
            for length in [0, 1, 11, 12, 16, 27, 40] {
                let cut = with_value(data, &content, |octets| octets.truncate(length));
                assert_eq!(of(&cut).unwrap_err(), DecryptError::Failed);
            }
        }
        // GCM lets no octet pass.
        let data = data!("bare");
        let [_, content] = values(data);
        for at in 0..base64::decode(&content).unwrap().len() {
            let changed = with_value(data, &content, |octets| octets[at] ^= 0x80);
            assert_eq!(why(&changed), DecryptError::Failed);
        }
        for failed in [
            data!("oaep-short"),
            data!("pkcs1-short"),
            data!("cbc-padding-0"),
            data!("cbc-padding-17"),
        ] {
            let error = unsigned(&format!("<E>{failed}</E>"), open_policy()).unwrap_err();
            assert_eq!(error, DecryptError::Failed);
        }
        let full = format!("<E>{}</E>", data!("cbc-full-block"));
        let read = unsigned(&full, open_policy()).unwrap();
        assert_eq!(read.plain, "<Attribute>6</Attribute>        ");
    }

    #[test]
    fn who_has_no_key_and_who_has_others() {
        let xml = format!("<E>{}</E>", data!("bare"));
        let document = Document::parse(xml.as_bytes()).unwrap();
        let with = |keys: &[DecryptionKey]| {
            decrypt(document.root(), keys, EncryptionPolicy::default()).err()
        };
        let other = DecryptionKey::from_pem(pem("rsa-1024").0).unwrap();
        let ec = DecryptionKey::from_pem(pem("p256").0).unwrap();
        assert_eq!(with(&[]), Some(DecryptError::NoKey));
        assert_eq!(with(&[other.clone(), ec.clone()]), Some(DecryptError::Failed));
        assert_eq!(with(&[other, ec, key()]), None);
    }

    #[test]
    fn the_good_key_is_found_behind_eight_others() {
        let data = data!("bare");
        let start = data.find("<e:EncryptedKey>").unwrap();
        let end = data.find("</d:KeyInfo>").unwrap();
        let good = &data[start..end];
        let [value, _] = values(data);
        let wrong = with_value(good, &value, |octets| octets[9] ^= 9);
        let odd = good.replace("rsa-oaep-mgf1p", "rsa-1_5");
        let unknown = good.replace("rsa-oaep-mgf1p", "x");
        let broken = good.replace("CipherData", "Other");
        let xml = |keys: &str| format!("<E>{}</E>", data.replace(good, keys));
        let first: String = [&wrong, &odd, &unknown, &broken].map(String::as_str).concat();
        let eight = format!("{first}{first}{good}");
        let read = unsigned(&xml(&eight), EncryptionPolicy::default()).unwrap();
        assert_eq!(shown(&read), is("", "users"));
        // Where one could be tried, there is one answer; where none could, the last fault is told.
        let failed = |keys: &str| unsigned(&xml(keys), EncryptionPolicy::default()).unwrap_err();
        assert_eq!(failed(&wrong.repeat(8)), DecryptError::Failed);
        assert_eq!(failed(&first), DecryptError::Failed);
        assert_eq!(failed(&broken), DecryptError::Missing { what: "CipherData" });
        let refused = |uri: &str| DecryptError::Algorithm {
            role: "key encryption method",
            found: format!("{ENCRYPTION}{uri}"),
        };
        assert_eq!(failed(&format!("{unknown}{odd}")), refused("rsa-1_5"));
        assert_eq!(failed(&format!("{odd}{unknown}")), refused("x"));
    }

    /// Whether the genuine key opened the data must not show by what stands behind it.
    #[test]
    fn what_stands_behind_a_key_tells_nothing_of_it() {
        let data = data!("bare");
        let start = data.find("<e:EncryptedKey>").unwrap();
        let end = data.find("</d:KeyInfo>").unwrap();
        let good = &data[start..end];
        let [_, content] = values(data);
        let changed = with_value(data, &content, |octets| octets[14] ^= 1);
        let unknown = good.replace("rsa-oaep-mgf1p", "x");
        let answer = |data: &str, keys: &str| {
            let xml = format!("<E>{}</E>", data.replace(good, keys));
            unsigned(&xml, EncryptionPolicy::default()).err()
        };
        let behind = format!("{good}{unknown}");
        assert_eq!(answer(data, &behind), None);
        assert_eq!(answer(&changed, &behind), Some(DecryptError::Failed));
        assert_eq!(answer(&changed, good), Some(DecryptError::Failed));
        // Too many are refused before one is tried.
        let many = DecryptError::TooManyKeys { limit: Limit::Decryptions, found: 25, max: 24 };
        for data in [data, &changed] {
            assert_eq!(answer(data, &good.repeat(25)).as_ref(), Some(&many));
        }
        assert_eq!(answer(data, &good.repeat(24)), None);
    }

    /// Every way that is read, in the responses that the tests of the workspace read as a whole.
    #[test]
    fn every_cipher_and_every_way_of_the_key() {
        macro_rules! response {
            ($name:literal) => {
                include_str!(concat!("../../../tests/data/encrypted/", $name, ".xml"))
            };
        }
        for response in [
            response!("aes128-cbc.oaep-mgf1p"),
            response!("aes192-cbc.oaep-mgf1p"),
            response!("aes256-cbc.oaep-mgf1p"),
            response!("aes128-gcm.oaep-mgf1p"),
            response!("aes192-gcm.oaep-mgf1p"),
            response!("aes256-gcm.oaep-mgf1p"),
            response!("aes256-gcm.oaep-mgf1p-sha256"),
            response!("aes256-gcm.oaep-sha256"),
            response!("aes256-gcm.oaep-sha512-mgf1sha1"),
            response!("aes256-gcm.pkcs1"),
        ] {
            let document = Document::parse(response.as_bytes()).unwrap();
            let encrypted = element(&document, "EncryptedAssertion");
            let decrypted = decrypt(encrypted, &[key()], open_policy()).unwrap();
            let read = decrypted.document(&Limits::default()).unwrap();
            assert!(read.element().unwrap().is(crate::namespace::ASSERTION, "Assertion"));
        }
    }

    fn key_with_namespace(key: &str) -> String {
        let namespace = format!("<e:EncryptedKey xmlns:e='{ENCRYPTION}'>");
        key.replacen("<e:EncryptedKey>", &namespace, 1)
    }
}
