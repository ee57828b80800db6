//! Encrypted assertions: every way that is read, by whom and where each is accepted, and the one
//! answer to all that goes wrong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit::dsig::{DecryptionKey, EncryptionPolicy, SignOptions, SigningKey, decrypt, sign};
use samlkit::names::ASSERTION;
use samlkit::sp::{
    IdentityProvider, RefusalKind, Rejection, ServiceProvider, ServiceProviderBuilder,
    VerifiedResponse,
};
use samlkit::xml::{Document, Limits};
use samlkit_tests::{corpus, data, files, key, read, vectors_request, vectors_time};

fn with_key(name: &str) -> ServiceProviderBuilder {
    samlkit_tests::service_provider().decryption_key(DecryptionKey::from_pem(&key(name).0).unwrap())
}

fn service_provider() -> ServiceProvider {
    with_key("rsa-2048").build().unwrap()
}

fn without_key() -> ServiceProvider {
    samlkit_tests::service_provider().build().unwrap()
}

/// The identity provider of the vectors, and a key of the tests beside its own.
fn identity_provider() -> IdentityProvider {
    let pem = String::from_utf8(read(&data("vectors/responses/idp.pem"))).unwrap();
    samlkit_tests::identity_provider(&[&pem, &key("p256").1])
}

fn verify(
    sp: &ServiceProvider,
    idp: &IdentityProvider,
    bytes: &[u8],
) -> Result<VerifiedResponse, Rejection> {
    sp.verify_without_replay(idp, bytes, Some(&vectors_request()), vectors_time())
}

fn judge(sp: &ServiceProvider, bytes: &[u8]) -> Result<String, Rejection> {
    let response = verify(sp, &identity_provider(), bytes)?;
    Ok(response.name_id().value().to_owned())
}

fn rules(sp: &ServiceProvider, bytes: &[u8]) -> Vec<&'static str> {
    judge(sp, bytes).unwrap_err().rules().collect()
}

/// The response around, signed by a key of the tests.
fn signed_around(bytes: &[u8]) -> Vec<u8> {
    let (private, certificate) = key("p256");
    let key = SigningKey::from_pem(&private, Some(&certificate)).unwrap();
    sign(&Document::parse(bytes).unwrap(), "_r1", &key, &SignOptions::default()).unwrap()
}

#[test]
fn every_way_is_read_where_it_is_accepted() {
    let sp = service_provider();
    let policy = EncryptionPolicy::default().allow_cbc().allow_rsa_pkcs1();
    let open = with_key("rsa-2048").encryption_policy(policy).build().unwrap();
    let names = files(&data("encrypted"));
    assert_eq!(names.len(), 10);
    for name in names {
        let bytes = read(&data("encrypted").join(&name));
        let is_old = name.contains("cbc") || name.contains("pkcs1");
        if is_old {
            assert_eq!(rules(&sp, &bytes), ["assertion.decryption"], "{name}");
        } else {
            assert_eq!(judge(&sp, &bytes), Ok("ada@example.com".to_owned()), "{name}");
        }
        assert_eq!(judge(&open, &bytes), Ok("ada@example.com".to_owned()), "{name}");
        // Inside a signed response nobody can have changed it.
        let signed = signed_around(&bytes);
        let expected =
            if name.contains("pkcs1") { None } else { Some("ada@example.com".to_owned()) };
        assert_eq!(judge(&sp, &signed).ok(), expected, "{name}");
    }
}

#[test]
fn the_signature_around_vouches_for_what_is_inside() {
    let sp = service_provider();
    let plain = String::from_utf8(read(&data("encrypted/aes256-gcm.oaep-mgf1p.xml"))).unwrap();
    let signed = signed_around(plain.as_bytes());
    // The assertion's own signature is by a key that is not trusted any more: the one around does
    // not make up for a signature that fails.
    let idp = samlkit_tests::identity_provider(&[&key("p256").1, &key("rsa-2048").1]);
    let rejection = verify(&sp, &idp, &signed).unwrap_err();
    assert_eq!(rejection.rules().collect::<Vec<_>>(), ["signature.invalid"]);
    // What is told about the inside is told at the place of the outside.
    let place = rejection.refusals()[0].range.clone();
    assert!(String::from_utf8_lossy(&signed[place]).starts_with("<EncryptedAssertion"));
}

#[test]
fn everything_that_goes_wrong_gives_the_same_answer() {
    let sp = service_provider();
    let good = String::from_utf8(read(&data("encrypted/aes128-gcm.oaep-mgf1p.xml"))).unwrap();
    let [wrapped, content] = cipher_values(&good);
    let mut messages = Vec::new();
    for value in [wrapped, content] {
        for at in [0, 13, octets(value).len() - 1] {
            let mut changed = octets(value);
            changed[at] ^= 1;
            let changed = good.replace(value, &STANDARD.encode(changed));
            messages.push(judge(&sp, changed.as_bytes()).unwrap_err().to_string());
        }
        let cut = good.replace(value, &STANDARD.encode(&octets(value)[..10]));
        messages.push(judge(&sp, cut.as_bytes()).unwrap_err().to_string());
    }
    let other = with_key("rsa-1024").build().unwrap();
    messages.push(judge(&other, good.as_bytes()).unwrap_err().to_string());
    messages.dedup();
    let one = "assertion.decryption: the encrypted assertion cannot be decrypted, or no trusted key \
               signed what is in it; the answer does not say which of the two, because a stranger \
               could learn the content by asking";
    assert_eq!(messages, [one]);

    let none = without_key();
    assert_eq!(rules(&none, good.as_bytes()), ["assertion.encrypted"]);
    let unknown = good.replace("xmlenc11#aes128-gcm", "xmlenc#tripledes-cbc");
    let rejection = judge(&sp, unknown.as_bytes()).unwrap_err();
    assert!(matches!(&rejection.refusals()[0].kind, RefusalKind::Decryption(_)));
    assert!(rejection.to_string().contains("tripledes-cbc"), "{rejection}");
}

/// The values in base64 of a message: the wrapped key, and the content.
fn cipher_values(message: &str) -> [&str; 2] {
    let after = message.split("<xenc:CipherValue>").skip(1);
    let values: Vec<&str> = after.map(|rest| rest.split('<').next().unwrap()).collect();
    values.try_into().unwrap()
}

fn octets(value: &str) -> Vec<u8> {
    STANDARD.decode(value.split_whitespace().collect::<String>()).unwrap()
}

/// The message with each bit of these octets of `value` flipped, one at a time.
fn flips<'a>(
    message: &'a str,
    value: &'a str,
    places: impl IntoIterator<Item = usize> + 'a,
) -> impl Iterator<Item = String> + 'a {
    let original = octets(value);
    let bits = places.into_iter().flat_map(|place| (0..8).map(move |bit| (place, bit)));
    bits.map(move |(place, bit)| {
        let mut changed = original.clone();
        changed[place] ^= 1 << bit;
        message.replace(value, &STANDARD.encode(changed))
    })
}

/// Whoever changes an encrypted message to find out what is in it (XML Encryption 1.1, 6.1) gets one
/// answer whatever becomes of it: of the key, of the padding, of the XML, of the signature in it.
#[test]
fn a_changed_ciphertext_gives_one_answer() {
    const BLOCK: usize = 16;
    let policy = EncryptionPolicy::default().allow_cbc().allow_rsa_pkcs1();
    let open = with_key("rsa-2048").encryption_policy(policy).build().unwrap();
    let refusals =
        |message: &str| judge(&open, message.as_bytes()).unwrap_err().refusals().to_vec();
    for name in ["aes128-cbc.oaep-mgf1p", "aes256-gcm.pkcs1"] {
        let file = data(&format!("encrypted/{name}.xml"));
        let good = String::from_utf8(read(&file)).unwrap();
        assert!(judge(&open, good.as_bytes()).is_ok(), "{name}");
        // Somebody else signed what is in it: the same answer.
        let stranger = samlkit_tests::identity_provider(&[&key("p384").1]);
        let expected = verify(&open, &stranger, good.as_bytes()).unwrap_err().refusals().to_vec();
        assert_eq!(expected.len(), 1, "{name}");
        assert_eq!(expected[0].kind, RefusalKind::Sealed, "{name}");
        let [wrapped, content] = cipher_values(&good);
        let (key_length, length) = (octets(wrapped).len(), octets(content).len());
        // The vector, whose bits are those of the first block of the plaintext; the block after it,
        // one in the middle, and the last three, which hold the end of the XML and the padding.
        let middle = length / BLOCK / 2 * BLOCK;
        let blocks = (0..2 * BLOCK).chain(middle..middle + BLOCK).chain(length - 3 * BLOCK..length);
        // RSA puts its padding first.
        let ends = (0..2 * BLOCK).chain(key_length - BLOCK..key_length);
        let mut count = 0;
        for changed in flips(&good, content, blocks).chain(flips(&good, wrapped, ends)) {
            assert_eq!(refusals(&changed), expected, "{name}: {changed}");
            count += 1;
        }
        assert_eq!(count, 9 * BLOCK * 8, "{name}");
        // Another length, and numbers that are no ciphertext under the key.
        for value in [&octets(wrapped)[1..], &[], &[0; 256], &[0xFF; 256], &[1; 257]] {
            let changed = good.replace(wrapped, &STANDARD.encode(value));
            assert_eq!(refusals(&changed), expected, "{name}: {value:?}");
        }
        for end in [0, 1, BLOCK, 2 * BLOCK, length - BLOCK, length - 1] {
            let cut = good.replace(content, &STANDARD.encode(&octets(content)[..end]));
            assert_eq!(refusals(&cut), expected, "{name}: {end}");
        }
        // Once a trusted signature inside holds, refusals say what is wrong.
        let later = vectors_time() + chrono::TimeDelta::days(2);
        let late = open.verify_without_replay(
            &identity_provider(),
            good.as_bytes(),
            Some(&vectors_request()),
            later,
        );
        let late = late.unwrap_err();
        assert!(late.rules().any(|rule| rule == "assertion.expired"), "{name}: {late}");
    }
}

#[test]
fn an_id_inside_that_stands_outside_too_is_refused() {
    let sp = service_provider();
    let good = String::from_utf8(read(&data("encrypted/aes128-gcm.oaep-mgf1p.xml"))).unwrap();
    let twice = good.replace("<samlp:Status>", "<samlp:Extensions ID=\"_a1\"/><samlp:Status>");
    assert_eq!(rules(&sp, twice.as_bytes()), ["xml.duplicate-id"]);
}

/// A response with its name and one attribute encrypted, and a signature on the element `id`.
fn with_parts(case: &str, id: &str) -> Vec<u8> {
    let (private, certificate) = key("p256");
    let key = SigningKey::from_pem(&private, Some(&certificate)).unwrap();
    let bytes = read(&data(&format!("encrypted-parts/{case}.xml")));
    sign(&Document::parse(&bytes).unwrap(), id, &key, &SignOptions::default()).unwrap()
}

#[test]
fn a_name_and_an_attribute_are_opened_inside_what_is_signed() {
    let sp = service_provider();
    for id in ["_a1", "_r1"] {
        let bytes = with_parts("good", id);
        let verified = verify(&sp, &identity_provider(), &bytes).unwrap();
        assert_eq!(verified.name_id().value(), "ada@example.com");
        let format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
        assert_eq!(verified.name_id().format(), Some(format));
        let names: Vec<&str> = verified.attributes().iter().map(|a| a.name()).collect();
        let [plain, encrypted] = names.as_slice() else { panic!("{names:?}") };
        assert_eq!(*plain, "http://schemas.microsoft.com/identity/claims/tenantid");
        assert_eq!(*encrypted, "https://aws.amazon.com/SAML/Attributes/RoleSessionName");
        assert_eq!(verified.attributes()[1].values(), ["ada@example.com"]);
        assert_eq!(verified.encrypted_attributes(), 0);
    }
}

/// What was encrypted is as the schema has it too.
#[test]
fn an_element_in_an_encrypted_name_is_a_fault() {
    let sp = service_provider();
    for id in ["_a1", "_r1"] {
        assert_eq!(rules(&sp, &with_parts("element", id)), ["assertion.schema"]);
    }
}

#[test]
fn a_name_that_cannot_be_opened_is_none() {
    let sp = service_provider();
    // Nobody signed it: it is not opened, and what is wrong is that.
    let unsigned = read(&data("encrypted-parts/good.xml"));
    assert_eq!(rules(&sp, &unsigned), ["signature.missing"]);
    // Another element, and an empty name, are no names.
    assert_eq!(rules(&sp, &with_parts("other", "_a1")), ["assertion.decryption"]);
    assert_eq!(rules(&sp, &with_parts("empty", "_a1")), ["assertion.name-id"]);
    let none = without_key();
    assert_eq!(rules(&none, &with_parts("good", "_a1")), ["assertion.encrypted"]);
    // For the name and for the attribute.
    let other = with_key("rsa-1024").build().unwrap();
    assert_eq!(rules(&other, &with_parts("good", "_a1")), ["assertion.decryption"; 2]);
}

#[test]
fn without_a_key_encrypted_attributes_are_counted() {
    let sp = without_key();
    let bytes = String::from_utf8(read(&data("encrypted-parts/good.xml"))).unwrap();
    let start = bytes.find("<EncryptedID").unwrap();
    let end = bytes.find("</EncryptedID>").unwrap() + "</EncryptedID>".len();
    let plain = format!("{}<NameID>ada</NameID>{}", &bytes[..start], &bytes[end..]);
    let signed = signed_around(plain.as_bytes());
    let verified = verify(&sp, &identity_provider(), &signed).unwrap();
    assert_eq!((verified.attributes().len(), verified.encrypted_attributes()), (1, 1));
}

/// What is encrypted in the corpus, opened with the key that lies beside it, where there is one.
#[test]
fn what_is_encrypted_in_the_corpus() {
    let Some(folder) = corpus() else { return };
    let pem =
        String::from_utf8(read(&folder.join("ruby-saml/certificates/ruby-saml.key"))).unwrap();
    let keys = [DecryptionKey::from_pem(&pem).unwrap()];
    let policy = EncryptionPolicy::default().allow_cbc().allow_rsa_pkcs1();
    let mut seen = Vec::new();
    for name in files(&folder).into_iter().filter(|name| name.starts_with("ruby-saml/responses")) {
        let bytes = read(&folder.join(&name));
        let Ok(message) = samlkit::capture::decode(&bytes) else { continue };
        let Ok(document) = Document::parse(&message.xml) else { continue };
        let encrypted = document.elements().find(|e| e.is(ASSERTION, "EncryptedAssertion"));
        let Some(encrypted) = encrypted else { continue };
        let outcome = match decrypt(encrypted, &keys, policy) {
            Err(error) => error.to_string(),
            Ok(decrypted) => match decrypted.document(&Limits::default()) {
                Err(error) => error.to_string(),
                Ok(document) => {
                    let element = document.element().unwrap();
                    assert!(element.is(ASSERTION, "Assertion"), "{name}");
                    "an assertion".to_owned()
                }
            },
        };
        let short = name.trim_start_matches("ruby-saml/responses/").trim_end_matches(".xml.base64");
        seen.push(format!("{short}: {outcome}"));
    }
    assert_eq!(seen, CORPUS, "{}", seen.join("\n"));
}

/// Triple DES is older than what is read.
const CORPUS: [&str; 15] = [
    "invalids/encrypted_new_attack: the encryption method \"http://www.w3.org/2001/04/xmlenc#tripledes-cbc\" is not accepted",
    "response_with_retrieval_method.xml: an assertion",
    "signed_message_encrypted_signed_assertion: an assertion",
    "signed_message_encrypted_unsigned_assertion: an assertion",
    "unsigned_encrypted_adfs.xml: an assertion",
    "unsigned_message_aes128_encrypted_signed_assertion: an assertion",
    "unsigned_message_aes128gcm_encrypted_signed_assertion: an assertion",
    "unsigned_message_aes192_encrypted_signed_assertion: an assertion",
    "unsigned_message_aes192gcm_encrypted_signed_assertion: an assertion",
    "unsigned_message_aes256_encrypted_signed_assertion: an assertion",
    "unsigned_message_aes256gcm_encrypted_signed_assertion: an assertion",
    "unsigned_message_des192_encrypted_signed_assertion: the encryption method \"http://www.w3.org/2001/04/xmlenc#tripledes-cbc\" is not accepted",
    "unsigned_message_encrypted_assertion_without_saml_namespace: an assertion",
    "unsigned_message_encrypted_signed_assertion: an assertion",
    "unsigned_message_encrypted_unsigned_assertion: an assertion",
];
