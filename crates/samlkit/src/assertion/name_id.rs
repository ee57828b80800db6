//! `NameID` and `Issuer` (saml-core 2.2.2, 2.2.3, 2.2.5).

use crate::readable::Readable;
use crate::schema::Faults;
use crate::value::Value;

/// A name for somebody, and what it means.
#[derive(Clone, Debug)]
#[doc(alias = "NameID")]
#[non_exhaustive]
pub struct NameId<'doc> {
    /// The name, whole: a comment does not end it.
    pub value: Value<'doc>,
    /// `Format`.
    pub format: Option<Value<'doc>>,
    /// `NameQualifier`.
    pub name_qualifier: Option<Value<'doc>>,
    /// `SPNameQualifier`.
    pub sp_name_qualifier: Option<Value<'doc>>,
    /// `SPProvidedID`.
    pub sp_provided_id: Option<Value<'doc>>,
}

impl<'doc> NameId<'doc> {
    pub(crate) fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        Self {
            value: Value::text_only(element, faults),
            format: Value::attribute(element, "Format"),
            name_qualifier: Value::attribute(element, "NameQualifier"),
            sp_name_qualifier: Value::attribute(element, "SPNameQualifier"),
            sp_provided_id: Value::attribute(element, "SPProvidedID"),
        }
    }

    /// Reads an `Issuer`, which names an entity and nothing else.
    pub(crate) fn read_issuer<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.issuer_format(element);
        Self::read(element, faults)
    }
}
