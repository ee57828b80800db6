//! The machine-readable formats against their schemas: the project's own for JSON, OASIS's for SARIF.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its data")]

use boon::{Compiler, SchemaIndex, Schemas};
use samlcheck::case::VerdictContext;
use samlcheck::redact::redact;
use samlcheck::report::Report;
use samlcheck::{Options, check, render};
use samlkit::Kind;
use samlkit_tests::{files, read, repository, service_provider, vectors_identity_provider};
use serde_json::Value;

struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    fn of(path: &str) -> Self {
        let text = read(&repository().join(path));
        let mut compiler = Compiler::new();
        compiler.add_resource("schema.json", serde_json::from_slice(&text).unwrap()).unwrap();
        let mut schemas = Schemas::new();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        Self { schemas, index }
    }

    #[track_caller]
    fn accepts(&self, json: &[u8]) -> Value {
        let value: Value = serde_json::from_slice(json).unwrap();
        if let Err(error) = self.schemas.validate(&value, self.index) {
            panic!("{error:#}\n{}", String::from_utf8_lossy(json));
        }
        value
    }
}

/// Reports of every example, of every vector with and without a verdict, and of files that are none.
fn reports() -> Vec<Report> {
    let at = "2026-06-01T12:00:00Z".parse().unwrap();
    let sp = service_provider().build().unwrap();
    let idp = vectors_identity_provider();
    let context = VerdictContext { sp, idp, request_id: Some("_req-4711".to_owned()) };
    let judging =
        Options { asked_for: Some(Kind::Response), verdict: Some(context), ..Options::default() };
    let plain = Options::default();
    let mut reports = Vec::new();
    let mut add = |bytes: &[u8], options: &Options| {
        let document = check("folder/a file.xml", bytes, options, at);
        reports.push(Report {
            documents: vec![document],
            at,
            federation: None,
            config: None,
            passed_over: 0,
        });
    };
    for folder in ["examples", "tests/data/vectors/responses", "tests/cmd/files"] {
        let folder = repository().join(folder);
        for name in files(&folder).iter().filter(|name| !name.contains("service-provider")) {
            let bytes = read(&folder.join(name));
            add(&bytes, &plain);
            add(&bytes, &judging);
        }
    }
    for odd in [&b""[..], b"<a", b"SAMLResponse=AAAA", b"\xFF\xFE", b"<html></html>"] {
        add(odd, &plain);
    }
    // More findings of one rule, and more endpoints, than are listed.
    let endpoints = "<AssertionConsumerService/>".repeat(1_100);
    let different: String =
        (0..1_100).map(|i| format!("<SingleLogoutService Location='{i}'/>")).collect();
    add(
        format!(
            "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='x'>\
             <SPSSODescriptor>{endpoints}{different}</SPSSODescriptor></EntityDescriptor>"
        )
        .as_bytes(),
        &plain,
    );
    assert!(reports.len() > 300, "{}", reports.len());
    reports
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = Schema::of("docs/output.schema.json");
    let (mut accepted, mut left_out, mut not_listed) = (0, 0, 0);
    for (at, mut report) in reports().into_iter().enumerate() {
        let verbose = at % 2 == 0;
        if at % 3 == 0 {
            report.config = Some("samlcheck.toml".to_owned());
            report.documents[0].allowed = 2;
        }
        let mut out = Vec::new();
        render::json::render(&report, verbose, &mut out).unwrap();
        let value = schema.accepts(&out);
        let document = &value["documents"][0];
        left_out += usize::from(!document["left_out"].is_null());
        not_listed += usize::from(!document["summary"]["shown"][0]["left_out"].is_null());
        accepted += usize::from(value["verdict"] == "accept");
        assert_eq!(value["verdict"] == "accept", !value["subject"].is_null());
        redact(&mut report);
        let mut out = Vec::new();
        render::json::render(&report, verbose, &mut out).unwrap();
        schema.accepts(&out);
    }
    assert!(accepted > 5, "only {accepted} were accepted");
    assert!(left_out > 0 && not_listed > 0, "nothing was left out");
}

#[test]
fn sarif_is_as_the_standard_says() {
    let schema = Schema::of("tests/data/sarif/sarif-schema-2.1.0.json");
    let mut results = 0;
    for report in reports() {
        let mut out = Vec::new();
        render::sarif::render(&report, &mut out).unwrap();
        let value = schema.accepts(&out);
        results += value["runs"][0]["results"].as_array().unwrap().len();
    }
    assert!(results > 500, "only {results} results");
}

#[test]
fn a_schema_that_is_not_met_is_noticed() {
    let schema = Schema::of("docs/output.schema.json");
    let report = reports().remove(0);
    let mut out = Vec::new();
    render::json::render(&report, false, &mut out).unwrap();
    let mut value = schema.accepts(&out);
    value["documents"][0]["kind"] = "poem".into();
    assert!(schema.schemas.validate(&value, schema.index).is_err());
}
