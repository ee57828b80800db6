//! The metadata model over documents that hold one of everything: what is read, and where it says
//! that it stood.

use samlkit::Value;
use samlkit::metadata::{EntityDescriptor, KeyUse, Metadata, Role, RoleKind};
use samlkit::xml::Document;
use samlkit_tests::{read, repository};

const EVERYTHING: &str = r#"<?xml version="1.0"?>
<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" Name="urn:outer" validUntil="2030-01-01T00:00:00Z">
 <md:EntityDescriptor entityID="https://one.example/" ID="_1" cacheDuration="PT1H">
  <md:Extensions xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute" xmlns:mdrpi="urn:oasis:names:tc:SAML:metadata:rpi" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:alg="urn:oasis:names:tc:SAML:metadata:algsupport">
   <mdrpi:RegistrationInfo registrationAuthority="http://federation.example/" registrationInstant="2015-01-01T00:00:00Z"/>
   <mdrpi:PublicationInfo publisher="http://publisher.example/"/>
   <mdattr:EntityAttributes><saml:Attribute Name="urn:category"><saml:AttributeValue>a</saml:AttributeValue><saml:AttributeValue>b</saml:AttributeValue></saml:Attribute></mdattr:EntityAttributes>
   <alg:DigestMethod Algorithm="x"/>
  </md:Extensions>
  <md:IDPSSODescriptor protocolSupportEnumeration="a urn:oasis:names:tc:SAML:2.0:protocol" WantAuthnRequestsSigned="1" errorURL="https://one.example/error">
   <md:Extensions xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui">
    <shibmd:Scope regexp="false">one.example</shibmd:Scope>
    <mdui:UIInfo><mdui:DisplayName xml:lang="en">One</mdui:DisplayName><mdui:Logo height="16" width="32">https://one.example/logo</mdui:Logo></mdui:UIInfo>
   </md:Extensions>
   <md:KeyDescriptor use="encryption"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:KeyName>k</ds:KeyName><ds:KeyValue/></ds:KeyInfo><md:EncryptionMethod Algorithm="urn:enc"/></md:KeyDescriptor>
   <md:ArtifactResolutionService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://one.example/art" index="3"/>
   <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://one.example/slo" ResponseLocation="https://one.example/slo-r"/>
   <md:NameIDFormat> urn:oasis:names:tc:SAML:2.0:nameid-format:transient
   </md:NameIDFormat>
   <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://one.example/sso"/>
   <saml:Attribute xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Name="n" NameFormat="f" FriendlyName="fn"/>
  </md:IDPSSODescriptor>
  <md:AttributeAuthorityDescriptor protocolSupportEnumeration="x"/>
  <md:AuthnAuthorityDescriptor protocolSupportEnumeration="x"/>
  <md:PDPDescriptor protocolSupportEnumeration="x"/>
  <md:RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:f="http://docs.oasis-open.org/wsfed/federation/200706" xsi:type="f:SecurityTokenServiceType" protocolSupportEnumeration="x"><f:PassiveRequestorEndpoint><a:Address xmlns:a="http://www.w3.org/2005/08/addressing">https://one.example/wsfed</a:Address></f:PassiveRequestorEndpoint></md:RoleDescriptor>
  <md:RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="other:Type" protocolSupportEnumeration="x"/>
  <md:Organization><md:OrganizationName xml:lang="de">Eins</md:OrganizationName><md:OrganizationDisplayName xml:lang="en">One</md:OrganizationDisplayName><md:OrganizationURL xml:lang="en">https://one.example/</md:OrganizationURL></md:Organization>
  <md:ContactPerson contactType="technical"><md:Company>C</md:Company><md:GivenName>Ada</md:GivenName><md:SurName>L</md:SurName><md:EmailAddress>mailto:a@one.example</md:EmailAddress><md:TelephoneNumber>1</md:TelephoneNumber></md:ContactPerson>
 </md:EntityDescriptor>
 <md:EntitiesDescriptor Name="urn:inner">
  <md:EntityDescriptor entityID="https://two.example/">
   <md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:AssertionConsumerService Binding="b" Location="https://two.example/acs" index="7" isDefault="1"/>
    <md:AttributeConsumingService index="1"><md:ServiceName xml:lang="en">Two</md:ServiceName><md:RequestedAttribute Name="mail" isRequired="true"/></md:AttributeConsumingService>
   </md:SPSSODescriptor>
  </md:EntityDescriptor>
  <md:EntityDescriptor entityID="https://three.example/"><md:AffiliationDescriptor affiliationOwnerID="https://one.example/"><md:AffiliateMember>https://two.example/</md:AffiliateMember></md:AffiliationDescriptor></md:EntityDescriptor>
 </md:EntitiesDescriptor>
</md:EntitiesDescriptor>"#;

fn text<'v>(value: &'v Option<Value<'_>>) -> &'v str {
    value.as_ref().unwrap().text()
}

/// Every value stands where it says.
fn stands(value: &Value<'_>) {
    assert_eq!(&EVERYTHING[value.range()], value.text());
}

#[test]
fn groups_within_groups() {
    let document = Document::parse(EVERYTHING.as_bytes()).unwrap();
    let metadata = Metadata::read(&document).unwrap();
    let ids: Vec<String> =
        metadata.entities().map(|entity| text(&entity.entity_id).to_owned()).collect();
    assert_eq!(ids, ["https://one.example/", "https://two.example/", "https://three.example/"]);
    let names: Vec<String> = metadata.groups().map(|group| text(&group.name).to_owned()).collect();
    assert_eq!(names, ["urn:outer", "urn:inner"]);
}

fn entity<'d>(document: &'d Document<'d>, at: usize) -> EntityDescriptor<'d> {
    Metadata::read(document).unwrap().entities().nth(at).unwrap()
}

#[test]
fn an_identity_provider_with_everything() {
    let document = Document::parse(EVERYTHING.as_bytes()).unwrap();
    let entity = entity(&document, 0);
    assert_eq!((text(&entity.id), text(&entity.cache_duration)), ("_1", "PT1H"));
    assert!(entity.valid_until.is_none(), "that of the group is the group's");
    stands(entity.entity_id.as_ref().unwrap());

    let registration = entity.extensions.registration_info.as_ref().unwrap();
    assert_eq!(text(&registration.registration_authority), "http://federation.example/");
    assert!(registration.registration_instant.as_ref().unwrap().date_time().is_some());
    assert_eq!(text(&entity.extensions.publisher), "http://publisher.example/");
    let category = &entity.extensions.entity_attributes[0];
    assert_eq!(category.values.iter().map(|v| v.text.text()).collect::<Vec<_>>(), ["a", "b"]);
    let unknown: Vec<&str> = entity.extensions.other.iter().map(|name| name.local).collect();
    assert_eq!(unknown, ["DigestMethod"]);

    let kinds: Vec<&RoleKind<'_>> = entity.roles.iter().map(|role| &role.common().kind).collect();
    let other = RoleKind::Unknown(Some("other:Type"));
    assert_eq!(
        kinds,
        [
            &RoleKind::IdpSso,
            &RoleKind::AttributeAuthority,
            &RoleKind::AuthnAuthority,
            &RoleKind::Pdp,
            &RoleKind::WsFederation("SecurityTokenServiceType"),
            &other,
        ]
    );
    let ws_federation = entity.roles.iter().map(Role::common).nth(4).unwrap();
    assert_eq!(ws_federation.ws_federation_addresses[0].text(), "https://one.example/wsfed");

    let idp = entity.idp_roles().next().unwrap();
    assert!(idp.role.supports_saml2());
    assert_eq!(idp.want_authn_requests_signed.as_ref().unwrap().boolean(), Some(true));
    assert_eq!(text(&idp.role.error_url), "https://one.example/error");
    assert_eq!(idp.role.extensions.scopes[0].value.text(), "one.example");
    assert_eq!(idp.role.extensions.scopes[0].regexp.as_ref().unwrap().boolean(), Some(false));
    let ui = idp.role.extensions.ui_info.as_ref().unwrap();
    assert_eq!(text(&ui.display_names[0].language), "en");
    assert_eq!(ui.display_names[0].text.text(), "One");
    assert_eq!(text(&ui.logos[0].width), "32");

    let key = &idp.role.key_descriptors[0];
    assert!(key.serves(KeyUse::Encryption) && !key.serves(KeyUse::Signing));
    assert_eq!((key.key_names[0].text(), key.has_key_value), ("k", true));
    assert_eq!(key.encryption_methods[0].text(), "urn:enc");

    assert_eq!(text(&idp.sso.artifact_resolution_services[0].index), "3");
    let logout = &idp.sso.single_logout_services[0];
    assert_eq!(text(&logout.response_location), "https://one.example/slo-r");
    stands(logout.response_location.as_ref().unwrap());
    let format = &idp.sso.name_id_formats[0];
    assert!(format.text().starts_with(' ') && format.text().ends_with("\n   "));
    assert_eq!(format.trimmed(), "urn:oasis:names:tc:SAML:2.0:nameid-format:transient");
    stands(format);
    let sso = &idp.single_sign_on_services[0];
    let place = document.position(sso.location.as_ref().unwrap().range().start);
    assert_eq!((place.line, place.column), (20, 95));
    assert_eq!(text(&idp.attributes[0].friendly_name), "fn");

    let organization = entity.organization.as_ref().unwrap();
    assert_eq!(organization.names[0].text.text(), "Eins");
    assert_eq!(text(&organization.names[0].language), "de");
    assert_eq!(organization.urls[0].text.text(), "https://one.example/");
    let contact = &entity.contact_persons[0];
    assert_eq!((text(&contact.contact_type), text(&contact.given_name)), ("technical", "Ada"));
    assert_eq!(contact.email_addresses[0].text(), "mailto:a@one.example");
}

#[test]
fn a_service_provider_and_an_affiliation() {
    let document = Document::parse(EVERYTHING.as_bytes()).unwrap();
    let two = entity(&document, 1);
    let sp = two.sp_roles().next().unwrap();
    assert_eq!(sp.authn_requests_signed.as_ref().unwrap().boolean(), Some(true));
    assert_eq!(sp.want_assertions_signed.as_ref().unwrap().boolean(), Some(false));
    let acs = &sp.assertion_consumer_services[0];
    assert_eq!((text(&acs.index), acs.is_default.as_ref().unwrap().boolean()), ("7", Some(true)));
    let service = &sp.attribute_consuming_services[0];
    assert_eq!(service.service_names[0].text.text(), "Two");
    let requested = &service.requested_attributes[0];
    assert_eq!(text(&requested.attribute.name), "mail");
    assert_eq!(requested.is_required.as_ref().unwrap().boolean(), Some(true));

    let three = entity(&document, 2);
    let affiliation = three.affiliation.as_ref().unwrap();
    assert_eq!(text(&affiliation.affiliation_owner_id), "https://one.example/");
    assert_eq!(affiliation.affiliate_members[0].text(), "https://two.example/");
}

#[test]
fn the_certificates_of_an_example() {
    let bytes = read(&repository().join("examples/entra-app.xml"));
    let document = Document::parse(&bytes).unwrap();
    let entity = entity(&document, 0);
    let idp = entity.idp_roles().next().unwrap();
    let keys = &idp.role.key_descriptors;
    assert_eq!(keys.len(), 2);
    let text = &keys[0].certificates[0].text;
    assert_eq!(text.text().len(), 1008, "as long as Entra's own");
    let certificate = keys[0].certificates[0].decode().unwrap();
    assert_eq!(certificate.subject, "CN=Microsoft Azure Federated SSO Certificate");
    assert_eq!(certificate.issuer, certificate.subject);
    assert_eq!(certificate.public_key.to_string(), "RSA 2048");
    assert_eq!(certificate.signature_algorithm, "sha256WithRSAEncryption");
    assert!(certificate.extensions.is_empty());
    // openssl x509 -inform DER -noout -fingerprint -sha256 (and -sha1, -serial), of the same file.
    assert_eq!(certificate.sha256_hex(), SHA256);
    assert_eq!(certificate.sha1_hex(), SHA1);
    assert_eq!(certificate.serial, SERIAL);
}

const SHA256: &str = "5F:14:9E:01:02:4C:E6:FC:C2:1E:4C:21:E9:ED:45:AF:22:4E:57:57:8F:25:8A:AB:06:0F:85:AE:1A:A8:A3:49";
const SHA1: &str = "34:69:3C:DC:9B:CB:12:24:8B:05:E5:52:AB:B3:B9:86:59:8D:E9:7A";
const SERIAL: &str = "722770E6A6FC013A26FD6D66DB359B9C";
