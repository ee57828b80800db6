//! Who signed in, for a report: what came out of an accepted response, copied so that it can be shown and
//! redacted. It is no evidence.

use samlkit::dsig::Certificate;
use samlkit::sp::VerifiedResponse;

/// Who signed in.
#[derive(Clone, Debug)]
pub struct SubjectCard {
    /// The name of the user.
    pub name_id: String,
    /// Its `Format`.
    pub format: Option<String>,
    /// `SessionIndex`.
    pub session_index: Option<String>,
    /// `InResponseTo` of the confirmation that held.
    pub in_response_to: Option<String>,
    /// `ID` of the assertion.
    pub assertion_id: String,
    /// The identity provider's entity ID.
    pub issuer: String,
    /// The attributes.
    pub attributes: Vec<AttributeCard>,
    /// How many attributes are encrypted and not among these.
    pub encrypted_attributes: usize,
    /// The certificate of the key that signed, if it came in one.
    pub certificate: Option<Certificate>,
}

/// An attribute of the user.
#[derive(Clone, Debug)]
pub struct AttributeCard {
    /// `Name`.
    pub name: String,
    /// The values.
    pub values: Vec<String>,
}

impl SubjectCard {
    pub(crate) fn new(login: &VerifiedResponse) -> Self {
        let attributes = login.attributes().iter().map(|attribute| AttributeCard {
            name: attribute.name().to_owned(),
            values: attribute.values().to_vec(),
        });
        Self {
            name_id: login.name_id().value().to_owned(),
            format: login.name_id().format().map(str::to_owned),
            session_index: login.session_index().map(str::to_owned),
            in_response_to: login.in_response_to().map(str::to_owned),
            assertion_id: login.assertion_id().to_owned(),
            issuer: login.issuer().to_owned(),
            attributes: attributes.collect(),
            encrypted_attributes: login.encrypted_attributes(),
            certificate: login.key().certificate().cloned(),
        }
    }
}
