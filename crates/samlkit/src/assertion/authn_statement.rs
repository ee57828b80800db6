//! `AuthnStatement` (saml-core 2.7.2): when and how the user signed in.

use std::ops::Range;

use crate::names::ASSERTION;
use crate::readable::Readable;
use crate::schema::Faults;
use crate::value::Value;

/// That the user signed in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthnStatement<'doc> {
    /// `AuthnInstant`: when the user really did, which may be long ago.
    pub authn_instant: Option<Value<'doc>>,
    /// `SessionIndex`, which a logout request names.
    pub session_index: Option<Value<'doc>>,
    /// `SessionNotOnOrAfter`: when the session has to end.
    pub session_not_on_or_after: Option<Value<'doc>>,
    /// `AuthnContextClassRef`: how, such as by password.
    pub class_ref: Option<Value<'doc>>,
    /// Where the statement stands.
    pub range: Range<usize>,
}

impl<'doc> AuthnStatement<'doc> {
    pub(crate) fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.date_required(element, "AuthnInstant");
        faults.date(element, "SessionNotOnOrAfter");
        let context = faults.one(element, ASSERTION, "AuthnContext");
        let class_ref =
            context.and_then(|c| faults.at_most_one(c, ASSERTION, "AuthnContextClassRef"));
        Self {
            authn_instant: Value::attribute(element, "AuthnInstant"),
            session_index: Value::attribute(element, "SessionIndex"),
            session_not_on_or_after: Value::attribute(element, "SessionNotOnOrAfter"),
            class_ref: class_ref.map(|class| Value::text_only(class, faults)),
            range: element.range(),
        }
    }
}
