//! The stages from bytes to a verdict, beside the floor that nobody can do without: SHA-256 of the
//! bytes, and for each signature one verification of RSA-2048 with a ready key.

#![allow(clippy::disallowed_methods, reason = "benchmarks read files and measure time")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::{Signer, Verifier};
use samlkit::Kind;
use samlkit::dsig::{AlgorithmPolicy, Digest, SignOptions, SigningKey, VerifyingKey, sign, verify};
use samlkit::metadata::Metadata;
use samlkit::sp::{IdentityProvider, PendingRequest, ServiceProvider};
use samlkit::xml::{Canonicalization, Document, Limits};

/// Rounds of each measurement; the fastest tenth counts, because the rest is other work of the
/// machine.
const ROUNDS: usize = 2_000;

fn measure(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work();
        times.push(start.elapsed());
    }
    times.sort();
    times[ROUNDS / 20]
}

/// All of it: for a response the verdict with every rule, for metadata its signature and its types.
fn verdict(bytes: &[u8], sp: &ServiceProvider, idp: &IdentityProvider) -> usize {
    let document = Document::parse(bytes).unwrap();
    if Kind::of(document.root()) == Some(Kind::EntityDescriptor) {
        assert!(verify(document.root(), idp.keys(), &AlgorithmPolicy::default()).is_ok());
        let metadata = Metadata::read(&document).unwrap();
        return metadata.entities().map(|entity| entity.roles.len()).sum();
    }
    let now = "2026-06-01T12:00:00Z".parse().unwrap();
    let pending = PendingRequest::new("_req-4711", now);
    let verdict = sp.verify_document_without_replay(idp, &document, Some(&pending), now);
    verdict.unwrap().attributes().len()
}

fn main() {
    // `cargo test` and `cargo bench` pass arguments that mean nothing here.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let private = read("tests/data/keys/rsa-2048.test-only.pem");
    let certificate = read("tests/data/keys/rsa-2048.crt.pem");
    let key = SigningKey::from_pem(&private, Some(&certificate)).unwrap();
    let keys = [VerifyingKey::from_pem(&certificate).unwrap()];

    let response = samlkit_tests::response_of_8_kb(&private, &certificate);
    let metadata = read("examples/entra-app.xml");
    let from = metadata.find("<Signature ").unwrap();
    let to = metadata.find("</Signature>").unwrap() + "</Signature>".len();
    let metadata = format!("{}{}", &metadata[..from], &metadata[to..]);
    let metadata = metadata.replace(
        "<fed:ClaimTypesOffered>",
        &format!(
            "<fed:ClaimTypesOffered>{}",
            "<auth:ClaimType Uri=\"http://schemas.example/a\" \
                 xmlns:auth=\"http://docs.oasis-open.org/wsfed/authorization/200706\"/>"
                .repeat(560)
        ),
    );
    let id = "_c4a7e0d2-6b1f-4c58-9d3e-8f2a7b6c5d41";
    let document = Document::parse(metadata.as_bytes()).unwrap();
    let metadata = sign(&document, id, &key, &SignOptions::default()).unwrap();
    let one = samlkit_tests::signed_response_of_8_kb(&private, &certificate);
    let documents = [
        ("response, the assertion signed", one, "_a1", 1u32),
        ("response, both signed", response, "_a1", 2),
        ("Entra metadata", metadata, id, 1),
    ];

    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let entity_id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    let sp = ServiceProvider::builder(entity_id).acs(acs).build().unwrap();
    let tenant = "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/";
    let idp = IdentityProvider::new(tenant, keys.to_vec());
    let pkey = PKey::private_key_from_pem(private.as_bytes()).unwrap();
    let public = PKey::public_key_from_pem(&pkey.public_key_to_pem().unwrap()).unwrap();
    let signature =
        Signer::new(MessageDigest::sha256(), &pkey).unwrap().sign_oneshot_to_vec(b"x").unwrap();

    for (name, signed, id, signatures) in documents {
        let hash = measure(|| drop(black_box(Digest::Sha256.value(&signed))));
        let rsa = measure(|| {
            let mut verifier = Verifier::new(MessageDigest::sha256(), &public).unwrap();
            assert!(verifier.verify_oneshot(&signature, b"x").unwrap());
        });
        let floor = hash + rsa * signatures;
        let parse = measure(|| drop(black_box(Document::parse(&signed).unwrap())));
        // One document is looked at over and over here, which no budget allows.
        let limits = Limits::default().canonical_octets(usize::MAX);
        let limits = limits.signatures(usize::MAX).key_trials(usize::MAX);
        let document = Document::parse_with(&signed, &limits).unwrap();
        let element = document.element_by_id(id).unwrap();
        let method = Canonicalization::by_uri("http://www.w3.org/2001/10/xml-exc-c14n#").unwrap();
        let canonical =
            measure(|| method.element(element, None, |piece| _ = black_box(piece)).unwrap());
        let policy = AlgorithmPolicy::default();
        let evidence = measure(|| drop(black_box(verify(element, &keys, &policy).unwrap())));
        let all = measure(|| {
            let document = Document::parse(&signed).unwrap();
            let element = document.element_by_id(id).unwrap();
            drop(black_box(verify(element, &keys, &policy).unwrap()));
        });
        let verdict = measure(|| _ = black_box(verdict(&signed, &sp, &idp)));
        println!("{name}, {} bytes, {signatures} x RSA in the floor", signed.len());
        for (stage, time) in [
            ("SHA-256 of the bytes", hash),
            ("RSA-2048 verification", rsa),
            ("floor", floor),
            ("parse", parse),
            ("canonicalize", canonical),
            ("verify", evidence),
            ("parse and verify one", all),
            ("verdict or entity read", verdict),
        ] {
            let ratio = time.as_secs_f64() / floor.as_secs_f64();
            println!("  {stage:24} {:8.1} µs  {ratio:5.2} x floor", time.as_secs_f64() * 1e6);
        }
    }
}
