//! The 182 signed responses through the library: verdict, subject and reason of each.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use samlkit::dsig::VerifyingKey;
use samlkit::sp::{IdentityProvider, PendingRequest, Rejection, ServiceProvider, VerifiedResponse};
use samlkit_tests::{data, read};

struct Case {
    name: String,
    verdict: String,
    why: String,
    name_id: Option<String>,
    bytes: Vec<u8>,
    sp: ServiceProvider,
    idp: IdentityProvider,
    request_id: Option<String>,
}

fn cases() -> (Vec<Case>, String) {
    let folder = data("vectors/responses");
    let index: serde_json::Value =
        serde_json::from_slice(&read(&folder.join("index.json"))).unwrap();
    let context = &index["context"];
    let key = |file: &serde_json::Value| {
        let pem = String::from_utf8(read(&folder.join(file.as_str().unwrap()))).unwrap();
        VerifyingKey::from_pem(&pem).unwrap()
    };
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let cases = index["cases"].as_array().unwrap().iter().map(|case| {
        // What a case does not say is as the context has it.
        let of = |name: &str| if case.get(name).is_some() { &case[name] } else { &context[name] };
        let skew = chrono::TimeDelta::seconds(context["clock_skew_seconds"].as_i64().unwrap());
        let sp = ServiceProvider::builder(text(of("sp_entity_id")).unwrap()).clock_skew(skew);
        let sp = sp.acs(text(of("acs_url")).unwrap());
        let is_allowed = of("allow_unsolicited").as_bool().unwrap();
        let sp = if is_allowed { sp.allow_unsolicited() } else { sp }.build().unwrap();
        Case {
            name: text(&case["name"]).unwrap(),
            verdict: text(&case["verdict"]).unwrap(),
            why: text(&case["why"]).unwrap(),
            name_id: text(&case["name_id"]),
            bytes: read(&folder.join(case["file"].as_str().unwrap())),
            sp,
            idp: IdentityProvider::new(
                text(of("idp_entity_id")).unwrap(),
                of("trust").as_array().unwrap().iter().map(key),
            ),
            request_id: text(of("request_id")),
        }
    });
    (cases.collect(), text(&context["now"]).unwrap())
}

fn verdict(case: &Case, now: DateTime<Utc>) -> Result<VerifiedResponse, Rejection> {
    let pending = case.request_id.as_ref().map(|id| PendingRequest::new(id, now));
    case.sp.verify_without_replay(&case.idp, &case.bytes, pending.as_ref(), now)
}

/// What is said of a refusal beside the rule that the index names: too much would be noise, and is
/// looked at here.
#[test]
fn every_case_gets_verdict_subject_and_reason() {
    let (cases, now) = cases();
    assert_eq!(cases.len(), 182);
    let now = now.parse().unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let verdict = verdict(case, now);
        let problem = match (&verdict, case.verdict.as_str()) {
            (Ok(response), "accept") => (Some(response.name_id().value())
                != case.name_id.as_deref())
            .then(|| format!("subject {:?}", response.name_id().value())),
            (Err(rejection), "reject") => {
                let rules: BTreeSet<&str> = rejection.rules().collect();
                (!is_reason(case, &rules)).then(|| format!("{rules:?}"))
            }
            (verdict, _) => Some(format!("{verdict:?}")),
        };
        if let Some(problem) = problem {
            wrong.push(format!("{} ({} {}): {problem}", case.name, case.verdict, case.why));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// How index.json says that reasons are compared.
fn is_reason(case: &Case, rules: &BTreeSet<&str>) -> bool {
    let any = |prefix: &str| rules.iter().any(|rule| rule.starts_with(prefix));
    if case.why.starts_with("xml.") {
        return any("xml.");
    }
    if case.why.starts_with("signature.") {
        let about_structure = ["assertion.multiple", "document.root", "xml.duplicate-id"];
        let is_wrapping = case.why == "signature.wrapping";
        return any("signature.")
            || (is_wrapping && about_structure.iter().any(|rule| rules.contains(rule)))
            || (case.name == "declared-latin1-with-utf8" && any("xml."));
    }
    rules.contains(case.why.as_str())
}

/// Where one thing is wrong, one thing is told.
#[test]
fn what_is_good_is_not_complained_about() {
    let (cases, now) = cases();
    let now = now.parse().unwrap();
    let mut several = Vec::new();
    for case in &cases {
        let about_content = ["response.", "assertion.", "subject."];
        if !about_content.iter().any(|group| case.why.starts_with(group)) {
            continue;
        }
        let rejection = verdict(case, now).unwrap_err();
        let rules: Vec<&str> = rejection.rules().collect();
        if rules != [case.why.as_str()] {
            several.push(format!("{} ({}): {rules:?}", case.name, case.why));
        }
    }
    assert_eq!(several, SEVERAL, "{}", several.join("\n"));
}

/// Cases in which more than one rule is broken indeed.
const SEVERAL: [&str; 2] = [
    "expired (assertion.expired): [\"subject.expired\", \"assertion.expired\"]",
    "no-assertion (assertion.missing): [\"assertion.missing\", \"signature.missing\"]",
];
