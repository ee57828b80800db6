//! Conversion of what was verified into the types of the crate [samael], for programs that use them.
//! One way only: nothing here reads samael's types, and nothing of samael is on any path to a
//! verdict.
//!
//! samael's readers are given the canonical octets that were signed, so that its types hold what was
//! signed and nothing else. What they lose: signatures (they are not part of the octets), IDs of
//! metadata, everything of WS-Federation, extensions that they do not know. They fail on aggregates
//! with extensions. An assertion that was encrypted cannot be converted.
//!
//! The version is pinned to 0.0.20: 0.0.21 and 0.0.22 do not compile without their default features.
//! It brings quick-xml 0.37, which has two advisories against it; that is why it sees only octets
//! that were verified first. `samael::crypto` is not called and must not be: without the feature
//! `xmlsec` it accepts anything.
//!
//! [samael]: https://docs.rs/samael/0.0.20

use std::error::Error;
use std::fmt;

use samael::metadata::EntityDescriptor;
use samael::schema::{Assertion, Response};
use samlkit_dsig::Signed;

use crate::names::{ASSERTION, METADATA, PROTOCOL};

/// Why something that was verified cannot be converted.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConversionError {
    /// The signed element is another one.
    Other {
        /// Its name.
        found: String,
        /// What was asked for.
        expected: &'static str,
    },
    /// samael's reader does not read it.
    Unreadable(Box<dyn Error>),
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other { found, expected } => {
                write!(f, "the signed element is <{found}>, expected <{expected}>")
            }
            Self::Unreadable(error) => write!(f, "samael cannot read it: {error}"),
        }
    }
}

impl Error for ConversionError {}

/// The octets of a signed element of that name.
fn octets(
    signed: &Signed<'_>,
    namespace: &str,
    local: &'static str,
) -> Result<String, ConversionError> {
    let root = signed.root();
    if !root.is(namespace, local) {
        return Err(ConversionError::Other { found: root.name().to_string(), expected: local });
    }
    let octets = signed.octets().map_err(|error| ConversionError::Unreadable(error.into()))?;
    String::from_utf8(octets).map_err(|error| ConversionError::Unreadable(error.into()))
}

/// A signed assertion in samael's type.
///
/// # Errors
/// [`ConversionError`].
pub fn assertion(signed: &Signed<'_>) -> Result<Assertion, ConversionError> {
    octets(signed, ASSERTION, "Assertion")?.parse().map_err(unreadable)
}

/// A signed response in samael's type.
///
/// # Errors
/// [`ConversionError`].
pub fn response(signed: &Signed<'_>) -> Result<Response, ConversionError> {
    octets(signed, PROTOCOL, "Response")?.parse().map_err(unreadable)
}

/// The signed metadata of one entity in samael's type.
///
/// # Errors
/// [`ConversionError`].
pub fn entity_descriptor(signed: &Signed<'_>) -> Result<EntityDescriptor, ConversionError> {
    octets(signed, METADATA, "EntityDescriptor")?.parse().map_err(unreadable)
}

fn unreadable(error: impl Into<Box<dyn Error>>) -> ConversionError {
    ConversionError::Unreadable(error.into())
}
