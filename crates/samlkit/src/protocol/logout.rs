//! `LogoutRequest` and `LogoutResponse` (saml-core 3.7).

use super::Status;
use crate::assertion::NameId;
use crate::names::{ASSERTION, PROTOCOL};
use crate::readable::Readable;
use crate::value::Value;

/// A request to end sessions (3.7.1).
#[derive(Clone, Debug)]
pub struct LogoutRequest<'doc> {
    /// `ID`.
    pub id: Option<Value<'doc>>,
    /// `IssueInstant`.
    pub issue_instant: Option<Value<'doc>>,
    /// `Destination`.
    pub destination: Option<Value<'doc>>,
    /// `NotOnOrAfter`.
    pub not_on_or_after: Option<Value<'doc>>,
    /// `Reason`.
    pub reason: Option<Value<'doc>>,
    /// `Issuer`.
    pub issuer: Option<NameId<'doc>>,
    /// `NameID`: whose sessions.
    pub name_id: Option<NameId<'doc>>,
    /// `SessionIndex`: which of them; all if there is none.
    pub session_indexes: Vec<Value<'doc>>,
}

/// The answer to that (3.7.2).
#[derive(Clone, Debug)]
pub struct LogoutResponse<'doc> {
    /// `ID`.
    pub id: Option<Value<'doc>>,
    /// `InResponseTo`.
    pub in_response_to: Option<Value<'doc>>,
    /// `IssueInstant`.
    pub issue_instant: Option<Value<'doc>>,
    /// `Destination`.
    pub destination: Option<Value<'doc>>,
    /// `Issuer`.
    pub issuer: Option<NameId<'doc>>,
    /// `Status`.
    pub status: Option<Status<'doc>>,
}

impl<'doc> LogoutRequest<'doc> {
    pub(crate) fn read<R: Readable<'doc>>(element: R) -> Self {
        let of = |local| Value::attribute(element, local);
        Self {
            id: of("ID"),
            issue_instant: of("IssueInstant"),
            destination: of("Destination"),
            not_on_or_after: of("NotOnOrAfter"),
            reason: of("Reason"),
            issuer: element.first(ASSERTION, "Issuer").map(NameId::read),
            name_id: element.first(ASSERTION, "NameID").map(NameId::read),
            session_indexes: element.read_all(PROTOCOL, "SessionIndex", Value::content),
        }
    }
}

impl<'doc> LogoutResponse<'doc> {
    pub(crate) fn read<R: Readable<'doc>>(element: R) -> Self {
        let of = |local| Value::attribute(element, local);
        Self {
            id: of("ID"),
            in_response_to: of("InResponseTo"),
            issue_instant: of("IssueInstant"),
            destination: of("Destination"),
            issuer: element.first(ASSERTION, "Issuer").map(NameId::read),
            status: element.first(PROTOCOL, "Status").map(Status::read),
        }
    }
}
