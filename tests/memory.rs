//! Memory on the way from bytes to types and verdicts, whatever the input is made of: at most twelve times
//! the input and a megabyte, at the worst moment. OpenSSL's own allocations are not seen.

use allocation_counter::measure;
use samlkit::metadata::Metadata;
use samlkit::sp::IdentityProvider;
use samlkit::xml::{Document, Limits};
use samlkit::{Unverified, assertion::Assertion};
use samlkit_tests::{service_provider, vectors_request, vectors_time};

const FACTOR: u64 = 12;
const ALWAYS: u64 = 1 << 20;
/// Octets of each input.
const SIZE: usize = 1_000_000;

const MD: &str = "xmlns='urn:oasis:names:tc:SAML:2.0:metadata' \
                  xmlns:d='http://www.w3.org/2000/09/xmldsig#' \
                  xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion'";

fn bounded(what: &str, size: usize, work: impl FnOnce()) {
    let peak = measure(work).bytes_max;
    println!("{what}: {:.1} x", peak as f64 / size as f64);
    assert!(peak <= FACTOR * size as u64 + ALWAYS, "{what}: {peak} octets for {size}");
}

/// `piece` again and again between these.
fn filled(before: &str, piece: &str, after: &str) -> String {
    format!("{before}{}{after}", piece.repeat(SIZE / piece.len()))
}

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
    ] {
        let xml = filled(before, piece, after);
        let (pending, now) = (vectors_request(), vectors_time());
        bounded(piece, xml.len(), || {
            let verdict = sp.verify_without_replay(&idp, xml.as_bytes(), Some(&pending), now);
            assert!(verdict.is_err());
        });
        bounded(&format!("{piece} without evidence"), xml.len(), || {
            let document = Document::parse(xml.as_bytes()).unwrap();
            let assertion = document.root().children().next().unwrap();
            assert!(Unverified::<Assertion<'_>>::read(assertion).faults().next().is_some());
        });
    }
}
