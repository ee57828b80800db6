//! What is told about a file: the facts, the findings with their places, and the counts, so that
//! silence is never taken for health. How it looks is the business of `render`.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use samlkit::assertion::Assertion;
use samlkit::capture::Form;
use samlkit::dsig::is_signed;
use samlkit::metadata::{Endpoint, EntityDescriptor, Metadata, Role, RoleKind};
use samlkit::sp::VerifiedResponse;
use samlkit::xml::Position;
use samlkit::{Kind, Unverified};

use crate::case::{Case, Entity, SignatureCheck};
use crate::profile::Facts;
use crate::rule::Severity;

/// Everything that is told about the files of one call.
#[derive(Clone, Debug)]
pub struct Report {
    /// The files in the order in which they were read.
    pub documents: Vec<DocumentReport>,
    /// The time that they were judged at.
    pub at: DateTime<Utc>,
    /// How many files of folders are nothing that SAML knows.
    pub passed_over: usize,
}

impl Report {
    /// How many findings of that severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        let findings = self.documents.iter().flat_map(|document| &document.findings);
        findings.filter(|finding| finding.severity == severity).count()
    }

    /// The verdict on the response, where one was asked for.
    pub fn verdict(&self) -> Option<bool> {
        self.documents.iter().find_map(|document| Some(document.verdict.as_ref()?.is_some()))
    }

    /// Who signed in, where the verdict is an accept.
    pub fn subject(&self) -> Option<&VerifiedResponse> {
        self.documents.iter().find_map(|document| document.verdict.as_ref()?.as_ref())
    }

    /// What became of the checks of all files.
    pub fn checks(&self) -> Counts {
        self.documents
            .iter()
            .fold(Counts::default(), |counts, document| counts.and(document.checks))
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
    pub verdict: Option<Option<VerifiedResponse>>,
    /// The findings, the gravest first, and those of one severity in the order of their places.
    pub findings: Vec<PlacedFinding>,
    /// What became of each check.
    pub checks: Counts,
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
            checks: Counts::default(),
        }
    }
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

fn has_role(entity: &EntityDescriptor<'_>, idp: bool) -> bool {
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
    /// What was found.
    pub found: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// Further facts.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
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

/// The facts of a metadata file.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// The name of the group, where the root is one and has a name.
    pub group: Option<String>,
    /// How many entities there are.
    pub entities: usize,
    /// How many of them are identity providers.
    pub identity_providers: usize,
    /// How many of them are service providers.
    pub service_providers: usize,
    /// The cards of the first few.
    pub shown: Vec<EntityCard>,
    /// `validUntil` of the document, and how many days from now that is.
    pub valid_until: Option<(String, Option<i64>)>,
    /// What became of the signature.
    pub signature: SignatureState,
}

/// What became of the signature of a metadata file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SignatureState {
    /// There is none.
    #[default]
    None,
    /// It is good, and made with a key that the user gave: the key's certificate in words.
    Trusted(String),
    /// It agrees with the certificate beside it, which establishes no trust.
    AgreesWithItself,
    /// Nothing beside it says which key made it, so that only what it is over could be checked.
    NoKey,
    /// It is refused; the findings say why.
    Refused,
}

impl SignatureState {
    /// The name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Trusted(_) => "trusted",
            Self::AgreesWithItself => "agrees-with-itself",
            Self::NoKey => "no-key",
            Self::Refused => "refused",
        }
    }

    fn of(checks: &[SignatureCheck<'_>]) -> Self {
        let Some(first) = checks.first() else { return Self::None };
        let is_missing = |failure: &samlkit::dsig::Failure| failure.rule() == "signature.missing";
        if checks.iter().any(|check| check.failures().any(is_missing)) {
            return Self::None;
        }
        if checks.iter().any(|check| check.failures().next().is_some()) {
            return Self::Refused;
        }
        match &first.verdict {
            Ok(signed) if first.is_pinned => {
                let certificate = signed.key().certificate();
                let describe = |c: &samlkit::dsig::Certificate| {
                    format!("{}, sha256 {}", c.subject, c.sha256_hex())
                };
                Self::Trusted(certificate.map_or_else(|| "a bare key".to_owned(), describe))
            }
            Ok(_) => Self::AgreesWithItself,
            Err(_) => Self::NoKey,
        }
    }
}

/// The facts of one entity.
#[derive(Clone, Debug, Default)]
pub struct EntityCard {
    /// The entity ID.
    pub entity_id: Option<String>,
    /// The roles, in words.
    pub roles: Vec<String>,
    /// Who it is, as far as that could be detected: `Microsoft Entra ID`.
    pub provider: Option<&'static str>,
    /// What the provider's identifiers tell: cloud, tenant, Region, instance.
    pub details: Facts,
    /// The endpoints of single sign-on and logout.
    pub endpoints: Vec<EndpointCard>,
    /// The NameID formats.
    pub name_id_formats: Vec<String>,
    /// The certificates.
    pub certificates: Vec<CertificateCard>,
}

/// One endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EndpointCard {
    /// `SingleSignOnService` and the like.
    pub service: &'static str,
    /// The binding, without what all of them begin with.
    pub binding: String,
    /// The URL.
    pub location: String,
    /// The index, where it has one.
    pub index: Option<String>,
    /// Whether it says that it is the default.
    pub is_default: bool,
}

/// One certificate.
#[derive(Clone, Debug)]
pub struct CertificateCard {
    /// `signing`, `encryption` or `signing and encryption`.
    pub key_use: &'static str,
    /// The certificate, or why it cannot be read.
    pub certificate: Result<samlkit::dsig::Certificate, String>,
    /// Days from now to its end, negative where that has passed; whole days, rounded down.
    pub days_left: Option<i64>,
}

/// How many entities of a group have a card of their own.
pub const ENTITIES_SHOWN: usize = 3;

/// What a response says of itself, signed or not.
#[derive(Clone, Debug)]
pub struct ResponseCard {
    /// `IssueInstant`.
    pub issued: Option<String>,
    /// `Destination`.
    pub destination: Option<String>,
    /// The issuer of the assertion, or else of the response.
    pub issuer: Option<String>,
    /// `InResponseTo`.
    pub in_response_to: Option<String>,
    /// Whether that was compared with the request that the user named.
    pub is_request_known: bool,
    /// The codes of the status, without what all begin with, if it is no success.
    pub failure: Option<String>,
    /// The audiences of the assertion.
    pub audiences: Vec<String>,
    /// When the assertion counts.
    pub window: Option<(String, String)>,
    /// How many assertions there are, and how many encrypted ones.
    pub assertions: (usize, usize),
    /// What is signed, in words.
    pub signed: Vec<&'static str>,
}

impl ResponseCard {
    pub(crate) fn new(case: &Case<'_>) -> Option<Self> {
        let message = case.response.as_ref()?;
        let root = case.document.ok()?.root();
        let response = message.response.unverified();
        let assertion = message.assertion.as_ref().map(Unverified::unverified);
        let text = |value: Option<&samlkit::Value<'_>>| value.map(|value| value.text().to_owned());
        let issuer = assertion.and_then(|a| a.issuer.as_ref()).or(response.issuer.as_ref());
        let conditions = assertion.and_then(|assertion| assertion.conditions.as_ref());
        let signed = [
            (is_signed(root), "the response"),
            (response.assertions.first().is_some_and(|&e| is_signed(e)), "the assertion"),
        ];
        let failed = response.status.as_ref().filter(|status| !status.is_success());
        let short = |code: &str| code.rsplit(':').next().unwrap_or(code).to_owned();
        Some(Self {
            issued: text(response.issue_instant.as_ref()),
            destination: text(response.destination.as_ref()),
            issuer: text(issuer.map(|issuer| &issuer.value)),
            in_response_to: text(response.in_response_to.as_ref()),
            is_request_known: case
                .options
                .verdict
                .as_ref()
                .is_none_or(|context| context.request_id.is_some() || context.sp.allow_unsolicited),
            failure: failed.map(|status| {
                status.codes.iter().map(|code| short(code.text())).collect::<Vec<_>>().join(" / ")
            }),
            audiences: assertion
                .into_iter()
                .flat_map(Assertion::audiences)
                .map(|audience| audience.to_string())
                .collect(),
            window: conditions.and_then(|conditions| {
                let from = text(conditions.not_before.as_ref());
                let until = text(conditions.not_on_or_after.as_ref());
                from.zip(until)
            }),
            assertions: (response.assertions.len(), response.encrypted_assertions.len()),
            signed: signed.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect(),
        })
    }
}

impl Card {
    pub(crate) fn new(
        metadata: &Metadata<'_>,
        signatures: &[SignatureCheck<'_>],
        now: DateTime<Utc>,
    ) -> Self {
        let group = metadata.groups().next().filter(|group| group.element == metadata.root());
        let valid_until = metadata.root().attribute("validUntil").map(|attribute| {
            let until = samlkit::xsd::date_time(attribute.value());
            (attribute.value().to_owned(), until.map(|until| days_until(until, now)))
        });
        Self {
            group: group.and_then(|group| Some(group.name?.text().to_owned())),
            valid_until,
            signature: SignatureState::of(signatures),
            ..Self::default()
        }
    }

    /// Counts an entity, and keeps a card of the first few.
    pub(crate) fn add(&mut self, entity: &Entity<'_>, now: DateTime<Utc>) {
        self.entities = self.entities.saturating_add(1);
        let count = |so_far: usize, is: bool| so_far.saturating_add(usize::from(is));
        let is_idp = has_role(&entity.descriptor, true);
        let is_sp = has_role(&entity.descriptor, false);
        self.identity_providers = count(self.identity_providers, is_idp);
        self.service_providers = count(self.service_providers, is_sp);
        if self.shown.len() < ENTITIES_SHOWN {
            self.shown.push(EntityCard::new(entity, now));
        }
    }
}

impl EntityCard {
    fn new(entity: &Entity<'_>, now: DateTime<Utc>) -> Self {
        let descriptor = &entity.descriptor;
        let (idp, sp) = (entity.idp_profile, entity.sp_profile);
        let mut details = idp.map(|profile| profile.facts(descriptor)).unwrap_or_default();
        details.extend(sp.map(|profile| profile.facts(descriptor)).unwrap_or_default());
        let mut endpoints = Vec::new();
        let mut formats = Vec::new();
        for role in &descriptor.roles {
            let (sso, first): (_, (&'static str, &[Endpoint<'_>])) = match role {
                Role::IdpSso(idp) => {
                    (&idp.sso, ("SingleSignOnService", idp.single_sign_on_services.as_slice()))
                }
                Role::SpSso(sp) => {
                    let services = sp.assertion_consumer_services.as_slice();
                    (&sp.sso, ("AssertionConsumerService", services))
                }
                Role::Other(_) => continue,
            };
            let logout = ("SingleLogoutService", sso.single_logout_services.as_slice());
            for (service, list) in [first, logout] {
                endpoints.extend(list.iter().map(|endpoint| EndpointCard::new(service, endpoint)));
            }
            formats.extend(sso.name_id_formats.iter().map(|format| format.trimmed().to_owned()));
        }
        // What two roles share is one fact.
        let (mut seen, mut seen_endpoints, mut seen_keys) =
            (HashSet::new(), HashSet::new(), HashSet::new());
        formats.retain(|format| seen.insert(format.clone()));
        endpoints.retain(|endpoint| seen_endpoints.insert(endpoint.clone()));
        let distinct = entity.certificates.iter().filter(|key| match &key.decoded {
            Ok(certificate) => seen_keys.insert((certificate.sha256, key.signing, key.encryption)),
            Err(_) => true,
        });
        let certificates = distinct.map(|key| CertificateCard {
            key_use: match (key.signing, key.encryption) {
                (true, true) => "signing and encryption",
                (false, true) => "encryption",
                _ => "signing",
            },
            days_left: key.decoded.as_ref().ok().map(|c| days_until(c.not_after, now)),
            certificate: key.decoded.clone().map_err(|error| error.to_string()),
        });
        Self {
            entity_id: descriptor.entity_id.as_ref().map(|id| id.text().to_owned()),
            roles: descriptor.roles.iter().map(|role| role_name(&role.common().kind)).collect(),
            provider: idp.and_then(|p| p.display()).or_else(|| sp.and_then(|p| p.display())),
            details,
            endpoints,
            name_id_formats: formats,
            certificates: certificates.collect(),
        }
    }
}

impl EndpointCard {
    fn new(service: &'static str, endpoint: &Endpoint<'_>) -> Self {
        let text = |value: &Option<samlkit::Value<'_>>| {
            value.as_ref().map(|value| value.text().to_owned())
        };
        let binding = text(&endpoint.binding).unwrap_or_default();
        let short = binding.strip_prefix("urn:oasis:names:tc:SAML:2.0:bindings:");
        Self {
            service,
            binding: short.unwrap_or(&binding).to_owned(),
            location: text(&endpoint.location).unwrap_or_default(),
            index: text(&endpoint.index),
            is_default: endpoint.is_default.as_ref().and_then(|v| v.boolean()) == Some(true),
        }
    }
}

fn role_name(kind: &RoleKind<'_>) -> String {
    match kind {
        RoleKind::IdpSso => "IdP".to_owned(),
        RoleKind::SpSso => "SP".to_owned(),
        RoleKind::AuthnAuthority => "authentication authority".to_owned(),
        RoleKind::AttributeAuthority => "attribute authority".to_owned(),
        RoleKind::Pdp => "policy decision point".to_owned(),
        RoleKind::WsFederation(local) => format!("WS-Federation {local}"),
        RoleKind::Unknown(Some(written)) => format!("unknown role {written}"),
        _ => "role without a type".to_owned(),
    }
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
