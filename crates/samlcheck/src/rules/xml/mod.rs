//! Rules about the document itself: whether it is XML, and whether it is read the same by all.

pub mod attribute;
pub mod character;
pub mod comment_in_value;
pub mod doctype;
pub mod document_root;
pub mod duplicate_id;
pub mod encoding;
pub mod entity;
pub mod https_namespace;
pub mod limit;
pub mod namespace;
pub mod syntax;

use crate::case::Case;
use crate::rule::{Finding, Outcome};

/// The outcome of a rule that the XML reader enforces: it found out whether the document breaks
/// it, or never came so far because it breaks another.
fn enforced_by_reader(case: &Case<'_>, rule: &str, help: &str) -> Outcome {
    match case.document {
        Ok(_) => Outcome::Passed,
        Err(error) if error.rule() == rule => Finding::new(error.to_string()).help(help).into(),
        Err(_) => Outcome::NotReached,
    }
}
