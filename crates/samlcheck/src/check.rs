//! From the bytes of one file to its report: recognize, parse, run every rule, count.

use std::borrow::Cow;
use std::ops::Range;

use chrono::{DateTime, Utc};
use samlkit::Kind;
use samlkit::capture::{Content, holds_saml, recognize};
use samlkit::xml::{Document, Position};

use crate::case::{Case, Entity, Options, SignatureCheck};
use crate::report::{Card, Counts, DocumentKind, DocumentReport, Location, PlacedFinding};
use crate::rule::{Check, Finding, Outcome, Rule};
use crate::rules;

/// Checks one file. `source` is its name for the report, `now` the time to judge it at.
///
/// A file that is nothing SAML knows gives a report of the kind [`DocumentKind::NotSaml`] without
/// findings.
pub fn check(source: &str, bytes: &[u8], options: &Options, now: DateTime<Utc>) -> DocumentReport {
    check_rules(&rules::ALL, source, bytes, options, now)
}

/// [`check`] with some of the rules.
pub(crate) fn check_rules(
    rules: &[&'static Rule],
    source: &str,
    bytes: &[u8],
    options: &Options,
    now: DateTime<Utc>,
) -> DocumentReport {
    let content = recognize(bytes);
    let asked = options.asked_for.is_some();
    if !asked && !matches!(content, Content::Xml | Content::Blank) {
        return not_saml(source, content.describe());
    }
    let parsed = Document::parse_with(bytes, &options.limits);
    let document = parsed.as_ref();
    let kind = document.ok().and_then(|document| Kind::of(document.root()));
    if let (Ok(document), None, false) = (document, kind, asked)
        && !holds_saml(document)
    {
        let name = document.root().name();
        let namespace = match name.namespace {
            "" => Cow::Borrowed("no namespace"),
            namespace => Cow::Owned(format!("the namespace {namespace}")),
        };
        return not_saml(source, format!("XML with the root <{name}> of {namespace}"));
    }
    let of_metadata = document.ok().filter(|_| kind.is_some_and(Kind::is_metadata));
    let signatures = of_metadata
        .map(|document| SignatureCheck::of_metadata(document, &options.trust))
        .unwrap_or_default();
    let case = Case { bytes, document, kind, signatures, options, now };
    let mut run = Run::new(rules);
    let mut card = case.metadata().map(|metadata| Card::new(&metadata, &case.signatures, now));
    run.document(&case);
    if let Some(metadata) = case.metadata() {
        for descriptor in metadata.entities() {
            let entity = Entity::new(descriptor, options);
            run.entity(&case, &entity);
            if let Some(card) = &mut card {
                card.add(&entity, now);
            }
        }
    }
    let (findings, checks) = run.finish(&case);
    let source = source.to_owned();
    DocumentReport { source, kind: DocumentKind::of(&case), card, findings, checks }
}

fn not_saml(source: &str, looks_like: String) -> DocumentReport {
    DocumentReport {
        source: source.to_owned(),
        kind: DocumentKind::NotSaml(looks_like),
        card: None,
        findings: Vec::new(),
        checks: Counts::default(),
    }
}

/// The rules with what became of each so far.
struct Run {
    results: Vec<(&'static Rule, Tally)>,
}

/// What became of one rule over all the parts that it was called for.
#[derive(Default)]
struct Tally {
    findings: Vec<Finding>,
    passed: bool,
    not_reached: bool,
}

impl Tally {
    fn note(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.passed = true,
            Outcome::Found(findings) => self.findings.extend(findings),
            Outcome::NotReached => self.not_reached = true,
            Outcome::DoesNotApply(_) => {}
        }
    }
}

impl Run {
    fn new(rules: &[&'static Rule]) -> Self {
        Self { results: rules.iter().map(|&rule| (rule, Tally::default())).collect() }
    }

    fn document(&mut self, case: &Case<'_>) {
        for (rule, tally) in &mut self.results {
            match rule.check {
                Check::Reading(check) => tally.note(check(case)),
                _ if case.document.is_err() => tally.not_reached = true,
                Check::Document(check) => tally.note(check(case)),
                _ => {}
            }
        }
    }

    fn entity(&mut self, case: &Case<'_>, entity: &Entity<'_>) {
        for (rule, tally) in &mut self.results {
            match rule.check {
                Check::Entity(check) => tally.note(check(case, entity)),
                Check::Idp(check) => {
                    for idp in entity.descriptor.idp_roles() {
                        tally.note(check(case, entity, idp));
                    }
                }
                Check::Sp(check) => {
                    for sp in entity.descriptor.sp_roles() {
                        tally.note(check(case, entity, sp));
                    }
                }
                Check::Reading(_) | Check::Document(_) => {}
            }
        }
    }

    fn finish(self, case: &Case<'_>) -> (Vec<PlacedFinding>, Counts) {
        let mut counts = Counts::default();
        let mut findings = Vec::new();
        for (rule, tally) in self.results {
            let counter = match () {
                () if !tally.findings.is_empty() => &mut counts.found,
                () if tally.passed => &mut counts.passed,
                () if tally.not_reached => &mut counts.not_reached,
                () => &mut counts.does_not_apply,
            };
            *counter = counter.saturating_add(1);
            findings.extend(tally.findings.into_iter().map(|finding| place(rule, finding, case)));
        }
        // By severity, then by place; rules of the same place keep the order of the catalogue.
        findings.sort_by_key(|finding| (finding.severity, finding.location));
        (findings, counts)
    }
}

fn place(rule: &Rule, finding: Finding, case: &Case<'_>) -> PlacedFinding {
    let location = match (case.document, finding.range) {
        (Ok(document), Some(Range { start, end })) => {
            let (start, end) = (document.position(start), document.position(end));
            let length = end.offset.saturating_sub(start.offset);
            Some(Location { position: start, length })
        }
        (Ok(_), None) => None,
        (Err(error), _) if case.bytes.is_empty() => {
            Some(Location { position: Position { offset: 0, ..error.position }, length: 0 })
        }
        (Err(error), _) => Some(Location { position: error.position, length: 0 }),
    };
    PlacedFinding {
        rule: rule.name,
        severity: finding.severity.unwrap_or(rule.severity),
        message: finding.message,
        location,
        found: finding.found,
        expected: finding.expected,
        notes: finding.notes,
        help: finding.help,
    }
}
