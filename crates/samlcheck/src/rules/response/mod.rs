//! Rules about a response: what the envelope says (saml-core 3, saml-bindings 3.5).
//!
//! The judgement is samlkit's ([`samlkit::sp`]); here each refusal gets its words.

pub mod destination;
pub mod in_response_to;
pub mod issuer;
pub mod issuer_mismatch;
pub mod recipient_mismatch;
pub mod schema;
pub mod status;
pub mod unsolicited;
pub mod version;
