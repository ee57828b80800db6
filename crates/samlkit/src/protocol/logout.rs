//! `LogoutRequest` and `LogoutResponse` (saml-core 3.7).

use super::Status;
use crate::assertion::NameId;
use crate::names::{ASSERTION, PROTOCOL};
use crate::readable::Readable;
use crate::schema::Faults;
use crate::value::Value;

/// A request to end sessions (3.7.1).
#[derive(Clone, Debug)]
#[non_exhaustive]
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
#[non_exhaustive]
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
    /// That the Issuer has to be there is the profile's (saml-profiles 4.4.4.1).
    pub(crate) fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.element(element, PROTOCOL, "LogoutRequest");
        faults.envelope(element);
        faults.date(element, "NotOnOrAfter");
        let issuer = faults.one(element, ASSERTION, "Issuer");
        faults.at_most_one(element, PROTOCOL, "Extensions");
        faults.one_id(element, ASSERTION);
        let of = |local| Value::attribute(element, local);
        Self {
            id: of("ID"),
            issue_instant: of("IssueInstant"),
            destination: of("Destination"),
            not_on_or_after: of("NotOnOrAfter"),
            reason: of("Reason"),
            issuer: issuer.map(|issuer| NameId::read_issuer(issuer, faults)),
            name_id: element.first(ASSERTION, "NameID").map(|id| NameId::read(id, faults)),
            session_indexes: element
                .read_all(PROTOCOL, "SessionIndex", |index| Value::text_only(index, faults)),
        }
    }
}

impl<'doc> LogoutResponse<'doc> {
    /// That the Issuer has to be there is the profile's (saml-profiles 4.4.4.2).
    pub(crate) fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.element(element, PROTOCOL, "LogoutResponse");
        faults.envelope(element);
        let issuer = faults.one(element, ASSERTION, "Issuer");
        faults.at_most_one(element, PROTOCOL, "Extensions");
        let status = faults.one(element, PROTOCOL, "Status");
        let of = |local| Value::attribute(element, local);
        Self {
            id: of("ID"),
            in_response_to: of("InResponseTo"),
            issue_instant: of("IssueInstant"),
            destination: of("Destination"),
            issuer: issuer.map(|issuer| NameId::read_issuer(issuer, faults)),
            status: status.map(|status| Status::read(status, faults)),
        }
    }
}
