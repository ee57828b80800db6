//! Responses under a sound signature that two readers could read in two ways, and what the caller
//! says of an exchange against what is configured; verdict, subject and reason of each, as the index
//! of the vectors has them. Each has a good one beside it that looks alike.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use samlkit::dsig::VerifyingKey;
use samlkit::sp::{IdentityProvider, PendingRequest, ServiceProvider};
use samlkit_tests::{data, files, read};
use serde_json::Value;

#[test]
fn every_case_gets_verdict_subject_and_reason() {
    let folder = data("vectors/responses-joints");
    let index: Value = serde_json::from_slice(&read(&folder.join("index.json"))).unwrap();
    let context = &index["context"];
    let now: DateTime<Utc> = context["now"].as_str().unwrap().parse().unwrap();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for case in index["cases"].as_array().unwrap() {
        // What a case does not say is as the context has it.
        let of = |name: &str| if case.get(name).is_some() { &case[name] } else { &context[name] };
        let text = |name: &str| of(name).as_str();
        let skew = TimeDelta::seconds(context["clock_skew_seconds"].as_i64().unwrap());
        let sp = ServiceProvider::builder(text("sp_entity_id").unwrap()).clock_skew(skew);
        let sp = sp.acs(text("acs_url").unwrap());
        let is_allowed = of("allow_unsolicited").as_bool().unwrap();
        let sp = if is_allowed { sp.allow_unsolicited() } else { sp }.build().unwrap();
        let pems = of("trust")
            .as_array()
            .unwrap()
            .iter()
            .map(|file| String::from_utf8(read(&folder.join(file.as_str().unwrap()))).unwrap());
        let keys = pems.map(|pem| VerifyingKey::from_pem(&pem).unwrap());
        let idp = IdentityProvider::new(text("idp_entity_id").unwrap(), keys);
        let pending = text("request_id").map(|id| match text("arrived_at") {
            Some(url) => PendingRequest::new(id, now).with_acs_url(url),
            None => PendingRequest::new(id, now),
        });
        let file = text("file").unwrap();
        seen.insert(file.to_owned());
        let verdict =
            sp.verify_without_replay(&idp, &read(&folder.join(file)), pending.as_ref(), now);
        let is_right = match (&verdict, text("verdict").unwrap()) {
            (Ok(verified), "accept") => {
                let until = text("not_on_or_after").map(|time| time.parse().unwrap());
                Some(verified.name_id().value()) == text("name_id")
                    && (until.is_none() || verified.not_on_or_after() == until)
                    && text("in_response_to").is_none_or(|id| verified.in_response_to() == Some(id))
            }
            (Err(rejection), "reject") => rejection.rules().any(|rule| Some(rule) == text("why")),
            _ => false,
        };
        if !is_right {
            wrong.push(format!("{file}: {verdict:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    // No file is without a case.
    seen.insert("index.json".to_owned());
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), files(&folder));
}
