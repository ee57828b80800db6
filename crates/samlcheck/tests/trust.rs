//! What `--trust` means for the exit status, whatever the file is: a pipeline that pins a key goes on only
//! if that key vouches for all that the report shows.

#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use samlkit::dsig::{SignOptions, SigningKey, sign};
use samlkit::xml::Document;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file in a folder of its own, so no configuration is beside it.
fn file(folder: &str, name: &str, content: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn trusting(path: &Path) -> Output {
    let key = repository().join("tests/data/keys/rsa-2048.crt.pem");
    let mut command = Command::new(env!("CARGO_BIN_EXE_samlcheck"));
    command.arg("--trust").arg(key).args(["--at", "2026-06-01T12:00:00Z"]).arg(path);
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn signed(xml: &str, id: &str) -> String {
    let pem = std::fs::read_to_string(repository().join("tests/data/keys/rsa-2048.test-only.pem"));
    let key = SigningKey::from_pem(&pem.unwrap(), None).unwrap();
    let document = Document::parse(xml.as_bytes()).unwrap();
    String::from_utf8(sign(&document, id, &key, &SignOptions::default()).unwrap()).unwrap()
}

const P: &str = "xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
                 xmlns='urn:oasis:names:tc:SAML:2.0:assertion'";

#[test]
fn messages_have_to_be_signed_too() {
    let assertion =
        |id: &str| format!("<Assertion {P} ID='{id}' Version='2.0'><Issuer>i</Issuer></Assertion>");
    let one = signed(&assertion("_a"), "_a");
    let response =
        |inside: &str| format!("<p:Response {P} ID='_r'><Issuer>i</Issuer>{inside}</p:Response>");
    for (name, xml) in [
        ("response", response("")),
        ("response-of-unsigned", response(&assertion("_a"))),
        ("response-of-one-signed", response(&format!("{one}{}", assertion("_b")))),
        ("response-encrypted", response("<EncryptedAssertion/>")),
        ("assertion", assertion("_a")),
        ("logout", format!("<p:LogoutRequest {P} ID='_l'/>")),
        ("request", format!("<p:AuthnRequest {P} ID='_q'/>")),
    ] {
        let output = trusting(&file("trust-messages", &format!("{name}.xml"), xml.as_bytes()));
        let text = told(&output);
        assert!(text.contains("error[signature.missing]"), "{name}: {text}");
        assert_eq!(output.status.code(), Some(1), "{name}");
    }
    for (name, xml) in [
        ("good-assertion", response(&one)),
        ("good-response", signed(&response(&assertion("_a")), "_r")),
        ("good-request", signed(&format!("<p:AuthnRequest {P} ID='_q'/>"), "_q")),
    ] {
        let text = told(&trusting(&file("trust-messages", &format!("{name}.xml"), xml.as_bytes())));
        assert!(!text.contains("signature."), "{name}: {text}");
    }
}

const ENTITY: &str = "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' ID='_1' \
                      entityID='https://idp/'><IDPSSODescriptor \
                      protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'/>\
                      </EntityDescriptor>";

#[test]
fn what_nobody_signed_around_signed_entities_is_said() {
    let group = format!(
        "<EntitiesDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' Name='urn:evil'>{}\
         </EntitiesDescriptor>",
        signed(ENTITY, "_1")
    );
    let text = told(&trusting(&file("trust-group", "group.xml", group.as_bytes())));
    assert!(text.contains("nobody signed the group"), "{text}");
    let whole = told(&trusting(&file("trust-group", "one.xml", signed(ENTITY, "_1").as_bytes())));
    assert!(whole.contains("good, by the trusted CN=rsa-2048, for tests"), "{whole}");
}

#[test]
fn no_configuration_makes_up_for_a_signature() {
    let allow = b"[rules]\n\"signature\" = \"allow\"\n";
    file("trust-allowed", "samlcheck.toml", allow);
    for (name, xml) in [
        ("unsigned", ENTITY.to_owned()),
        ("changed", signed(ENTITY, "_1").replace("https://idp/", "https://evil/")),
    ] {
        let output = trusting(&file("trust-allowed", &format!("{name}.xml"), xml.as_bytes()));
        assert_eq!(output.status.code(), Some(1), "{name}: {}", told(&output));
    }
}
