//! The facts of a metadata file: who is in it, where its endpoints are, until when it counts.

use std::collections::HashSet;
use std::hash::Hash;

use chrono::{DateTime, Utc};
use samlkit::metadata::{Endpoint, Metadata, Role, RoleKind, SignedParts};

use super::{days_until, has_role};
use crate::case::{Case, Entity, KeyCertificate, SignatureCheck};
use crate::profile::Facts;

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
    /// Each entity's own is good, and made with a key that the user gave; nobody signed the group around
    /// them. The key's certificate in words.
    TrustedEntities(String),
    /// It agrees with the certificate beside it, which establishes no trust.
    AgreesWithItself,
    /// Some entities are covered by a signature, and others are not.
    Partial {
        /// How many entities no signature is over.
        unsigned: usize,
    },
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
            Self::TrustedEntities(_) => "trusted-entities",
            Self::AgreesWithItself => "agrees-with-itself",
            Self::Partial { .. } => "partial",
            Self::NoKey => "no-key",
            Self::Refused => "refused",
        }
    }

    fn of(parts: &SignedParts<'_>, checks: &[SignatureCheck<'_>]) -> Self {
        let Some(first) = checks.first().filter(|_| !parts.signed.is_empty()) else {
            return Self::None;
        };
        if checks.iter().any(|check| check.failures().next().is_some()) {
            return Self::Refused;
        }
        if !parts.unsigned.is_empty() {
            return Self::Partial { unsigned: parts.unsigned.len() };
        }
        if let Some(signed) = &first.evidence {
            let certificate = signed.key().certificate();
            let describe = |c: &samlkit::dsig::Certificate| {
                format!("{}, sha256 {}", c.subject, c.sha256_hex())
            };
            let words = certificate.map_or_else(|| "a bare key".to_owned(), describe);
            let is_whole = first.element == first.element.document().root();
            return if is_whole { Self::Trusted(words) } else { Self::TrustedEntities(words) };
        }
        let agrees = checks.iter().all(SignatureCheck::agrees_with_itself);
        if agrees { Self::AgreesWithItself } else { Self::NoKey }
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
    /// What its roles say of signatures: the attribute and its value.
    pub signing: Vec<(&'static str, String)>,
    /// `validUntil` of the entity itself.
    pub valid_until: Option<String>,
    /// How many roles, endpoints, formats, certificates and attributes are left out of the lists above,
    /// because there are more than anybody reads.
    pub left_out: usize,
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
/// How many endpoints, certificates and so on the card of an entity in a report lists: Entra's and AWS's
/// have fewer than fifty.
const LISTED: usize = 1_000;

impl Card {
    pub(crate) fn new(metadata: &Metadata<'_>, case: &Case<'_>, now: DateTime<Utc>) -> Self {
        let group = metadata.groups().next().filter(|group| group.element == metadata.root());
        let valid_until = metadata.root().attribute("validUntil").map(|attribute| {
            let until = samlkit::xsd::date_time(attribute.value());
            (attribute.value().to_owned(), until.map(|until| days_until(until, now)))
        });
        Self {
            group: group.and_then(|group| Some(group.name?.text().to_owned())),
            valid_until,
            signature: case
                .signed_parts
                .as_ref()
                .map_or(SignatureState::None, |parts| SignatureState::of(parts, &case.signatures)),
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
            self.shown.push(EntityCard::first_few(entity, now, LISTED));
        }
    }
}

impl EntityCard {
    /// The card of an entity, with everything.
    pub(crate) fn new(entity: &Entity<'_>, now: DateTime<Utc>) -> Self {
        Self::first_few(entity, now, usize::MAX)
    }

    /// The card of an entity, with at most so many in each of its lists.
    fn first_few(entity: &Entity<'_>, now: DateTime<Utc>, at_most: usize) -> Self {
        let descriptor = &entity.descriptor;
        let (idp, sp) = (entity.idp_profile, entity.sp_profile);
        let mut details = idp.map(|profile| profile.facts(descriptor)).unwrap_or_default();
        details.extend(sp.map(|profile| profile.facts(descriptor)).unwrap_or_default());
        // What two roles share is one fact.
        let mut roles = FirstFew::new(at_most);
        let mut endpoints = FirstFew::new(at_most);
        let mut formats = FirstFew::new(at_most);
        let mut signing = FirstFew::new(at_most);
        let mut certificates = FirstFew::new(at_most);
        for (number, role) in descriptor.roles.iter().enumerate() {
            roles.add(number, role);
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
            let says = match role {
                Role::IdpSso(idp) => {
                    [("WantAuthnRequestsSigned", &idp.want_authn_requests_signed), ("", &None)]
                }
                Role::SpSso(sp) => [
                    ("AuthnRequestsSigned", &sp.authn_requests_signed),
                    ("WantAssertionsSigned", &sp.want_assertions_signed),
                ],
                Role::Other(_) => continue,
            };
            for (name, value) in says {
                let Some(value) = value else { continue };
                signing.add((number, name), (name, value.trimmed()));
            }
            let logout = ("SingleLogoutService", sso.single_logout_services.as_slice());
            for (service, list) in [first, logout] {
                for endpoint in list {
                    endpoints.add(EndpointCard::key(service, endpoint), (service, endpoint));
                }
            }
            for format in &sso.name_id_formats {
                formats.add(format.trimmed(), format.trimmed());
            }
        }
        for (number, key) in entity.certificates.iter().enumerate() {
            let known = match &key.decoded {
                Ok(certificate) => Ok((certificate.sha256, key.signing, key.encryption)),
                Err(_) => Err(number),
            };
            certificates.add(known, key);
        }
        let left_out = [
            roles.left_out,
            endpoints.left_out,
            formats.left_out,
            signing.left_out,
            certificates.left_out,
        ];
        let role = |role: &Role<'_>| role_name(&role.common().kind);
        let certificate = |key: &KeyCertificate<'_>| CertificateCard::new(key, now);
        let endpoint = |(service, endpoint)| EndpointCard::new(service, endpoint);
        Self {
            entity_id: descriptor.entity_id.as_ref().map(|id| id.text().to_owned()),
            roles: roles.kept.into_iter().map(role).collect(),
            provider: idp.and_then(|p| p.display()).or_else(|| sp.and_then(|p| p.display())),
            details,
            endpoints: endpoints.kept.into_iter().map(endpoint).collect(),
            name_id_formats: formats.kept.into_iter().map(str::to_owned).collect(),
            certificates: certificates.kept.into_iter().map(certificate).collect(),
            signing: signing.kept.into_iter().map(|(name, said)| (name, said.to_owned())).collect(),
            valid_until: descriptor.valid_until.as_ref().map(|until| until.text().to_owned()),
            left_out: left_out.into_iter().fold(0, usize::saturating_add),
        }
    }
}

/// The first few of a list, each once; the others are counted.
struct FirstFew<K, T> {
    seen: HashSet<K>,
    kept: Vec<T>,
    left_out: usize,
    at_most: usize,
}

impl<K: Eq + Hash, T> FirstFew<K, T> {
    fn new(at_most: usize) -> Self {
        Self { seen: HashSet::new(), kept: Vec::new(), left_out: 0, at_most }
    }

    fn add(&mut self, key: K, item: T) {
        if self.kept.len() >= self.at_most {
            let is_new = !self.seen.contains(&key);
            self.left_out = self.left_out.saturating_add(usize::from(is_new));
        } else if self.seen.insert(key) {
            self.kept.push(item);
        }
    }
}

impl CertificateCard {
    fn new(key: &KeyCertificate<'_>, now: DateTime<Utc>) -> Self {
        Self {
            key_use: match (key.signing, key.encryption) {
                (true, true) => "signing and encryption",
                (false, true) => "encryption",
                _ => "signing",
            },
            days_left: key.decoded.as_ref().ok().map(|c| days_until(c.not_after, now)),
            certificate: key.decoded.clone().map_err(|error| error.to_string()),
        }
    }
}

impl EntityCard {
    /// Whether one of its roles says yes to that: `WantAssertionsSigned` and the like.
    pub fn says(&self, name: &str) -> bool {
        let yes = |value: &str| value == "true" || value == "1";
        self.signing.iter().any(|(said, value)| *said == name && yes(value))
    }
}

impl EndpointCard {
    /// What is the same in two endpoints that are one fact.
    fn key<'e>(service: &'static str, endpoint: &'e Endpoint<'_>) -> impl Eq + Hash + use<'e> {
        let text = |value: &'e Option<samlkit::Value<'_>>| value.as_ref().map(|value| value.text());
        let is_default = endpoint.is_default.as_ref().and_then(|v| v.boolean()) == Some(true);
        let (binding, location) = (text(&endpoint.binding), text(&endpoint.location));
        (
            service,
            binding.unwrap_or_default(),
            location.unwrap_or_default(),
            text(&endpoint.index),
            is_default,
        )
    }

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
