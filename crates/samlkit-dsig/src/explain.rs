//! Why a signature failed, as facts for a report. Nothing here is evidence: [`Explanation`] has no
//! element to read values from, and the key in it is a [`PresentedKey`], which nothing takes for trusted.
//! The certificates that a message carries are decoded here and nowhere else.

use samlkit_xml::{Canonicalization, CanonicalizationError, Element, Limit};

use crate::algorithm::{AlgorithmPolicy, Digest};
use crate::base64;
use crate::inspection::{Inspection, SignedHash, inspect};
use crate::key::PresentedKey;
use crate::namespace::SIGNATURE as NAMESPACE;
use crate::rejection::{Failure, FailureKind, Failures};
use crate::signature::signatures;

/// Keys of a `KeyInfo` that are looked at: a leaf and what is above it in its chain.
const MOST_PRESENTED: usize = 8;

/// What can be said of the signature on an element without trusting anybody.
#[derive(Clone, Debug)]
pub struct Explanation<'doc> {
    element: Element<'doc>,
    signature: Option<Element<'doc>>,
    presented: Option<PresentedKey>,
    is_made_by_presented: bool,
    /// Whether KeyInfo names a place to fetch the key from. Nothing is ever fetched.
    points_elsewhere: bool,
    failures: Vec<Failure>,
    reference: Option<Reference<'doc>>,
}

/// What the signature says of the element.
#[derive(Clone, Debug)]
struct Reference<'doc> {
    method: Canonicalization<'doc>,
    digest: Digest,
    stated: Vec<u8>,
}

/// Looks at the signature of `element` as a verifier would that trusted the key which the message
/// carries. It is for reports: it says what is wrong besides trust, and who claims to have signed.
///
/// ```
/// use samlkit_dsig::{AlgorithmPolicy, explain};
/// use samlkit_xml::Document;
///
/// let document = Document::parse(b"<Assertion ID='_1'/>")?;
/// let explanation = explain(document.root(), &AlgorithmPolicy::default());
/// assert_eq!(explanation.failures()[0].rule(), "signature.missing");
/// assert!(explanation.presented().is_none());
/// # Ok::<(), samlkit_xml::Error>(())
/// ```
///
/// An explanation is no evidence:
///
/// ```compile_fail,E0599
/// # use samlkit_dsig::{AlgorithmPolicy, explain};
/// # fn read(element: samlkit_xml::Element<'_>) {
/// let forged = explain(element, &AlgorithmPolicy::default()).root();
/// # }
/// ```
pub fn explain<'doc>(element: Element<'doc>, policy: &AlgorithmPolicy) -> Explanation<'doc> {
    let mut failures = Failures::default();
    let inspected = inspect(element, policy, &mut failures);
    let signature = signatures(element).next();
    let of_key = |signature: Element<'doc>| {
        signature.children().find(|child| child.is(NAMESPACE, "KeyInfo"))
    };
    let key_info = signature.and_then(of_key);
    let all = key_info.map(presented_keys).unwrap_or_default();
    let retrieval = |info: Element<'_>| info.children().any(|c| c.is(NAMESPACE, "RetrievalMethod"));
    let points_elsewhere = all.is_empty() && key_info.is_some_and(retrieval);
    let mut presented = all.first().cloned();
    let mut is_made_by_presented = false;
    if let Ok(Inspection { value: Ok(made), .. }) = &inspected {
        match made_by(element, made, &all) {
            Ok(Some(key)) => {
                // That it is too short is noted by the check.
                let _ = made.check_key(key.kind(), policy, &mut failures);
                presented = Some(key.clone());
                is_made_by_presented = true;
            }
            Ok(None) => {
                let kind = made.made_by_none(all.iter().map(PresentedKey::kind));
                _ = failures.add(kind, made.value_range.clone());
            }
            Err(limit) => _ = failures.add(limit, made.value_range.clone()),
        }
    }
    let reference = inspected.ok().and_then(|inspected| {
        let reference = inspected.signature.reference.ok()?;
        let ((digest, _), (stated, _)) = (reference.digest.ok()?, reference.value.ok()?);
        Some(Reference { method: reference.canonicalization.ok()?, digest, stated })
    });
    let failures = failures.in_order();
    Explanation {
        element,
        signature,
        presented,
        is_made_by_presented,
        points_elsewhere,
        failures,
        reference,
    }
}

fn made_by<'k>(
    element: Element<'_>,
    made: &SignedHash,
    keys: &'k [PresentedKey],
) -> Result<Option<&'k PresentedKey>, samlkit_xml::LimitExceeded> {
    for key in keys {
        element.document().budget().spend(Limit::KeyTrials, 1)?;
        if key.verifies(made.method, made.hash.octets(), &made.value) {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

impl<'doc> Explanation<'doc> {
    /// The key that the signature carries with it, if one can be read: the one that made it, or else the
    /// first. It says who claims to have signed, and nothing makes it true.
    pub fn presented(&self) -> Option<&PresentedKey> {
        self.presented.as_ref()
    }

    /// Whether the presented key made the signature value.
    pub fn is_made_by_presented(&self) -> bool {
        self.is_made_by_presented
    }

    /// What would still be wrong if the presented key were trusted, in the order of the places. Empty
    /// means that element, signature and presented key agree with one another, which anybody can arrange.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// What the signature says that the digest of the element is: the hash function and the value. `None`
    /// where that cannot be read.
    pub fn stated_digest(&self) -> Option<(Digest, &[u8])> {
        self.reference.as_ref().map(|reference| (reference.digest, reference.stated.as_slice()))
    }

    /// By which method the signature says that the element became octets.
    pub fn stated_canonicalization(&self) -> Option<&Canonicalization<'doc>> {
        self.reference.as_ref().map(|reference| &reference.method)
    }

    /// The canonical octets of the element without its signature, by any method.
    ///
    /// # Errors
    /// [`CanonicalizationError`].
    pub fn octets(&self, method: &Canonicalization<'_>) -> Result<Vec<u8>, CanonicalizationError> {
        method.octets(self.element, self.signature)
    }

    /// How the element was formatted after it was signed, where that can be told: with its white space as
    /// it must have been it has the digest that its signature states. `None` where the digest is good as
    /// it is, or where no such change explains it.
    ///
    /// It explains a refusal and makes nothing good: only octets that a trusted key signed are trusted.
    pub fn reformatted(&self) -> Option<Reformatting> {
        let Reference { method, digest, stated } = self.reference.as_ref()?;
        let octets = self.octets(method).ok()?;
        reformatting(&octets, |octets| digest.value(octets) == *stated)
    }

    /// A failure of [`verify`](crate::verify()) in the words of what is known now: a value that fits none of
    /// the trusted keys was made by the presented one, or by one that the message says to fetch.
    pub fn refine(&self, failure: Failure) -> Failure {
        Failure { kind: self.refine_kind(failure.kind), range: failure.range }
    }

    fn refine_kind(&self, kind: FailureKind) -> FailureKind {
        let trusted = match kind {
            FailureKind::Invalid { keys } => keys,
            FailureKind::KeyKind { ref trusted, .. } => trusted.len(),
            FailureKind::NoKeys => 0,
            other => return other,
        };
        let is_elsewhere = self.points_elsewhere && trusted > 0;
        if !self.is_made_by_presented && !is_elsewhere {
            return kind;
        }
        let made_it = self.presented.as_ref().filter(|_| self.is_made_by_presented);
        let presented = made_it.and_then(PresentedKey::certificate).cloned().map(Box::new);
        FailureKind::UntrustedKey { presented, trusted }
    }
}

/// The keys that a `KeyInfo` spells out: in certificates, and as `RSAKeyValue`. One that cannot be
/// read, or that proves nothing, is left out.
fn presented_keys(key_info: Element<'_>) -> Vec<PresentedKey> {
    let mut keys = Vec::new();
    for child in key_info.children() {
        let inside = |local: &'static str| {
            child.children().filter(move |inside| inside.is(NAMESPACE, local))
        };
        if child.is(NAMESPACE, "X509Data") {
            let certificates = inside("X509Certificate").take(MOST_PRESENTED);
            keys.extend(
                certificates.filter_map(|c| PresentedKey::from_certificate(&c.text()).ok()),
            );
        }
        if child.is(NAMESPACE, "KeyValue") {
            keys.extend(inside("RSAKeyValue").take(1).filter_map(of_rsa_value));
        }
        if keys.len() >= MOST_PRESENTED {
            break;
        }
    }
    keys.truncate(MOST_PRESENTED);
    keys
}

fn of_rsa_value(value: Element<'_>) -> Option<PresentedKey> {
    let number = |local: &str| {
        let number = value.children().find(|child| child.is(NAMESPACE, local))?;
        base64::decode(&number.text())
    };
    PresentedKey::from_rsa_value(&number("Modulus")?, &number("Exponent")?).ok()
}

/// What was done to content after it was signed, where that can be told from its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reformatting {
    /// White space was put between elements.
    SpaceBetweenElements,
    /// White space was put around texts, too.
    SpaceAroundTexts,
    /// Line ends became carriage return and line feed.
    CarriageReturnsAdded,
    /// Line ends were carriage return and line feed, and are no more.
    CarriageReturnsLost,
}

impl Reformatting {
    /// What was done, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::SpaceBetweenElements => "white space was put between elements",
            Self::SpaceAroundTexts => "white space was put around texts",
            Self::CarriageReturnsAdded => "carriage returns were added at line ends",
            Self::CarriageReturnsLost => "carriage returns were taken from line ends",
        }
    }
}

/// Which change of white space gives octets that have the digest which was signed.
fn reformatting(octets: &[u8], is_signed: impl Fn(&[u8]) -> bool) -> Option<Reformatting> {
    if is_signed(octets) {
        return None;
    }
    let pieces = pieces(octets);
    let is_blank = |text: &[u8]| text.trim_ascii().is_empty();
    let without_blank = |keep_leaves: bool| {
        let mut written = Vec::with_capacity(octets.len());
        for (at, (piece, is_tag)) in pieces.iter().enumerate() {
            let tag = |at: Option<usize>| at.and_then(|at| pieces.get(at)).map(|(tag, _)| *tag);
            let opened = tag(at.checked_sub(1)).is_some_and(|tag| !tag.starts_with(b"</"));
            let closes = tag(at.checked_add(1)).is_some_and(|tag| tag.starts_with(b"</"));
            if *is_tag || !is_blank(piece) || (keep_leaves && opened && closes) {
                written.extend_from_slice(piece);
            }
        }
        written
    };
    let trimmed = || {
        let trim = |(piece, is_tag): &(&[u8], bool)| {
            if *is_tag { piece.to_vec() } else { piece.trim_ascii().to_vec() }
        };
        pieces.iter().map(trim).collect::<Vec<_>>().concat()
    };
    // Canonical octets are UTF-8, and carriage returns are references in them.
    let text = std::str::from_utf8(octets).ok()?;
    if is_signed(&without_blank(true)) || is_signed(&without_blank(false)) {
        return Some(Reformatting::SpaceBetweenElements);
    }
    if is_signed(&trimmed()) {
        return Some(Reformatting::SpaceAroundTexts);
    }
    if is_signed(text.replace("&#xD;", "").as_bytes()) {
        return Some(Reformatting::CarriageReturnsAdded);
    }
    let returned = text.replace('\n', "&#xD;\n");
    is_signed(returned.as_bytes()).then_some(Reformatting::CarriageReturnsLost)
}

/// Canonical octets as tags and the texts between them; what is a tag is marked.
fn pieces(octets: &[u8]) -> Vec<(&[u8], bool)> {
    let mut pieces = Vec::new();
    let mut rest = octets;
    while !rest.is_empty() {
        let is_tag = rest.starts_with(b"<");
        let mut quoted = false;
        let mut ends = rest.iter().enumerate().filter(|(_, octet)| {
            // Canonical XML has no other quotes.
            quoted ^= is_tag && **octet == b'"';
            if is_tag { !quoted && **octet == b'>' } else { **octet == b'<' }
        });
        let end = ends.next().map_or(rest.len(), |(at, _)| at.saturating_add(usize::from(is_tag)));
        let Some((piece, after)) = rest.split_at_checked(end) else { break };
        pieces.push((piece, is_tag));
        rest = after;
    }
    pieces
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests")]
mod tests {
    use samlkit_xml::Document;

    use super::*;
    use crate::algorithm::{PublicKey, SignatureAlgorithm};
    use crate::testing::{
        GOOD, INCLUSIVE, certificate, element, pem, sealed, sealed_by, signing_key, trusted,
    };
    use crate::{SignOptions, SigningKey, sign, verify};

    /// What explains that `signed`, changed so, has another digest.
    fn explained(signed: &str, change: impl Fn(&str) -> String) -> Option<Reformatting> {
        let key = SigningKey::from_pem(pem("rsa-2048").0, None).unwrap();
        let document = Document::parse(signed.as_bytes()).unwrap();
        let signed = sign(&document, "_1", &key, &SignOptions::default()).unwrap();
        let changed = change(&String::from_utf8(signed).unwrap());
        let document = Document::parse(changed.as_bytes()).unwrap();
        explain(document.root(), &AlgorithmPolicy::default()).reformatted()
    }

    const ONE_LINE: &str = "<a ID='_1'><b x='1 &gt; 2'><c>ada</c></b><d> </d></a>";

    #[test]
    fn what_editors_do() {
        let pretty = |text: &str| text.replace("<b", "\n  <b").replace("</b>", "\n  </b>\n");
        assert_eq!(explained(ONE_LINE, pretty), Some(Reformatting::SpaceBetweenElements));
        let around = |text: &str| pretty(text).replace("ada", "\n  ada\n").replace("> <", "><");
        let dense = ONE_LINE.replace("> <", "><");
        assert_eq!(explained(&dense, around), Some(Reformatting::SpaceAroundTexts));
        let added = |text: &str| text.replace("\n", "&#xD;\n");
        assert_eq!(
            explained("<a ID='_1'>x\ny</a>", added),
            Some(Reformatting::CarriageReturnsAdded)
        );
        let lost = |text: &str| text.replace("&#13;", "");
        assert_eq!(
            explained("<a ID='_1'>x&#13;\ny</a>", lost),
            Some(Reformatting::CarriageReturnsLost)
        );
    }

    #[test]
    fn other_changes_and_none() {
        assert_eq!(explained(ONE_LINE, |text| text.replace("ada", "eve")), None);
        assert_eq!(explained(ONE_LINE, |text| text.replace("ada", "a da")), None);
        assert_eq!(explained(ONE_LINE, str::to_owned), None);
    }

    fn x509(names: &[&str]) -> String {
        let data = names.iter().map(|name| {
            let base64 = if name.len() > 20 { (*name).to_owned() } else { certificate(name) };
            format!("<X509Certificate>{base64}</X509Certificate>")
        });
        format!("<X509Data>{}</X509Data>", data.collect::<String>())
    }

    /// `GOOD` with this in its `KeyInfo`, signed by rsa-2048.
    fn with_key_info(inside: &str) -> String {
        sealed(&GOOD.replace("<KeyInfo/>", &format!("<KeyInfo>{inside}</KeyInfo>")))
    }

    fn explained_by<T>(
        xml: &str,
        policy: AlgorithmPolicy,
        show: impl Fn(&Explanation<'_>) -> T,
    ) -> T {
        let document = Document::parse(xml.as_bytes()).unwrap();
        show(&explain(element(&document, "Assertion"), &policy))
    }

    /// The subject of the presented certificate, whether it made the signature, and what is wrong.
    fn seen(xml: &str) -> (Option<String>, bool, Vec<FailureKind>) {
        explained_by(xml, AlgorithmPolicy::default(), |explanation| {
            let presented = explanation.presented().and_then(PresentedKey::certificate);
            let subject = presented.map(|certificate| certificate.subject.clone());
            let kinds = explanation.failures().iter().map(|failure| failure.kind.clone());
            (subject, explanation.is_made_by_presented(), kinds.collect())
        })
    }

    fn subject(name: &str) -> Option<String> {
        Some(format!("CN={name}, for tests"))
    }

    #[test]
    fn the_presented_key_that_made_the_signature_wherever_it_stands() {
        for names in [
            &["rsa-2048"][..],
            &["p256", "rsa-1024", "rsa-2048"],
            &["rsa-2048", "p256"],
            &["*not base64, so it cannot be read*", "rsa-2048"],
        ] {
            assert_eq!(seen(&with_key_info(&x509(names))), (subject("rsa-2048"), true, vec![]));
        }
        let two = format!("{}{}", x509(&["p256"]), x509(&["rsa-2048"]));
        assert_eq!(seen(&with_key_info(&two)), (subject("rsa-2048"), true, vec![]));
    }

    #[test]
    fn a_presented_key_that_did_not_make_it() {
        let others = with_key_info(&x509(&["p256", "rsa-1024"]));
        let invalid = FailureKind::Invalid { keys: 2 };
        assert_eq!(seen(&others), (subject("p256"), false, vec![invalid]));
        let kinds = FailureKind::KeyKind {
            method: "RSA with SHA-256".to_owned(),
            trusted: [trusted("p256"), trusted("p384")].map(|key| key.kind().clone()).to_vec(),
        };
        let none = with_key_info(&x509(&["p256", "p384"]));
        assert_eq!(seen(&none), (subject("p256"), false, vec![kinds]));
        let empty = with_key_info("<KeyName>rsa-2048</KeyName>");
        assert_eq!(seen(&empty), (None, false, vec![FailureKind::NoKeys]));
        // What is wrong with the value is said at the value.
        explained_by(&empty, AlgorithmPolicy::default(), |explanation| {
            let range = explanation.failures()[0].range.clone();
            assert!(empty.contains(&format!("<SignatureValue>{}</SignatureValue>", &empty[range])));
        });
    }

    #[test]
    fn certificates_in_other_elements_are_not_looked_at() {
        let inside = x509(&["rsa-2048"]);
        for other in [
            inside.replace("X509Data", "Other"),
            inside.replace("X509Certificate", "Other"),
            inside.replace("<X509Data>", "<X509Data xmlns='urn:x'>"),
            format!("<x>{inside}</x>"),
        ] {
            let seen = seen(&with_key_info(&other));
            assert_eq!(seen, (None, false, vec![FailureKind::NoKeys]), "{other}");
        }
    }

    /// Keys are looked at up to a number: a leaf and its chain, and no more.
    #[test]
    fn the_ninth_key_is_not_looked_at() {
        let last = |before: usize| [vec!["p256"; before], vec!["rsa-2048"]].concat();
        assert!(seen(&with_key_info(&x509(&last(7)))).1);
        assert!(!seen(&with_key_info(&x509(&last(8)))).1);
        let apart = |before: usize| -> String {
            last(before).into_iter().map(|name| x509(&[name])).collect()
        };
        assert!(seen(&with_key_info(&apart(7))).1);
        assert!(!seen(&with_key_info(&apart(8))).1);
        // In one element and a half, too.
        let both = format!("{}{}", x509(&["p256"; 5]), x509(&last(3)));
        let invalid = seen(&with_key_info(&both)).2;
        assert!(
            matches!(invalid.as_slice(), [FailureKind::KeyKind { trusted, .. }]
            if trusted.len() == 8),
            "{invalid:?}"
        );
    }

    /// The numbers of the key rsa-2048, cut out of its SubjectPublicKeyInfo.
    fn rsa_value(exponent: &str) -> String {
        let der = crate::Certificate::der_of_base64(&certificate("rsa-2048")).unwrap();
        // INTEGER, 257 octets, a zero, and the modulus.
        let at = der.windows(4).position(|w| w == [0x02, 0x82, 0x01, 0x01]).unwrap() + 5;
        let modulus = base64::encode(&der[at..at + 256]);
        format!(
            "<KeyValue><RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>{exponent}</Exponent>\
             </RSAKeyValue></KeyValue>"
        )
    }

    #[test]
    fn a_key_that_is_spelled_out() {
        let xml = with_key_info(&rsa_value("AQAB"));
        assert_eq!(seen(&xml), (None, true, vec![]));
        explained_by(&xml, AlgorithmPolicy::default(), |explanation| {
            let kind = PublicKey::Rsa { bits: 2048, exponent: 65_537 };
            assert_eq!(explanation.presented().unwrap().kind(), &kind);
            let shown = format!("{:?}", explanation.presented().unwrap());
            assert_eq!(shown, "PresentedKey(RSA 2048)");
        });
        let good = rsa_value("AQAB");
        for wrong in [
            good.replace("RSAKeyValue", "DSAKeyValue"),
            good.replace("<KeyValue>", "<KeyValue xmlns='urn:x'>"),
            good.replace("KeyValue><RSA", "Other><RSA").replace("</KeyValue>", "</Other>"),
            good.replace("Modulus", "Other"),
            good.replace("Exponent", "Other"),
            good.replace("AQAB", "*"),
            // Exponents 1 and 2: a key under which anybody signs is not shown as a signer.
            rsa_value("AQ=="),
            rsa_value("Ag=="),
        ] {
            let seen = seen(&with_key_info(&wrong));
            assert_eq!(seen, (None, false, vec![FailureKind::NoKeys]), "{wrong}");
        }
        // One number, not several.
        let two = format!(
            "{}{}",
            rsa_value("AQ==").trim_end_matches("</KeyValue>"),
            good.trim_start_matches("<KeyValue>")
        );
        assert!(!seen(&with_key_info(&two)).1);
    }

    #[test]
    fn certificates_that_prove_nothing_are_left_out() {
        for certificate in [
            include_str!("../../../tests/data/certificates/rsa-exponent-1.b64"),
            include_str!("../../../tests/data/certificates/rsa-exponent-2.b64"),
            include_str!("../../../tests/data/certificates/ec-off-the-curve.b64"),
        ] {
            let alone = with_key_info(&x509(&[certificate]));
            assert_eq!(seen(&alone), (None, false, vec![FailureKind::NoKeys]));
            let first = with_key_info(&x509(&[certificate, "rsa-2048"]));
            assert_eq!(seen(&first), (subject("rsa-2048"), true, vec![]));
        }
    }

    #[test]
    fn a_presented_key_that_is_too_short_and_what_else_is_wrong() {
        let method = SignatureAlgorithm::RsaPkcs1(Digest::Sha256);
        let template =
            GOOD.replace("<KeyInfo/>", &format!("<KeyInfo>{}</KeyInfo>", x509(&["rsa-1024"])));
        let xml = sealed_by(&template, &signing_key("rsa-1024"), method);
        let key = PublicKey::Rsa { bits: 1024, exponent: 65_537 };
        let weak = FailureKind::WeakKey { key, least: 2048 };
        assert_eq!(seen(&xml), (subject("rsa-1024"), true, vec![weak.clone()]));
        let changed = seen(&xml.replace(">ada<", ">eve<"));
        assert_eq!((changed.1, changed.2.len(), &changed.2[0]), (true, 2, &weak));
        assert_eq!(changed.2[1].rule(), "signature.digest");
        let allowed = AlgorithmPolicy::default().rsa_bits(1024);
        assert!(explained_by(&xml, allowed, |explanation| explanation.failures().is_empty()));
    }

    #[test]
    fn without_a_signature_there_is_nothing_to_say() {
        explained_by("<Assertion ID='_1'><b/></Assertion>", AlgorithmPolicy::default(), |none| {
            assert!(none.presented().is_none() && !none.is_made_by_presented());
            assert!(none.stated_digest().is_none() && none.stated_canonicalization().is_none());
            assert!(none.reformatted().is_none());
            let octets = none.octets(&Canonicalization::by_uri(INCLUSIVE).unwrap()).unwrap();
            assert_eq!(octets, b"<Assertion ID=\"_1\"><b></b></Assertion>");
        });
        // The key is shown where the signature is of no use otherwise.
        let xml = with_key_info(&x509(&["rsa-2048"])).replace("rsa-sha256", "rsa-md5");
        assert_eq!(seen(&xml).0, subject("rsa-2048"));
        assert!(!seen(&xml).1);
    }

    #[test]
    fn what_the_signature_states() {
        let xml = sealed(GOOD).replace(">ada<", ">eve<");
        explained_by(&xml, AlgorithmPolicy::default(), |explanation| {
            let good = b"<Assertion ID=\"_1\"><Name>ada</Name></Assertion>";
            let (digest, value) = explanation.stated_digest().unwrap();
            assert_eq!((digest, value), (Digest::Sha256, &*Digest::Sha256.value(good)));
            let method = explanation.stated_canonicalization().unwrap();
            assert_eq!(method.uri(), crate::namespace::EXCLUSIVE_C14N);
            let octets = explanation.octets(method).unwrap();
            assert_eq!(octets, b"<Assertion ID=\"_1\"><Name>eve</Name></Assertion>");
        });
    }

    #[test]
    fn what_verify_refuses_is_said_more_exactly() {
        let document_of = |xml: &str| with_refined(xml, &["rsa-1024"]);
        let own = with_key_info(&x509(&["rsa-2048"]));
        let refined = document_of(&own);
        let FailureKind::UntrustedKey { presented, trusted } = &refined else {
            panic!("{refined}")
        };
        assert_eq!(presented.as_ref().unwrap().subject, "CN=rsa-2048, for tests");
        assert_eq!(*trusted, 1);
        assert_eq!(
            refined.to_string(),
            format!(
                "the signature was made by a key that is not trusted: CN=rsa-2048, for tests, sha256 {}",
                presented.as_ref().unwrap().sha256_hex()
            )
        );
        for (keys, count) in [(&[][..], 0), (&["p256"], 1), (&["p256", "p384"], 2)] {
            let FailureKind::UntrustedKey { presented: Some(_), trusted } =
                with_refined(&own, keys)
            else {
                panic!("{keys:?}")
            };
            assert_eq!(trusted, count);
        }
        let bare = document_of(&with_key_info(&rsa_value("AQAB")));
        assert_eq!(bare, FailureKind::UntrustedKey { presented: None, trusted: 1 });
        // The presented key did not make it: nothing more is known.
        let other = with_key_info(&x509(&["p521"]));
        assert_eq!(document_of(&other), FailureKind::Invalid { keys: 1 });
        assert_eq!(with_refined(&other, &[]), FailureKind::NoKeys);
        assert!(matches!(with_refined(&other, &["p256"]), FailureKind::KeyKind { .. }));
        // What is not about the key stays what it is.
        let missing = Failure::new(FailureKind::Missing { element: "a".to_owned() }, 1..2);
        explained_by(&own, AlgorithmPolicy::default(), |explanation| {
            assert_eq!(explanation.refine(missing.clone()), missing);
        });
    }

    /// The one refusal under these trusted keys, refined.
    fn with_refined(xml: &str, keys: &[&str]) -> FailureKind {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let keys: Vec<_> = keys.iter().map(|name| trusted(name)).collect();
        let policy = AlgorithmPolicy::default();
        let mut refused = verify(document.root(), &keys, &policy).unwrap_err().into_failures();
        assert_eq!(refused.len(), 1);
        explain(document.root(), &policy).refine(refused.remove(0)).kind
    }

    #[test]
    fn each_way_of_reformatting_has_words_of_its_own() {
        let all = [
            Reformatting::SpaceBetweenElements,
            Reformatting::SpaceAroundTexts,
            Reformatting::CarriageReturnsAdded,
            Reformatting::CarriageReturnsLost,
        ];
        let words: std::collections::BTreeSet<_> = all.iter().map(|r| r.describe()).collect();
        assert_eq!(words.len(), 4);
        assert!(Reformatting::CarriageReturnsLost.describe().contains("taken from"));
    }

    #[test]
    fn canonical_octets_in_pieces() {
        let text = b"<a b=\"x>y\">t<c></c> </a>";
        let (tag, text_piece) = (true, false);
        let expected: [(&[u8], bool); 6] = [
            (b"<a b=\"x>y\">", tag),
            (b"t", text_piece),
            (b"<c>", tag),
            (b"</c>", tag),
            (b" ", text_piece),
            (b"</a>", tag),
        ];
        assert_eq!(pieces(text), expected);
        assert_eq!(pieces(b""), []);
        assert_eq!(pieces(b"a\"b<c>"), [(&b"a\"b"[..], false), (b"<c>", true)]);
        assert_eq!(pieces(b"<a"), [(&b"<a"[..], true)]);
    }

    /// An element that was empty when it was signed, and one that had blank text.
    #[test]
    fn blank_leaves_are_tried_both_ways() {
        let between = Some(Reformatting::SpaceBetweenElements);
        let pretty = |text: &str| text.replace("<c>", "\n <c>").replace("</c>", "</c>\n");
        assert_eq!(explained("<a ID='_1'><b> </b><c>x</c></a>", pretty), between);
        let filled = |text: &str| text.replace("<b/>", "<b>\n</b>");
        assert_eq!(explained("<a ID='_1'><b/><c>x</c></a>", filled), between);
        let both = |text: &str| pretty(&text.replace("<b/>", "<b>\n</b>"));
        assert_eq!(explained("<a ID='_1'><b/><c>x</c></a>", both), between);
    }
}
