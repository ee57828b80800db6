//! The command `openssl`, as a second opinion on what OpenSSL's library does for us.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::data;

/// Signs octets with SHA-256 and a key of the tests; `None`, and a line that says so, where there is
/// no such command.
///
/// # Panics
/// If the command does not sign.
pub fn sign(name: &str, options: &[&str], octets: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(["dgst", "-sha256"])
        .args(options)
        .arg("-sign")
        .arg(data(&format!("keys/{name}.test-only.pem")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .inspect_err(|_| eprintln!("SKIPPED: there is no command openssl"))
        .ok()?;
    child.stdin.take().unwrap().write_all(octets).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(output.stdout)
}
