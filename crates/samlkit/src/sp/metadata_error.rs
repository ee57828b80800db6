//! Why metadata is no root of trust: it is out of date, it describes no role of SAML 2.0, or none of its
//! keys can be used.

use chrono::{DateTime, Utc};
use samlkit_dsig::{FailureKind, KeyError};

/// Why metadata does not describe a provider that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// No entity ID.
    #[error("the metadata has no entityID")]
    NoEntityId,
    /// No role of the kind.
    #[error("the metadata has no {role}")]
    NoRole {
        /// The name of the element.
        role: &'static str,
    },
    /// Roles of the kind, but none of SAML 2.0.
    #[error("the role is for {found:?}, expected urn:oasis:names:tc:SAML:2.0:protocol among them")]
    Protocol {
        /// `protocolSupportEnumeration` of the first.
        found: String,
    },
    /// It stands in more groups than any federation has.
    #[error("the entity stands in more than {most} groups, one in another")]
    Nesting {
        /// How many there may be.
        most: usize,
    },
    /// It is out of date (saml-metadata 2.3.2).
    #[error("validUntil of the {element} was {until}: download the metadata again")]
    Expired {
        /// The element that says so.
        element: &'static str,
        /// The moment.
        until: DateTime<Utc>,
    },
    /// A validUntil that is not a time.
    #[error("validUntil of the {element} is {found:?}, which is not an xs:dateTime")]
    ValidUntil {
        /// The element.
        element: &'static str,
        /// What it says.
        found: String,
    },
    /// Its own signature does not even agree with the key beside it.
    #[error("the metadata is signed, and the signature is broken: {0}")]
    BrokenSignature(FailureKind),
    /// No ACS URL with the binding HTTP-POST.
    #[error("the metadata has no AssertionConsumerService with the binding HTTP-POST")]
    NoAcsUrl,
    /// No signing key that can be used.
    #[error("the metadata has no signing certificate that can be used{}",
        .first.as_ref().map_or(String::new(), |error| format!(": {error}")))]
    NoKey {
        /// What is wrong with the first.
        first: Option<KeyError>,
    },
}
