//! Rules about an assertion: who says what of whom, for whom and when (saml-core 2).
//!
//! The judgement is samlkit's ([`samlkit::sp`]); here each refusal gets its words.

pub mod audience;
pub mod authn_statement;
pub mod condition_unknown;
pub mod conditions;
pub mod date;
pub mod decryption;
pub mod empty_value;
pub mod encrypted;
pub mod expired;
pub mod issue_instant;
pub mod issuer;
pub mod lifetime;
pub mod missing;
pub mod multiple;
pub mod name_id;
pub mod not_yet_valid;
pub mod one_time_use;
pub mod replayed;
pub mod schema;
pub mod session_expired;
pub mod subject;
pub mod version;
pub mod white_space;
