//! The verdict on every response of the corpus, in the context that it describes itself: its own
//! issuer, audience and recipient, the certificate that it carries, a moment inside its window. What
//! is left are the faults of the response; they are compared with a snapshot that was read before
//! it was committed. Skipped, with a line, where there is no corpus.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use samlkit::assertion::Assertion;
use samlkit::capture::decode;
use samlkit::dsig::{AlgorithmPolicy, DecryptionKey, EncryptionPolicy, VerifyingKey};
use samlkit::names::SIGNATURE;
use samlkit::protocol::Response;
use samlkit::sp::{IdentityProvider, PendingRequest, ServiceProvider};
use samlkit::xml::{Document, Element};
use samlkit::{Kind, Unverified, Value};
use samlkit_tests::{corpus, data, files, read};

fn text(value: Option<&Value<'_>>) -> Option<String> {
    value.map(|value| value.text().to_owned())
}

/// The key in the first certificate beside an element's signature, made a trusted key: what nobody may do
/// who wants to know who signed. Here it is done on purpose, because nobody has the keys of these files any
/// more, and what is asked is what else is wrong with them.
fn certificate_beside(element: Element<'_>) -> Option<VerifyingKey> {
    let signature = element.children().find(|child| child.is(SIGNATURE, "Signature"))?;
    let certificate =
        signature.descendants().find(|inside| inside.is(SIGNATURE, "X509Certificate"))?;
    VerifyingKey::from_certificate(&certificate.text()).ok()
}

/// The context that a response gives for itself, and the verdict in it.
fn verdict(bytes: &[u8], key: &DecryptionKey) -> Option<String> {
    let message = decode(bytes).ok()?;
    let document = match Document::parse(&message.xml) {
        Ok(document) => document,
        Err(error) => return Some(format!("reject {}", error.rule())),
    };
    let root = document.root();
    if Kind::of(root) != Some(Kind::Response) {
        return None;
    }
    let response = Unverified::<Response<'_>>::read(root);
    let response = response.unverified();
    let assertion = response.assertions.first().map(|&e| Unverified::<Assertion<'_>>::read(e));
    let assertion = assertion.as_ref().map(Unverified::unverified);
    let conditions = assertion.and_then(|assertion| assertion.conditions.as_ref());
    let restriction = conditions.and_then(|conditions| conditions.audience_restrictions.first());
    let audience = text(restriction.and_then(|restriction| restriction.audiences.first()));
    let confirmations =
        assertion.and_then(|a| a.subject.as_ref()).map(|s| s.confirmations.as_slice());
    let data =
        confirmations.into_iter().flatten().filter_map(|confirmation| confirmation.data.as_ref());
    let recipient = text(data.clone().find_map(|data| data.recipient.as_ref()));
    let acs = recipient.or_else(|| text(response.destination.as_ref())).unwrap_or_default();
    let issuer = assertion.and_then(|a| a.issuer.as_ref()).or(response.issuer.as_ref());
    // A second after the beginning of its window and after the moment when it was issued.
    let begin = conditions.and_then(|conditions| conditions.not_before.as_ref()?.date_time());
    let issued = response.issue_instant.as_ref().and_then(Value::date_time);
    let now: DateTime<Utc> = begin.max(issued)? + TimeDelta::seconds(1);
    let request = text(response.in_response_to.as_ref());

    // What a response does not say is nobody's.
    let audience = audience.filter(|audience| !audience.is_empty());
    let sp = ServiceProvider::builder(audience.unwrap_or_else(|| "urn:nobody".to_owned()));
    let sp = sp.acs(if acs.is_empty() { "https://nowhere/" } else { &acs });
    let sp = sp.policy(AlgorithmPolicy::default().allow_sha1().rsa_bits(512));
    let sp = if request.is_none() { sp.allow_unsolicited() } else { sp };
    let sp = sp.encryption_policy(EncryptionPolicy::default().allow_cbc().allow_rsa_pkcs1());
    let sp = sp.decryption_key(key.clone()).build().unwrap();
    let signed = std::iter::once(root).chain(response.assertions.iter().copied());
    let issuer = text(issuer.map(|issuer| &issuer.value)).unwrap_or_default();
    let idp = IdentityProvider::new(issuer, signed.filter_map(certificate_beside));
    let pending = request.map(|id| PendingRequest::new(id, now));
    Some(match sp.verify_document_without_replay(&idp, &document, pending.as_ref(), now) {
        Ok(verified) => format!("accept {:?}", verified.name_id().value()),
        Err(rejection) => {
            let rules: BTreeSet<&str> = rejection.rules().collect();
            format!("reject {}", rules.into_iter().collect::<Vec<_>>().join(" "))
        }
    })
}

#[test]
fn every_response_is_judged_as_the_snapshot_has_it() {
    let Some(folder) = corpus() else { return };
    let pem =
        String::from_utf8(read(&folder.join("ruby-saml/certificates/ruby-saml.key"))).unwrap();
    let key = DecryptionKey::from_pem(&pem).unwrap();
    let mut actual = String::new();
    for file in files(&folder) {
        if let Some(verdict) = verdict(&read(&folder.join(&file)), &key) {
            actual.push_str(&format!("{file}: {verdict}\n"));
        }
    }
    let expected = String::from_utf8(read(&data("corpus-verdicts.snapshot"))).unwrap();
    if actual != expected {
        let written = std::env::temp_dir().join("corpus-verdicts.snapshot");
        #[allow(clippy::disallowed_methods, reason = "tests write what differs")]
        std::fs::write(&written, &actual).unwrap();
        panic!("read {} before it replaces tests/data/corpus-verdicts.snapshot", written.display());
    }
}
