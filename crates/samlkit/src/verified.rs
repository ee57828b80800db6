//! What is known of a value's origin, in its type. [`Verified`] can be made from evidence only,
//! [`Unverified`] from anything; nothing turns one into the other.

use std::ops::Deref;

use samlkit_dsig::SignedElement;
use samlkit_xml::Element;

use crate::assertion::Assertion;

/// Something that was read through a verified signature: a key that the caller trusts signed every
/// value in it. That it is *meant* for the reader, and now, is another question, which
/// [`ServiceProvider`](crate::sp::ServiceProvider) answers.
#[derive(Clone, Debug)]
pub struct Verified<T>(T);

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'doc> Verified<Assertion<'doc>> {
    /// Reads an assertion through the evidence for it.
    pub fn read(signed: SignedElement<'doc>) -> Self {
        Self(Assertion::read(signed))
    }
}

/// Something that nobody vouches for: to look at when sign-in fails, and for nothing else. Its
/// values come out through a method whose name says so.
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
