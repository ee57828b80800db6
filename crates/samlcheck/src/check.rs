//! From the bytes of one file to its report: recognize, parse, run every rule, count.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use chrono::{DateTime, Utc};
use samlkit::Kind;
use samlkit::capture::{CaptureError, decode, holds_saml};
use samlkit::metadata::Metadata;
use samlkit::sp::PendingRequest;
use samlkit::xml::{Document, Position};

use crate::case::{Case, Entity, KnownCertificates, Message, Options, Side, SignatureCheck};
use crate::redact::personal;
use crate::report::{
    Card, DocumentKind, DocumentReport, Excerpt, LeftOut, Location, PlacedFinding, ResponseCard,
    RuleOutcome, SubjectCard,
};
use crate::rule::{Check, Finding, Findings, Outcome, Rule};
use crate::rules;
use crate::rules::capture::Captured;

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
    let captured = decode(bytes);
    let xml = match &captured {
        Ok(message) => message.xml.as_ref(),
        Err(CaptureError::Unrecognized(content)) => return not_saml(source, content.describe()),
        Err(_) => return not_captured(rules, source, &captured, options, now),
    };
    let bytes = xml;
    let asked = options.asked_for.is_some();
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
    let metadata = document.ok().and_then(|document| Metadata::read(document).ok());
    let signed_parts = metadata.as_ref().map(Metadata::signed_parts);
    let signatures = match (document, kind) {
        (Ok(document), Some(kind)) if kind.is_metadata() => {
            let parts = signed_parts.iter();
            let checks = parts.flat_map(|parts| {
                SignatureCheck::of_metadata(parts, document.root(), &options.trust)
            });
            checks.collect()
        }
        (Ok(document), Some(kind))
            if options.verdict.is_none()
                && (kind == Kind::Response || !options.trust.is_empty()) =>
        {
            SignatureCheck::of_message(document, &options.trust)
        }
        _ => Vec::new(),
    };
    let verdict = match (document, &options.verdict) {
        (Ok(document), Some(context)) => {
            // Where nobody knows the request, the ID that the response names cannot be compared.
            let own = document.root().attribute("InResponseTo").map(|id| id.value());
            let unknown = own.filter(|_| !context.sp.allows_unsolicited());
            let request_id = context.request_id.as_deref().or(unknown);
            let pending = request_id.map(|id| PendingRequest::new(id, now));
            let (sp, idp) = (&context.sp, &context.idp);
            Some(sp.verify_document_without_replay(idp, document, pending.as_ref(), now))
        }
        _ => None,
    };
    let refused_signatures = match (document, &verdict, &options.verdict) {
        (Ok(document), Some(Err(rejection)), Some(context)) => {
            SignatureCheck::refused(document, rejection, context.sp.policy())
        }
        _ => Vec::new(),
    };
    let response = document.ok().filter(|_| kind == Some(Kind::Response));
    let response = response.map(|document| Message::new(document.root(), options));
    let characters = document.map_or(bytes.len(), |document| document.text().chars().count());
    let case = Case {
        bytes,
        characters,
        document,
        kind,
        signed_parts,
        signatures,
        response,
        verdict,
        refused_signatures,
        options,
        now,
    };
    let mut card = case.metadata().map(|metadata| Card::new(&metadata, &case, now));
    let mut run = Run::new(rules);
    run.capture(&captured, options);
    run.document(&case);
    if let Some(metadata) = case.metadata() {
        let known = case.signatures.iter().filter_map(|check| check.certificate());
        let known: KnownCertificates<'_> = known.map(|known| (known.sha256, known)).collect();
        for descriptor in metadata.entities() {
            let entity = Entity::new(descriptor, options, &known);
            run.entity(&case, &entity);
            if let Some(card) = &mut card {
                card.add(&entity, now);
            }
        }
    }
    let Finished { findings, left_out, allowed, outcomes } = run.finish(Some(&case), options, now);
    let response = ResponseCard::new(&case);
    let (kind, form) = (DocumentKind::of(&case), captured.as_ref().ok().map(|m| m.form));
    let is_message = matches!(kind, DocumentKind::Message(_));
    let personal = document.ok().filter(|_| is_message).map(personal).unwrap_or_default();
    // What cannot be read is rejected too.
    let verdict = options.verdict.as_ref().map(|_| {
        let login = case.verdict.as_ref().and_then(|verdict| verdict.as_ref().ok());
        login.map(SubjectCard::new)
    });
    let is_untrusted = !options.trust.is_empty() && !is_vouched_for(&case);
    let source = source.to_owned();
    DocumentReport {
        is_untrusted,
        source,
        kind,
        form,
        card,
        response,
        verdict,
        findings,
        left_out,
        allowed,
        personal,
        outcomes,
    }
}

/// Whether the keys that the user trusts vouch for the document. Asked this way round, what cannot be read
/// and what nobody thought of is not vouched for. A verdict has its own answer for its message.
fn is_vouched_for(case: &Case<'_>) -> bool {
    if case.options.verdict.is_some() && !case.kind.is_some_and(Kind::is_metadata) {
        return true;
    }
    let is_elsewhere = case.signed_parts.as_ref().is_some_and(|parts| !parts.misplaced.is_empty());
    !is_elsewhere
        && !case.signatures.is_empty()
        && case.signatures.iter().all(|check| check.evidence.is_some())
}

/// A capture that no message could be taken out of.
fn not_captured(
    rules: &[&'static Rule],
    source: &str,
    captured: &Captured<'_>,
    options: &Options,
    now: DateTime<Utc>,
) -> DocumentReport {
    let mut run = Run::new(rules);
    run.capture(captured, options);
    let Finished { findings, left_out, allowed, outcomes } = run.finish(None, options, now);
    let verdict = options.verdict.as_ref().map(|_| None);
    let report = DocumentReport::new(source, DocumentKind::Unreadable);
    let is_untrusted = !options.trust.is_empty();
    DocumentReport { is_untrusted, verdict, findings, left_out, allowed, outcomes, ..report }
}

fn not_saml(source: &str, looks_like: String) -> DocumentReport {
    DocumentReport::new(source, DocumentKind::NotSaml(looks_like))
}

/// What the rules came to.
struct Finished {
    findings: Vec<PlacedFinding>,
    left_out: Vec<LeftOut>,
    /// How many findings the user's policy took out.
    allowed: usize,
    outcomes: Vec<(&'static str, RuleOutcome)>,
}

/// The rules with what became of each so far.
struct Run {
    results: Vec<(&'static Rule, Tally)>,
}

/// What became of one rule over all the parts that it was called for.
#[derive(Default)]
struct Tally {
    findings: Findings,
    passed: bool,
    not_reached: bool,
    /// Why there was nothing to look at, where a part was asked.
    reason: Option<&'static str>,
}

impl Tally {
    fn note(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.passed = true,
            Outcome::Found(findings) => self.findings.append(findings),
            Outcome::NotReached => self.not_reached = true,
            Outcome::DoesNotApply(reason) => self.reason = Some(reason),
        }
    }
}

impl Run {
    fn new(rules: &[&'static Rule]) -> Self {
        Self { results: rules.iter().map(|&rule| (rule, Tally::default())).collect() }
    }

    /// Nothing but the rules about captures is reached without a message.
    fn capture(&mut self, captured: &Captured<'_>, options: &Options) {
        for (rule, tally) in &mut self.results {
            match rule.check {
                Check::Capture(check) => tally.note(check(captured, options)),
                Check::Policy(_) => {}
                _ => tally.not_reached |= captured.is_err(),
            }
        }
    }

    fn document(&mut self, case: &Case<'_>) {
        for (rule, tally) in &mut self.results {
            match rule.check {
                Check::Capture(_) | Check::Policy(_) => {}
                Check::Reading(check) => tally.note(check(case)),
                _ if case.document.is_err() => tally.not_reached = true,
                Check::Document(check) => tally.note(check(case)),
                Check::Response(check) => {
                    if let Some(message) = &case.response {
                        tally.note(check(case, message));
                    }
                }
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
                Check::Pair(check) => match &case.options.side {
                    Some(Side::Sp(Some(offer))) => {
                        for sp in entity.descriptor.sp_roles() {
                            tally.note(check(entity, sp, offer));
                        }
                    }
                    Some(Side::Sp(None)) => tally.not_reached = true,
                    _ => {}
                },
                Check::Capture(_)
                | Check::Reading(_)
                | Check::Document(_)
                | Check::Response(_)
                | Check::Policy(_) => {}
            }
        }
    }

    /// The last of all: what the user made of what the others found.
    fn policy(&mut self, options: &Options, now: DateTime<Utc>) {
        let broken = self.results.iter().filter(|(_, tally)| !tally.findings.is_empty());
        let broken: BTreeSet<&str> = broken.map(|(rule, _)| rule.name).collect();
        for (rule, tally) in &mut self.results {
            if let Check::Policy(check) = rule.check {
                tally.note(check(&broken, &options.policy, now));
            }
        }
    }

    /// Judges what was found by the user's policy, and puts it into its order: by severity, then by place;
    /// rules of the same place keep the order of the catalogue.
    fn finish(
        mut self,
        case: Option<&Case<'_>>,
        options: &Options,
        now: DateTime<Utc>,
    ) -> Finished {
        self.policy(options, now);
        let mut outcomes = Vec::with_capacity(self.results.len());
        let mut findings = Vec::new();
        let mut left_out = Vec::new();
        for (rule, tally) in self.results {
            let outcome = match () {
                () if !tally.findings.is_empty() => RuleOutcome::Found,
                () if tally.passed => RuleOutcome::Passed,
                () if tally.not_reached => RuleOutcome::NotReached,
                () => RuleOutcome::DoesNotApply(tally.reason.unwrap_or(rule.check.nothing_there())),
            };
            outcomes.push((rule.name, outcome));
            let (kept, more) = tally.findings.into_parts();
            findings.extend(kept.into_iter().map(|finding| place(rule, finding, case)));
            left_out.extend(more.into_iter().map(|(severity, count)| {
                let severity = severity.unwrap_or(rule.severity);
                LeftOut { rule: rule.name, severity, count }
            }));
        }
        let allowed = options.policy.apply(&mut findings, &mut left_out, now);
        findings.sort_by_key(|finding| (finding.severity, finding.location));
        Finished { findings, left_out, allowed, outcomes }
    }
}

fn place(rule: &Rule, finding: Finding, case: Option<&Case<'_>>) -> PlacedFinding {
    let excerpt = case.and_then(|case| match (case.document, &finding.range) {
        (Ok(document), Some(range)) => Excerpt::new(document.text(), range.clone()),
        (Ok(_), None) => None,
        (Err(error), _) => {
            // The octets before the place are known to be good, those behind it may be anything.
            let text = String::from_utf8_lossy(case.bytes);
            let at = error.position.offset;
            // Two octets to a character, and no other file has a NUL that was read.
            let is_text = !case.bytes.is_empty() && !text.contains('\0');
            Excerpt::new(&text, at..at).filter(|_| is_text)
        }
    });
    let location = case.and_then(|case| match (case.document, finding.range) {
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
    });
    PlacedFinding {
        rule: rule.name,
        severity: finding.severity.unwrap_or(rule.severity),
        message: finding.message,
        location,
        excerpt,
        found: finding.found,
        expected: finding.expected,
        notes: finding.notes,
        help: finding.help,
        waived: None,
    }
}
