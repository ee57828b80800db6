//! Where the tests of the workspace find their data.

pub mod generate;
pub mod openssl;
pub mod xmlsec1;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use samlkit::dsig::{SignOptions, SigningKey, VerifyingKey, sign};
use samlkit::sp::{IdentityProvider, PendingRequest, ServiceProvider, ServiceProviderBuilder};
use samlkit::xml::Document;

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

/// The service provider of the vectors: IAM Identity Center.
pub fn service_provider() -> ServiceProviderBuilder {
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let entity_id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    ServiceProvider::builder(entity_id).acs(acs)
}

/// The identity provider of the vectors, a tenant of Entra's, with these keys, each in PEM.
///
/// # Panics
/// If one is none.
pub fn identity_provider(keys: &[&str]) -> IdentityProvider {
    let keys = keys.iter().map(|pem| VerifyingKey::from_pem(pem).unwrap_or_else(|e| panic!("{e}")));
    let entity_id = "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/";
    IdentityProvider::new(entity_id, keys)
}

/// The identity provider of the vectors, with the key that signed them.
pub fn vectors_identity_provider() -> IdentityProvider {
    identity_provider(&[&String::from_utf8_lossy(&read(&data("vectors/responses/idp.pem")))])
}

/// The time that the vectors are judged at.
///
/// # Panics
/// Never.
pub fn vectors_time() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap_or_else(|error| panic!("{error}"))
}

/// The request that the vectors answer.
pub fn vectors_request() -> PendingRequest {
    PendingRequest::new("_req-4711", vectors_time())
}

/// A key of the tests: the private key and its certificate, both in PEM.
pub fn key(name: &str) -> (String, String) {
    let text = |path: &str| String::from_utf8_lossy(&read(&data(path))).into_owned();
    (text(&format!("keys/{name}.test-only.pem")), text(&format!("keys/{name}.crt.pem")))
}

/// A good vector without its signatures, with more claims and so many groups that it has `size`
/// octets.
fn unsigned(size: usize) -> String {
    let response = read(&data("vectors/responses/good-assertion-signed.xml"));
    let text = String::from_utf8_lossy(&response).into_owned();
    let (before, rest) = text.split_once("<Signature ").unwrap_or((&text, ""));
    let (_, after) = rest.split_once("</Signature>").unwrap_or(("", rest));
    let claim = |name: &str, values: &str| {
        format!("<Attribute Name=\"http://schemas.microsoft.com/{name}\">{values}</Attribute>")
    };
    let value = |text: &str| format!("<AttributeValue>{text}</AttributeValue>");
    let claims =
        ["displayname", "objectidentifier", "identityprovider", "givenname", "surname", "name"];
    let mut more: String = claims.map(|name| claim(name, &value("Ada Lovelace"))).concat();
    let mut groups = String::new();
    while before.len() + after.len() + more.len() + groups.len() < size {
        groups.push_str(&value("7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11"));
    }
    more.push_str(&claim("groups", &groups));
    format!("{before}{after}").replacen(
        "</AttributeStatement>",
        &format!("{more}</AttributeStatement>"),
        1,
    )
}

fn signed(text: &str, id: &str, key: &SigningKey) -> Vec<u8> {
    let document = Document::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    sign(&document, id, key, &SignOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// A response of 8 KB with Entra's claims and some groups; assertion and response are signed.
///
/// # Panics
/// If the key is none.
pub fn response_of_8_kb(private: &str, certificate: &str) -> Vec<u8> {
    let key = SigningKey::from_pem(private, Some(certificate)).unwrap_or_else(|e| panic!("{e}"));
    let inner = signed(&unsigned(3_400), "_a1", &key);
    signed(&String::from_utf8_lossy(&inner), "_r1", &key)
}

/// A response of 8 KB with Entra's claims and many groups, of which the assertion is signed.
///
/// # Panics
/// If the key is none.
pub fn signed_response_of_8_kb(private: &str, certificate: &str) -> Vec<u8> {
    let key = SigningKey::from_pem(private, Some(certificate)).unwrap_or_else(|e| panic!("{e}"));
    signed(&unsigned(5_700), "_a1", &key)
}

/// An assertion of 8 KB with Entra's claims and many groups, signed.
///
/// # Panics
/// If the key is none.
pub fn assertion_of_8_kb(private: &str, certificate: &str) -> Vec<u8> {
    let key = SigningKey::from_pem(private, Some(certificate)).unwrap_or_else(|e| panic!("{e}"));
    let text = unsigned(6_400);
    let from = text.find("<Assertion ").unwrap_or(0);
    let to = text.find("</Assertion>").unwrap_or(0) + "</Assertion>".len();
    signed(&text[from..to], "_a1", &key)
}
