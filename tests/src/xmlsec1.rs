//! The command `xmlsec1`, as a second opinion.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::data;

/// Whether there is one. Where there is none, says that the test is skipped.
pub fn is_there() -> bool {
    let there = Command::new("xmlsec1").arg("--version").output().is_ok();
    if !there {
        eprintln!("SKIPPED: there is no command xmlsec1");
    }
    there
}

static FILES: AtomicUsize = AtomicUsize::new(0);

/// A file of that content, in a folder for temporary files.
fn file(content: &[u8]) -> PathBuf {
    let number = FILES.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("samlkit-{}-{number}.xml", std::process::id()));
    #[allow(clippy::disallowed_methods, reason = "tests write files")]
    std::fs::write(&path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    path
}

fn run(arguments: &[&str], key: &[&str], content: &[u8]) -> Result<Vec<u8>, String> {
    let (input, output) = (file(content), file(b""));
    let result = Command::new("xmlsec1")
        .args(arguments)
        .args(key)
        .arg("--output")
        .arg(&output)
        .arg(&input)
        .output()
        .map_err(|error| error.to_string())?;
    let written = crate::read(&output);
    for path in [input, output] {
        let _ = std::fs::remove_file(path);
    }
    if result.status.success() {
        Ok(written)
    } else {
        Err(String::from_utf8_lossy(&result.stderr).into())
    }
}

fn path(name: &str) -> String {
    let path: &Path = &data(name);
    path.to_string_lossy().into_owned()
}

/// Verifies a document with the certificate of a key of the tests. `node` is the namespace and,
/// after a colon, the name of the elements whose `ID` is one.
///
/// # Errors
/// What it says where it refuses.
pub fn verify(content: &[u8], node: &str, key: &str) -> Result<(), String> {
    let certificate = path(&format!("keys/{key}.crt.pem"));
    run(&["--verify", "--id-attr:ID", node], &["--pubkey-cert-pem", &certificate], content)
        .map(|_| ())
}

/// Fills in the template of a signature with a key of the tests.
///
/// # Errors
/// What it says where it refuses.
pub fn sign(template: &[u8], node: &str, key: &str) -> Result<Vec<u8>, String> {
    let key = path(&format!("keys/{key}.test-only.pem"));
    run(&["--sign", "--id-attr:ID", node], &["--privkey-pem", &key], template)
}
