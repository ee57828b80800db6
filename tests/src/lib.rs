//! Where the tests of the workspace find their data.

pub mod generate;
pub mod openssl;
pub mod xmlsec1;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests)
}

/// A file or folder of the tests' data.
pub fn data(path: &str) -> PathBuf {
    repository().join("tests/data").join(path)
}

/// The corpus of public files, which lies beside the repository and is not part of it. Where it is
/// missing, says that the test is skipped.
pub fn corpus() -> Option<PathBuf> {
    let corpus = repository().join("../shared/corpus");
    if corpus.is_dir() {
        return Some(corpus);
    }
    eprintln!("SKIPPED: there is no corpus at {}", corpus.display());
    None
}

/// All files below a folder, sorted, by their paths from there.
///
/// # Panics
/// If the folder cannot be read.
pub fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        for entry in std::fs::read_dir(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        {
            let path = entry.unwrap_or_else(|e| panic!("{}: {e}", path.display())).path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let inside = path.strip_prefix(folder).unwrap_or(&path);
                found.push(inside.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// The bytes of a file.
///
/// # Panics
/// If it cannot be read.
#[allow(clippy::disallowed_methods, reason = "tests read files")]
pub fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A key of the tests: the private key and its certificate, both in PEM.
pub fn key(name: &str) -> (String, String) {
    let text = |path: &str| String::from_utf8_lossy(&read(&data(path))).into_owned();
    (text(&format!("keys/{name}.test-only.pem")), text(&format!("keys/{name}.crt.pem")))
}
