//! `Response` (saml-core 3.2.2, 3.3.3): the envelope of assertions. Often it is not signed, and what
//! it says is then worth nothing on its own; the rules still compare it.

use std::ops::Range;

use samlkit_xml::Element;

use super::Status;
use crate::assertion::NameId;
use crate::names::{ASSERTION, PROTOCOL};
use crate::schema::Faults;
use crate::value::Value;
use crate::verified::Unverified;

/// The envelope.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<'doc> {
    /// `ID`.
    pub id: Option<Value<'doc>>,
    /// `Version`.
    pub version: Option<Value<'doc>>,
    /// `IssueInstant`.
    pub issue_instant: Option<Value<'doc>>,
    /// `InResponseTo`: the ID of the request.
    pub in_response_to: Option<Value<'doc>>,
    /// `Destination`: the ACS URL.
    pub destination: Option<Value<'doc>>,
    /// `Issuer`.
    pub issuer: Option<NameId<'doc>>,
    /// `Status`.
    pub status: Option<Status<'doc>>,
    /// The `Assertion`s directly inside.
    pub assertions: Vec<Element<'doc>>,
    /// The `EncryptedAssertion`s directly inside.
    pub encrypted_assertions: Vec<Element<'doc>>,
    /// Where the start tag stands.
    pub range: Range<usize>,
}

impl<'doc> Response<'doc> {
    pub(crate) fn read(element: Element<'doc>, faults: &mut Faults) -> Self {
        faults.element(element, PROTOCOL, "Response");
        faults.envelope(element);
        let issuer = faults.at_most_one(element, ASSERTION, "Issuer");
        faults.at_most_one(element, PROTOCOL, "Extensions");
        let status = faults.one(element, PROTOCOL, "Status");
        let all = |local: &'static str| {
            element.children().filter(move |child| child.is(ASSERTION, local))
        };
        Self {
            id: Value::attribute(element, "ID"),
            version: Value::attribute(element, "Version"),
            issue_instant: Value::attribute(element, "IssueInstant"),
            in_response_to: Value::attribute(element, "InResponseTo"),
            destination: Value::attribute(element, "Destination"),
            issuer: issuer.map(|issuer| NameId::read_issuer(issuer, faults)),
            status: status.map(|status| Status::read(status, faults)),
            assertions: all("Assertion").collect(),
            encrypted_assertions: all("EncryptedAssertion").collect(),
            range: element.start_tag_range(),
        }
    }
}

impl<'doc> Unverified<Response<'doc>> {
    /// Reads a response to look at.
    pub fn read(element: Element<'doc>) -> Self {
        Self::new(|faults| Response::read(element, faults))
    }
}
