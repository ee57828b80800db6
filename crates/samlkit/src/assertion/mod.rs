//! Assertions (saml-core 2): what an identity provider says of a user. Reading takes what is there
//! and notes where it is not as the schema has it ([`SchemaFault`](crate::SchemaFault)); whether it
//! is meant for the reader, and now, is not judged. Dates stay text until somebody asks.

mod attribute;
mod authn_statement;
mod conditions;
mod name_id;
mod subject;

pub use attribute::{Attribute, AttributeValue};
pub use authn_statement::AuthnStatement;
pub use conditions::{AudienceRestriction, Condition, Conditions};
pub use name_id::NameId;
pub use subject::{Subject, SubjectConfirmation, SubjectConfirmationData};

use std::ops::Range;

use crate::names::ASSERTION;
use crate::readable::Readable;
use crate::schema::Faults;
use crate::value::Value;

/// `Assertion` (saml-core 2.3.3).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Assertion<'doc> {
    /// `ID`.
    pub id: Option<Value<'doc>>,
    /// `Version`.
    pub version: Option<Value<'doc>>,
    /// `IssueInstant`.
    pub issue_instant: Option<Value<'doc>>,
    /// `Issuer`.
    pub issuer: Option<NameId<'doc>>,
    /// `Subject`.
    pub subject: Option<Subject<'doc>>,
    /// `Conditions`.
    pub conditions: Option<Conditions<'doc>>,
    /// `AuthnStatement`, wherever they stand: Entra writes them after the attributes.
    pub authn_statements: Vec<AuthnStatement<'doc>>,
    /// The attributes of all `AttributeStatement`s.
    pub attributes: Vec<Attribute<'doc>>,
    /// Whether there are attributes that are encrypted.
    pub has_encrypted_attributes: bool,
    /// Where the assertion stands.
    pub range: Range<usize>,
}

impl<'doc> Assertion<'doc> {
    /// The entity IDs in all audience restrictions.
    pub fn audiences(&self) -> impl Iterator<Item = &Value<'doc>> {
        let restrictions = self.conditions.iter().flat_map(|c| &c.audience_restrictions);
        restrictions.flat_map(|restriction| &restriction.audiences)
    }

    /// The conditions of all confirmations of the subject, of whatever method.
    pub fn confirmation_data(&self) -> impl Iterator<Item = &SubjectConfirmationData<'doc>> {
        let confirmations = self.subject.iter().flat_map(|subject| &subject.confirmations);
        confirmations.filter_map(|confirmation| confirmation.data.as_ref())
    }

    /// `Recipient` of all confirmations of the subject.
    pub fn recipients(&self) -> impl Iterator<Item = &Value<'doc>> {
        self.confirmation_data().filter_map(|data| data.recipient.as_ref())
    }

    pub(crate) fn read<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.element(element, ASSERTION, "Assertion");
        faults.density(element);
        faults.envelope(element);
        let issuer = faults.one(element, ASSERTION, "Issuer");
        let subject = faults.at_most_one(element, ASSERTION, "Subject");
        let conditions = faults.at_most_one(element, ASSERTION, "Conditions");
        faults.at_most_one(element, ASSERTION, "Advice");
        let statements = || element.all(ASSERTION, "AttributeStatement");
        let mut attributes = Vec::new();
        for statement in statements() {
            // Mostly there is one statement, and its list is the whole.
            match attributes.is_empty() {
                true => attributes = Attribute::all_of_statement(statement, faults),
                false => attributes.extend(Attribute::all_of_statement(statement, faults)),
            }
        }
        let mut encrypted =
            statements().filter_map(|statement| statement.first(ASSERTION, "EncryptedAttribute"));
        Self {
            id: Value::attribute(element, "ID"),
            version: Value::attribute(element, "Version"),
            issue_instant: Value::attribute(element, "IssueInstant"),
            issuer: issuer.map(|issuer| NameId::read_issuer(issuer, faults)),
            subject: subject.map(|subject| Subject::read(subject, faults)),
            conditions: conditions.map(|conditions| Conditions::read(conditions, faults)),
            authn_statements: faults
                .several(element, ASSERTION, "AuthnStatement")
                .map(|statement| AuthnStatement::read(statement, faults))
                .collect(),
            attributes,
            has_encrypted_attributes: encrypted.next().is_some(),
            range: element.range(),
        }
    }
}
