//! Rules about what the user configured, as far as it concerns the file.

pub mod waiver_expired;
