//! `ArtifactResponse` (saml-core 3.5.2): a message that was fetched by its artifact.

use samlkit_xml::Element;

use super::Status;
use crate::Kind;
use crate::names::{ASSERTION, PROTOCOL, SIGNATURE};
use crate::schema::Faults;
use crate::value::Value;

/// The envelope of a message that was fetched.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ArtifactResponse<'doc> {
    /// `InResponseTo`.
    pub in_response_to: Option<Value<'doc>>,
    /// `Status`.
    pub status: Option<Status<'doc>>,
    /// The message inside, and which it is; `None` if the artifact is not known any more.
    pub message: Option<(Kind, Element<'doc>)>,
}

impl<'doc> ArtifactResponse<'doc> {
    pub(crate) fn read(element: Element<'doc>, faults: &mut Faults) -> Self {
        faults.element(element, PROTOCOL, "ArtifactResponse");
        faults.envelope(element);
        faults.at_most_one(element, ASSERTION, "Issuer");
        let status = faults.one(element, PROTOCOL, "Status");
        let is_own = |child: &Element<'_>| {
            child.is(ASSERTION, "Issuer")
                || child.is(SIGNATURE, "Signature")
                || child.is(PROTOCOL, "Extensions")
                || child.is(PROTOCOL, "Status")
        };
        let message = element.children().find(|child| !is_own(child));
        Self {
            in_response_to: Value::attribute(element, "InResponseTo"),
            status: status.map(|status| Status::read(status, faults)),
            message: message.and_then(|message| Some((Kind::of(message)?, message))),
        }
    }
}
