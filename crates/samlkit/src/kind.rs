//! Which SAML document a root element begins.

use std::fmt;

use samlkit_xml::{Element, Position};

use crate::names::{ASSERTION, METADATA, PROTOCOL};

/// The kinds of SAML 2.0 documents, by the name of the root element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `md:EntityDescriptor`: metadata of one entity.
    EntityDescriptor,
    /// `md:EntitiesDescriptor`: metadata of several.
    EntitiesDescriptor,
    /// `samlp:Response`.
    Response,
    /// `saml:Assertion`, or `saml:EncryptedAssertion`, without a response around it.
    Assertion,
    /// `samlp:AuthnRequest`.
    AuthnRequest,
    /// `samlp:LogoutRequest`.
    LogoutRequest,
    /// `samlp:LogoutResponse`.
    LogoutResponse,
    /// `samlp:ArtifactResolve`.
    ArtifactResolve,
    /// `samlp:ArtifactResponse`.
    ArtifactResponse,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::EntityDescriptor,
        Self::EntitiesDescriptor,
        Self::Response,
        Self::Assertion,
        Self::AuthnRequest,
        Self::LogoutRequest,
        Self::LogoutResponse,
        Self::ArtifactResolve,
        Self::ArtifactResponse,
    ];

    /// The kind of document that has `root` as its root; `None` if it is none of SAML 2.0's.
    pub fn of(root: Element<'_>) -> Option<Self> {
        if root.is(ASSERTION, "EncryptedAssertion") {
            return Some(Self::Assertion);
        }
        Self::ALL.into_iter().find(|kind| root.is(kind.namespace(), kind.element()))
    }

    /// The local name of the root element.
    pub fn element(self) -> &'static str {
        match self {
            Self::EntityDescriptor => "EntityDescriptor",
            Self::EntitiesDescriptor => "EntitiesDescriptor",
            Self::Response => "Response",
            Self::Assertion => "Assertion",
            Self::AuthnRequest => "AuthnRequest",
            Self::LogoutRequest => "LogoutRequest",
            Self::LogoutResponse => "LogoutResponse",
            Self::ArtifactResolve => "ArtifactResolve",
            Self::ArtifactResponse => "ArtifactResponse",
        }
    }

    /// The namespace of the root element.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::EntityDescriptor | Self::EntitiesDescriptor => METADATA,
            Self::Assertion => ASSERTION,
            _ => PROTOCOL,
        }
    }

    /// Whether it is metadata, of one entity or of several.
    pub fn is_metadata(self) -> bool {
        matches!(self, Self::EntityDescriptor | Self::EntitiesDescriptor)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.element())
    }
}

/// The root is not the element asked for (`document.root`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the root element is {found}, expected {expected}")]
#[non_exhaustive]
pub struct NotTheRoot {
    /// The root's name and, if it has one, its namespace.
    pub found: String,
    /// What was asked for.
    pub expected: &'static str,
    /// Where the root begins.
    pub position: Position,
}

impl NotTheRoot {
    pub(crate) fn new(root: Element<'_>, expected: &'static str) -> Self {
        Self { found: describe(root), expected, position: root.position() }
    }
}

/// An element's name with its namespace: `<x> of the namespace "urn:y"`.
fn describe(element: Element<'_>) -> String {
    let name = element.name();
    match name.namespace {
        "" => format!("<{name}> of no namespace"),
        namespace => format!("<{name}> of the namespace {namespace:?}"),
    }
}
