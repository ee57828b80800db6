//! JSON for machines: one object, in the form that docs/output.md describes. Nothing is grouped, and
//! nothing cut but what the report has cut. Times are in UTC, offsets and lengths in bytes of the file.

use std::io::{self, Write};

use samlkit::capture::Form;
use serde::Serialize;

use super::write_json;
use crate::report::{
    self, Card, CertificateCard, DocumentKind, DocumentReport, EndpointCard, EntityCard,
    PlacedFinding, Report, ResponseCard, RuleOutcome, SubjectCard, instant,
};

/// Writes the report as one JSON object and a line end. With `verbose` it says of every rule what became
/// of it.
///
/// # Errors
/// Whatever keeps `out` from taking it.
pub fn render(report: &Report, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let checks = report.checks();
    let whole = Whole {
        samlcheck: env!("CARGO_PKG_VERSION"),
        verdict: report.verdict().map(|accepted| if accepted { "accept" } else { "reject" }),
        subject: report.subject().map(Subject::new),
        at: instant(report.at),
        config: report.config.as_deref(),
        checks: Checks {
            passed: checks.passed,
            does_not_apply: checks.does_not_apply,
            not_reached: checks.not_reached,
            allowed: report.documents.iter().map(|document| document.allowed).sum(),
        },
        documents: report
            .documents
            .iter()
            .map(|document| Document::new(document, verbose))
            .collect(),
    };
    write_json(&whole, out)
}

#[derive(Serialize)]
struct Whole<'a> {
    samlcheck: &'static str,
    verdict: Option<&'static str>,
    /// Only from verified content, and only with the verdict `accept`.
    subject: Option<Subject<'a>>,
    at: String,
    /// The configuration that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<&'a str>,
    checks: Checks,
    documents: Vec<Document<'a>>,
}

#[derive(Serialize)]
struct Subject<'a> {
    name_id: &'a str,
    format: Option<&'a str>,
    session_index: Option<&'a str>,
    attributes: Vec<Claim<'a>>,
}

#[derive(Serialize)]
struct Claim<'a> {
    name: &'a str,
    values: &'a [String],
}

impl<'a> Subject<'a> {
    fn new(response: &'a SubjectCard) -> Self {
        let claims = response.attributes.iter();
        Self {
            name_id: &response.name_id,
            format: response.format.as_deref(),
            session_index: response.session_index.as_deref(),
            attributes: claims.map(|a| Claim { name: &a.name, values: &a.values }).collect(),
        }
    }
}

#[derive(Serialize)]
struct Checks {
    passed: usize,
    does_not_apply: usize,
    not_reached: usize,
    /// How many findings the user's policy left out.
    #[serde(skip_serializing_if = "is_zero")]
    allowed: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[derive(Serialize)]
struct Document<'a> {
    source: &'a str,
    kind: &'static str,
    /// What a file that is nothing SAML knows looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    looks_like: Option<&'a str>,
    summary: Option<Facts<'a>>,
    findings: Vec<Finding<'a>>,
    /// How many there are beside those, where there are too many to be told one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<LeftOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcomes: Option<Vec<Outcome>>,
}

/// What became of a rule.
#[derive(Serialize)]
struct Outcome {
    rule: &'static str,
    /// `passed`, `found`, `does-not-apply` or `not-reached`.
    outcome: &'static str,
    /// Why it does not apply.
    reason: Option<&'static str>,
}

impl Outcome {
    fn new((rule, outcome): &(&'static str, RuleOutcome)) -> Self {
        let (outcome, reason) = match outcome {
            RuleOutcome::Passed => ("passed", None),
            RuleOutcome::Found => ("found", None),
            RuleOutcome::DoesNotApply(reason) => ("does-not-apply", Some(*reason)),
            RuleOutcome::NotReached => ("not-reached", None),
        };
        Self { rule, outcome, reason }
    }
}

impl<'a> Document<'a> {
    fn new(report: &'a DocumentReport, verbose: bool) -> Self {
        Self {
            source: &report.source,
            kind: report.kind.name(),
            looks_like: match &report.kind {
                DocumentKind::NotSaml(looks_like) => Some(looks_like),
                _ => None,
            },
            summary: Facts::new(report),
            findings: report.findings.iter().map(Finding::new).collect(),
            left_out: report.left_out.iter().map(LeftOut::new).collect(),
            outcomes: verbose.then(|| report.outcomes.iter().map(Outcome::new).collect()),
        }
    }
}

/// What a document says of itself; for a response, whoever wrote it.
#[derive(Serialize)]
#[serde(untagged)]
enum Facts<'a> {
    Metadata(Summary<'a>),
    Response(Envelope<'a>),
}

impl<'a> Facts<'a> {
    fn new(report: &'a DocumentReport) -> Option<Self> {
        let metadata = report.card.as_ref().map(|card| Self::Metadata(Summary::new(card)));
        let response = report.response.as_ref();
        metadata.or_else(|| Some(Self::Response(Envelope::new(report, response?))))
    }
}

/// The facts of a response: no claim is among them, because nobody vouches for them.
#[derive(Serialize)]
struct Envelope<'a> {
    found_in: Option<&'static str>,
    issued: Option<&'a str>,
    destination: Option<&'a str>,
    issuer: Option<&'a str>,
    in_response_to: Option<&'a str>,
    /// Whether the user said which request it should answer, or none.
    request_compared: bool,
    failure: Option<&'a str>,
    audiences: &'a [String],
    not_before: Option<&'a str>,
    not_on_or_after: Option<&'a str>,
    assertions: usize,
    encrypted_assertions: usize,
    signed: &'a [&'static str],
    /// The SHA-256 fingerprint of the certificate whose key signed, where that was verified.
    signed_by: Option<String>,
}

impl<'a> Envelope<'a> {
    fn new(report: &'a DocumentReport, card: &'a ResponseCard) -> Self {
        let (assertions, encrypted_assertions) = card.assertions;
        let verified = report.verdict.as_ref().and_then(Option::as_ref);
        let certificate = verified.and_then(|verified| verified.certificate.as_ref());
        Self {
            found_in: report.form.map(Form::describe),
            issued: card.issued.as_deref(),
            destination: card.destination.as_deref(),
            issuer: card.issuer.as_deref(),
            in_response_to: card.in_response_to.as_deref(),
            request_compared: report.verdict.is_some() && card.is_request_known,
            failure: card.failure.as_deref(),
            audiences: &card.audiences,
            not_before: card.window.as_ref().map(|(from, _)| from.as_str()),
            not_on_or_after: card.window.as_ref().map(|(_, until)| until.as_str()),
            assertions,
            encrypted_assertions,
            signed: &card.signed,
            signed_by: certificate.map(|certificate| certificate.sha256_hex()),
        }
    }
}

#[derive(Serialize)]
struct Summary<'a> {
    /// The name of the group, if the root is one.
    group: Option<&'a str>,
    entities: usize,
    identity_providers: usize,
    service_providers: usize,
    valid_until: Option<&'a str>,
    /// `none`, `trusted`, `agrees-with-itself`, `no-key` or `refused`.
    signature: &'static str,
    /// The first few entities.
    shown: Vec<Entity<'a>>,
}

impl<'a> Summary<'a> {
    fn new(card: &'a Card) -> Self {
        Self {
            group: card.group.as_deref(),
            entities: card.entities,
            identity_providers: card.identity_providers,
            service_providers: card.service_providers,
            valid_until: card.valid_until.as_ref().map(|(written, _)| written.as_str()),
            signature: card.signature.name(),
            shown: card.shown.iter().map(Entity::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct Entity<'a> {
    entity_id: Option<&'a str>,
    roles: &'a [String],
    provider: Option<&'static str>,
    /// Cloud, tenant, Region and instance, by their names in lower case.
    details: std::collections::BTreeMap<String, &'a str>,
    endpoints: Vec<Endpoint<'a>>,
    name_id_formats: &'a [String],
    certificates: Vec<Certificate<'a>>,
    /// How many of all these are not listed, because there are too many.
    #[serde(skip_serializing_if = "is_zero")]
    left_out: usize,
}

impl<'a> Entity<'a> {
    fn new(card: &'a EntityCard) -> Self {
        let details =
            card.details.iter().map(|(name, value)| (name.to_lowercase(), value.as_str()));
        Self {
            entity_id: card.entity_id.as_deref(),
            roles: &card.roles,
            provider: card.provider,
            details: details.collect(),
            endpoints: card.endpoints.iter().map(Endpoint::new).collect(),
            name_id_formats: &card.name_id_formats,
            certificates: card.certificates.iter().map(Certificate::new).collect(),
            left_out: card.left_out,
        }
    }
}

#[derive(Serialize)]
struct Endpoint<'a> {
    service: &'static str,
    binding: &'a str,
    location: &'a str,
    index: Option<&'a str>,
    is_default: bool,
}

impl<'a> Endpoint<'a> {
    fn new(card: &'a EndpointCard) -> Self {
        Self {
            service: card.service,
            binding: &card.binding,
            location: &card.location,
            index: card.index.as_deref(),
            is_default: card.is_default,
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Certificate<'a> {
    Readable {
        r#use: &'static str,
        subject: &'a str,
        issuer: &'a str,
        serial: &'a str,
        key: String,
        signature_algorithm: &'a str,
        not_before: String,
        not_after: String,
        days_left: Option<i64>,
        sha256: String,
        sha1: String,
    },
    Unreadable {
        r#use: &'static str,
        error: &'a str,
    },
}

impl<'a> Certificate<'a> {
    fn new(card: &'a CertificateCard) -> Self {
        match &card.certificate {
            Ok(certificate) => Self::Readable {
                r#use: card.key_use,
                subject: &certificate.subject,
                issuer: &certificate.issuer,
                serial: &certificate.serial,
                key: certificate.public_key.to_string(),
                signature_algorithm: &certificate.signature_algorithm,
                not_before: instant(certificate.not_before),
                not_after: instant(certificate.not_after),
                days_left: card.days_left,
                sha256: certificate.sha256_hex(),
                sha1: certificate.sha1_hex(),
            },
            Err(error) => Self::Unreadable { r#use: card.key_use, error },
        }
    }
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    found: Option<&'a str>,
    expected: Option<&'a str>,
    notes: &'a [String],
    help: Option<&'a str>,
    /// Why a signature fails; filled once signatures are judged.
    cause: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<&'a str>,
    location: Option<Location>,
}

#[derive(Serialize)]
struct LeftOut {
    rule: &'static str,
    severity: &'static str,
    count: usize,
}

impl LeftOut {
    fn new(left_out: &report::LeftOut) -> Self {
        let report::LeftOut { rule, severity, count } = *left_out;
        Self { rule, severity: severity.name(), count }
    }
}

#[derive(Serialize)]
struct Location {
    line: u32,
    column: u32,
    offset: usize,
    length: usize,
}

impl<'a> Finding<'a> {
    fn new(finding: &'a PlacedFinding) -> Self {
        Self {
            rule: finding.rule,
            severity: finding.severity.name(),
            message: &finding.message,
            found: finding.found.as_deref(),
            expected: finding.expected.as_deref(),
            notes: &finding.notes,
            help: finding.help.as_deref(),
            cause: None,
            waived: finding.waived.as_deref(),
            location: finding.location.map(|location| Location {
                line: location.position.line,
                column: location.position.column,
                offset: location.position.offset,
                length: location.length,
            }),
        }
    }
}
