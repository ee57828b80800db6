//! `Status` (saml-core 3.2.2.1): whether a request succeeded, and if not, why.

use std::ops::Range;

use crate::names::PROTOCOL;
use crate::readable::Readable;
use crate::schema::Faults;
use crate::value::Value;

/// The code of success.
pub const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// What became of a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Status<'doc> {
    /// The `Value`s of the nested `StatusCode`s, the outermost first.
    pub codes: Vec<Value<'doc>>,
    /// `StatusMessage`, where Entra puts its AADSTS code.
    pub message: Option<Value<'doc>>,
    /// Where the status stands.
    pub range: Range<usize>,
}

/// Status codes inside each other. The specification needs two.
const NESTED: usize = 8;

impl<'doc> Status<'doc> {
    pub(crate) fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        let mut codes = Vec::new();
        let mut here = faults.one(element, PROTOCOL, "StatusCode");
        while let Some(code) = here.filter(|_| codes.len() < NESTED) {
            faults.attribute(code, "Value");
            // A code without a value does not hand its place to the one inside.
            let Some(value) = Value::attribute(code, "Value") else { break };
            codes.push(value);
            here = faults.at_most_one(code, PROTOCOL, "StatusCode");
        }
        let message = faults.at_most_one(element, PROTOCOL, "StatusMessage");
        Self {
            codes,
            message: message.map(|message| Value::text_only(message, faults)),
            range: element.range(),
        }
    }

    /// Whether the request succeeded.
    pub fn is_success(&self) -> bool {
        self.codes.first().is_some_and(|code| code.text() == SUCCESS)
    }
}
