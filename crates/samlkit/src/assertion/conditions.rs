//! `Conditions` (saml-core 2.5): when an assertion counts, and for whom.

use std::ops::Range;

use crate::names::ASSERTION;
use crate::readable::Readable;
use crate::schema::Faults;
use crate::value::Value;

/// All conditions; each has to hold.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Conditions<'doc> {
    /// `NotBefore`.
    pub not_before: Option<Value<'doc>>,
    /// `NotOnOrAfter`.
    pub not_on_or_after: Option<Value<'doc>>,
    /// `AudienceRestriction`.
    pub audience_restrictions: Vec<AudienceRestriction<'doc>>,
    /// The conditions of other kinds.
    pub others: Vec<Condition>,
    /// Where the conditions stand.
    pub range: Range<usize>,
}

/// Who may rely on the assertion: any of these (saml-core 2.5.1.4).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AudienceRestriction<'doc> {
    /// `Audience`: entity IDs.
    pub audiences: Vec<Value<'doc>>,
    /// Where the restriction stands.
    pub range: Range<usize>,
}

/// A condition that is no audience restriction.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// `OneTimeUse` (2.5.1.5): keep no copy.
    OneTimeUse,
    /// `ProxyRestriction` (2.5.1.6): on making assertions on the strength of this one.
    ProxyRestriction,
    /// One that is not known, by its name as written, and where it stands.
    Unknown(String, Range<usize>),
}

impl<'doc> Conditions<'doc> {
    pub(crate) fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.date(element, "NotBefore");
        faults.date(element, "NotOnOrAfter");
        let mut conditions = Self {
            not_before: Value::attribute(element, "NotBefore"),
            not_on_or_after: Value::attribute(element, "NotOnOrAfter"),
            audience_restrictions: Vec::new(),
            others: Vec::new(),
            range: element.range(),
        };
        for child in faults.several_of_any(element) {
            let name = child.name();
            match (name.namespace, name.local) {
                (ASSERTION, "AudienceRestriction") => {
                    let audiences = faults.several(child, ASSERTION, "Audience");
                    let audiences =
                        audiences.map(|audience| Value::text_only(audience, faults)).collect();
                    conditions
                        .audience_restrictions
                        .push(AudienceRestriction { audiences, range: child.range() });
                }
                (ASSERTION, "OneTimeUse") => conditions.others.push(Condition::OneTimeUse),
                (ASSERTION, "ProxyRestriction") => {
                    conditions.others.push(Condition::ProxyRestriction);
                }
                _ => {
                    let unknown = Condition::Unknown(name.to_string(), child.range());
                    conditions.others.push(unknown);
                }
            }
        }
        conditions
    }
}
