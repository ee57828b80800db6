//! Rules about the metadata of an identity provider and of a service provider side by side. What they
//! find is told at its place in the service provider's.

pub mod assertion_signing;
pub mod binding;
pub mod encryption;
pub mod name_id_format;
pub mod request_signing;
pub mod swapped;
