//! What the tests of rules share: good documents to change a little, and a way to run one rule
//! exactly as the command does.

use samlkit::Kind;
use samlkit::dsig::{DecryptionKey, SignOptions, SigningKey, VerifyingKey, sign};
use samlkit::metadata::Metadata;
use samlkit::sp::{IdentityProvider, ServiceProvider};
use samlkit::xml::Document;

use crate::case::{IdpOffer, Options, Side, VerdictContext};
use crate::check::check_rules;
use crate::profile::SpProfile;
use crate::report::{DocumentReport, PlacedFinding};
use crate::rule::Rule;

/// The time that all tests judge at.
pub(crate) const NOW: &str = "2026-11-21T03:09:00Z";

pub(crate) const ENTRA: &str = include_str!("../../../../examples/entra-app.xml");
pub(crate) const ENTRA_COMMON: &str = include_str!("../../../../examples/entra-common.xml");
pub(crate) const IDENTITY_CENTER: &str =
    include_str!("../../../../examples/aws-identity-center.xml");
pub(crate) const AWS_IAM: &str = include_str!("../../../../examples/aws-iam.xml");
pub(crate) const CLIENT_VPN: &str = include_str!("../../../../examples/aws-client-vpn.xml");

/// A form body with a response in it; there is a `+` in its base64.
pub(crate) const RESPONSE: &str = "SAMLResponse=\
    PFJlc3BvbnNlIHhtbG5zPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjA6cHJvdG9jb2wiIGE9IiA+Pj4iLz4=";
/// A URL with a request in it, deflated.
pub(crate) const REQUEST: &str = "https://idp.example/?SAMLRequest=\
    s3EsLcnIC0otLE0tLlGoyM3JK7ZVKi3Ks8pPLM4stspLzE0ttipJtgp29PWxMtIzsCooyi/JT87PUdK3AwA=";

/// A certificate of `tests/data/certificates`, in base64.
pub(crate) fn certificate(name: &str) -> &'static str {
    macro_rules! files {
        ($($file:literal),+) => {
            match name {
                $($file => include_str!(concat!("../../../../tests/data/certificates/", $file, ".b64")),)+
                other => panic!("no certificate {other}"),
            }
        };
    }
    files!(
        "active",
        "ec-off-the-curve",
        "rsa-exponent-1",
        "rsa-exponent-2",
        "rsa-exponent-3",
        "next",
        "tenant",
        "expired",
        "expires-soon",
        "not-yet-valid",
        "ec-p256",
        "rsa-1024",
        "rsa-512",
        "sha1",
        "repeated-extension",
        "two-extensions",
        "eleven",
        "large"
    )
    .trim()
}

/// A `KeyDescriptor` with a certificate; an empty `key_use` leaves the attribute out.
pub(crate) fn key(key_use: &str, base64: &str) -> String {
    let key_use = if key_use.is_empty() { String::new() } else { format!(" use=\"{key_use}\"") };
    format!(
        "<KeyDescriptor{key_use}><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data>\
         <X509Certificate>{base64}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
    )
}

/// Good metadata of an identity provider that no profile knows, with these signing certificates.
pub(crate) fn idp_with(certificates: &[&str]) -> String {
    let keys: String = certificates.iter().map(|name| key("signing", certificate(name))).collect();
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         entityID=\"https://idp.example.org/\">\
         <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{keys}\
         <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>\
         <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.example.org/sso\"/></IDPSSODescriptor></EntityDescriptor>"
    )
}

/// Good metadata of an identity provider that no profile knows.
pub(crate) fn idp() -> String {
    idp_with(&["active"])
}

/// Good metadata of a service provider that no profile knows.
pub(crate) fn sp() -> String {
    let key = key("", certificate("active"));
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         entityID=\"https://sp.example.org/\">\
         <SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{key}\
         <AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://sp.example.org/acs\" index=\"0\" isDefault=\"true\"/>\
         <AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\" \
         Location=\"https://sp.example.org/artifact\" index=\"1\"/></SPSSODescriptor></EntityDescriptor>"
    )
}

/// `base` with every `from` made a `to`; there has to be one.
pub(crate) fn with(base: impl AsRef<str>, from: &str, to: &str) -> String {
    let base = base.as_ref();
    assert!(base.contains(from), "nothing to replace: {from}");
    base.replace(from, to)
}

/// Several entities in one group.
pub(crate) fn group(entities: &[String]) -> String {
    format!(
        "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{}</EntitiesDescriptor>",
        entities.concat()
    )
}

/// A response of `tests/data/vectors/responses`.
pub(crate) fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/vectors/responses");
    #[allow(clippy::disallowed_methods, reason = "tests read files")]
    std::fs::read(format!("{folder}/{name}.xml")).unwrap()
}

/// A response to AWS IAM with all that it needs.
pub(crate) fn to_aws_iam() -> String {
    let response = String::from_utf8(vector("good-assertion-signed")).unwrap();
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let entity_id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    let response = with(response, acs, "https://signin.aws.amazon.com/saml");
    let response = with(response, entity_id, "urn:amazon:webservices");
    let role = "<Attribute Name=\"https://aws.amazon.com/SAML/Attributes/Role\"><AttributeValue>\
                arn:aws:iam::111122223333:role/Admin,\
                arn:aws:iam::111122223333:saml-provider/Entra</AttributeValue></Attribute>";
    with(response, "</AttributeStatement>", &format!("{role}</AttributeStatement>"))
}

/// A response to Client VPN with all that it needs but signatures.
pub(crate) fn to_client_vpn() -> String {
    let response =
        with(to_aws_iam(), "https://signin.aws.amazon.com/saml", "http://127.0.0.1:35001");
    let response = with(
        response,
        "<Audience>urn:amazon:webservices<",
        "<Audience>urn:amazon:webservices:clientvpn<",
    );
    with(response, "\"https://aws.amazon.com/SAML/Attributes/Role\"", "\"memberOf\"")
}

/// A response to IAM Identity Center with all that it needs.
pub(crate) fn to_identity_center() -> String {
    String::from_utf8(vector("good-assertion-signed")).unwrap()
}

/// A request to Entra with these children after its Issuer.
pub(crate) fn to_entra(children: &str) -> String {
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_4711\" Version=\"2.0\" \
         IssueInstant=\"2026-11-21T03:09:00Z\" \
         Destination=\"https://login.microsoftonline.com/5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64/saml2\">\
         <saml:Issuer>https://sp.example/</saml:Issuer>{children}</samlp:AuthnRequest>"
    )
}

/// A response of Entra's that reports a failure with this message.
pub(crate) fn failure(message: &str) -> String {
    let response = String::from_utf8(vector("status-failure-entra")).unwrap();
    let message = format!("<samlp:StatusMessage>{message}</samlp:StatusMessage></samlp:Status>");
    with(response, "</samlp:Status>", &message)
}

/// The identity provider of the vectors.
const IDP: &str = "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/";

/// Options that ask for a verdict on a vector, with the context that its index gives.
pub(crate) fn verdict_on(name: &str) -> Options {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/vectors/responses");
    let trusted = if name.contains("expired-certificate") { "expired" } else { "idp" };
    #[allow(clippy::disallowed_methods, reason = "tests read files")]
    let pem = std::fs::read_to_string(format!("{folder}/{trusted}.pem")).unwrap();
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let entity_id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    let sp = ServiceProvider::builder(entity_id).acs(acs);
    let is_unsolicited = name == "good-unsolicited-when-allowed";
    let sp = if is_unsolicited { sp.allow_unsolicited() } else { sp };
    let sp = sp.build().unwrap();
    let request_id = (!is_unsolicited).then(|| "_req-4711".to_owned());
    let keys = [VerifyingKey::from_pem(&pem).unwrap()];
    let idp = IdentityProvider::new(IDP, keys);
    Options {
        asked_for: Some(Kind::Response),
        verdict: Some(VerdictContext { sp, idp, request_id }),
        ..Options::default()
    }
}

/// [`verdict_on`] the vector whose assertion is signed, with a certificate of
/// `tests/data/certificates` as the only one that is trusted.
pub(crate) fn verdict_trusting(name: &str) -> Options {
    let mut options = verdict_on("good-assertion-signed");
    if let Some(context) = &mut options.verdict {
        let keys = [VerifyingKey::from_certificate(certificate(name)).unwrap()];
        context.idp = IdentityProvider::new(IDP, keys);
    }
    options
}

/// The time that rules are judged at: that of the vectors where there is a verdict.
fn now(options: &Options) -> &'static str {
    if options.verdict.is_some() { "2026-06-01T12:00:00Z" } else { NOW }
}

pub(crate) fn run(rule: &'static Rule, bytes: &[u8], options: &Options) -> DocumentReport {
    check_rules(&[rule], "test", bytes, options, now(options).parse().unwrap())
}

/// The one finding that the rule has about `xml`.
#[track_caller]
pub(crate) fn fires(rule: &'static Rule, xml: impl AsRef<[u8]>) -> PlacedFinding {
    fires_for(rule, xml, &Options::default())
}

#[track_caller]
pub(crate) fn fires_for(
    rule: &'static Rule,
    xml: impl AsRef<[u8]>,
    options: &Options,
) -> PlacedFinding {
    let mut report = run(rule, xml.as_ref(), options);
    assert_eq!(report.findings.len(), 1, "{} finds {:?}", rule.name, report.findings);
    let finding = report.findings.remove(0);
    assert!(
        finding.help.is_some()
            || finding.expected.is_some()
            || finding.severity > crate::Severity::Error,
        "{} leaves the reader without a next step: {}",
        rule.name,
        finding.message
    );
    finding
}

/// The messages of all findings that the rule has about `xml`.
pub(crate) fn messages(rule: &'static Rule, xml: impl AsRef<[u8]>) -> Vec<String> {
    let report = run(rule, xml.as_ref(), &Options::default());
    report.findings.into_iter().map(|finding| finding.message).collect()
}

/// The rule looks at `xml` and finds nothing.
#[track_caller]
pub(crate) fn passes(rule: &'static Rule, xml: impl AsRef<[u8]>) {
    passes_for(rule, xml, &Options::default());
}

#[track_caller]
pub(crate) fn passes_for(rule: &'static Rule, xml: impl AsRef<[u8]>, options: &Options) {
    let report = run(rule, xml.as_ref(), options);
    assert_eq!(report.findings, [], "{}", rule.name);
    assert_eq!(report.checks().passed, 1, "{} did not look: {:?}", rule.name, report.kind);
}

/// There is nothing in `xml` for the rule to look at.
#[track_caller]
pub(crate) fn does_not_apply(rule: &'static Rule, xml: impl AsRef<[u8]>) {
    does_not_apply_for(rule, xml, &Options::default());
}

#[track_caller]
pub(crate) fn does_not_apply_for(rule: &'static Rule, xml: impl AsRef<[u8]>, options: &Options) {
    let report = run(rule, xml.as_ref(), options);
    assert_eq!(report.findings, [], "{}", rule.name);
    assert_eq!(report.checks().does_not_apply, 1, "{} looked", rule.name);
}

/// Options of a service provider's metadata beside that of an identity provider.
pub(crate) fn beside(idp: &str) -> Options {
    let document = Document::parse(idp.as_bytes()).unwrap();
    let metadata = Metadata::read(&document).unwrap();
    let offer = IdpOffer::read(&metadata.entities().next().unwrap());
    assert!(offer.is_some());
    Options { side: Some(Side::Sp(offer)), ..Options::default() }
}

/// Options with `--for`.
pub(crate) fn meant_for(target: SpProfile) -> Options {
    Options { target: Some(target), ..Options::default() }
}

/// Options with `--sp-profile`.
pub(crate) fn taken_for(profile: SpProfile) -> Options {
    Options { sp_profile: Some(profile), ..Options::default() }
}

/// Options with `--trust` and a certificate of `tests/data/certificates`.
pub(crate) fn trusting(name: &str) -> Options {
    let key = VerifyingKey::from_certificate(certificate(name)).unwrap();
    Options { trust: vec![key], ..Options::default() }
}

/// Good metadata signed with a key of `tests/data/keys`.
pub(crate) fn signed_by(name: &str) -> Vec<u8> {
    macro_rules! files {
        ($($file:literal),+) => {
            match name {
                $($file => (
                    include_str!(concat!("../../../../tests/data/keys/", $file, ".test-only.pem")),
                    include_str!(concat!("../../../../tests/data/keys/", $file, ".crt.pem")),
                ),)+
                other => panic!("no key {other}"),
            }
        };
    }
    let (key, certificate) = files!("rsa-1024", "rsa-2048", "p256");
    let key = SigningKey::from_pem(key, Some(certificate)).unwrap();
    let xml = with(idp(), "<EntityDescriptor ", "<EntityDescriptor ID=\"_1\" ");
    let document = Document::parse(xml.as_bytes()).unwrap();
    sign(&document, "_1", &key, &SignOptions::default()).unwrap()
}

/// A response of `tests/data/encrypted`.
pub(crate) fn encrypted(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/encrypted");
    #[allow(clippy::disallowed_methods, reason = "tests read files")]
    std::fs::read(format!("{folder}/{name}.xml")).unwrap()
}

/// Options that ask for a verdict, with a private key of `tests/data/keys`.
pub(crate) fn with_decryption_key(name: &str) -> Options {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/keys");
    #[allow(clippy::disallowed_methods, reason = "tests read files")]
    let pem = std::fs::read_to_string(format!("{folder}/{name}.test-only.pem")).unwrap();
    let mut options = verdict_on("good-assertion-signed");
    if let Some(context) = &mut options.verdict {
        let key = DecryptionKey::from_pem(&pem).unwrap();
        context.sp = context.sp.to_builder().decryption_key(key).build().unwrap();
    }
    options
}
