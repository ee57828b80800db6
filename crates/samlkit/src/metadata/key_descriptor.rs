//! `KeyDescriptor` (saml-metadata 2.4.1.1) and the certificates in its `KeyInfo`.

use samlkit_dsig::{Certificate, CertificateError};
use samlkit_xml::Element;

use super::{MOST_CHILDREN, children, read_all};
use crate::names::SIGNATURE;
use crate::value::Value;

/// A key of a role, for signing, for encryption or, without `use`, for both.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyDescriptor<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// `use`, as written.
    pub key_use: Option<Value<'doc>>,
    /// `ds:KeyInfo/ds:X509Data/ds:X509Certificate`, all of them.
    pub certificates: Vec<X509Certificate<'doc>>,
    /// `ds:KeyName`.
    pub key_names: Vec<Value<'doc>>,
    /// Whether there is a `ds:KeyValue`: a key without a certificate.
    pub has_key_value: bool,
    /// The algorithms of the `EncryptionMethod`s.
    pub encryption_methods: Vec<Value<'doc>>,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// To sign with.
    Signing,
    /// To encrypt for.
    Encryption,
}

/// An `X509Certificate` element. Its text is decoded when asked for, which costs about 100 µs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct X509Certificate<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// The base64 text.
    pub text: Value<'doc>,
}

impl X509Certificate<'_> {
    /// Decodes the certificate.
    ///
    /// # Errors
    /// Whatever keeps the text from being one certificate.
    pub fn decode(&self) -> Result<Certificate, CertificateError> {
        Certificate::from_base64(self.text.text())
    }
}

impl<'doc> KeyDescriptor<'doc> {
    pub(crate) fn read_all(role: Element<'doc>) -> Vec<Self> {
        read_all(role, "KeyDescriptor", Self::read)
    }

    fn read(element: Element<'doc>) -> Self {
        let of = |parent: Element<'doc>, local: &'static str| {
            let all = parent.children().filter(move |child| child.is(SIGNATURE, local));
            all.take(MOST_CHILDREN)
        };
        let infos: Vec<Element<'doc>> = of(element, "KeyInfo").collect();
        let certificates = infos
            .iter()
            .flat_map(|&info| of(info, "X509Data"))
            .flat_map(|data| of(data, "X509Certificate"))
            .map(|element| X509Certificate { element, text: Value::of_element(element) });
        let names = infos.iter().flat_map(|&info| of(info, "KeyName")).map(Value::of_element);
        let methods = children(element, "EncryptionMethod");
        Self {
            element,
            key_use: Value::attribute(element, "use"),
            certificates: certificates.collect(),
            key_names: names.collect(),
            has_key_value: infos.iter().any(|&info| of(info, "KeyValue").next().is_some()),
            encryption_methods: methods.filter_map(|m| Value::attribute(m, "Algorithm")).collect(),
        }
    }

    /// Whether the key counts for this use. One without `use` counts for both.
    pub fn serves(&self, wanted: KeyUse) -> bool {
        match self.key_use.as_ref().map(Value::trimmed) {
            None => true,
            Some("signing") => wanted == KeyUse::Signing,
            Some("encryption") => wanted == KeyUse::Encryption,
            Some(_) => false,
        }
    }
}
