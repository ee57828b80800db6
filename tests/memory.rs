//! Memory on the way from bytes to types and verdicts, whatever the input is made of: at most twelve times
//! the input and a megabyte, at the worst moment. OpenSSL's own allocations are not seen.

use allocation_counter::measure;
use samlkit::dsig::{SignOptions, SigningKey, sign};
use samlkit::metadata::Metadata;
use samlkit::sp::IdentityProvider;
use samlkit::xml::{Document, Limits};
use samlkit::{Unverified, assertion::Assertion};
use samlkit_tests::{identity_provider, key, service_provider, vectors_request, vectors_time};

const FACTOR: u64 = 12;
const ALWAYS: u64 = 1 << 20;
/// Octets of each input.
const SIZE: usize = 1_000_000;

const MD: &str = "xmlns='urn:oasis:names:tc:SAML:2.0:metadata' \
                  xmlns:d='http://www.w3.org/2000/09/xmldsig#' \
                  xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion'";

fn bounded(what: &str, size: usize, work: impl FnOnce()) {
    let what = what.get(..60).unwrap_or(what);
    let peak = measure(work).bytes_max;
    println!("{what}: {:.1} x", peak as f64 / size as f64);
    assert!(peak <= FACTOR * size as u64 + ALWAYS, "{what}: {peak} octets for {size}");
}

/// `piece` again and again between these.
fn filled(before: &str, piece: &str, after: &str) -> String {
    format!("{before}{}{after}", piece.repeat(SIZE / piece.len()))
}

/// A parent with as many children as are read of one.
fn nested(parent: &str, piece: &str) -> String {
    format!("<{parent}>{}</{parent}>", piece.repeat(1000))
}

/// The shortest that are not too many for their length.
const CONTACT: &str = "<ContactPerson                 />";
const NAMED: &str = "<Attribute Name='n'             />";

#[test]
fn metadata_of_every_element() {
    let entity = format!("<EntityDescriptor {MD} entityID='e'>");
    let role = format!("{entity}<IDPSSODescriptor>");
    let role_end = "</IDPSSODescriptor></EntityDescriptor>";
    let key = format!("{role}<KeyDescriptor><d:KeyInfo>");
    let key_end = format!("</d:KeyInfo></KeyDescriptor>{role_end}");
    let data = format!("{key}<d:X509Data>");
    let data_end = format!("</d:X509Data>{key_end}");
    let sp = format!("{entity}<SPSSODescriptor>");
    let sp_end = "</SPSSODescriptor></EntityDescriptor>";
    let group = format!("<EntitiesDescriptor {MD}>");
    for (before, piece, after) in [
        (&group, "<EntityDescriptor />", "</EntitiesDescriptor>"),
        (&group, "<EntitiesDescriptor/>", "</EntitiesDescriptor>"),
        (&entity, "<IDPSSODescriptor />", "</EntityDescriptor>"),
        (&entity, "<RoleDescriptor   />", "</EntityDescriptor>"),
        (&entity, "<ContactPerson    />", "</EntityDescriptor>"),
        (&role, "<KeyDescriptor    />", role_end),
        (&role, "<SingleSignOnService/>", role_end),
        (&role, "<NameIDFormat     />", role_end),
        (&role, "<a:Attribute      />", role_end),
        (&sp, "<AssertionConsumerService/>", sp_end),
        (&sp, "<AttributeConsumingService/>", sp_end),
        (&key, "<d:KeyName        />", &key_end),
        (&key, "<d:X509Data       />", &key_end),
        (&data, "<d:X509Certificate/>", &data_end),
        // Two levels: no parent has too many, all together are.
        (&entity, &nested("IDPSSODescriptor", "<ContactPerson/>"), "</EntityDescriptor>"),
        (&entity, &nested("IDPSSODescriptor", "<a:Attribute />"), "</EntityDescriptor>"),
        (&entity, &nested("IDPSSODescriptor", "<SingleSignOnService/>"), "</EntityDescriptor>"),
        (&entity, &nested("IDPSSODescriptor", CONTACT), "</EntityDescriptor>"),
        (&role, &nested("KeyDescriptor", "<d:KeyInfo       />"), role_end),
        (&sp, &nested("AttributeConsumingService", "<RequestedAttribute/>"), sp_end),
    ] {
        let xml = filled(before, piece, after);
        bounded(piece, xml.len(), || {
            let document = Document::parse(xml.as_bytes()).unwrap();
            let metadata = Metadata::read(&document).unwrap();
            let now = vectors_time();
            let usable =
                metadata.entities().filter_map(|e| IdentityProvider::on_trust(&e, now).ok());
            assert_eq!(usable.count(), 0);
        });
    }
}

#[test]
fn messages_of_every_element() {
    let response = "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
                    xmlns='urn:oasis:names:tc:SAML:2.0:assertion' ID='_r'>";
    let assertion = format!("{response}<Assertion ID='_a'>");
    let end = "</Assertion></p:Response>";
    let subject = format!("{assertion}<Subject>");
    let subject_end = format!("</Subject>{end}");
    let conditions = format!("{assertion}<Conditions>");
    let conditions_end = format!("</Conditions>{end}");
    let audiences = format!("{conditions}<AudienceRestriction>");
    let audiences_end = format!("</AudienceRestriction>{conditions_end}");
    let statement = format!("{assertion}<AttributeStatement>");
    let statement_end = format!("</AttributeStatement>{end}");
    let values = format!("{statement}<Attribute Name='n'>");
    let values_end = format!("</Attribute>{statement_end}");
    let sp = service_provider().limits(Limits::default()).build().unwrap();
    let idp = IdentityProvider::new("https://idp/", []);
    for (before, piece, after) in [
        (response, "<Assertion        />", "</p:Response>"),
        (response, "<EncryptedAssertion/>", "</p:Response>"),
        (response, "<p:Status         />", "</p:Response>"),
        (&assertion, "<Issuer           />", end),
        (&assertion, "<AuthnStatement   />", end),
        (&assertion, "<AttributeStatement/>", end),
        (&subject, "<NameID           />", &subject_end),
        (&subject, "<SubjectConfirmation/>", &subject_end),
        (&conditions, "<AudienceRestriction/>", &conditions_end),
        (&conditions, "<OneTimeUse       />", &conditions_end),
        (&conditions, "<x                />", &conditions_end),
        (&audiences, "<Audience         />", &audiences_end),
        (&statement, "<Attribute        />", &statement_end),
        (&statement, "<EncryptedAttribute/>", &statement_end),
        (&values, "<AttributeValue   />", &values_end),
        (&assertion, &nested("AttributeStatement", "<Attribute    />"), end),
        (&assertion, &nested("AttributeStatement", NAMED), end),
        (&statement, &nested("Attribute", "<AttributeValue/>"), &statement_end),
        (&statement, &nested("Attribute", "<AttributeValue></AttributeValue>"), &statement_end),
        (&conditions, &nested("AudienceRestriction", "<Audience         />"), &conditions_end),
    ] {
        let xml = filled(before, piece, after);
        let (pending, now) = (vectors_request(), vectors_time());
        bounded(piece, xml.len(), || {
            let verdict = sp.verify_without_replay(&idp, xml.as_bytes(), Some(&pending), now);
            assert!(verdict.is_err());
        });
        bounded(&format!("without evidence {piece}"), xml.len(), || {
            let document = Document::parse(xml.as_bytes()).unwrap();
            let assertion = document.root().children().next().unwrap();
            assert!(Unverified::<Assertion<'_>>::read(assertion).faults().next().is_some());
        });
    }
}

/// What was accepted is copied out of the document, so it costs more.
#[test]
fn what_is_accepted_with_as_many_attributes_as_may_be() {
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let audience = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    let issuer = "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/";
    let before = format!(
        "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
         xmlns='urn:oasis:names:tc:SAML:2.0:assertion' ID='_r' Version='2.0' \
         IssueInstant='2026-06-01T12:00:00Z' InResponseTo='_req-4711'><p:Status><p:StatusCode \
         Value='urn:oasis:names:tc:SAML:2.0:status:Success'/></p:Status><Assertion ID='_a' Version='2.0' \
         IssueInstant='2026-06-01T12:00:00Z'><Issuer>{issuer}</Issuer><Subject><NameID>ada</NameID>\
         <SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:bearer'><SubjectConfirmationData \
         Recipient='{acs}' NotOnOrAfter='2026-06-01T12:05:00Z' InResponseTo='_req-4711'/>\
         </SubjectConfirmation></Subject><Conditions><AudienceRestriction><Audience>{audience}</Audience>\
         </AudienceRestriction></Conditions><AuthnStatement AuthnInstant='2026-06-01T12:00:00Z'>\
         <AuthnContext><AuthnContextClassRef>x</AuthnContextClassRef></AuthnContext></AuthnStatement>"
    );
    let (private, certificate) = key("rsa-2048");
    let signer = SigningKey::from_pem(&private, None).unwrap();
    let sp = service_provider().limits(Limits::default()).build().unwrap();
    let idp = identity_provider(&[&certificate]);
    let statement = |inside: &str| format!("<AttributeStatement>{inside}</AttributeStatement>");
    for piece in [
        nested("AttributeStatement", NAMED),
        statement(&nested("Attribute Name='n'", "<AttributeValue></AttributeValue>"))
            .replace("</Attribute Name='n'>", "</Attribute>"),
    ] {
        let xml = filled(&before, &piece, "</Assertion></p:Response>");
        let document = Document::parse(xml.as_bytes()).unwrap();
        let signed = sign(&document, "_a", &signer, &SignOptions::default()).unwrap();
        let (pending, now) = (vectors_request(), vectors_time());
        bounded(&format!("accepted {piece}"), signed.len(), || {
            let verdict = sp.verify_without_replay(&idp, &signed, Some(&pending), now);
            assert!(verdict.is_ok(), "{verdict:?}");
        });
    }
}
