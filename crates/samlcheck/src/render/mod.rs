//! How a report looks: one file for each output. None of them judges or leaves out a finding for
//! another reason than space, and says so when it does.

pub mod json;
pub mod text;
