//! What is known of a value's origin, in its type. [`Verified`] can be made from evidence only,
//! [`Unverified`] from anything; nothing turns one into the other.

use std::ops::Deref;

use samlkit_dsig::SignedElement;
use samlkit_xml::Element;

use crate::assertion::Assertion;
use crate::protocol::{ArtifactResponse, AuthnRequest, LogoutRequest, LogoutResponse};

/// Something that was read through a verified signature: a key that the caller trusts signed every
/// value in it. That it is *meant* for the reader, and now, is another question, which
/// [`ServiceProvider`](crate::sp::ServiceProvider) answers.
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
}

impl<'doc> Verified<Assertion<'doc>> {
    /// Reads an assertion through the evidence for it.
    pub fn read(signed: SignedElement<'doc>) -> Self {
        Self(Assertion::read(signed))
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
pub struct Unverified<T>(T);

impl<T> Unverified<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, which anybody may have written.
    pub fn unverified(&self) -> &T {
        &self.0
    }
}

impl<'doc> Unverified<Assertion<'doc>> {
    /// Reads an assertion without evidence.
    pub fn read(element: Element<'doc>) -> Self {
        Self::new(Assertion::read(element))
    }
}

/// Messages that are read with and without evidence.
macro_rules! messages {
    ($($message:ident),+) => {
        $(
            impl<'doc> Verified<$message<'doc>> {
                /// Reads a message through the evidence for it.
                pub fn read(signed: SignedElement<'doc>) -> Self {
                    Self($message::read(signed))
                }
            }

            impl<'doc> Unverified<$message<'doc>> {
                /// Reads a message without evidence.
                pub fn read(element: Element<'doc>) -> Self {
                    Self::new($message::read(element))
                }
            }
        )+
    };
}
messages!(AuthnRequest, LogoutRequest, LogoutResponse);

impl<'doc> Unverified<ArtifactResponse<'doc>> {
    /// Reads the envelope of a message that was fetched.
    pub fn read(element: Element<'doc>) -> Self {
        Self::new(ArtifactResponse::read(element))
    }
}
