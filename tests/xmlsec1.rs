//! Beside xmlsec1: what we sign it verifies, what it signs we verify, and over documents made at
//! random its canonical octets are ours. Skipped, with a line, where the command is missing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit::dsig::{
    AlgorithmPolicy, Digest, SignOptions, SignatureAlgorithm, SigningKey, VerifyingKey, sign,
    verify,
};
use samlkit::names::SIGNATURE;
use samlkit::xml::{Canonicalization, Document};
use samlkit_tests::generate::{Random, target};
use samlkit_tests::{key, read, repository, xmlsec1};

const DIGESTS: [Digest; 4] = [Digest::Sha1, Digest::Sha256, Digest::Sha384, Digest::Sha512];
const METHODS: [&str; 6] = [
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
];

fn signing_key(name: &str) -> SigningKey {
    let (private, certificate) = key(name);
    SigningKey::from_pem(&private, Some(&certificate)).unwrap()
}

fn trusted(name: &str) -> [VerifyingKey; 1] {
    [VerifyingKey::from_pem(&key(name).1).unwrap()]
}

fn algorithms(name: &str) -> Vec<SignatureAlgorithm> {
    let kind = if name.starts_with("rsa") {
        SignatureAlgorithm::RsaPkcs1
    } else {
        SignatureAlgorithm::Ecdsa
    };
    DIGESTS.into_iter().map(kind).collect()
}

/// A message of each kind, with the place in it where a signature belongs: its element's namespace
/// and name.
fn messages() -> Vec<(&'static str, &'static str)> {
    vec![
        (
            "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
            "<s:Assertion xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion' ID='_1'><s:Issuer>i</s:Issuer>\
             <s:Subject x='&#9;&quot;&amp;'>\u{e9} &gt; <!-- c --> a</s:Subject></s:Assertion>",
        ),
        (
            "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest",
            "<AuthnRequest xmlns='urn:oasis:names:tc:SAML:2.0:protocol' ID='_1' Version=\"2.0\"/>",
        ),
        (
            "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor",
            "<?xml version='1.0'?><!-- before --><md:EntityDescriptor xmlns:unused='urn:u' \
             xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata' ID='_1' entityID='x'>\r\n <md:X/>\r\n\
             </md:EntityDescriptor>",
        ),
    ]
}

#[test]
fn what_we_sign_it_verifies() {
    if !xmlsec1::is_there() {
        return;
    }
    for name in ["rsa-2048", "p256", "p384", "p521"] {
        let key = signing_key(name);
        for method in algorithms(name) {
            for (at, (node, xml)) in messages().into_iter().enumerate() {
                let digest = DIGESTS[(at + 1) % 4];
                let options = SignOptions::default().method(method).digest(digest);
                let options = if at == 2 { options.prefix("unused") } else { options };
                let document = Document::parse(xml.as_bytes()).unwrap();
                let signed = sign(&document, "_1", &key, &options).unwrap();
                let verdict = xmlsec1::verify(&signed, node, name);
                assert_eq!(
                    verdict,
                    Ok(()),
                    "{name} {method}: {}",
                    String::from_utf8_lossy(&signed)
                );
                let document = Document::parse(&signed).unwrap();
                let policy = AlgorithmPolicy::default().allow_sha1();
                let evidence = verify(document.root(), &trusted(name), &policy).unwrap();
                assert_eq!((evidence.method(), evidence.digest()), (method, digest));
            }
        }
    }
    let broken = "<s:Assertion xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion' ID='_1'/>";
    let refused = xmlsec1::verify(broken.as_bytes(), messages()[0].0, "rsa-2048");
    assert!(refused.is_err(), "it does refuse what is not signed");
}

fn template(method: SignatureAlgorithm, digest: Digest, uri: &str) -> String {
    let (method, digest) = (method.uri(), digest.uri());
    format!(
        "<a:Response xmlns:a='urn:oasis:names:tc:SAML:2.0:protocol' xmlns:far='urn:far' xml:lang='en'>\
         <!-- x --><b:Assertion xmlns:b='urn:oasis:names:tc:SAML:2.0:assertion' ID='_1' far:at='1'>\
         <b:Issuer>me</b:Issuer><Signature xmlns='{SIGNATURE}'>\n<SignedInfo><!-- in -->\
         <CanonicalizationMethod Algorithm='{uri}'/><SignatureMethod Algorithm='{method}'/>\
         <Reference URI='#_1'><Transforms>\
         <Transform Algorithm='http://www.w3.org/2000/09/xmldsig#enveloped-signature'/>\
         <Transform Algorithm='{uri}'/></Transforms><DigestMethod Algorithm='{digest}'/>\
         <DigestValue/></Reference></SignedInfo> <SignatureValue/></Signature>\
         <b:Subject>&lt;\u{20ac}<!-- c --> </b:Subject></b:Assertion></a:Response>"
    )
}

#[test]
fn what_it_signs_we_verify() {
    if !xmlsec1::is_there() {
        return;
    }
    let policy = AlgorithmPolicy::default().allow_sha1();
    for name in ["rsa-2048", "p256", "p384", "p521"] {
        for method in algorithms(name) {
            for (at, uri) in METHODS.into_iter().enumerate() {
                let digest = DIGESTS[at % 4];
                let template = template(method, digest, uri);
                let node = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion";
                let signed = xmlsec1::sign(template.as_bytes(), node, name).unwrap();
                let document = Document::parse(&signed).unwrap();
                let assertion = document.element_by_id("_1").unwrap();
                let evidence = verify(assertion, &trusted(name), &policy);
                let evidence = evidence.unwrap_or_else(|e| panic!("{name} {method} {uri}: {e}"));
                assert_eq!((evidence.method(), evidence.digest()), (method, digest));
                let changed = String::from_utf8(signed).unwrap().replace(">me<", ">you<");
                let document = Document::parse(changed.as_bytes()).unwrap();
                let assertion = document.element_by_id("_1").unwrap();
                let rejection = verify(assertion, &trusted(name), &policy).unwrap_err();
                assert_eq!(rejection.failures()[0].rule(), "signature.digest");
            }
        }
    }
}

/// How many documents are made, and how many of them one call of the command looks at.
const DOCUMENTS: usize = 504;
const AT_ONCE: usize = 36;

#[test]
fn over_random_documents_its_canonical_octets_are_ours() {
    if !xmlsec1::is_there() {
        return;
    }
    let mut random = Random(0x2026_1121);
    let mut compared = 0;
    for _ in 0..DOCUMENTS / AT_ONCE {
        let (mut targets, mut references) = (String::new(), String::new());
        for number in 0..AT_ONCE {
            let extra = format!(" xmlns:t='urn:target' ID='_{number}'");
            targets.push_str(&target(&mut random, "t:subject", &extra));
            for uri in METHODS {
                let list = if uri.contains("exc-c14n") && number % 3 == 0 {
                    "<InclusiveNamespaces xmlns='http://www.w3.org/2001/10/xml-exc-c14n#' \
                     PrefixList='#default a none'/>"
                } else {
                    ""
                };
                references.push_str(&format!(
                    "<Reference URI='#_{number}'><Transforms><Transform Algorithm='{uri}'>{list}\
                     </Transform></Transforms><DigestMethod Algorithm='{}'/><DigestValue/></Reference>",
                    Digest::Sha256.uri()
                ));
            }
        }
        let template = format!(
            "<root xmlns:a='urn:outer' xmlns:unused='urn:unused' xml:lang='la'>{targets}\
             <Signature xmlns='{SIGNATURE}'><SignedInfo><CanonicalizationMethod Algorithm='{}'/>\
             <SignatureMethod Algorithm='{}'/>{references}</SignedInfo><SignatureValue/></Signature>\
             </root>",
            METHODS[0],
            SignatureAlgorithm::RsaPkcs1(Digest::Sha256).uri()
        );
        let signed = xmlsec1::sign(template.as_bytes(), "urn:target:subject", "rsa-2048").unwrap();
        // Only its digests are taken: what it writes is the same document in another spelling.
        let theirs = Document::parse(&signed).unwrap();
        let theirs = theirs.elements().filter(|e| e.is(SIGNATURE, "DigestValue"));
        let theirs: Vec<String> = theirs.map(|element| element.text().into_owned()).collect();
        let document = Document::parse(template.as_bytes()).unwrap();
        let references = document.elements().filter(|e| e.is(SIGNATURE, "Reference"));
        for (reference, theirs) in references.zip(&theirs) {
            let uri = reference.attribute("URI").unwrap().value();
            let transform = reference.descendants().find(|e| e.is(SIGNATURE, "Transform")).unwrap();
            let method = transform.attribute("Algorithm").unwrap().value();
            let mut method = Canonicalization::by_uri(method).unwrap();
            // A reference by ID has no comments (XML Signature 4.4.3.3).
            method.comments = false;
            let list = transform.children().next().and_then(|list| list.attribute("PrefixList"));
            method.prefixes = list.map_or(Vec::new(), |list| list.value().split(' ').collect());
            let element = document.element_by_id(uri.trim_start_matches('#')).unwrap();
            let octets = method.octets(element, None).unwrap();
            let ours = STANDARD.encode(Digest::Sha256.value(&octets));
            assert_eq!(&ours, theirs, "{method:?}\n{}", String::from_utf8_lossy(&octets));
            compared += 1;
        }
    }
    assert_eq!(compared, DOCUMENTS * METHODS.len());
}

#[test]
fn the_examples_that_we_ship_are_signed() {
    if !xmlsec1::is_there() {
        return;
    }
    let bytes = read(&repository().join("examples/entra-app.xml"));
    let document = Document::parse(&bytes).unwrap();
    let certificate =
        String::from_utf8(read(&samlkit_tests::data("certificates/active.b64"))).unwrap();
    let keys = [VerifyingKey::from_certificate(&certificate).unwrap()];
    assert!(verify(document.root(), &keys, &AlgorithmPolicy::default()).is_ok());
}
