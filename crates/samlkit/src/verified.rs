//! What is known of a value's origin, in its type. [`Verified`] can be made from evidence only,
//! [`Unverified`] from anything; nothing turns one into the other.

use std::ops::{Deref, Range};

use samlkit_dsig::SignedElement;
use samlkit_xml::Element;

use crate::assertion::Assertion;
use crate::protocol::{ArtifactResponse, AuthnRequest, LogoutRequest, LogoutResponse};
use crate::schema::{Faults, SchemaError, SchemaFault};

/// Something that was read through a verified signature: a key that the caller trusts signed every
/// value in it. That it is *meant* for the reader, and now, is another question, which
/// [`ServiceProvider`](crate::sp::ServiceProvider) answers.
///
/// A signature says who made an element, and not what it is: reading gives an error where it is
/// another one, such as signed metadata that is read as an assertion, and where it is not as SAML's
/// schema has it, such as an assertion with two Subjects, of which each reader could take another
/// ([`SchemaFault`]). The value cannot be had without that being handled:
///
/// ```compile_fail,E0609
/// # fn name(signed: &samlkit::dsig::Signed<'_>) {
/// use samlkit::{Verified, assertion::Assertion};
///
/// let assertion = Verified::<Assertion>::read(signed.root());
/// let subject = &assertion.subject; // of a Result
/// # }
/// ```
///
/// ```
/// # fn name(signed: &samlkit::dsig::Signed<'_>) -> Result<(), samlkit::SchemaError> {
/// use samlkit::{Verified, assertion::Assertion};
///
/// let assertion = Verified::<Assertion>::read(signed.root())?;
/// let subject = &assertion.subject;
/// # Ok(()) }
/// ```
///
/// An element of a document is no evidence, only one inside a verified signature is:
///
/// ```compile_fail,E0308
/// use samlkit::{Verified, assertion::Assertion, xml::Document};
///
/// let document = Document::parse(b"<Assertion/>").unwrap();
/// let forged = Verified::<Assertion>::read(document.root());
/// ```
///
/// and neither the evidence nor what is read through it can be made by hand:
///
/// ```compile_fail,E0423
/// # fn forge(assertion: samlkit::assertion::Assertion<'_>) {
/// let forged = samlkit::Verified(assertion);
/// # }
/// ```
///
/// ```compile_fail,E0451
/// # fn forge<'d>(element: samlkit::xml::Element<'d>) {
/// let forged = samlkit::dsig::SignedElement { element, without: None };
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Verified<T>(T);

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Verified<T> {
    /// For the readers of this crate that hold the evidence, and nobody else.
    pub(crate) fn new(value: T) -> Self {
        Self(value)
    }

    fn read_with(read: impl FnOnce(&mut Faults) -> T) -> Result<Self, SchemaError> {
        let mut faults = Faults::default();
        let value = read(&mut faults);
        match faults.error() {
            Some(error) => Err(error),
            None => Ok(Self(value)),
        }
    }
}

impl<'doc> Verified<Assertion<'doc>> {
    /// Reads an assertion through the evidence for it.
    ///
    /// # Errors
    /// It is another element, or not as the schema has it.
    pub fn read(signed: SignedElement<'doc>) -> Result<Self, SchemaError> {
        Self::read_with(|faults| Assertion::read(signed, faults))
    }
}

/// Something that nobody vouches for: to look at when sign-in fails, and for nothing else. Its
/// values come out through a method whose name says so, and through no other:
///
/// ```
/// use samlkit::{Unverified, assertion::Assertion, xml::Document};
///
/// let document = Document::parse(b"<Assertion/>")?;
/// let assertion = Unverified::<Assertion>::read(document.root());
/// assert!(assertion.unverified().subject.is_none());
/// # Ok::<(), samlkit::xml::Error>(())
/// ```
///
/// ```compile_fail,E0609
/// # use samlkit::{Unverified, assertion::Assertion, xml::Document};
/// # let document = Document::parse(b"<Assertion/>").unwrap();
/// let assertion = Unverified::<Assertion>::read(document.root());
/// assertion.subject; // no field of it is reached by itself
/// ```
///
/// It does not become verified:
///
/// ```compile_fail,E0308
/// # use samlkit::{Unverified, Verified, assertion::Assertion, xml::Document};
/// # let document = Document::parse(b"<Assertion/>").unwrap();
/// let assertion = Unverified::<Assertion>::read(document.root());
/// let trusted: Verified<Assertion> = assertion;
/// ```
///
/// ```compile_fail,E0277
/// # use samlkit::{Unverified, Verified, assertion::Assertion, xml::Document};
/// # let document = Document::parse(b"<Assertion/>").unwrap();
/// let assertion = Unverified::<Assertion>::read(document.root());
/// let trusted: Verified<Assertion> = assertion.into();
/// ```
#[derive(Clone, Debug)]
pub struct Unverified<T> {
    value: T,
    faults: Faults,
}

impl<T> Unverified<T> {
    pub(crate) fn new(read: impl FnOnce(&mut Faults) -> T) -> Self {
        let mut faults = Faults::default();
        Self { value: read(&mut faults), faults }
    }

    /// The value, which anybody may have written. Where the schema has one element and there are
    /// several, it is the first.
    pub fn unverified(&self) -> &T {
        &self.value
    }

    /// Where the element is not as the schema has it, each fault with its range in the document's
    /// text: the first sixteen.
    pub fn faults(&self) -> impl Iterator<Item = (&SchemaFault, Range<usize>)> {
        self.faults.iter()
    }
}

impl<'doc> Unverified<Assertion<'doc>> {
    /// Reads an assertion without evidence.
    pub fn read(element: Element<'doc>) -> Self {
        Self::new(|faults| Assertion::read(element, faults))
    }
}

/// Messages that are read with and without evidence.
macro_rules! messages {
    ($($message:ident),+) => {
        $(
            impl<'doc> Verified<$message<'doc>> {
                /// Reads a message through the evidence for it.
                ///
                /// # Errors
                /// It is another element, or not as the schema has it.
                pub fn read(signed: SignedElement<'doc>) -> Result<Self, SchemaError> {
                    Self::read_with(|faults| $message::read(signed, faults))
                }
            }

            impl<'doc> Unverified<$message<'doc>> {
                /// Reads a message without evidence.
                pub fn read(element: Element<'doc>) -> Self {
                    Self::new(|faults| $message::read(element, faults))
                }
            }
        )+
    };
}
messages!(AuthnRequest, LogoutRequest, LogoutResponse);

impl<'doc> Unverified<ArtifactResponse<'doc>> {
    /// Reads the envelope of a message that was fetched.
    pub fn read(element: Element<'doc>) -> Self {
        Self::new(|faults| ArtifactResponse::read(element, faults))
    }
}
