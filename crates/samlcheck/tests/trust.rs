//! What `--trust` means for the exit status, whatever the file is: a pipeline that pins a key goes on only
//! if that key vouches for every entity of metadata, and for every message or the assertions in it. A group
//! around signed entities and the envelope around signed assertions need no signature; the report says so.

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

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";

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
    let rules = ["signature", "document", "xml", "capture", "metadata"];
    let allow = rules.map(|rule| format!("\"{rule}\" = \"allow\"\n")).concat();
    file("trust-allowed", "samlcheck.toml", format!("[rules]\n{allow}").as_bytes());
    let good = signed(ENTITY, "_1");
    let moved = good.replace("https://idp/", "https://evil/").replace("_1", "_3");
    let group = |inside: &str| {
        format!("<EntitiesDescriptor xmlns='{METADATA}'>{inside}</EntitiesDescriptor>")
    };
    let wrapped = group(&format!("<Extensions>{moved}</Extensions>{good}"));
    let beside = group(&format!(
        "<Extensions>{}</Extensions>{good}",
        ENTITY.replace("https://idp/", "https://evil/").replace("_1", "_3")
    ));
    let envelope = format!(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>\
         <p:LogoutRequest {P} ID='_l'/></s:Body></s:Envelope>"
    );
    let twice = "SAMLResponse=PHg%2BPC94Pg%3D%3D&SAMLResponse=PHg%2BPC94Pg%3D%3D".to_owned();
    for (name, content) in [
        ("unsigned", ENTITY.to_owned()),
        ("changed", good.replace("https://idp/", "https://evil/")),
        ("wrapped", wrapped),
        ("beside", beside),
        ("query", format!("<p:AttributeQuery {P} ID='_q'/>")),
        ("affiliation", format!("<AffiliationDescriptor xmlns='{METADATA}' ID='_f'/>")),
        ("envelope", envelope),
        ("broken", good.replace("</EntityDescriptor>", "")),
        ("twice", twice),
    ] {
        let output = trusting(&file("trust-allowed", &format!("{name}.xml"), content.as_bytes()));
        assert_eq!(output.status.code(), Some(1), "{name}: {}", told(&output));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("do not vouch for it"), "{name}: {said}");
    }
    let output = trusting(&file("trust-allowed", "good.xml", good.as_bytes()));
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

/// Also in UTF-16, where the octets do not spell what the characters do.
#[test]
fn what_is_cut_short_in_a_folder_is_not_passed_over() {
    let good = signed(ENTITY, "_1");
    let cut = good.strip_suffix("ptor>").unwrap();
    let wide: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(cut.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (folder, octets) in [("trust-cut", cut.as_bytes()), ("trust-cut-wide", &wide)] {
        file(folder, "good.xml", good.as_bytes());
        let path = file(folder, "cut.xml", octets);
        let output = trusting(path.parent().unwrap());
        assert_eq!(output.status.code(), Some(1), "{folder}: {}", told(&output));
        assert!(told(&output).contains("cut.xml"), "{folder}: {}", told(&output));
    }
}
