//! The other messages of the protocol, and what an assertion can hold: every part is read, signed or
//! not.

use samlkit::assertion::Assertion;
use samlkit::dsig::{AlgorithmPolicy, SignOptions, SigningKey, VerifyingKey, sign, verify};
use samlkit::protocol::{ArtifactResponse, AuthnRequest, LogoutRequest, LogoutResponse};
use samlkit::xml::Document;
use samlkit::{Kind, Unverified, Value, Verified};
use samlkit_tests::key;

const NAMESPACES: &str = "xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
                          xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion'";

fn text<'v>(value: &'v Option<Value<'_>>) -> &'v str {
    value.as_ref().unwrap().text()
}

#[test]
fn an_authn_request() {
    let xml = format!(
        "<p:AuthnRequest {NAMESPACES} ID='_1' Version='2.0' IssueInstant='2026-06-01T12:00:00Z' \
         Destination='https://idp/' AssertionConsumerServiceURL='https://sp/acs' ForceAuthn='true' \
         IsPassive='0' ProtocolBinding='urn:b'><a:Issuer>https://sp/</a:Issuer>\
         <a:Subject><a:NameID>x</a:NameID></a:Subject><p:NameIDPolicy Format='urn:f' AllowCreate='1'/>\
         <p:RequestedAuthnContext Comparison='exact'><a:AuthnContextClassRef>urn:c</a:AuthnContextClassRef>\
         <a:AuthnContextClassRef>urn:d</a:AuthnContextClassRef></p:RequestedAuthnContext><p:Scoping/>\
         </p:AuthnRequest>"
    );
    let document = Document::parse(xml.as_bytes()).unwrap();
    let request = Unverified::<AuthnRequest<'_>>::read(document.root());
    let request = request.unverified();
    assert_eq!((text(&request.id), text(&request.destination)), ("_1", "https://idp/"));
    assert_eq!(text(&request.assertion_consumer_service_url), "https://sp/acs");
    assert_eq!(request.force_authn.as_ref().unwrap().boolean(), Some(true));
    assert_eq!(request.is_passive.as_ref().unwrap().boolean(), Some(false));
    assert_eq!(request.issuer.as_ref().unwrap().value.text(), "https://sp/");
    assert_eq!(text(&request.name_id_policy.as_ref().unwrap().format), "urn:f");
    let context = request.requested_authn_context.as_ref().unwrap();
    assert_eq!(text(&context.comparison), "exact");
    assert_eq!(context.class_refs.iter().map(Value::text).collect::<Vec<_>>(), ["urn:c", "urn:d"]);
    assert!(request.has_subject && request.has_scoping);
}

#[test]
fn a_signed_logout_and_its_answer() {
    let xml = format!(
        "<p:LogoutRequest {NAMESPACES} ID='_1' Version='2.0' IssueInstant='2026-06-01T12:00:00Z' \
         NotOnOrAfter='2026-06-01T12:05:00Z' Reason='urn:r'><a:Issuer>i</a:Issuer><a:NameID>ada<!-- --> \
         </a:NameID><p:SessionIndex>s1</p:SessionIndex><p:SessionIndex>s2</p:SessionIndex>\
         </p:LogoutRequest>"
    );
    let (private, certificate) = key("p256");
    let signing = SigningKey::from_pem(&private, None).unwrap();
    let document = Document::parse(xml.as_bytes()).unwrap();
    let signed = sign(&document, "_1", &signing, &SignOptions::default()).unwrap();
    let document = Document::parse(&signed).unwrap();
    let keys = [VerifyingKey::from_pem(&certificate).unwrap()];
    let evidence = verify(document.root(), &keys, &AlgorithmPolicy::default()).unwrap();
    let logout = Verified::<LogoutRequest<'_>>::read(evidence.root()).unwrap();
    assert_eq!(logout.name_id.as_ref().unwrap().value.text(), "ada ");
    let indexes: Vec<&str> = logout.session_indexes.iter().map(Value::text).collect();
    assert_eq!(indexes, ["s1", "s2"]);
    assert!(logout.not_on_or_after.as_ref().unwrap().date_time().is_some());

    let xml = format!(
        "<p:LogoutResponse {NAMESPACES} ID='_2' InResponseTo='_1'><p:Status>\
         <p:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Success'/></p:Status></p:LogoutResponse>"
    );
    let document = Document::parse(xml.as_bytes()).unwrap();
    let answer = Unverified::<LogoutResponse<'_>>::read(document.root());
    assert_eq!(text(&answer.unverified().in_response_to), "_1");
    assert!(answer.unverified().status.as_ref().unwrap().is_success());
}

#[test]
fn the_message_inside_an_artifact_response() {
    let of = |inside: &str| {
        format!(
            "<p:ArtifactResponse {NAMESPACES} ID='_1' InResponseTo='_0'><a:Issuer>i</a:Issuer><p:Status>\
             <p:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Success'/></p:Status>{inside}\
             </p:ArtifactResponse>"
        )
    };
    let xml = of("<p:Response ID='_2'/>");
    let document = Document::parse(xml.as_bytes()).unwrap();
    let envelope = Unverified::<ArtifactResponse<'_>>::read(document.root());
    let (kind, inside) = envelope.unverified().message.unwrap();
    assert_eq!((kind, inside.attribute("ID").unwrap().value()), (Kind::Response, "_2"));
    let xml = of("");
    let document = Document::parse(xml.as_bytes()).unwrap();
    assert!(
        Unverified::<ArtifactResponse<'_>>::read(document.root()).unverified().message.is_none()
    );
}

#[test]
fn the_values_of_attributes() {
    let xml = format!(
        "<a:Assertion {NAMESPACES} xmlns:x='http://www.w3.org/2001/XMLSchema-instance'>\
         <a:AttributeStatement><a:Attribute Name='n' NameFormat='f' FriendlyName='fn'>\
         <a:AttributeValue x:type='xs:string' xml:lang='en'>a<!-- --> b</a:AttributeValue>\
         <a:AttributeValue x:nil='true'/><a:AttributeValue/>\
         <a:AttributeValue><a:NameID Format='urn:f' NameQualifier='q'>id</a:NameID></a:AttributeValue>\
         </a:Attribute></a:AttributeStatement><a:AuthnStatement SessionIndex='s'/>\
         <a:AttributeStatement><a:Attribute Name='m'/><a:EncryptedAttribute/></a:AttributeStatement>\
         </a:Assertion>"
    );
    let document = Document::parse(xml.as_bytes()).unwrap();
    let assertion = Unverified::<Assertion<'_>>::read(document.root());
    let assertion = assertion.unverified();
    let names: Vec<&str> = assertion.attributes.iter().map(|a| text(&a.name)).collect();
    assert_eq!(names, ["n", "m"]);
    let [first, nil, empty, name_id] = assertion.attributes[0].values.as_slice() else { panic!() };
    assert_eq!((first.text.text(), text(&first.xsi_type)), ("a b", "xs:string"));
    assert_eq!(text(&first.language), "en");
    assert!(nil.is_nil && !empty.is_nil && empty.text.text().is_empty());
    assert_eq!(name_id.text.text(), "id");
    assert_eq!(text(&name_id.name_id.as_ref().unwrap().name_qualifier), "q");
    assert_eq!(text(&assertion.authn_statements[0].session_index), "s");
    assert!(assertion.has_encrypted_attributes);
}
