//! Rules about the confirmation of the subject: that whoever brings the assertion may use it, here
//! and now (saml-profiles 4.1.4.2).
//!
//! The judgement is samlkit's ([`samlkit::sp`]); here each refusal gets its words.

pub mod confirmation;
pub mod expired;
pub mod in_response_to;
pub mod not_before;
pub mod recipient;
