//! Makes the vectors of `tests/data/vectors/responses-joints`: responses signed by the key rsa-2048
//! that say two things to two readers, and good ones that look alike. What it makes is committed,
//! and the same each time. Run: `cargo run -p samlkit-tests --example make-joints`.

#![allow(clippy::disallowed_methods, reason = "it writes the vectors")]

use std::fs;

use samlkit::dsig::{SignOptions, SigningKey, sign};
use samlkit::xml::Document;
use samlkit_tests::{data, key};
use serde_json::{Map, Value, json};

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
const ISSUER: &str = "<Issuer>https://idp.example/</Issuer>";
const INSTANT: &str = " IssueInstant=\"2026-06-01T12:00:00Z\"";
const NAME: &str = "<NameID>ada@example.com</NameID>";
const EVE: &str = "<NameID>eve@example.com</NameID>";

fn good() -> String {
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_r1\" Version=\"2.0\"{INSTANT} \
         Destination=\"https://sp.example/acs\" InResponseTo=\"_req-1\">{ISSUER}<samlp:Status>\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>\
         <Assertion ID=\"_a1\" Version=\"2.0\"{INSTANT}>{ISSUER}<Subject>{NAME}\
         <SubjectConfirmation Method=\"{BEARER}\"><SubjectConfirmationData InResponseTo=\"_req-1\" \
         NotOnOrAfter=\"2026-06-01T12:05:00Z\" Recipient=\"https://sp.example/acs\"/>\
         </SubjectConfirmation></Subject><Conditions NotBefore=\"2026-06-01T11:55:00Z\" \
         NotOnOrAfter=\"2026-06-01T13:00:00Z\"><AudienceRestriction><Audience>urn:sp</Audience>\
         </AudienceRestriction></Conditions><AttributeStatement><Attribute Name=\"groups\">\
         <AttributeValue>users</AttributeValue></Attribute></AttributeStatement>\
         <AuthnStatement AuthnInstant=\"2026-06-01T12:00:00Z\"><AuthnContext>\
         <AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password\
         </AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion></samlp:Response>"
    )
}

/// Which of several equal texts is changed.
enum At {
    First,
    Last,
    Each,
}

struct Maker {
    key: SigningKey,
    cases: Vec<Value>,
}

impl Maker {
    /// Writes a response in which `from` became `to` before the element `id` was signed. `case` says
    /// what else the index holds of it.
    fn make(&mut self, name: &str, at: At, from: &str, to: &str, id: &str, case: Value) {
        let good = good();
        let place = match at {
            At::First | At::Each => good.find(from),
            At::Last => good.rfind(from),
        };
        let place = place.unwrap_or_else(|| panic!("{name}: there is no {from}"));
        let (before, rest) = good.split_at(place);
        let xml = match at {
            At::Each => good.replace(from, to),
            At::First | At::Last => format!("{before}{to}{}", &rest[from.len()..]),
        };
        let document = Document::parse(xml.as_bytes()).unwrap();
        let signed = sign(&document, id, &self.key, &SignOptions::default()).unwrap();
        let file = format!("{name}.xml");
        fs::write(data("vectors/responses-joints").join(&file), signed).unwrap();
        let mut all = Map::new();
        all.insert("name".into(), name.into());
        all.insert("file".into(), file.into());
        let Value::Object(case) = case else { panic!("{name}") };
        all.extend(case);
        self.cases.push(Value::Object(all));
    }

    fn accept(&mut self, name: &str, at: At, from: &str, to: &str, id: &str) {
        let case = json!({"verdict": "accept", "why": "", "name_id": "ada@example.com"});
        self.make(name, at, from, to, id, case);
    }

    fn reject(&mut self, name: &str, at: At, from: &str, to: &str, id: &str, why: &str) {
        let case = json!({"verdict": "reject", "why": why, "name_id": null});
        self.make(name, at, from, to, id, case);
    }
}

fn main() {
    let (private, certificate) = key("rsa-2048");
    let key = SigningKey::from_pem(&private, Some(&certificate)).unwrap();
    let mut maker = Maker { key, cases: Vec::new() };
    let (response, assertion) = ("response.schema", "assertion.schema");

    maker.accept("good-assertion-signed", At::First, NAME, NAME, "_a1");
    maker.accept("good-response-signed", At::First, NAME, NAME, "_r1");
    let entity = format!("<Issuer Format=\"{ENTITY}\">");
    maker.accept("good-issuer-format-entity", At::Last, "<Issuer>", &entity, "_a1");
    maker.accept("good-comment-in-audience", At::First, "urn:sp<", "urn:<!-- x -->sp<", "_a1");
    maker.accept("good-response-without-issuer-unsigned", At::First, ISSUER, "", "_a1");
    let pairwise = format!("<AttributeValue>{EVE}<");
    maker.accept("good-name-in-attribute", At::First, "<AttributeValue>users<", &pairwise, "_a1");
    let statement = "<AttributeStatement><Attribute Name=\"x\"/></AttributeStatement></Assertion>";
    maker.accept("good-two-attribute-statements", At::Last, "</Assertion>", statement, "_a1");

    let end = "</Assertion>";
    for (name, child) in [
        ("two-conditions", "<Conditions/>".to_owned()),
        ("two-subjects", format!("<Subject>{EVE}</Subject>")),
        ("two-assertion-issuers", ISSUER.to_owned()),
    ] {
        maker.reject(name, At::Last, end, &format!("{child}{end}"), "_a1", assertion);
    }
    maker.reject("two-names", At::First, NAME, &format!("{NAME}{EVE}"), "_a1", assertion);
    maker.reject(
        "two-names-evil-first",
        At::First,
        NAME,
        &format!("{EVE}{NAME}"),
        "_a1",
        assertion,
    );
    let end = "</SubjectConfirmation>";
    let twice = format!("<SubjectConfirmationData/>{end}");
    maker.reject("two-confirmation-data", At::First, end, &twice, "_a1", assertion);
    let status = "<samlp:Status><samlp:StatusCode Value=\"urn:x\"/></samlp:Status><Assertion ";
    maker.reject("two-statuses", At::First, "<Assertion ", status, "_r1", response);
    maker.reject("two-response-issuers", At::First, ISSUER, &ISSUER.repeat(2), "_r1", response);
    maker.reject("element-in-name", At::First, "ada@", "ada@<x>evil.</x>", "_a1", assertion);
    maker.reject("element-in-audience", At::First, "urn:sp<", "urn:sp<x>2</x><", "_a1", assertion);
    let issuer = "<Issuer>https://idp.example/<x>evil</x></Issuer>";
    maker.reject("element-in-assertion-issuer", At::Last, ISSUER, issuer, "_a1", assertion);
    maker.reject("element-in-response-issuer", At::First, ISSUER, issuer, "_r1", response);
    maker.reject("response-without-issue-instant", At::First, INSTANT, "", "_r1", response);
    let broken = " IssueInstant=\"2026-06-01\"";
    maker.reject("response-issue-instant-broken", At::First, INSTANT, broken, "_r1", response);
    maker.reject("response-signed-without-issuer", At::First, ISSUER, "", "_r1", response);
    maker.reject("response-without-id", At::First, " ID=\"_r1\"", "", "_a1", response);
    let other = "<Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">";
    maker.reject("assertion-issuer-format", At::Last, "<Issuer>", other, "_a1", assertion);
    maker.reject("response-issuer-format", At::First, "<Issuer>", other, "_r1", response);
    let context = "<AuthnContext><AuthnContextClassRef>\
                   urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef></AuthnContext>";
    maker.reject("no-authn-context", At::First, context, "", "_a1", assertion);

    // 7: where the caller says that the response arrived at a URL that is not configured.
    let evil = json!({"verdict": "reject", "why": "response.destination", "name_id": null,
        "arrived_at": "https://evil.example/acs"});
    let (acs, other) = ("https://sp.example/acs", "https://evil.example/acs");
    maker.make("acs-from-host-header", At::Each, acs, other, "_a1", evil);
    // 8: an answer to nothing, where a request waits for its answer.
    let answer = " InResponseTo=\"_req-1\"";
    let case = json!({"verdict": "reject", "why": "response.in-response-to", "name_id": null,
        "allow_unsolicited": true});
    maker.make("answer-to-nothing", At::First, answer, "", "_a1", case);
    // 9: confirmations before the one that holds.
    let confirmation = format!("<SubjectConfirmation Method=\"{BEARER}\">");
    let later = "InResponseTo=\"_other\" NotOnOrAfter=\"2036-06-01T12:00:00Z\"";
    for (name, method, recipient) in [
        (
            "sender-vouches-of-2036",
            BEARER.replace("bearer", "sender-vouches"),
            "https://sp.example/acs",
        ),
        ("failing-bearer-of-2036", BEARER.to_owned(), "https://evil.example/acs"),
    ] {
        let other = format!(
            "<SubjectConfirmation Method=\"{method}\"><SubjectConfirmationData {later} \
             Recipient=\"{recipient}\"/></SubjectConfirmation>{confirmation}"
        );
        let case = json!({"verdict": "accept", "why": "", "name_id": "ada@example.com",
            "in_response_to": "_req-1", "not_on_or_after": "2026-06-01T12:05:00Z"});
        maker.make(name, At::First, &confirmation, &other, "_a1", case);
    }

    let index = json!({
        "context": {
            "now": "2026-06-01T12:00:00Z",
            "clock_skew_seconds": 180,
            "idp_entity_id": "https://idp.example/",
            "sp_entity_id": "urn:sp",
            "acs_url": "https://sp.example/acs",
            "arrived_at": null,
            "request_id": "_req-1",
            "trust": ["../../keys/rsa-2048.crt.pem"],
            "allow_unsolicited": false,
            "matching": "accept: the verdict, name_id and, where given, in_response_to and not_on_or_after match. reject: the rule in why is among those reported",
        },
        "cases": maker.cases,
    });
    let text = serde_json::to_string_pretty(&index).unwrap();
    fs::write(data("vectors/responses-joints/index.json"), text + "\n").unwrap();
}
