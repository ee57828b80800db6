//! The 182 signed responses through the command and its JSON: verdict, subject and reason of each.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/vectors/responses")
}

/// What the command says of a case, in the context that the index gives, and its exit status.
fn judge(case: &Value, context: &Value) -> (Value, i32) {
    // What a case does not say is as the context has it.
    let of = |name: &str| if case.get(name).is_some() { &case[name] } else { &context[name] };
    let mut command = Command::new(env!("CARGO_BIN_EXE_samlcheck"));
    command.args(["response", "--format", "json", "--at"]).arg(context["now"].as_str().unwrap());
    command.arg(folder().join(case["file"].as_str().unwrap()));
    command.arg("--idp-entity-id").arg(of("idp_entity_id").as_str().unwrap());
    for key in of("trust").as_array().unwrap() {
        command.arg("--idp-cert").arg(folder().join(key.as_str().unwrap()));
    }
    command.arg("--sp-entity-id").arg(of("sp_entity_id").as_str().unwrap());
    command.arg("--acs").arg(of("acs_url").as_str().unwrap());
    command.arg("--clock-skew").arg(format!("{}s", context["clock_skew_seconds"]));
    if of("allow_unsolicited").as_bool() == Some(true) {
        command.arg("--allow-unsolicited");
    } else {
        command.arg("--request-id").arg(of("request_id").as_str().unwrap());
    }
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{}: {error}: {}", case["name"], String::from_utf8_lossy(&output.stderr))
    });
    (report, output.status.code().unwrap())
}

#[test]
#[allow(clippy::disallowed_methods, reason = "tests read files")]
fn every_case_gets_verdict_subject_and_reason() {
    let index: Value =
        serde_json::from_slice(&std::fs::read(folder().join("index.json")).unwrap()).unwrap();
    let cases = index["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 182);
    let mut wrong = Vec::new();
    for case in cases {
        let (report, status) = judge(case, &index["context"]);
        let findings = report["documents"].as_array().unwrap().iter();
        let findings = findings.flat_map(|document| document["findings"].as_array().unwrap());
        let errors = findings.filter(|finding| finding["severity"] == "error");
        let rules: Vec<&str> = errors.map(|finding| finding["rule"].as_str().unwrap()).collect();
        let is_right = if case["verdict"] == "accept" {
            report["verdict"] == "accept"
                && status == 0
                && rules.is_empty()
                && report["subject"]["name_id"] == case["name_id"]
        } else {
            let why = case["why"].as_str().unwrap();
            report["verdict"] == "reject"
                && status == 1
                && report["subject"].is_null()
                && is_reason(why, &rules)
        };
        if !is_right {
            wrong.push(format!("{} {}: {status} {rules:?}", case["name"], report["verdict"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How index.json says that reasons are compared.
fn is_reason(why: &str, rules: &[&str]) -> bool {
    let any = |prefix: &str| rules.iter().any(|rule| rule.starts_with(prefix));
    let about_structure = ["assertion.multiple", "document.root", "xml.duplicate-id"];
    rules.contains(&why)
        || (why.starts_with("xml.") && any("xml."))
        || (why.starts_with("signature.") && any("signature."))
        || (why == "signature.wrapping" && about_structure.iter().any(|rule| rules.contains(rule)))
}
