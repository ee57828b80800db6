//! Says what is wrong with SAML metadata and messages, and what to do about it.
//!
//! The library behind the command `samlcheck`: [`check`] takes the bytes of one file and gives a
//! [`DocumentReport`](report::DocumentReport) of what the file is and of every [`Rule`] that it
//! breaks. Rules know SAML; [`profile`]s know vendors. Nothing here opens a file, a connection or
//! looks at a clock; with the feature `cli` (on by default) the command line is added, which does
//! the first and the last.
//!
//! ```
//! use chrono::{DateTime, Utc};
//! use samlcheck::{Options, check};
//!
//! let now: DateTime<Utc> = "2026-11-21T03:09:00Z".parse()?;
//! let xml = b"<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'/>";
//! let report = check("x.xml", xml, &Options::default(), now);
//! let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
//! assert!(rules.contains(&"metadata.entity-id-missing"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod case;
mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diff;
pub mod federation;
pub mod finding;
#[cfg(feature = "cli")]
pub mod forensics;
pub mod inventory;
pub mod policy;
pub mod profile;
pub mod profiles;
pub mod redact;
#[cfg(feature = "cli")]
pub mod render;
pub mod repair;
pub mod report;
pub mod rollover;
pub mod rule;
pub mod rules;

pub use case::Options;
pub use check::check;
pub use rule::{Rule, Severity};
