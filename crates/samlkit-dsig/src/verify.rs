//! Verification: the maker of evidence. A signature is evidence for the element that it stands in, if
//! it has the one shape of the profile ([`Rejection`] says what is wrong), if the element is what was
//! digested, and if a key that the caller trusts signed that digest.
//!
//! What the message says about its key is not even read here: a certificate that a stranger put into a
//! message is decoded by [`explain`](crate::explain()) only, which makes no evidence.

use samlkit_xml::{Element, Limit};

use crate::algorithm::AlgorithmPolicy;
use crate::evidence::Signed;
use crate::inspection::{SignedHash, inspect};
use crate::key::VerifyingKey;
use crate::rejection::{Failures, Noted, Rejection};

/// Verifies the signature of `element`: the one that is its child and refers to it.
///
/// ```
/// use samlkit_dsig::{AlgorithmPolicy, verify};
/// use samlkit_xml::Document;
///
/// let document = Document::parse(b"<Assertion ID='_1'/>")?;
/// let rejection = verify(document.root(), &[], &AlgorithmPolicy::default()).unwrap_err();
/// assert_eq!(rejection.to_string(), "signature.missing: <Assertion> is not signed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The key that a message presents is no key to trust, and does not become one:
///
/// ```compile_fail,E0308
/// # use samlkit_dsig::{AlgorithmPolicy, explain, verify};
/// # fn judge(element: samlkit_xml::Element<'_>) {
/// let policy = AlgorithmPolicy::default();
/// let presented = explain(element, &policy).presented().cloned().unwrap();
/// let forged = verify(element, &[presented], &policy);
/// # }
/// ```
///
/// # Errors
/// Everything that is wrong, not only the first.
pub fn verify<'doc>(
    element: Element<'doc>,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
) -> Result<Signed<'doc>, Rejection> {
    let mut failures = Failures::default();
    let signed = judge(element, keys, policy, &mut failures);
    // A failure may have been noted beside a signature that is good otherwise.
    let signed = signed.and_then(|signed| failures.any().map(|()| signed));
    signed.map_err(|noted| failures.reject(noted))
}

fn judge<'doc>(
    element: Element<'doc>,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
    failures: &mut Failures,
) -> Result<Signed<'doc>, Noted> {
    let inspected = inspect(element, policy, failures)?;
    let made = inspected.value.and_then(|made| {
        let key = trusted_key(element, &made, keys, policy, failures)?;
        Ok((key, made.method))
    });
    let (canonicalization, digest) = inspected.digested?;
    let (key, method) = made?;
    Ok(Signed::new(element, inspected.element, key, (method, digest), canonicalization))
}

/// Finds the trusted key that signed.
fn trusted_key(
    element: Element<'_>,
    made: &SignedHash,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
    failures: &mut Failures,
) -> Result<VerifyingKey, Noted> {
    let budget = element.document().budget();
    for key in keys.iter().filter(|key| key.kind().fits(made.method)) {
        if let Err(limit) = budget.spend(Limit::KeyTrials, 1) {
            return Err(failures.add(limit, made.value_range.clone()));
        }
        if key.verifies(made.method, made.hash.octets(), &made.value) {
            made.check_key(key.kind(), policy, failures)?;
            return Ok(key.clone());
        }
    }
    let kind = made.made_by_none(keys.iter().map(VerifyingKey::kind));
    Err(failures.add(kind, made.value_range.clone()))
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests")]
mod tests {
    use samlkit_xml::Document;

    use super::*;
    use crate::algorithm::{Digest, PublicKey, SignatureAlgorithm};
    use crate::namespace::ASSERTION;
    use crate::rejection::FailureKind;
    use crate::testing::{GOOD, INCLUSIVE, sealed, sealed_by, signing_key, trusted};
    use crate::{SignOptions, sign};

    /// What is wrong with the signature of the root, and the text at each place.
    fn refusals(
        xml: &str,
        keys: &[VerifyingKey],
        policy: AlgorithmPolicy,
    ) -> Vec<(FailureKind, String)> {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let rejection = verify(document.root(), keys, &policy).unwrap_err();
        let text = document.text();
        let place = |range: std::ops::Range<usize>| text[range].to_owned();
        rejection.into_failures().into_iter().map(|f| (f.kind, place(f.range))).collect()
    }

    /// [`refusals`] where there is one, under the trusted key rsa-2048 and the default policy.
    fn refusal(xml: &str) -> (FailureKind, String) {
        let mut all = refusals(xml, &[trusted("rsa-2048")], AlgorithmPolicy::default());
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    fn is_good(xml: &str, keys: &[VerifyingKey], policy: AlgorithmPolicy) -> bool {
        let document = Document::parse(xml.as_bytes()).unwrap();
        verify(document.root(), keys, &policy).is_ok()
    }

    /// `GOOD` with one thing changed before it is signed.
    fn changed(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from}");
        sealed(&GOOD.replacen(from, to, 1))
    }

    #[test]
    fn the_one_good_shape_is_evidence() {
        let xml = sealed(GOOD);
        let document = Document::parse(xml.as_bytes()).unwrap();
        let keys = [trusted("rsa-1024"), trusted("p256"), trusted("rsa-2048")];
        let signed = verify(document.root(), &keys, &AlgorithmPolicy::default()).unwrap();
        assert_eq!(signed.key().certificate().unwrap().subject, "CN=rsa-2048, for tests");
        assert_eq!(signed.method(), SignatureAlgorithm::RsaPkcs1(Digest::Sha256));
        assert_eq!(signed.digest(), Digest::Sha256);
        assert_eq!(signed.canonicalization().uri(), crate::namespace::EXCLUSIVE_C14N);
        assert_eq!(signed.octets().unwrap(), b"<Assertion ID=\"_1\"><Name>ada</Name></Assertion>");
        // Canonical XML without a second transform is good too, and comments say nothing.
        for to in ["", &format!("<Transform Algorithm='{INCLUSIVE}#WithComments'/>")] {
            let exclusive = "<Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>";
            let xml = changed(exclusive, to).replace(">ada<", ">a<!-- x -->da<");
            let document = Document::parse(xml.as_bytes()).unwrap();
            let signed = verify(document.root(), &keys, &AlgorithmPolicy::default()).unwrap();
            assert_eq!(signed.canonicalization().uri(), INCLUSIVE);
        }
    }

    #[test]
    fn every_algorithm_is_verified_under_its_policy() {
        use Digest::{Sha1, Sha256, Sha384, Sha512};
        use SignatureAlgorithm::{Ecdsa, RsaPkcs1, RsaPss};
        let usual = AlgorithmPolicy::default();
        for digest in [Sha1, Sha256, Sha384, Sha512] {
            for (name, method) in [
                ("rsa-2048", RsaPkcs1(digest)),
                ("rsa-2048", RsaPss(digest)),
                ("p256", Ecdsa(digest)),
                ("p384", Ecdsa(digest)),
                ("p521", Ecdsa(digest)),
            ] {
                let key = signing_key(name);
                let document = Document::parse(b"<a ID='_1'/>").unwrap();
                let options = SignOptions::default().method(method);
                let xml =
                    String::from_utf8(sign(&document, "_1", &key, &options).unwrap()).unwrap();
                let keys = [trusted(name)];
                assert!(is_good(&xml, &keys, usual.allow_sha1()), "{method} {name}");
                assert_eq!(is_good(&xml, &keys, usual), digest != Sha1, "{method} {name}");
                // The other keys did not make it.
                let others: Vec<_> = ["rsa-1024", "rsa-2048", "p256", "p384", "p521"]
                    .into_iter()
                    .filter(|other| *other != name)
                    .map(trusted)
                    .collect();
                let kinds = refusals(&xml, &others, usual.allow_sha1());
                assert_eq!(kinds[0].0, FailureKind::Invalid { keys: 4 }, "{method} {name}");
                // One changed octet at either end, in both halves of an ECDSA value.
                let (before, rest) = xml.split_once("<ds:SignatureValue>").unwrap();
                let (value, after) = rest.split_once('<').unwrap();
                let value = crate::base64::decode(value).unwrap();
                for at in [0, value.len() / 2, value.len() - 1] {
                    let mut value = value.clone();
                    value[at] ^= 1;
                    let value = crate::base64::encode(&value);
                    let xml = format!("{before}<ds:SignatureValue>{value}<{after}");
                    let kind = refusals(&xml, &keys, usual.allow_sha1()).remove(0).0;
                    assert_eq!(kind, FailureKind::Invalid { keys: 1 }, "{method} {name}");
                }
                // A value that is cut, and one with something behind it.
                for value in [&value[1..], &[&value[..], &[0]].concat(), &[]] {
                    let value = crate::base64::encode(value);
                    let xml = format!("{before}<ds:SignatureValue>{value}<{after}");
                    assert!(!is_good(&xml, &keys, usual.allow_sha1()), "{method} {name}");
                }
            }
        }
    }

    #[test]
    fn sha_1_in_either_place_is_refused_by_name() {
        let sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
        let (kind, place) = refusal(&changed("http://www.w3.org/2001/04/xmlenc#sha256", sha1));
        let expected = FailureKind::Algorithm { role: "digest method", found: sha1.to_owned() };
        assert_eq!((kind, &*place), (expected, &*format!("<DigestMethod Algorithm='{sha1}'/>")));
        let rsa = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
        let xml = GOOD.replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", rsa);
        let method = SignatureAlgorithm::RsaPkcs1(Digest::Sha1);
        let xml = sealed_by(&xml, &signing_key("rsa-2048"), method);
        let (kind, place) = refusal(&xml);
        let expected = FailureKind::Algorithm { role: "signature method", found: rsa.to_owned() };
        assert_eq!((kind, &*place), (expected, &*format!("<SignatureMethod Algorithm='{rsa}'/>")));
        assert!(is_good(&xml, &[trusted("rsa-2048")], AlgorithmPolicy::default().allow_sha1()));
    }

    #[test]
    fn algorithms_that_the_profile_does_not_have() {
        let of = |role, found: &str| FailureKind::Algorithm { role, found: found.to_owned() };
        let md5 = "http://www.w3.org/2001/04/xmldsig-more#md5";
        let (kind, place) = refusal(&changed("http://www.w3.org/2001/04/xmlenc#sha256", md5));
        assert_eq!(kind, of("digest method", md5));
        assert_eq!(place, format!("<DigestMethod Algorithm='{md5}'/>"));
        let hmac = "http://www.w3.org/2000/09/xmldsig#hmac-sha1";
        let rsa = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
        let (kind, place) = refusal(&changed(rsa, hmac));
        assert_eq!(kind, of("signature method", hmac));
        assert_eq!(place, format!("<SignatureMethod Algorithm='{hmac}'/>"));
        let method = "<CanonicalizationMethod Algorithm='urn:x'/>";
        let (kind, place) = refusal(&changed(
            "<CanonicalizationMethod Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>",
            method,
        ));
        assert_eq!((kind, &*place), (of("canonicalization method", "urn:x"), method));
    }

    #[test]
    fn changed_content_and_a_changed_digest() {
        let xml = sealed(GOOD);
        let good = Digest::Sha256.value(b"<Assertion ID=\"_1\"><Name>ada</Name></Assertion>");
        let good = crate::base64::encode(&good);
        let eve = Digest::Sha256.value(b"<Assertion ID=\"_1\"><Name>eve</Name></Assertion>");
        let eve = crate::base64::encode(&eve);
        let (kind, place) = refusal(&xml.replace(">ada<", ">eve<"));
        let (found, expected) = (eve.clone(), good.clone());
        let element = "Assertion".to_owned();
        assert_eq!(kind, FailureKind::Digest { element, found, expected });
        assert_eq!(place, good);
        // With the digest changed to fit, the value does not fit.
        let (kind, place) = refusal(&xml.replace(">ada<", ">eve<").replace(&good, &eve));
        assert_eq!(kind, FailureKind::Invalid { keys: 1 });
        assert!(xml.contains(&format!("<SignatureValue>{place}</SignatureValue>")));
    }

    #[test]
    fn no_key_and_keys_of_another_kind() {
        let xml = sealed(GOOD);
        let policy = AlgorithmPolicy::default();
        let all = refusals(&xml, &[], policy);
        assert_eq!((all.len(), &all[0].0), (1, &FailureKind::NoKeys));
        assert!(xml.contains(&format!("<SignatureValue>{}</SignatureValue>", all[0].1)));
        let all = refusals(&xml, &[trusted("p256"), trusted("p384")], policy);
        let method = "RSA with SHA-256".to_owned();
        let trusted = [trusted("p256"), trusted("p384")].map(|key| key.kind().clone()).to_vec();
        assert_eq!((all.len(), &all[0].0), (1, &FailureKind::KeyKind { method, trusted }));
        assert_eq!(
            all[0].0.to_string(),
            "RSA with SHA-256 was used, and no trusted key is of that kind: EC P-256, EC P-384"
        );
    }

    #[test]
    fn a_key_that_is_too_short_and_made_it() {
        let method = SignatureAlgorithm::RsaPkcs1(Digest::Sha256);
        let xml = sealed_by(GOOD, &signing_key("rsa-1024"), method);
        let keys = [trusted("rsa-1024")];
        let policy = AlgorithmPolicy::default();
        let all = refusals(&xml, &keys, policy);
        let key = PublicKey::Rsa { bits: 1024, exponent: 65_537 };
        let weak = FailureKind::WeakKey { key, least: 2048 };
        let place =
            "<SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/>";
        assert_eq!(all, [(weak, place.to_owned())]);
        assert!(is_good(&xml, &keys, policy.rsa_bits(1024)));
        let ecdsa = SignatureAlgorithm::Ecdsa(Digest::Sha256);
        let ec = GOOD.replace("rsa-sha256", "ecdsa-sha256");
        let ec = sealed_by(&ec, &signing_key("p256"), ecdsa);
        assert!(is_good(&ec, &[trusted("p256")], policy));
        let kind = refusals(&ec, &[trusted("p256")], policy.ec_bits(257)).remove(0).0;
        assert!(matches!(kind, FailureKind::WeakKey { least: 257, .. }), "{kind}");
        // A key that is too short and did not make it is not spoken of.
        assert_eq!(refusal_of_other(&sealed(GOOD)), FailureKind::Invalid { keys: 1 });
    }

    fn refusal_of_other(xml: &str) -> FailureKind {
        refusals(xml, &[trusted("rsa-1024")], AlgorithmPolicy::default()).remove(0).0
    }

    #[test]
    fn no_signature_and_several() {
        let (kind, place) = refusal("<a ID='_1'><b/></a>");
        assert_eq!(kind, FailureKind::Missing { element: "a".to_owned() });
        assert_eq!(place, "<a ID='_1'>");
        for count in [2, 3] {
            let second = "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#' n=''/>";
            let xml = sealed(GOOD).replace("<Name>", &(second.repeat(count - 1) + "<Name>"));
            let (kind, place) = refusal(&xml);
            let element = "Assertion".to_owned();
            assert_eq!(kind, FailureKind::SeveralSignatures { element, count });
            assert_eq!(place, second);
        }
    }

    #[test]
    fn a_signature_that_stands_deeper_is_misplaced() {
        let signature = "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'>";
        let misplaced = |parent: &str| FailureKind::Misplaced {
            element: "a".to_owned(),
            parent: parent.to_owned(),
        };
        let of = |uri: &str| {
            format!(
                "<a ID='_1'><b>{signature}<SignedInfo><Reference URI='{uri}'/></SignedInfo></Signature></b></a>"
            )
        };
        assert_eq!(refusal(&of("#_1")), (misplaced("b"), signature.to_owned()));
        // A reference to something else, or in something else, is no signature of this element.
        let missing = FailureKind::Missing { element: "a".to_owned() };
        for xml in [
            of("#_2"),
            of("_1"),
            of("#"),
            of("#_1").replace(" ID='_1'", ""),
            of("#").replace("'_1'", "''"),
            of("#_1").replace("Signature", "Signed"),
            of("#_1").replace("Reference", "Ref"),
        ] {
            assert_eq!(refusal(&xml).0, missing, "{xml}");
        }
    }

    #[test]
    fn the_place_of_the_signature() {
        let expected = "it as the first child, or right after an Issuer";
        let issuer = format!("<Issuer xmlns='{ASSERTION}'>x</Issuer>");
        let first = "<Assertion ID='_1'>";
        assert!(is_good(
            &changed(first, &format!("{first}{issuer}")),
            &[trusted("rsa-2048")],
            AlgorithmPolicy::default()
        ));
        for (before, after) in [
            ("<x/>".to_owned(), "x"),
            ("<Issuer/>".to_owned(), "Issuer"),
            (format!("{issuer}<y/>"), "y"),
            (format!("{issuer}<y/><z/>"), "z"),
            (format!("<x/>{issuer}"), "x"),
            (format!("{issuer}{issuer}"), "Issuer"),
        ] {
            let (kind, place) = refusal(&changed(first, &format!("{first}{before}")));
            let after = after.to_owned();
            assert_eq!(kind, FailureKind::Placement { after, expected }, "{before}");
            assert_eq!(place, "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'>");
        }
    }

    #[test]
    fn the_reference_is_to_the_element_around() {
        let uri = |found: Option<&str>| FailureKind::ReferenceUri {
            found: found.map(str::to_owned),
            expected: "#_1".to_owned(),
        };
        for found in ["#_2", "_1", "", "#", "#xpointer(id('_1'))", "http://x/#_1", "# _1"] {
            let to = format!("<Reference URI=\"{found}\">");
            let (kind, place) = refusal(&changed("<Reference URI='#_1'>", &to));
            assert_eq!((kind, place), (uri(Some(found)), to));
        }
        let (kind, place) = refusal(&changed("<Reference URI='#_1'>", "<Reference>"));
        assert_eq!((kind, &*place), (uri(None), "<Reference>"));
        let no_id = FailureKind::NoId { element: "Assertion".to_owned() };
        for start in ["<Assertion>", "<Assertion ID=''>", "<Assertion Id='_1'>"] {
            let xml = changed("<Assertion ID='_1'>", start);
            assert_eq!(refusal(&xml), (no_id.clone(), start.to_owned()));
            let empty = sealed(&GOOD.replace("<Assertion ID='_1'>", start).replace("#_1", "#"));
            assert_eq!(refusal(&empty), (no_id.clone(), start.to_owned()));
        }
    }

    #[test]
    fn a_duplicate_id_anywhere_in_the_document() {
        let xml = changed("<Name>ada</Name>", "<Name x='_2' Id='_2'/><b xml:id='_2'/>");
        assert_eq!(refusal(&xml), (FailureKind::DuplicateId, "<b xml:id='_2'/>".to_owned()));
        // It is said of an element without a signature too.
        let kinds = refusals("<a><b ID='_1'/><c id='_1'/></a>", &[], AlgorithmPolicy::default());
        let kinds: Vec<_> = kinds.into_iter().map(|(kind, _)| kind).collect();
        let missing = FailureKind::Missing { element: "a".to_owned() };
        assert_eq!(kinds, [missing, FailureKind::DuplicateId]);
    }

    #[test]
    fn all_that_is_wrong_is_said_in_the_order_of_the_places() {
        let xml = sealed(GOOD)
            .replace(">ada<", ">eve<")
            .replace("<Assertion ID='_1'>", "<Assertion ID='_1'><x/>")
            .replace("<KeyInfo/>", "<KeyInfo/><Object/>");
        let all = refusals(&xml, &[], AlgorithmPolicy::default());
        let rules: Vec<_> = all.iter().map(|(kind, _)| kind.rule()).collect();
        assert_eq!(
            rules,
            [
                "signature.placement",
                "signature.digest",
                "signature.untrusted-key",
                "signature.malformed",
            ]
        );
    }

    /// The hash of what is signed, padded as PKCS #1 v1.5 has it (RFC 8017, 9.2), for a modulus of 2048
    /// bits. Under the exponent 1 this number is its own signature, for everybody.
    fn padded(hash: &[u8]) -> Vec<u8> {
        let sha256 = [
            0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ];
        let mut padded = vec![0, 1];
        padded.resize(256 - 1 - sha256.len() - hash.len(), 0xFF);
        padded.push(0);
        padded.extend(sha256);
        padded.extend(hash);
        padded
    }

    #[test]
    fn under_the_exponent_1_anybody_signs_and_so_it_is_no_key() {
        let hash = Digest::Sha256.value(b"anything");
        let forged = padded(&hash);
        assert_eq!(forged.len(), 256);
        let certificate = include_str!("../../../tests/data/certificates/rsa-exponent-1.b64");
        let der = crate::Certificate::der_of_base64(certificate).unwrap();
        let (read, handle) = crate::Certificate::with_key(&der).unwrap();
        assert!(read.public_key.proves_nothing());
        // The library verifies it: s to the power of 1 is the padded hash.
        let method = SignatureAlgorithm::RsaPkcs1(Digest::Sha256);
        assert!(crate::crypto::verify(&handle.unwrap(), method, &hash, &forged));
        // So no key is made of it, to trust or to present.
        let error = crate::KeyError::Exponent { exponent: 1 };
        assert_eq!(VerifyingKey::from_certificate(certificate).unwrap_err(), error);
        assert_eq!(crate::PresentedKey::from_certificate(certificate).unwrap_err(), error);
    }
}
