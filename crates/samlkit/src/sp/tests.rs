//! What the tests of this folder begin with: a response that is good, whoever it is for, and the
//! verdict on it after a change.

use chrono::{DateTime, Utc};
use samlkit_dsig::{DecryptionKey, SignOptions, SigningKey, VerifyingKey, sign};
use samlkit_xml::Document;

use super::identity_provider::IdentityProvider;
use super::pending_request::PendingRequest;
use super::rejection::Rejection;
use super::service_provider::{ServiceProvider, ServiceProviderBuilder};
use super::verified_response::VerifiedResponse;

pub(super) const PRIVATE: &str = include_str!("../../../../tests/data/keys/p256.test-only.pem");
pub(super) const CERTIFICATE: &str = include_str!("../../../../tests/data/keys/p256.crt.pem");
pub(super) const NOW: &str = "2026-06-01T12:00:00Z";
pub(super) const ACS: &str = "https://sp/acs";

/// A good response, not signed yet.
pub(super) const GOOD: &str = "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
    xmlns='urn:oasis:names:tc:SAML:2.0:assertion' ID='_r' Version='2.0' \
    IssueInstant='2026-06-01T12:00:00Z' InResponseTo='_q' Destination='https://sp/acs'>\
    <Issuer>https://idp/</Issuer><p:Status>\
    <p:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Success'/></p:Status>\
    <Assertion ID='_a' Version='2.0' IssueInstant='2026-06-01T12:00:00Z'>\
    <Issuer>https://idp/</Issuer><Subject><NameID>ada</NameID>\
    <SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:bearer'>\
    <SubjectConfirmationData Recipient='https://sp/acs' InResponseTo='_q' \
    NotOnOrAfter='2026-06-01T12:05:00Z'/></SubjectConfirmation></Subject>\
    <Conditions NotOnOrAfter='2026-06-01T13:00:00Z'><AudienceRestriction>\
    <Audience>urn:sp</Audience></AudienceRestriction></Conditions>\
    <AuthnStatement AuthnInstant='2026-06-01T12:00:00Z'><AuthnContext>\
    <AuthnContextClassRef>urn:c</AuthnContextClassRef></AuthnContext></AuthnStatement>\
    <AttributeStatement><Attribute Name='groups'><AttributeValue>users</AttributeValue>\
    </Attribute></AttributeStatement></Assertion></p:Response>";

/// [`GOOD`] with the first `from` made a `to`; there has to be one.
pub(super) fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

/// The same, after the beginning of the assertion.
pub(super) fn with_inside(from: &str, to: &str) -> String {
    let (before, assertion) = GOOD.split_at(GOOD.find("<Assertion ").unwrap());
    assert!(assertion.contains(from), "{from}");
    format!("{before}{}", assertion.replacen(from, to, 1))
}

pub(super) fn builder() -> ServiceProviderBuilder {
    ServiceProvider::builder("urn:sp").acs(ACS).acs("https://sp/other")
}

pub(super) fn sp() -> ServiceProvider {
    builder().build().unwrap()
}

pub(super) fn asked() -> PendingRequest {
    PendingRequest::new("_q", NOW.parse().unwrap())
}

/// The identity provider whose key [`signed`] signs with.
pub(super) fn idp() -> IdentityProvider {
    IdentityProvider::new("https://idp/", [VerifyingKey::from_pem(CERTIFICATE).unwrap()])
}

pub(super) fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// `xml`, with a signature on the element of that ID.
pub(super) fn signed(xml: &str, id: &str) -> String {
    let key = SigningKey::from_pem(PRIVATE, None).unwrap();
    let document = Document::parse(xml.as_bytes()).unwrap();
    String::from_utf8(sign(&document, id, &key, &SignOptions::default()).unwrap()).unwrap()
}

/// The verdict on `xml` as it is.
pub(super) fn verdict_as_is(
    sp: &ServiceProvider,
    xml: &str,
    pending: Option<&PendingRequest>,
) -> Result<VerifiedResponse, Rejection> {
    sp.verify_without_replay(&idp(), xml.as_bytes(), pending, now())
}

/// The verdict, after the element with that ID was signed.
pub(super) fn verdict_of(
    sp: &ServiceProvider,
    xml: &str,
    id: &str,
    pending: Option<&PendingRequest>,
) -> Result<VerifiedResponse, Rejection> {
    verdict_as_is(sp, &signed(xml, id), pending)
}

pub(super) fn verdict(xml: &str, id: &str) -> Result<VerifiedResponse, Rejection> {
    verdict_of(&sp(), xml, id, Some(&asked()))
}

/// The rules that are broken; none where it is accepted.
pub(super) fn rules(verdict: Result<VerifiedResponse, Rejection>) -> Vec<&'static str> {
    verdict.map_or_else(|rejection| rejection.rules().collect(), |_| Vec::new())
}

/// A private key that the encrypted data of the tests is encrypted for, and one that it is not.
pub(super) const OUR_KEY: &str = include_str!("../../../../tests/data/keys/rsa-2048.test-only.pem");
pub(super) const OTHER_KEY: &str =
    include_str!("../../../../tests/data/keys/rsa-1024.test-only.pem");
/// The key that signed the assertions in tests/data/encrypted.
pub(super) const ENTRA: &str = include_str!("../../../../tests/data/vectors/responses/idp.pem");

/// The verdict on a response of tests/data/encrypted or tests/data/encrypted-parts, by a service
/// provider with that key for one that trusts `trusted`.
pub(super) fn opened(
    xml: &str,
    key: Option<&str>,
    trusted: &[&str],
) -> Result<VerifiedResponse, Rejection> {
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    let keys = key.iter().map(|pem| DecryptionKey::from_pem(pem).unwrap());
    let builder = ServiceProvider::builder(id).acs(acs);
    let sp = keys.fold(builder, ServiceProviderBuilder::decryption_key).build().unwrap();
    let idp = "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/";
    let trusted = trusted.iter().map(|pem| VerifyingKey::from_pem(pem).unwrap());
    let idp = IdentityProvider::new(idp, trusted);
    let pending = PendingRequest::new("_req-4711", now());
    sp.verify_without_replay(&idp, xml.as_bytes(), Some(&pending), now())
}
