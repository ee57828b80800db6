//! XML Encryption as SAML uses it (XML Encryption 1.1; saml-core 6): one element in the place of
//! another, for a key of the reader. Decrypting proves nothing about who wrote it.
//!
//! Whatever goes wrong after the algorithms are known gives one error without a reason: a reason
//! would let a stranger find out the plaintext by asking (XML Encryption 1.1, 6.1).

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit_xml::{Document, Element, Error, Limits, Node};

use crate::algorithm::Digest;
use crate::crypto;
use crate::signature::NAMESPACE as SIGNATURE;
use crate::verify::SignedElement;

/// The namespace of XML Encryption 1.0, and the beginning of its identifiers.
const NAMESPACE: &str = "http://www.w3.org/2001/04/xmlenc#";
/// The namespace of XML Encryption 1.1, and the beginning of its identifiers.
const NAMESPACE_11: &str = "http://www.w3.org/2009/xmlenc11#";

/// A private key to decrypt with. Nothing shows it.
pub struct DecryptionKey(crypto::PrivateHandle);

impl DecryptionKey {
    /// Reads an RSA private key without a passphrase.
    ///
    /// # Errors
    /// [`KeyError::NoPrivateKey`](crate::KeyError::NoPrivateKey).
    pub fn from_pem(pem: &str) -> Result<Self, crate::KeyError> {
        let key = crypto::private_key_from_pem(pem.as_bytes());
        key.map(Self).ok_or(crate::KeyError::NoPrivateKey)
    }
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DecryptionKey")
    }
}

impl Clone for DecryptionKey {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Which old algorithms are accepted. The default: neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EncryptionPolicy {
    /// AES in CBC mode, which can be changed without the key; good only inside something signed.
    pub cbc: bool,
    /// RSA with the padding of PKCS #1 v1.5 (Bleichenbacher).
    pub rsa_pkcs1: bool,
}

/// Why something cannot be decrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecryptError {
    /// An algorithm that the profile does not have, or that the policy refuses.
    #[error("the {role} {found:?} is not accepted")]
    Algorithm {
        /// What the algorithm is for.
        role: &'static str,
        /// Its URI.
        found: String,
    },
    /// A part that has to be there is not.
    #[error("the encrypted data has no {what}")]
    Missing {
        /// What is missing.
        what: &'static str,
    },
    /// No key is given.
    #[error("no key is given to decrypt with")]
    NoKey,
    /// It did not work. There is no saying why.
    #[error("it could not be decrypted")]
    Failed,
}

/// What was decrypted: an element, and the namespaces that were in scope around it. Its
/// [`Debug`](std::fmt::Debug) does not show it.
pub struct Decrypted<'doc> {
    encrypted: Element<'doc>,
    /// The element inside one that declares those namespaces.
    wrapped: String,
    /// Whether it was decrypted out of what was signed.
    is_signed: bool,
}

impl std::fmt::Debug for Decrypted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decrypted({:?})", self.encrypted)
    }
}

/// How data is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    /// AES in CBC mode; octets of the key.
    Cbc(usize),
    /// AES in Galois/Counter mode; octets of the key.
    Gcm(usize),
}

/// How the key of the data is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// RSA-OAEP with these hash functions: of the padding, and of its mask.
    Oaep(Digest, Digest),
    /// RSA with the padding of PKCS #1 v1.5.
    Pkcs1,
}

impl Cipher {
    fn by_uri(uri: &str) -> Option<Self> {
        let old = uri.strip_prefix(NAMESPACE);
        let new = uri.strip_prefix(NAMESPACE_11);
        match (old, new) {
            (Some("aes128-cbc"), _) => Some(Self::Cbc(16)),
            (Some("aes192-cbc"), _) => Some(Self::Cbc(24)),
            (Some("aes256-cbc"), _) => Some(Self::Cbc(32)),
            (_, Some("aes128-gcm")) => Some(Self::Gcm(16)),
            (_, Some("aes192-gcm")) => Some(Self::Gcm(24)),
            (_, Some("aes256-gcm")) => Some(Self::Gcm(32)),
            _ => None,
        }
    }

    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Cbc(length) | Self::Gcm(length) => length,
        }
    }
}

impl Transport {
    fn read(method: Element<'_>, uri: &str) -> Option<Self> {
        let of = |namespace: &str, local: &str| {
            let child = method.children().find(|child| child.is(namespace, local))?;
            Some(child.attribute("Algorithm")?.value())
        };
        let digest = match of(SIGNATURE, "DigestMethod") {
            Some(uri) => Digest::by_uri(uri)?,
            None => Digest::Sha1,
        };
        let mask = match of(NAMESPACE_11, "MGF").map(|uri| uri.strip_prefix(NAMESPACE_11)) {
            None | Some(Some("mgf1sha1")) => Digest::Sha1,
            Some(Some("mgf1sha256")) => Digest::Sha256,
            Some(Some("mgf1sha384")) => Digest::Sha384,
            Some(Some("mgf1sha512")) => Digest::Sha512,
            Some(_) => return None,
        };
        match (uri.strip_prefix(NAMESPACE), uri.strip_prefix(NAMESPACE_11)) {
            (Some("rsa-oaep-mgf1p"), _) => Some(Self::Oaep(digest, Digest::Sha1)),
            (_, Some("rsa-oaep")) => Some(Self::Oaep(digest, mask)),
            (Some("rsa-1_5"), _) => Some(Self::Pkcs1),
            _ => None,
        }
    }
}

/// Decrypts what is inside `encrypted`: an `EncryptedAssertion` and its like, with one
/// `EncryptedData` in it and the `EncryptedKey`s inside that or beside it.
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt<'doc>(
    encrypted: Element<'doc>,
    keys: &[DecryptionKey],
    policy: EncryptionPolicy,
) -> Result<Decrypted<'doc>, DecryptError> {
    let missing = |what| DecryptError::Missing { what };
    let data = child(encrypted, NAMESPACE, "EncryptedData").ok_or(missing("EncryptedData"))?;
    let (_, uri) = method(data).ok_or(missing("EncryptionMethod"))?;
    let cipher =
        Cipher::by_uri(uri).filter(|cipher| policy.cbc || !matches!(cipher, Cipher::Cbc(_)));
    let refused = |role, uri: &str| DecryptError::Algorithm { role, found: uri.to_owned() };
    let cipher = cipher.ok_or_else(|| refused("encryption method", uri))?;
    let value = cipher_value(data).ok_or(missing("CipherValue"))?;

    let inside = child(data, SIGNATURE, "KeyInfo").into_iter().flat_map(Element::children);
    let wrapped_keys = inside.chain(encrypted.children());
    let mut wrapped_keys = wrapped_keys.filter(|e| e.is(NAMESPACE, "EncryptedKey")).peekable();
    if wrapped_keys.peek().is_none() {
        return Err(missing("EncryptedKey"));
    }
    if keys.is_empty() {
        return Err(DecryptError::NoKey);
    }
    // Several keys mean several readers: one of them fits, or none.
    let mut failure = DecryptError::Failed;
    for wrapped in wrapped_keys.take(MOST_KEYS) {
        let Some((element, uri)) = method(wrapped) else {
            failure = missing("EncryptionMethod");
            continue;
        };
        let transport = Transport::read(element, uri);
        let accepted = transport.filter(|t| policy.rsa_pkcs1 || *t != Transport::Pkcs1);
        let Some(transport) = accepted else {
            failure = refused("key encryption method", uri);
            continue;
        };
        let Some(wrapped) = cipher_value(wrapped) else { continue };
        for key in keys {
            let plain = crypto::unwrap_key(&key.0, transport, &wrapped, cipher.key_length())
                .and_then(|key| crypto::decrypt(cipher, &key, &value))
                .and_then(|plain| String::from_utf8(plain).ok());
            if let Some(plain) = plain {
                let wrapped = wrap(encrypted, &plain);
                return Ok(Decrypted { encrypted, wrapped, is_signed: false });
            }
        }
    }
    Err(failure)
}

/// [`decrypt`] for an element inside what was signed: whoever signed it vouches for what was in it,
/// and [`Decrypted::signed_element`] gives that.
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt_signed<'doc>(
    encrypted: SignedElement<'doc>,
    keys: &[DecryptionKey],
    policy: EncryptionPolicy,
) -> Result<Decrypted<'doc>, DecryptError> {
    Ok(Decrypted { is_signed: true, ..decrypt(encrypted.element(), keys, policy)? })
}

/// Encrypted keys that are tried at most; each costs an RSA operation.
const MOST_KEYS: usize = 8;

impl<'doc> Decrypted<'doc> {
    /// Reads the XML that was decrypted, with the namespaces that were in scope around it.
    ///
    /// # Errors
    /// As [`Document::parse`]; positions are those of the decrypted text and mean nothing in the
    /// file.
    pub fn parse(&self, limits: &Limits) -> Result<Document<'_>, Error> {
        Document::parse_with(self.wrapped.as_bytes(), limits)
    }

    /// The element that was decrypted, in the document that [`Decrypted::parse`] gave; `None` if
    /// something else than one element was encrypted.
    pub fn element<'d>(&self, document: &'d Document<'_>) -> Option<Element<'d>> {
        if document.text() != self.wrapped {
            return None;
        }
        let mut nodes = document.root().nodes();
        match (nodes.next(), nodes.next()) {
            (Some(Node::Element(element)), None) => Some(element),
            _ => None,
        }
    }

    /// The evidence for that element, where it comes from [`decrypt_signed`].
    pub fn signed_element<'d>(&self, document: &'d Document<'_>) -> Option<SignedElement<'d>> {
        let element = self.element(document).filter(|_| self.is_signed);
        element.map(SignedElement::decrypted)
    }
}

fn child<'doc>(parent: Element<'doc>, namespace: &str, local: &str) -> Option<Element<'doc>> {
    parent.children().find(|child| child.is(namespace, local))
}

fn method<'doc>(of: Element<'doc>) -> Option<(Element<'doc>, &'doc str)> {
    let method = child(of, NAMESPACE, "EncryptionMethod")?;
    Some((method, method.attribute("Algorithm")?.value()))
}

fn cipher_value(of: Element<'_>) -> Option<Vec<u8>> {
    let value = child(child(of, NAMESPACE, "CipherData")?, NAMESPACE, "CipherValue")?;
    let packed: String = value.text().split_ascii_whitespace().collect();
    STANDARD.decode(packed).ok()
}

/// The plaintext inside an element that declares what was in scope around the encrypted one.
fn wrap(encrypted: Element<'_>, plain: &str) -> String {
    let mut wrapped = String::from("<decrypted");
    let mut seen = std::collections::HashSet::new();
    let mut here = Some(encrypted);
    while let Some(element) = here {
        for declaration in element.namespace_declarations() {
            if seen.insert(declaration.prefix) && !declaration.namespace.is_empty() {
                let colon = if declaration.prefix.is_empty() { "" } else { ":" };
                let name = declaration.namespace.replace('&', "&amp;").replace('<', "&lt;");
                let name = name.replace('"', "&quot;");
                // Writing to a string cannot fail.
                let _ = write!(wrapped, " xmlns{colon}{}=\"{name}\"", declaration.prefix);
            }
        }
        here = element.parent();
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
