//! An assertion that is encrypted as a whole (saml-core 2.3.4): opened, and read as XML. Whether what is in
//! it is believed is judged in `rules`.
//!
//! Where no signature around vouches for the ciphertext, whoever sent it may be asking what is in it, by
//! changing it and watching the answer (XML Encryption 1.1, 6.1). Whatever goes wrong behind the algorithms
//! then gets one answer, [`RefusalKind::Sealed`], which `rules` also gives while nobody trusted has signed
//! what came out.

use samlkit_dsig::{DecryptError, Decrypted, Signed, decrypt, decrypt_signed};
use samlkit_xml::Element;

use super::refusal::RefusalKind;
use super::service_provider::ServiceProvider;

/// Decrypts an `EncryptedAssertion`. `around` is the evidence for the response that it stands in, where
/// there is any.
pub(super) fn open<'doc>(
    sp: &ServiceProvider,
    encrypted: Element<'doc>,
    around: Option<&Signed<'doc>>,
) -> Result<Decrypted, RefusalKind> {
    let (keys, policy) = (&sp.decryption_keys, sp.encryption_policy);
    let signed = around.and_then(|around| {
        let mut children = around.root().children();
        children.find(|child| child.range() == encrypted.range())
    });
    let decrypted = match signed {
        Some(signed) => decrypt_signed(signed, keys, policy),
        None => decrypt(encrypted, keys, policy),
    };
    decrypted.map_err(|error| match error {
        DecryptError::NoKey => RefusalKind::Encrypted,
        DecryptError::Failed if signed.is_none() => RefusalKind::Sealed,
        error => RefusalKind::Decryption(error),
    })
}

#[cfg(test)]
mod tests {
    use samlkit_dsig::FailureKind;

    use super::*;
    use crate::sp::rejection::Rejection;
    use crate::sp::tests::{CERTIFICATE, ENTRA, OTHER_KEY, OUR_KEY, opened, rules, signed};
    use crate::sp::verified_response::VerifiedResponse;

    /// The assertion in it is signed by Entra's key.
    const GCM: &str = include_str!("../../../../tests/data/encrypted/aes128-gcm.oaep-mgf1p.xml");
    const CBC: &str = include_str!("../../../../tests/data/encrypted/aes128-cbc.oaep-mgf1p.xml");

    /// A key of the kind that signed, and not the one.
    const RSA: &str = include_str!("../../../../tests/data/keys/rsa-2048.crt.pem");

    fn with_key(xml: &str) -> Result<VerifiedResponse, Rejection> {
        opened(xml, Some(OUR_KEY), &[ENTRA, CERTIFICATE])
    }

    fn only(verdict: Result<VerifiedResponse, Rejection>) -> RefusalKind {
        let rejection = verdict.unwrap_err();
        let [refusal] = rejection.refusals() else { panic!("{rejection}") };
        refusal.kind.clone()
    }

    #[test]
    fn by_its_own_signature_and_with_one_around() {
        let alone = with_key(GCM).unwrap();
        assert_eq!(alone.name_id().value(), "ada@example.com");
        assert!(!alone.is_response_signed());
        assert!(with_key(&signed(GCM, "_r1")).unwrap().is_response_signed());
        // A cipher that can be changed is good where nobody can have changed it.
        let kind = only(with_key(CBC));
        assert!(
            matches!(kind, RefusalKind::Decryption(ref e) if *e != DecryptError::Failed),
            "{kind}"
        );
        assert!(with_key(&signed(CBC, "_r1")).is_ok());
    }

    #[test]
    fn a_key_that_is_not_there_or_does_not_fit() {
        let trusted = [ENTRA, CERTIFICATE];
        assert_eq!(only(opened(GCM, None, &trusted)), RefusalKind::Encrypted);
        assert_eq!(only(opened(GCM, Some(OTHER_KEY), &trusted)), RefusalKind::Sealed);
        let around = opened(&signed(GCM, "_r1"), Some(OTHER_KEY), &trusted);
        assert_eq!(only(around), RefusalKind::Decryption(DecryptError::Failed));
    }

    /// Whoever asks learns nothing of the content; who signed around may hear what is wrong in it.
    #[test]
    fn nobody_trusted_signed_what_is_inside() {
        assert_eq!(only(opened(GCM, Some(OUR_KEY), &[CERTIFICATE])), RefusalKind::Sealed);
        let around = signed(GCM, "_r1");
        let rejection = opened(&around, Some(OUR_KEY), &[CERTIFICATE, RSA]).unwrap_err();
        let [refusal] = rejection.refusals() else { panic!("{rejection}") };
        assert_eq!(refusal.rule(), "signature.invalid");
        let place = around.get(refusal.range.clone()).unwrap();
        assert!(place.starts_with("<EncryptedAssertion"), "{place}");
    }

    /// The way of most identity providers: the signature around is the only one.
    #[test]
    fn the_signature_around_vouches_for_what_is_inside() {
        let plain = include_str!("../../../../tests/data/encrypted-parts/assertion.xml");
        let verified = with_key(&signed(plain, "_r1")).unwrap();
        assert_eq!(verified.name_id().value(), "ada@example.com");
        assert!(verified.is_response_signed());
        assert_eq!(only(with_key(plain)), RefusalKind::Sealed);
        let twice = include_str!("../../../../tests/data/encrypted-parts/assertion-id-twice.xml");
        let kind = only(with_key(&signed(twice, "_r1")));
        assert_eq!(kind, RefusalKind::Signature(FailureKind::DuplicateId));
    }

    #[test]
    fn what_is_inside_is_not_an_assertion() {
        /// What is before the encrypted data, that, and the rest.
        fn parts<'t>(xml: &'t str, name: &str) -> (&'t str, &'t str, &'t str) {
            let (before, rest) = xml.split_at(xml.find("<xenc:EncryptedData").unwrap());
            assert!(before.contains(name));
            let (content, after) = rest.split_at(rest.find(&format!("</{name}>")).unwrap());
            (before, content, after)
        }
        let other = include_str!("../../../../tests/data/encrypted-parts/other.xml");
        let (_, other, _) = parts(other, "EncryptedID");
        let namespace = "<xenc:EncryptedData xmlns:xenc='http://www.w3.org/2001/04/xmlenc#'";
        let other = other.replace("<xenc:EncryptedData", namespace);
        let (before, _, after) = parts(GCM, "EncryptedAssertion");
        let xml = format!("{before}{other}{after}");
        assert_eq!(only(with_key(&xml)), RefusalKind::Sealed);
        let around = with_key(&signed(&xml, "_r1"));
        assert_eq!(only(around), RefusalKind::Decryption(DecryptError::Failed));
    }

    #[test]
    fn an_id_inside_that_is_one_outside() {
        let xml = GCM.replace("<samlp:Status>", "<samlp:Extensions ID=\"_a1\"/><samlp:Status>");
        assert_eq!(only(with_key(&xml)), RefusalKind::Signature(FailureKind::DuplicateId));
    }

    #[test]
    fn a_failure_is_reported_beside_it() {
        let xml = GCM.replace("status:Success", "status:Requester");
        assert_eq!(rules(with_key(&xml)), ["response.status"]);
    }
}
