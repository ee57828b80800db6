//! What is told about a file: the facts, the findings with their places, and the counts, so that
//! silence is never taken for health. How it looks is the business of `render`.

mod excerpt;
mod metadata_card;
mod response_card;
mod subject_card;

use chrono::{DateTime, TimeDelta, Utc};
use samlkit::Kind;
use samlkit::capture::Form;
use samlkit::metadata::EntityDescriptor;
use samlkit::xml::Position;

use crate::case::Case;
use crate::federation::Federation;
use crate::redact::Personal;
use crate::rule::Severity;

pub use excerpt::Excerpt;
pub use metadata_card::{
    Card, CertificateCard, ENTITIES_SHOWN, EndpointCard, EntityCard, SignatureState,
};
pub use response_card::ResponseCard;
pub use subject_card::{AttributeCard, SubjectCard};

/// Everything that is told about the files of one call.
#[derive(Clone, Debug)]
pub struct Report {
    /// The files in the order in which they were read.
    pub documents: Vec<DocumentReport>,
    /// The time that they were judged at.
    pub at: DateTime<Utc>,
    /// The two sides, where a pair was looked at.
    pub federation: Option<Federation>,
    /// The configuration that was used, as the user would name it.
    pub config: Option<String>,
    /// How many files of folders are nothing that SAML knows.
    pub passed_over: usize,
}

impl Report {
    /// How many findings of that severity there are, those that are left out too.
    pub fn count(&self, severity: Severity) -> usize {
        let counts = self.documents.iter().map(|document| document.count(severity));
        counts.fold(0, usize::saturating_add)
    }

    /// The verdict on the response, where one was asked for: of several in an export, the last, which tells
    /// how it ended.
    pub fn verdict(&self) -> Option<bool> {
        self.documents.iter().rev().find_map(|document| Some(document.verdict.as_ref()?.is_some()))
    }

    /// Who signed in, where the verdict is an accept.
    pub fn subject(&self) -> Option<&SubjectCard> {
        let mut verdicts = self.documents.iter().rev().filter_map(|d| d.verdict.as_ref());
        verdicts.next()?.as_ref()
    }

    /// What became of the checks of all files.
    pub fn checks(&self) -> Counts {
        self.documents
            .iter()
            .fold(Counts::default(), |counts, document| counts.and(document.checks()))
    }
}

/// Everything that is told about one file.
#[derive(Clone, Debug)]
pub struct DocumentReport {
    /// The file's name as the user gave it.
    pub source: String,
    /// What the file is.
    pub kind: DocumentKind,
    /// What the message came in; `None` where none could be taken out.
    pub form: Option<Form>,
    /// The facts, where it is metadata.
    pub card: Option<Card>,
    /// The facts, where it is a response. Anybody may have written them.
    pub response: Option<ResponseCard>,
    /// Where a verdict was asked for: who signed in, or `None` for a reject.
    pub verdict: Option<Option<SubjectCard>>,
    /// Whether a key was pinned and does not vouch for all of it, whatever the user's policy makes of that.
    pub is_untrusted: bool,
    /// The findings, the gravest first, and those of one severity in the order of their places.
    pub findings: Vec<PlacedFinding>,
    /// How many findings of which rules there are beside those, the gravest first.
    pub left_out: Vec<LeftOut>,
    /// How many findings the user's policy took out.
    pub allowed: usize,
    /// What in it belongs to a person, where it is a message.
    pub personal: Vec<Personal>,
    /// What became of each rule, in the order of the catalogue.
    pub outcomes: Vec<(&'static str, RuleOutcome)>,
}

impl DocumentReport {
    pub(crate) fn new(source: &str, kind: DocumentKind) -> Self {
        Self {
            source: source.to_owned(),
            kind,
            form: None,
            card: None,
            response: None,
            verdict: None,
            findings: Vec::new(),
            left_out: Vec::new(),
            is_untrusted: false,
            allowed: 0,
            personal: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    /// How many findings of that severity there are, those that are left out too.
    pub fn count(&self, severity: Severity) -> usize {
        let found = self.findings.iter().filter(|finding| finding.severity == severity).count();
        let left_out = self.left_out.iter().filter(|left_out| left_out.severity == severity);
        left_out.fold(found, |sum, left_out| sum.saturating_add(left_out.count))
    }

    /// What became of the checks.
    pub fn checks(&self) -> Counts {
        let mut counts = Counts::default();
        for (_, outcome) in &self.outcomes {
            let counter = match outcome {
                RuleOutcome::Passed => &mut counts.passed,
                RuleOutcome::Found => &mut counts.found,
                RuleOutcome::DoesNotApply(_) => &mut counts.does_not_apply,
                RuleOutcome::NotReached => &mut counts.not_reached,
            };
            *counter = counter.saturating_add(1);
        }
        counts
    }
}

/// What became of one rule over all parts of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleOutcome {
    /// It looked and found nothing.
    Passed,
    /// It found something.
    Found,
    /// There was nothing here for it to look at; why not.
    DoesNotApply(&'static str),
    /// What it looks at could not be read.
    NotReached,
}

/// What a file is, as far as SAML is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// Metadata of one identity provider.
    IdpMetadata,
    /// Metadata of one service provider.
    SpMetadata,
    /// Metadata of several entities, of one that is both, or of one that is neither.
    Metadata,
    /// A SAML message or assertion.
    Message(Kind),
    /// XML that could not be read, or a SAML element inside something else.
    Unreadable,
    /// Nothing that SAML knows; what it looks like.
    NotSaml(String),
}

impl DocumentKind {
    /// The name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::IdpMetadata => "idp-metadata",
            Self::SpMetadata => "sp-metadata",
            Self::Metadata => "metadata",
            Self::Message(kind) => match kind {
                Kind::Response => "response",
                Kind::Assertion => "assertion",
                Kind::AuthnRequest => "authn-request",
                Kind::LogoutRequest => "logout-request",
                Kind::LogoutResponse => "logout-response",
                Kind::ArtifactResolve => "artifact-resolve",
                Kind::ArtifactResponse => "artifact-response",
                _ => "message",
            },
            Self::Unreadable => "unreadable",
            Self::NotSaml(_) => "not-saml",
        }
    }

    pub(crate) fn of(case: &Case<'_>) -> Self {
        match case.kind {
            None => Self::Unreadable,
            Some(Kind::EntityDescriptor) => {
                let entity = case.metadata().and_then(|metadata| metadata.entities().next());
                let has = |idp| entity.as_ref().is_some_and(|e| has_role(e, idp));
                match (has(true), has(false)) {
                    (true, false) => Self::IdpMetadata,
                    (false, true) => Self::SpMetadata,
                    _ => Self::Metadata,
                }
            }
            Some(Kind::EntitiesDescriptor) => Self::Metadata,
            Some(kind) => Self::Message(kind),
        }
    }
}

pub(super) fn has_role(entity: &EntityDescriptor<'_>, idp: bool) -> bool {
    if idp { entity.idp_roles().next().is_some() } else { entity.sp_roles().next().is_some() }
}

/// A finding with its rule and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedFinding {
    /// The name of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where; `None` for the file as a whole.
    pub location: Option<Location>,
    /// The place as the file has it.
    pub excerpt: Option<Excerpt>,
    /// What was found.
    pub found: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// Further facts.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// Until when it is waived, and why.
    pub waived: Option<String>,
}

/// Findings of a rule that are told by their number: there are too many of them to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The name of the rule.
    pub rule: &'static str,
    /// How bad they are.
    pub severity: Severity,
    /// How many there are.
    pub count: usize,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Where it begins.
    pub position: Position,
    /// How many bytes it is long.
    pub length: usize,
}

/// What became of the checks, each rule counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rules that looked and found nothing.
    pub passed: usize,
    /// Rules that found something.
    pub found: usize,
    /// Rules with nothing here to look at.
    pub does_not_apply: usize,
    /// Rules whose object could not be read.
    pub not_reached: usize,
}

impl Counts {
    /// These and another file's together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed.saturating_add(other.passed),
            found: self.found.saturating_add(other.found),
            does_not_apply: self.does_not_apply.saturating_add(other.does_not_apply),
            not_reached: self.not_reached.saturating_add(other.not_reached),
        }
    }
}

/// A time as machines read it: `2026-11-21T03:09:00Z`.
pub(crate) fn instant(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whole days from `now` to `then`, rounded down: 0 on the last day, negative afterwards.
pub(crate) fn days_until(then: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    let left = then.signed_duration_since(now);
    let days = left.num_days();
    if left < TimeDelta::zero() && left != TimeDelta::days(days) {
        days.saturating_sub(1)
    } else {
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_rounded_down() {
        let now = samlkit::xsd::date_time("2026-11-21T12:00:00Z").unwrap();
        let days = |text| days_until(samlkit::xsd::date_time(text).unwrap(), now);
        assert_eq!(days("2026-11-21T12:00:00Z"), 0);
        assert_eq!(days("2026-11-22T11:59:59Z"), 0);
        assert_eq!(days("2026-11-22T12:00:00Z"), 1);
        assert_eq!(days("2026-11-21T11:59:59Z"), -1);
        assert_eq!(days("2026-11-20T12:00:00Z"), -1);
    }
}
