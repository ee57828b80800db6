//! XML Encryption as SAML uses it (XML Encryption 1.1; saml-core 6): one element in the place of
//! another, for a key of the reader. Decrypting proves nothing about who wrote it.
//!
//! Whatever goes wrong after the algorithms are known gives one error without a reason: a reason
//! would let a stranger find out the plaintext by asking (XML Encryption 1.1, 6.1).
//!
//! What comes out was never hashed as XML. Plaintext that is complete by itself is read by itself, so a
//! signature in it holds as it did before it was encrypted. Other plaintext is read with the namespaces
//! that were in scope around it; where a signature around vouches for it, only with those that the
//! signed octets declare there, because every other declaration may be a stranger's.

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
    let plain = open(encrypted, keys, policy)?;
    // A signature in it is over these bindings as well.
    let wrapped = wrap(&plain, &all_in_scope(encrypted));
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
    let plain = open(element, keys, policy.allow_cbc())?;
    let bindings = encrypted
        .bindings()
        .ok_or_else(|| DecryptError::NotSigned { element: element.name().to_string() })?;
    let wrapped = wrap(&plain, &bindings);
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

/// The plaintext of the one `EncryptedData` in `encrypted`.
fn open(
    encrypted: Element<'_>,
    keys: &[DecryptionKey],
    policy: EncryptionPolicy,
) -> Result<String, DecryptError> {
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
    let wrapped_keys = inside.chain(beside()).filter(|e| e.is(ENCRYPTION, "EncryptedKey"));
    let mut wrapped_keys = wrapped_keys.peekable();
    if wrapped_keys.peek().is_none() {
        return Err(DecryptError::Missing { what: "EncryptedKey" });
    }
    if keys.is_empty() {
        return Err(DecryptError::NoKey);
    }
    // Several keys mean several readers: one of them fits, or none. What is wrong with one of them
    // matters only if none fits.
    let mut failure = DecryptError::Failed;
    for wrapped in wrapped_keys {
        let wrapped_key = match WrappedKey::read(wrapped) {
            Ok(read) if policy.accepts_transport(read.transport) => read,
            Ok(read) => {
                failure = refused("key encryption method", read.uri);
                continue;
            }
            Err(error) => {
                failure = error;
                continue;
            }
        };
        for key in keys {
            let budget = encrypted.document().budget();
            budget.spend(Limit::Decryptions, 1).map_err(DecryptError::Limit)?;
            let plain = wrapped_key
                .unwrap(key, cipher.key_length())
                .and_then(|key| crypto::decrypt(cipher, &key, &value))
                .and_then(|plain| String::from_utf8(plain).ok());
            if let Some(plain) = plain {
                return Ok(plain);
            }
        }
    }
    Err(failure)
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
fn wrap(plain: &str, bindings: &BTreeMap<&str, &str>) -> String {
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
