//! Where files and standard input are read and files are written; nothing else in the project does it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use samlkit::xml::{Document, Limits};

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
