//! The vectors of signed responses, as far as signatures decide them: a response is good if its
//! assertion, or the response around it, carries a signature by a trusted key, and none that fails.

use std::collections::BTreeSet;

use samlkit::Kind;
use samlkit::dsig::{AlgorithmPolicy, Rejection, Signed, VerifyingKey, explain, verify};
use samlkit::names::ASSERTION;
use samlkit::xml::Document;
use samlkit_tests::{data, read};

struct Case {
    name: String,
    verdict: String,
    why: String,
    name_id: Option<String>,
    bytes: Vec<u8>,
    keys: Vec<VerifyingKey>,
}

fn cases() -> Vec<Case> {
    let folder = data("vectors/responses");
    let index: serde_json::Value =
        serde_json::from_slice(&read(&folder.join("index.json"))).unwrap();
    let key = |file: &serde_json::Value| {
        let pem = String::from_utf8(read(&folder.join(file.as_str().unwrap()))).unwrap();
        VerifyingKey::from_pem(&pem).unwrap()
    };
    let keys =
        |trust: &serde_json::Value| trust.as_array().map(|list| list.iter().map(key).collect());
    let usual: Vec<VerifyingKey> = keys(&index["context"]["trust"]).unwrap();
    let text = |case: &serde_json::Value, key: &str| case[key].as_str().map(str::to_owned);
    let cases = index["cases"].as_array().unwrap().iter();
    let cases = cases.map(|case| Case {
        name: text(case, "name").unwrap(),
        verdict: text(case, "verdict").unwrap(),
        why: text(case, "why").unwrap(),
        name_id: text(case, "name_id"),
        bytes: read(&folder.join(case["file"].as_str().unwrap())),
        keys: keys(&case["trust"]).unwrap_or_else(|| usual.clone()),
    });
    cases.collect()
}

/// The evidence for the one assertion of a response, or the rules that are broken.
fn judge(case: &Case) -> Result<String, BTreeSet<&'static str>> {
    let refused = |rule| Err(BTreeSet::from([rule]));
    let document = match Document::parse(&case.bytes) {
        Ok(document) => document,
        Err(error) => return refused(error.rule()),
    };
    let root = document.root();
    if Kind::of(root) != Some(Kind::Response) {
        return refused("document.root");
    }
    if document.duplicate_ids().next().is_some() {
        return refused("xml.duplicate-id");
    }
    let assertions: Vec<_> = root.children().filter(|e| e.is(ASSERTION, "Assertion")).collect();
    let policy = AlgorithmPolicy::default();
    let elements = std::iter::once(root).chain(assertions.iter().copied());
    // The verdict looks at trusted keys only; who signed instead is asked afterwards.
    let refined = |element, rejection: Rejection| -> Vec<&'static str> {
        let explanation = explain(element, &policy);
        let failures = rejection.into_failures().into_iter();
        failures.map(|failure| explanation.refine(failure).rule()).collect()
    };
    let verdicts: Vec<Result<Signed<'_>, Vec<&str>>> = elements
        .map(|e| verify(e, &case.keys, &policy).map_err(|rejection| refined(e, rejection)))
        .collect();
    let is_absent = |rules: &[&str]| rules.iter().all(|rule| *rule == "signature.missing");
    let mut rules = BTreeSet::new();
    match assertions.len() {
        0 => _ = rules.insert("assertion.missing"),
        1 => {}
        _ => _ = rules.insert("assertion.multiple"),
    }
    let mut evidence = None;
    for verdict in &verdicts {
        match verdict {
            Ok(signed) => evidence = Some(signed),
            Err(broken) if is_absent(broken) => {}
            Err(broken) => rules.extend(broken),
        }
    }
    if let (true, Some(signed)) = (rules.is_empty(), evidence) {
        let root = signed.root();
        let assertion = root.children().find(|e| e.is(ASSERTION, "Assertion")).unwrap_or(root);
        let subject = assertion.children().find(|e| e.is(ASSERTION, "Subject"));
        let name_id = subject.and_then(|s| s.children().find(|e| e.is(ASSERTION, "NameID")));
        return Ok(name_id.map(|name_id| name_id.text().into_owned()).unwrap_or_default());
    }
    if evidence.is_none() && !rules.iter().any(|rule| rule.starts_with("signature.")) {
        rules.insert("signature.missing");
    }
    Err(rules)
}

#[test]
fn every_good_response_is_accepted_with_its_subject() {
    let good: Vec<Case> = cases().into_iter().filter(|case| case.verdict == "accept").collect();
    assert_eq!(good.len(), 30);
    for case in good {
        let name_id = judge(&case);
        assert_eq!(name_id.as_ref().ok(), case.name_id.as_ref(), "{}: {name_id:?}", case.name);
    }
}

#[test]
fn every_case_about_signatures_and_xml_is_refused_for_its_reason() {
    let mut seen = 0;
    for case in cases() {
        let of = |group: &str| case.why.starts_with(group);
        if case.verdict == "accept" || !(of("signature.") || of("xml.") || of("document.")) {
            continue;
        }
        seen += 1;
        let rules = judge(&case).expect_err(&case.name);
        let is_allowed = |rule: &&str| {
            let about_structure = ["assertion.multiple", "document.root", "xml.duplicate-id"];
            **rule == case.why
                || (of("xml.") && rule.starts_with("xml."))
                || (of("signature.") && rule.starts_with("signature."))
                || (case.why == "signature.wrapping" && about_structure.contains(rule))
        };
        assert!(rules.iter().any(is_allowed), "{}: {rules:?}", case.name);
        if of("signature.") && case.why != "signature.wrapping" {
            assert!(
                rules.contains(case.why.as_str()) || OTHER_REASON.contains(&case.name.as_str()),
                "{}: {rules:?}, expected {}",
                case.name,
                case.why
            );
        }
    }
    assert!(seen > 90, "{seen}");
}

/// The key that a message presents is under no signature: anybody can put another there. It makes no
/// verdict better or worse, whatever it is, and is not even decoded for one.
#[test]
fn what_a_message_says_of_its_key_changes_nothing() {
    let text = |path: &str| String::from_utf8(read(&data(path))).unwrap();
    let body = |pem: &str| pem.split("-----").nth(2).unwrap().to_owned();
    let evil = body(&text("vectors/responses/evil.pem"));
    let exponent_1 = text("certificates/rsa-exponent-1.b64");
    let long = "A".repeat(1_000_000);
    let (start, end) = ("<X509Certificate>", "</X509Certificate>");
    let policy = AlgorithmPolicy::default();
    let judge = |name: &str, key: &str| {
        let case = cases().into_iter().find(|case| case.name == name).unwrap();
        let xml = String::from_utf8(case.bytes).unwrap();
        let from = xml.find(start).unwrap() + start.len();
        let to = from + xml[from..].find(end).unwrap();
        let xml = format!("{}{key}{}", &xml[..from], &xml[to..]);
        let document = Document::parse(xml.as_bytes()).unwrap();
        let assertion = document.elements().find(|e| e.is(ASSERTION, "Assertion")).unwrap();
        let verdict = verify(assertion, &case.keys, &policy);
        verdict.map(|_| ()).map_err(|rejection| rejection.failures()[0].rule())
    };
    for key in ["", "?", "AAAA", &evil, &exponent_1, &long, "<x/>"] {
        assert_eq!(judge("good-assertion-signed", key), Ok(()), "{:.20}", key);
        let stranger = judge("signed-by-stranger", key);
        assert_eq!(stranger, Err("signature.invalid"), "{:.20}", key);
    }
}

/// Cases that are refused for another reason about signatures than the one the index gives, which
/// allows any of them.
const OTHER_REASON: [&str; 0] = [];

/// What is wrong with these is in the message, not in the signature, which is good.
#[test]
fn the_other_cases_have_good_signatures() {
    let others = cases().into_iter().filter(|case| {
        let groups = ["signature.", "xml.", "document.", "assertion.missing", "assertion.multiple"];
        case.verdict == "reject" && !groups.iter().any(|group| case.why.starts_with(group))
    });
    let refused: Vec<_> = others
        .filter_map(|case| Some((case.name.clone(), case.why.clone(), judge(&case).err()?)))
        .collect();
    // A failure has no assertion, and so no signature to look at.
    let failed = ("status-failure-entra".to_owned(), "response.status".to_owned());
    assert_eq!(
        refused,
        [(failed.0, failed.1, BTreeSet::from(["assertion.missing", "signature.missing"]))]
    );
}
