//! Published attacks that nothing else here answers, each as a message that some product accepted.
//! `docs/security.md` has the whole list, with the tests of the others.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit::dsig::{
    AlgorithmPolicy, DecryptionKey, EncryptionPolicy, KeyError, SignOptions, SigningKey,
    VerifyingKey, sign, verify,
};
use samlkit::sp::{IdentityProvider, Rejection, ServiceProvider, VerifiedResponse};
use samlkit::xml::Document;
use samlkit_tests::{
    data, identity_provider, key, read, service_provider, vectors_identity_provider,
    vectors_request, vectors_time,
};

fn text(path: &str) -> String {
    String::from_utf8(read(&data(path))).unwrap()
}

fn vector(name: &str) -> String {
    text(&format!("vectors/responses/{name}.xml"))
}

/// What stands between two texts, for the first time.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

/// `text` without what is there from `before` to `after`.
fn without(text: &str, before: &str, after: &str) -> String {
    let inside = format!("{before}{}{after}", between(text, before, after));
    text.replacen(&inside, "", 1)
}

fn signed(xml: &str, id: &str) -> String {
    let (private, certificate) = key("p256");
    let key = SigningKey::from_pem(&private, Some(&certificate)).unwrap();
    let document = Document::parse(xml.as_bytes()).unwrap();
    String::from_utf8(sign(&document, id, &key, &SignOptions::default()).unwrap()).unwrap()
}

/// The identity provider of the vectors, with the key that [`signed`] signs with.
fn signer() -> IdentityProvider {
    identity_provider(&[&key("p256").1])
}

fn judge(
    sp: &ServiceProvider,
    idp: &IdentityProvider,
    xml: &str,
) -> Result<VerifiedResponse, Rejection> {
    sp.verify_without_replay(idp, xml.as_bytes(), Some(&vectors_request()), vectors_time())
}

fn rules(idp: &IdentityProvider, xml: &str) -> Vec<&'static str> {
    let sp = service_provider().build().unwrap();
    judge(&sp, idp, xml).unwrap_err().rules().collect()
}

/// CVE-2022-21449: under r = s = 0 both sides of the equation of ECDSA are 0.
#[test]
fn zeros_are_no_ecdsa_signature() {
    let good = vector("good-ecdsa-p256");
    let idp = identity_provider(&[&text("vectors/responses/p256.pem")]);
    assert!(judge(&service_provider().build().unwrap(), &idp, &good).is_ok());
    let value = between(&good, "<SignatureValue>", "</SignatureValue>");
    let genuine = STANDARD.decode(value).unwrap();
    let (r, s) = genuine.split_at(32);
    let zero = [0; 32];
    // The order of the group (FIPS 186-4, D.1.2.3), which is 0 to whoever reduces by it.
    let order: Vec<u8> = (0..64)
        .step_by(2)
        .map(|at| u8::from_str_radix(&ORDER_OF_P256[at..at + 2], 16).unwrap())
        .collect();
    for (r, s) in [(&zero[..], &zero[..]), (r, &zero), (&zero, s), (&order, &order), (r, &order)] {
        let forged = good.replace(value, &STANDARD.encode([r, s].concat()));
        assert_eq!(rules(&idp, &forged), ["signature.invalid"]);
    }
}

const ORDER_OF_P256: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// CVE-2006-4339: with the exponent 3, a cube root of something that begins like a padded hash is a
/// signature to a verifier that does not look at what comes after the hash.
#[test]
fn a_cube_root_is_no_signature() {
    let forged = read(&data("published-attacks/cube-root.xml"));
    let document = Document::parse(&forged).unwrap();
    let key = VerifyingKey::from_certificate(&text("certificates/rsa-exponent-3.b64")).unwrap();
    assert!(key.kind().has_small_exponent());
    let rejection = verify(document.root(), &[key], &AlgorithmPolicy::default()).unwrap_err();
    let rules: Vec<&str> = rejection.failures().iter().map(|failure| failure.rule()).collect();
    assert_eq!(rules, ["signature.invalid"]);
}

/// Under the exponent 1 each message is its own signature, under an even one nobody can sign, and a
/// point off the curve says nothing of who has its logarithm.
#[test]
fn keys_that_prove_nothing_are_no_keys() {
    let key =
        |name: &str| VerifyingKey::from_certificate(&text(&format!("certificates/{name}.b64")));
    for exponent in [1, 2] {
        let error = key(&format!("rsa-exponent-{exponent}")).unwrap_err();
        assert_eq!(error, KeyError::Exponent { exponent });
    }
    assert_eq!(key("ec-off-the-curve").unwrap_err(), KeyError::Unreadable);
    for good in ["rsa-exponent-3", "active", "ec-p256"] {
        assert!(key(good).is_ok(), "{good}");
    }
}

/// CVE-2009-0217: an HMAC of which the message itself says that one bit is enough.
#[test]
fn a_shortened_hmac_is_no_signature() {
    let hmac = vector("hmac-with-public-key");
    let method = between(&hmac, "<SignatureMethod ", "/>");
    for bits in ["0", "1", "8", "160"] {
        let shortened = hmac.replacen(
            &format!("<SignatureMethod {method}/>"),
            &format!(
                "<SignatureMethod {method}><HMACOutputLength>{bits}</HMACOutputLength>\
                 </SignatureMethod>"
            ),
            1,
        );
        let rules: BTreeSet<&str> =
            rules(&vectors_identity_provider(), &shortened).into_iter().collect();
        let expected = ["signature.algorithm", "signature.malformed"];
        assert_eq!(rules, BTreeSet::from(expected), "{bits}");
    }
}

/// CVE-2026-49284: the Response around, which nobody signed, answers the request; the assertion,
/// which is signed, answers none, and may have been made for a login that began elsewhere.
#[test]
fn an_assertion_that_answers_nothing_in_an_envelope_that_does() {
    let unsigned = without(&vector("good-assertion-signed"), "<Signature ", "</Signature>");
    assert!(
        judge(&service_provider().build().unwrap(), &signer(), &signed(&unsigned, "_a1")).is_ok()
    );
    let silent = unsigned.replacen(
        "<SubjectConfirmationData InResponseTo=\"_req-4711\"",
        "<SubjectConfirmationData",
        1,
    );
    assert_ne!(silent, unsigned);
    let silent = signed(&silent, "_a1");
    assert_eq!(rules(&signer(), &silent), ["subject.in-response-to"]);
    // It does not help to allow what answers nothing.
    let sp = service_provider().allow_unsolicited().build().unwrap();
    let rejection = judge(&sp, &signer(), &silent).unwrap_err();
    assert_eq!(rejection.rules().collect::<Vec<_>>(), ["subject.in-response-to"]);
}

/// CVE-2024-6800: metadata that the identity provider signed and published, in a forged response.
#[test]
fn published_metadata_signs_nobody_in() {
    let metadata = signed(
        "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' ID='_m' \
         entityID='https://idp.example/'/>",
        "_m",
    );
    let signature = between(&metadata, "<ds:Signature ", "</ds:Signature>");
    let signature = format!("<ds:Signature {signature}</ds:Signature>");
    let forged = without(&vector("good-assertion-signed"), "<Signature ", "</Signature>");
    // Beside the forged assertion and inside it: it has no signature itself.
    let in_response = forged.replacen(
        "<samlp:Status>",
        &format!("<samlp:Extensions>{metadata}</samlp:Extensions><samlp:Status>"),
        1,
    );
    let in_assertion = forged.replacen(
        "<AttributeStatement>",
        &format!("<Advice>{metadata}</Advice><AttributeStatement>"),
        1,
    );
    let after_issuer = |id: &str| {
        let issuer = "</Issuer><Subject>";
        assert!(forged.contains(issuer));
        let with = forged.replacen(issuer, &format!("</Issuer>{signature}<Subject>"), 1);
        with.replacen("ID=\"_a1\"", &format!("ID=\"{id}\""), 1)
    };
    for (xml, expected) in [
        (in_response, "signature.missing"),
        (in_assertion, "signature.missing"),
        // The signature alone, on an assertion with its own ID and on one with the metadata's.
        (after_issuer("_a1"), "signature.reference"),
        (after_issuer("_m"), "signature.digest"),
    ] {
        assert_ne!(xml, forged);
        assert_eq!(rules(&signer(), &xml), [expected]);
    }
    // The metadata itself, posted as a response.
    assert_eq!(rules(&signer(), &metadata), ["document.root"]);
}

/// Not a refusal by itself, as `docs/security.md` says: a signed assertion in `Extensions`, beside
/// one that has good evidence. Nothing of it is read.
#[test]
fn a_signed_assertion_elsewhere_is_ignored_beside_good_evidence() {
    let good = vector("good-assertion-signed");
    let unsigned = without(&good, "<Signature ", "</Signature>");
    let assertion = between(&unsigned, "<Assertion ", "</Assertion>");
    let other = format!("<Assertion {assertion}</Assertion>");
    let other = other.replace("_a1", "_b1").replace("ada@", "eve@");
    let other = signed(&other, "_b1");
    let extensions = format!("<samlp:Extensions>{other}</samlp:Extensions><samlp:Status>");
    let beside = |xml: &str| xml.replacen("<samlp:Status>", &extensions, 1);
    let idp = identity_provider(&[&text("vectors/responses/idp.pem"), &key("p256").1]);
    let sp = service_provider().build().unwrap();
    let login = judge(&sp, &idp, &beside(&good)).unwrap();
    assert_eq!(login.name_id().value(), "ada@example.com");
    assert_eq!(rules(&idp, &beside(&unsigned)), ["signature.wrapping"]);
}

/// The message with one bit of each of these octets of a value in base64 changed.
fn flipped(xml: &str, value: &str, octets: impl Iterator<Item = usize>) -> Vec<String> {
    let genuine = STANDARD.decode(value.split_whitespace().collect::<String>()).unwrap();
    let changed = octets.map(|at| {
        let mut changed = genuine.clone();
        changed[at] ^= 1 << (at % 8);
        xml.replacen(value, &STANDARD.encode(changed), 1)
    });
    changed.collect()
}

/// CVE-2011-1096 (AES in CBC mode) and CVE-2011-2487 (RSA 1.5), where the policy allows both: the
/// refusal of a changed ciphertext does not depend on what came out of it.
#[test]
fn a_changed_ciphertext_tells_nothing_about_the_content() {
    let policy = EncryptionPolicy::default().allow_cbc().allow_rsa_pkcs1();
    let decryption = DecryptionKey::from_pem(&key("rsa-2048").0).unwrap();
    let sp = service_provider().decryption_key(decryption).encryption_policy(policy);
    let sp = sp.build().unwrap();
    let idp = vectors_identity_provider();
    let mut told = BTreeSet::new();
    for (file, which, octets) in [
        // The vector and the first blocks: a changed bit there changes one bit of the plaintext.
        ("aes128-cbc.oaep-mgf1p", 1, (0..160).collect::<Vec<_>>()),
        ("aes256-gcm.pkcs1", 0, (0..256).step_by(4).collect()),
    ] {
        let good = text(&format!("encrypted/{file}.xml"));
        assert!(judge(&sp, &idp, &good).is_ok(), "{file}");
        let value = good.split("<xenc:CipherValue>").nth(which + 1).unwrap();
        let value = value.split_once('<').unwrap().0;
        let mut changed = flipped(&good, value, octets.into_iter());
        let genuine = STANDARD.decode(value.split_whitespace().collect::<String>()).unwrap();
        // The last octet of the padding, in every way.
        if which == 1 {
            let length = genuine.len();
            changed.extend((1..=255).map(|with| {
                let mut octets = genuine.clone();
                octets[length - 17] ^= with;
                good.replacen(value, &STANDARD.encode(octets), 1)
            }));
        }
        for xml in changed {
            match judge(&sp, &idp, &xml) {
                // White space at the end of the plaintext, and a longer padding, change nothing.
                Ok(login) => assert_eq!(login.name_id().value(), "ada@example.com"),
                Err(rejection) => _ = told.insert(rejection.to_string()),
            }
        }
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told.first().unwrap().starts_with("assertion.decryption: "), "{told:?}");
}

/// CVE-2024-4985: anybody can encrypt an assertion for the service. One that no trusted key signed
/// is refused, and the refusal is that of a ciphertext which cannot be opened.
#[test]
fn an_encrypted_assertion_of_a_stranger_is_refused() {
    let decryption = DecryptionKey::from_pem(&key("rsa-2048").0).unwrap();
    let sp = service_provider().decryption_key(decryption).build().unwrap();
    let encrypted = text("encrypted/aes256-gcm.oaep-mgf1p.xml");
    assert!(judge(&sp, &vectors_identity_provider(), &encrypted).is_ok());
    // The same to a service that trusts another key.
    let rejection = judge(&sp, &signer(), &encrypted).unwrap_err();
    let value = between(&encrypted, "<xenc:CipherValue>", "</xenc:CipherValue>");
    let broken = encrypted.replacen(value, "AAAA", 1);
    let other = judge(&sp, &signer(), &broken).unwrap_err();
    assert_eq!(rejection.rules().collect::<Vec<_>>(), ["assertion.decryption"]);
    assert_eq!(rejection.to_string(), other.to_string());
}

/// Decrypted content is read with the namespaces that were signed around it: a prefix that only the
/// Response declares, which nobody signed, means nothing, whatever it is made to mean.
#[test]
fn a_prefix_that_nobody_signed_means_nothing() {
    let decryption = DecryptionKey::from_pem(&key("rsa-2048").0).unwrap();
    let sp = service_provider().decryption_key(decryption).build().unwrap();
    let genuine = signed(&text("published-attacks/rebound-prefix.xml"), "_a1");
    let rebound = genuine.replacen(
        "xmlns:x=\"urn:x\"",
        "xmlns:x=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
        1,
    );
    assert_ne!(genuine, rebound);
    for xml in [&genuine, &rebound] {
        let rejection = judge(&sp, &signer(), xml).unwrap_err();
        assert_eq!(rejection.rules().collect::<Vec<_>>(), ["assertion.decryption"]);
    }
    // The attribute is read where the assertion itself declares the prefix and uses it.
    let unsigned = text("published-attacks/rebound-prefix.xml");
    let declared = unsigned.replacen(
        "<EncryptedAttribute ",
        "<x:EncryptedAttribute xmlns:x=\"urn:oasis:names:tc:SAML:2.0:assertion\" ",
        1,
    );
    let declared = declared.replacen("</EncryptedAttribute>", "</x:EncryptedAttribute>", 1);
    let login = judge(&sp, &signer(), &signed(&declared, "_a1")).unwrap();
    assert_eq!(login.values("groups").collect::<Vec<_>>(), ["admins"]);
}
