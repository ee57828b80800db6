//! Where files and standard input are read and files are written; nothing else in the project does it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use samlkit::xml::{Document, Limits};

use super::complain;
use crate::forensics::exported;
use crate::inventory::Inventory;

/// The bytes of a file, or the message that it cannot be read.
pub(super) fn contents(path: &Path) -> Result<Vec<u8>, String> {
    #[allow(clippy::disallowed_methods, reason = "this is where files are read")]
    let bytes = File::open(path).and_then(read);
    bytes.map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// [`contents`], or those of standard input where the path is `-`.
pub(super) fn contents_or_input(path: &Path) -> Result<Vec<u8>, String> {
    if path != Path::new("-") {
        return contents(path);
    }
    read(io::stdin().lock()).map_err(|error| format!("standard input cannot be read: {error}"))
}

/// Reads no more than a byte over the limit, which is enough to know that it is passed.
fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let limit = Limits::default().greatest_size();
    let enough = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    from.take(enough).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The document in bytes that a subcommand cannot do without, or why there is none.
pub(super) fn document<'b>(path: &Path, bytes: &'b [u8]) -> Result<Document<'b>, String> {
    let name = path.display();
    Document::parse(bytes)
        .map_err(|error| format!("{name}:{}: {}: {error}", error.position, error.rule()))
}

pub(super) fn missing(path: &Path) -> String {
    let message = format!("{} does not exist", path.display());
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) if !parent.exists() => {
            format!("{message}, and neither does the folder {}", parent.display())
        }
        _ => message,
    }
}

/// What is in a file in terms of trust: metadata, PEM, or the JSON of `aws iam get-saml-provider`.
pub(super) fn inventory(path: &Path, at: DateTime<Utc>) -> Result<Inventory, String> {
    let bytes = contents_or_input(path)?;
    let exported = exported(&bytes).and_then(|messages| messages.into_iter().next());
    let exported = exported.map(|message| message.text.into_owned().into_bytes());
    let bytes = exported.unwrap_or(bytes);
    Inventory::read(&bytes, at).map_err(|error| {
        format!(
            "{}: {error}; expected metadata, PEM, or the JSON of get-saml-provider",
            path.display()
        )
    })
}

/// What is in each of several files; where one cannot be read, that is said.
pub(super) fn inventories<'p>(
    paths: impl Iterator<Item = &'p PathBuf>,
    at: DateTime<Utc>,
) -> Option<Vec<Inventory>> {
    let read = |path: &PathBuf| inventory(path, at).map_err(|message| complain(&message)).ok();
    // All are read, so that what is wrong with each is said.
    let all: Vec<Option<Inventory>> = paths.map(read).collect();
    all.into_iter().collect()
}

/// Writes a new file; one that exists already is never written over.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let created = File::options().write(true).create_new(true).open(path);
    let written = created.and_then(|mut file| io::Write::write_all(&mut file, bytes));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("{} exists already, and is not written over", path.display())
        }
        _ => format!("{} cannot be written: {error}", path.display()),
    })
}
