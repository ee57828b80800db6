//! The vectors of signed responses, as far as reading XML decides them: every `xml.*` and
//! `document.*` case is refused by the rule that its index names, and every good one is read.

use samlcheck::{Options, Severity, check};
use samlkit::Kind;
use samlkit_tests::{data, read};

struct Case {
    name: String,
    file: String,
    why: String,
    verdict: String,
}

fn cases() -> Vec<Case> {
    let index = read(&data("vectors/responses/index.json"));
    let index: serde_json::Value = serde_json::from_slice(&index).unwrap();
    let text = |case: &serde_json::Value, key: &str| case[key].as_str().unwrap().to_owned();
    let cases = index["cases"].as_array().unwrap().iter();
    let cases = cases.map(|case| Case {
        name: text(case, "name"),
        file: text(case, "file"),
        why: text(case, "why"),
        verdict: text(case, "verdict"),
    });
    cases.collect()
}

/// The error rules about the document of a response, at the time of the vectors.
fn errors(case: &Case) -> Vec<&'static str> {
    let bytes = read(&data("vectors/responses").join(&case.file));
    let options = Options { asked_for: Some(Kind::Response), ..Options::default() };
    let report = check(&case.name, &bytes, &options, "2026-06-01T12:00:00Z".parse().unwrap());
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let rules = errors.map(|finding| finding.rule);
    rules.filter(|rule| rule.starts_with("xml.") || rule.starts_with("document.")).collect()
}

/// Whether the index takes `rule` for the reason of the refusal.
fn is_refused_for(case: &Case, rule: &str) -> bool {
    rule == case.why || (case.why.starts_with("xml.") && rule.starts_with("xml."))
}

#[test]
fn every_case_about_xml_is_refused_with_its_rule() {
    let cases: Vec<Case> = cases()
        .into_iter()
        .filter(|case| case.why.starts_with("xml.") || case.why.starts_with("document."))
        .collect();
    assert!(cases.len() >= 20, "{}", cases.len());
    let mut other_rule = Vec::new();
    for case in &cases {
        let errors = errors(case);
        assert!(errors.iter().any(|rule| is_refused_for(case, rule)), "{}: {errors:?}", case.name);
        if !errors.contains(&case.why.as_str()) {
            other_rule.push((case.name.as_str(), case.why.as_str(), errors));
        }
    }
    // The index allows any rule about XML; these are all that have another than it names.
    assert_eq!(other_rule, []);
}

#[test]
fn every_good_case_is_read() {
    let good: Vec<Case> = cases().into_iter().filter(|case| case.verdict == "accept").collect();
    assert_eq!(good.len(), 30);
    for case in good {
        assert_eq!(errors(&case), [""; 0], "{}", case.name);
    }
}

/// What is wrong for another reason is no fault of the XML: nothing is refused that is not hostile.
#[test]
fn the_other_cases_are_read_too() {
    let others = cases().into_iter().filter(|case| {
        let about_xml = case.why.starts_with("xml.") || case.why.starts_with("document.");
        case.verdict == "reject" && !about_xml
    });
    let refused: Vec<(String, Vec<&str>)> = others
        .map(|case| (case.name.clone(), errors(&case)))
        .filter(|(_, e)| !e.is_empty())
        .collect();
    let names: Vec<&str> = refused.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, REFUSED_FOR_SEVERAL_REASONS, "{refused:?}");
}

/// Cases about signatures that break a rule about the document as well: the same ID under another
/// of the names that somebody treats as one, and a namespace of XML Signature written with https.
const REFUSED_FOR_SEVERAL_REASONS: [&str; 4] =
    ["wrap-id-attribute-case", "wrap-xml-id", "wrap-namespaced-id", "fake-namespace-signature"];
