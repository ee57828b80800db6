//! Attacks on what is around a signature, as the indexes of their vectors have them: what decryption
//! gives, relative namespace names, and metadata that is no root of trust. A reject is for one reason,
//! which the index names; beside each stand good ones that look alike.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use samlcheck::case::VerdictContext;
use samlcheck::{Options, Severity};
use samlkit::dsig::{AlgorithmPolicy, DecryptionKey, VerifyingKey};
use samlkit::metadata::Metadata;
use samlkit::sp::{IdentityProvider, PendingRequest, Rejection, ServiceProvider, VerifiedResponse};
use samlkit::xml::Document;
use samlkit_tests::{data, files, read};
use serde_json::Value;

/// A folder of vectors with its index.
struct Vectors {
    folder: PathBuf,
    index: Value,
}

impl Vectors {
    fn read(name: &str) -> Self {
        let folder = data(&format!("vectors/{name}"));
        let index = serde_json::from_slice(&read(&folder.join("index.json"))).unwrap();
        Self { folder, index }
    }

    fn context(&self, name: &str) -> Option<&str> {
        self.index["context"][name].as_str()
    }

    fn pem(&self, name: &str) -> String {
        String::from_utf8(self.file(self.context(name).unwrap())).unwrap()
    }

    fn now(&self) -> DateTime<Utc> {
        self.context("now").unwrap().parse().unwrap()
    }

    fn trusted(&self) -> VerifyingKey {
        VerifyingKey::from_pem(&self.pem("trust")).unwrap()
    }

    fn file(&self, name: &str) -> Vec<u8> {
        read(&self.folder.join(name))
    }

    fn cases(&self) -> &[Value] {
        self.index["cases"].as_array().unwrap()
    }

    /// No file is without a case, and no case without a file.
    fn has_a_case_for_each_file(&self) {
        let of_cases =
            self.cases().iter().flat_map(|case| [&case["file"], &case["response"]["file"]]);
        let mut names: BTreeSet<&str> = of_cases.filter_map(Value::as_str).collect();
        names.insert("index.json");
        assert_eq!(names.into_iter().collect::<Vec<_>>(), files(&self.folder));
    }

    fn service_provider(&self) -> ServiceProvider {
        let sp = ServiceProvider::builder(self.context("sp_entity_id").unwrap());
        let sp = sp.acs(self.context("acs_url").unwrap());
        let sp = match self.context("decryption") {
            Some(_) => sp.decryption_key(DecryptionKey::from_pem(&self.pem("decryption")).unwrap()),
            None => sp,
        };
        sp.build().unwrap()
    }

    fn judge(&self, idp: &IdentityProvider, file: &str) -> Result<VerifiedResponse, Rejection> {
        let pending = PendingRequest::new(self.context("request_id").unwrap(), self.now());
        let bytes = self.file(file);
        self.service_provider().verify_without_replay(idp, &bytes, Some(&pending), self.now())
    }

    /// The errors of samlcheck about a response that is judged.
    fn errors(&self, idp: &IdentityProvider, file: &str) -> Vec<&'static str> {
        let request_id = self.context("request_id").map(str::to_owned);
        let context = VerdictContext { sp: self.service_provider(), idp: idp.clone(), request_id };
        let options = Options { verdict: Some(context), ..Options::default() };
        let report = samlcheck::check(file, &self.file(file), &options, self.now());
        let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| finding.rule).collect()
    }
}

/// The string of that name; every case has it.
fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("{case}: no {name}"))
}

fn responses(folder: &str, least: usize) {
    let vectors = Vectors::read(folder);
    let idp = IdentityProvider::new(vectors.context("idp_entity_id").unwrap(), [vectors.trusted()]);
    let mut wrong = Vec::new();
    for case in vectors.cases() {
        let file = text(case, "file");
        let verdict = vectors.judge(&idp, file);
        let is_right = match (&verdict, text(case, "verdict")) {
            (Ok(verified), "accept") => {
                let groups = verified.attributes().iter().filter(|a| a.name() == "groups");
                let values: Vec<&String> = groups.flat_map(|groups| groups.values()).collect();
                verified.name_id().value() == text(case, "name_id")
                    && Value::from_iter(values.into_iter().map(String::as_str)) == case["groups"]
            }
            (Err(rejection), "reject") => {
                let also = case["also"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let expected: Vec<&str> = [text(case, "why")].into_iter().chain(also).collect();
                let mut rules: Vec<&str> = rejection.rules().collect();
                rules.dedup();
                rules == expected
            }
            _ => false,
        };
        if !is_right {
            wrong.push(format!("{file}: {verdict:?}"));
        }
        // A reject is never without a reason in the report either, and an accept has none.
        let errors = vectors.errors(&idp, file);
        let is_told = match &verdict {
            Ok(_) => errors.is_empty(),
            Err(_) => errors.contains(&text(case, "why")),
        };
        if !is_told {
            wrong.push(format!("{file}: samlcheck reports {errors:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(vectors.cases().len() >= least, "{}", vectors.cases().len());
    vectors.has_a_case_for_each_file();
}

#[test]
fn what_decryption_gives_is_read_with_signed_namespaces_only() {
    responses("encrypted-joints", 30);
}

#[test]
fn relative_namespace_names_are_not_canonicalized() {
    responses("relative-namespaces", 10);
}

#[test]
fn what_is_no_root_of_trust() {
    let vectors = Vectors::read("metadata-roots");
    let (now, trusted) = (vectors.now(), [vectors.trusted()]);
    let mut wrong = Vec::new();
    for case in vectors.cases() {
        let file = text(case, "file");
        let bytes = vectors.file(file);
        let document = Document::parse(&bytes).unwrap();
        let metadata = Metadata::read(&document).unwrap();
        let entity = metadata.entities().next().unwrap();
        let id = entity.entity_id.as_ref().unwrap().text();
        let on_trust = IdentityProvider::on_trust(&entity, now).map_err(|error| error.to_string());
        let verified = metadata.verify(&trusted, &AlgorithmPolicy::default());
        let verified = verified.map_err(|error| error.to_string()).and_then(|verified| {
            let entity = verified.entity(id).ok_or("no such entity")?;
            IdentityProvider::verified(&entity, now).map_err(|error| error.to_string())
        });
        for (way, made) in [("on_trust", &on_trust), ("verified", &verified)] {
            let why = text(&case[way], "why");
            let is_right = match (made, text(&case[way], "verdict")) {
                (Ok(_), "accept") => true,
                (Err(error), "reject") => !why.is_empty() && error.contains(why),
                _ => false,
            };
            if !is_right {
                wrong.push(format!("{file}, {way}: {made:?}"));
            }
        }
        let report = samlcheck::check(file, &bytes, &Options::default(), now);
        let found: BTreeSet<&str> = report.findings.iter().map(|finding| finding.rule).collect();
        for rule in case["findings"].as_array().unwrap() {
            if !found.contains(rule.as_str().unwrap()) {
                wrong.push(format!("{file}: {rule} is not in {found:?}"));
            }
        }
        if let Some(response) = case.get("response") {
            let idp = on_trust.unwrap_or_else(|_| IdentityProvider::new(id, []));
            let verdict = vectors.judge(&idp, text(response, "file"));
            let rules = verdict.as_ref().map_err(|rejection| rejection.rules().collect::<Vec<_>>());
            assert_eq!(text(response, "verdict"), "reject");
            if rules.as_ref().err() != Some(&vec![text(response, "why")]) {
                wrong.push(format!("{file}, its response: {rules:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(vectors.cases().len() >= 15, "{}", vectors.cases().len());
    vectors.has_a_case_for_each_file();
}
