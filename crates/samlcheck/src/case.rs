//! What rules look at: the file as it was read, the entities in it with their certificates
//! decoded once, what the user asked for, and the time.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use samlkit::assertion::Assertion;
use samlkit::dsig::{
    AlgorithmPolicy, Certificate, CertificateError, Explanation, Failure, FailureKind, Signed,
    VerifyingKey, explain, is_signed, verify,
};
use samlkit::metadata::{EntityDescriptor, IdpSsoDescriptor, KeyUse, Metadata, Role, SignedParts};
use samlkit::names::ASSERTION;
use samlkit::protocol::Response;
use samlkit::sp::{IdentityProvider, RefusalKind, Rejection, ServiceProvider, VerifiedResponse};
use samlkit::xml::{Document, Element, Error, Limits};
use samlkit::{Kind, Unverified, Value};

use crate::policy::Policy;
use crate::profile::{IdpProfile, SpProfile};
use crate::profiles::entra::{self, Cloud};

/// What the user asked for. [`Options::default`] asks for nothing in particular.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The kind of document that is wanted; any other is `document.root`.
    pub asked_for: Option<Kind>,
    /// Which identity provider the metadata is taken for, instead of the one detected.
    pub idp_profile: Option<IdpProfile>,
    /// Which service provider the metadata is taken for, instead of the one detected.
    pub sp_profile: Option<SpProfile>,
    /// The service provider that identity provider metadata is meant for.
    pub target: Option<SpProfile>,
    /// The keys that a signature has to be made with; with none, a signature is compared with the
    /// certificate beside it, which establishes no trust.
    pub trust: Vec<VerifyingKey>,
    /// Who a response is judged for; without it there is no verdict.
    pub verdict: Option<VerdictContext>,
    /// Which message of an export this is.
    pub export: Option<ExportPlace>,
    /// Which side of a federation the metadata is said to be.
    pub side: Option<Side>,
    /// What the user makes of findings.
    pub policy: Policy,
    /// Within which limits XML is read.
    pub limits: Limits,
}

/// The place of a message in an export that holds several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportPlace {
    /// Which one it is, from 1, in the order of time.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The IDs of the requests in the export.
    pub requests: Arc<HashSet<String>>,
}

/// A side of a federation, as the user names the two files.
#[derive(Clone, Debug)]
pub enum Side {
    /// The identity provider's.
    Idp,
    /// The service provider's, and what the identity provider on the other side offers; `None` where
    /// its metadata could not be read.
    Sp(Option<IdpOffer>),
}

/// What an identity provider's metadata offers to a service provider.
#[derive(Clone, Debug, Default)]
pub struct IdpOffer {
    /// The cloud of Microsoft's that it is in, if it is Entra.
    pub cloud: Option<&'static Cloud>,
    /// Whether it wants requests to be signed.
    pub wants_signed_requests: bool,
    /// The bindings by which it takes requests.
    pub sign_on_bindings: Vec<String>,
    /// The NameID formats that it lists.
    pub name_id_formats: Vec<String>,
}

impl IdpOffer {
    /// What all identity provider roles of an entity offer; `None` where it has none.
    pub fn read(entity: &EntityDescriptor<'_>) -> Option<Self> {
        let text = |value: &Value<'_>| value.trimmed().to_owned();
        let services = || entity.idp_roles().flat_map(|idp| &idp.single_sign_on_services);
        let wants = |idp: &IdpSsoDescriptor<'_>| {
            idp.want_authn_requests_signed.as_ref().and_then(Value::boolean) == Some(true)
        };
        entity.idp_roles().next()?;
        Some(Self {
            cloud: entra::cloud(entity),
            wants_signed_requests: entity.idp_roles().any(wants),
            sign_on_bindings: services().filter_map(|s| s.binding.as_ref().map(text)).collect(),
            name_id_formats: entity
                .idp_roles()
                .flat_map(|idp| &idp.sso.name_id_formats)
                .map(text)
                .collect(),
        })
    }
}

/// Who a response is judged for, and what is known of the exchange.
#[derive(Clone, Debug)]
pub struct VerdictContext {
    /// The service provider that it should be for.
    pub sp: ServiceProvider,
    /// The identity provider that should have made it.
    pub idp: IdentityProvider,
    /// The ID of the request that it should answer; `None` if there was none.
    pub request_id: Option<String>,
}

/// One file, as far as it could be read.
#[derive(Debug)]
pub struct Case<'a> {
    /// The bytes of the file.
    pub bytes: &'a [u8],
    /// How many characters the file has, as vendors count them: with the byte order mark.
    pub characters: usize,
    /// The document, or why there is none.
    pub document: Result<&'a Document<'a>, &'a Error>,
    /// Which SAML document it is.
    pub kind: Option<Kind>,
    /// What in metadata is signed, and what is not.
    pub signed_parts: Option<SignedParts<'a>>,
    /// The signatures that matter, each judged once.
    pub signatures: Vec<SignatureCheck<'a>>,
    /// What a response says, where it is one.
    pub response: Option<Message<'a>>,
    /// The verdict on a response, where one was asked for.
    pub verdict: Option<Result<VerifiedResponse, Rejection>>,
    /// What the verdict has against signatures, with what is known of the keys beside them.
    pub refused_signatures: Vec<Failure>,
    /// What the user asked for.
    pub options: &'a Options,
    /// The time at which everything is judged.
    pub now: DateTime<Utc>,
}

impl<'a> Case<'a> {
    /// The metadata in the file, if that is what it is.
    pub fn metadata(&self) -> Option<Metadata<'a>> {
        Metadata::read(self.document.ok()?).ok()
    }

    /// Whether rules of that service provider speak to this identity provider metadata.
    pub fn target(&self, provider: SpProfile) -> Target {
        match self.options.target {
            Some(target) if target == provider => Target::Meant,
            Some(_) => Target::Other,
            None => Target::Unknown,
        }
    }
}

/// What a response says of itself, read once for all rules. Nobody vouches for it.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// The response.
    pub response: Unverified<Response<'a>>,
    /// The first assertion in it, unless that is encrypted.
    pub assertion: Option<Unverified<Assertion<'a>>>,
    /// Who it is for: as the user says, or else as it says itself.
    pub sp_profile: SpProfile,
    /// Who made it: as the user says, or else as it says itself.
    pub idp_profile: IdpProfile,
}

impl<'a> Message<'a> {
    /// Reads the response at the root of a document.
    pub fn new(root: Element<'a>, options: &Options) -> Self {
        let response = Unverified::<Response<'a>>::read(root);
        let first = response.unverified().assertions.first();
        let assertion = first.map(|&element| Unverified::<Assertion<'a>>::read(element));
        let sp_profile = options.sp_profile.unwrap_or_else(|| match &options.verdict {
            Some(VerdictContext { sp, .. }) => {
                let urls = sp.acs_urls().iter().map(String::as_str);
                SpProfile::of(&urls.chain([sp.entity_id()]).collect::<Vec<_>>())
            }
            None => {
                let envelope = response.unverified();
                let assertion = assertion.as_ref().map(Unverified::unverified);
                let audiences = assertion.into_iter().flat_map(Assertion::audiences);
                let recipients = assertion.into_iter().flat_map(Assertion::recipients);
                let all = audiences.chain(recipients).chain(&envelope.destination);
                SpProfile::of(&all.map(Value::text).collect::<Vec<_>>())
            }
        });
        let idp_profile = options.idp_profile.unwrap_or_else(|| {
            let assertion = assertion.as_ref().map(Unverified::unverified);
            let own = assertion.and_then(|assertion| assertion.issuer.as_ref());
            let issuer = own.or(response.unverified().issuer.as_ref());
            IdpProfile::of(issuer.map_or("", |issuer| issuer.value.text()))
        });
        Self { response, assertion, sp_profile, idp_profile }
    }

    /// What the first assertion says, unless that is encrypted.
    pub fn first_assertion(&self) -> Option<&Assertion<'a>> {
        self.assertion.as_ref().map(Unverified::unverified)
    }
}

/// What became of one signature.
#[derive(Clone, Debug)]
pub struct SignatureCheck<'a> {
    /// The element that has it, or that should have one.
    pub element: Element<'a>,
    /// Whether it had to be made with a key that the user gave.
    pub is_pinned: bool,
    /// The evidence, where it was made with such a key.
    pub evidence: Option<Signed<'a>>,
    /// What can be said of it without trusting anybody; not asked where there is evidence.
    pub explanation: Option<Explanation<'a>>,
    failures: Vec<Failure>,
}

impl<'a> SignatureCheck<'a> {
    /// Judges the signatures of metadata. With a key that is trusted, every entity has to be covered by
    /// one.
    pub fn of_metadata(
        parts: &SignedParts<'a>,
        root: Element<'a>,
        trust: &[VerifyingKey],
    ) -> Vec<Self> {
        let unsigned: &[Element<'a>] = match (trust, parts.signed.as_slice()) {
            ([], _) => &[],
            // Nothing is signed at all, which is said once.
            (_, []) => std::slice::from_ref(&root),
            (_, _) => &parts.unsigned,
        };
        let all = parts.signed.iter().chain(unsigned);
        all.map(|&element| Self::new(element, trust)).collect()
    }

    /// Judges the signatures of a message without a verdict: its own and those of its assertions. With a
    /// key that is trusted, the message or each assertion in it has to have one.
    pub fn of_message(document: &'a Document<'a>, trust: &[VerifyingKey]) -> Vec<Self> {
        let root = document.root();
        let needed: Vec<Element<'a>> = match (trust, is_signed(root)) {
            ([], _) | (_, true) => Vec::new(),
            (_, false) => {
                let inside = root.children().filter(|child| child.name().namespace == ASSERTION);
                let assertions: Vec<_> =
                    inside.filter(|child| !child.is(ASSERTION, "Issuer")).collect();
                let are_plain = assertions.iter().all(|e| e.is(ASSERTION, "Assertion"));
                let is_response = Kind::of(root) == Some(Kind::Response);
                if is_response && are_plain && !assertions.is_empty() {
                    assertions
                } else {
                    vec![root]
                }
            }
        };
        let unsigned = needed.into_iter().filter(|element| !is_signed(*element));
        let all = Self::signed(document).chain(unsigned);
        all.map(|element| Self::new(element, trust)).collect()
    }

    /// The elements of a message that a signature stands in: itself and its assertions.
    pub(crate) fn signed(document: &'a Document<'a>) -> impl Iterator<Item = Element<'a>> {
        let root = document.root();
        let assertions = root.children().filter(|child| child.is(ASSERTION, "Assertion"));
        std::iter::once(root).chain(assertions).filter(|&element| is_signed(element))
    }

    fn new(element: Element<'a>, trust: &[VerifyingKey]) -> Self {
        let policy = AlgorithmPolicy::default();
        if trust.is_empty() {
            let explanation = explain(element, &policy);
            // That there is no key at all to compare with is no fault of the signature here.
            let is_fault = |failure: &&Failure| failure.kind != FailureKind::NoKeys;
            let failures = explanation.failures().iter().filter(is_fault).cloned().collect();
            let explanation = Some(explanation);
            return Self { element, is_pinned: false, evidence: None, explanation, failures };
        }
        match verify(element, trust, &policy) {
            Ok(signed) => Self {
                element,
                is_pinned: true,
                evidence: Some(signed),
                explanation: None,
                failures: Vec::new(),
            },
            Err(rejection) => {
                let explanation = explain(element, &policy);
                let failures = rejection.into_failures().into_iter();
                let failures = failures.map(|failure| explanation.refine(failure)).collect();
                let explanation = Some(explanation);
                Self { element, is_pinned: true, evidence: None, explanation, failures }
            }
        }
    }

    /// What a verdict has against the signatures of a message. The verdict itself looks at trusted keys
    /// only; which key made a signature instead is asked here.
    pub fn refused(
        document: &'a Document<'a>,
        rejection: &Rejection,
        policy: &AlgorithmPolicy,
    ) -> Vec<Failure> {
        let mut explained: Option<Vec<(Element<'a>, Explanation<'a>)>> = None;
        let mut failures = Vec::new();
        for refusal in rejection.refusals() {
            let RefusalKind::Signature(kind) = &refusal.kind else { continue };
            let explained = explained.get_or_insert_with(|| {
                Self::signed(document).map(|element| (element, explain(element, policy))).collect()
            });
            // Those of assertions come after that of the response around them.
            let mut innermost = explained.iter().rev();
            let place = refusal.range.start;
            let around = innermost.find(|(element, _)| element.range().contains(&place));
            let failure = Failure::new(kind.clone(), refusal.range.clone());
            failures.push(match around {
                Some((_, explanation)) => explanation.refine(failure),
                None => failure,
            });
        }
        failures
    }

    /// Whether the signature is good under the key that stands beside it, which establishes no trust.
    pub fn agrees_with_itself(&self) -> bool {
        self.explanation.as_ref().is_some_and(|explanation| explanation.failures().is_empty())
    }

    /// The certificate whose key made the signature, where that was verified: decoded once for all.
    pub fn certificate(&self) -> Option<&Certificate> {
        match (&self.evidence, &self.explanation) {
            (Some(signed), _) => signed.key().certificate(),
            (None, Some(explanation)) if explanation.is_made_by_presented() => {
                explanation.presented()?.certificate()
            }
            _ => None,
        }
    }

    /// What is wrong.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter()
    }
}

/// Whether identity provider metadata is meant for a certain service provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The user said so.
    Meant,
    /// The user did not say; what would be an error is worth a hint.
    Unknown,
    /// The user named another.
    Other,
}

/// One entity of a metadata file.
#[derive(Debug)]
pub struct Entity<'a> {
    /// The entity as it was read.
    pub descriptor: EntityDescriptor<'a>,
    /// Which identity provider it is, if it is one.
    pub idp_profile: Option<IdpProfile>,
    /// Which service provider it is, if it is one.
    pub sp_profile: Option<SpProfile>,
    /// Its first identity provider role and its first service provider role. What a rule about roles says of
    /// the entity as a whole is said there, once, however many roles there are.
    pub first_roles: [Option<Element<'a>>; 2],
    /// The certificates of SAML's roles: each once for a role, whatever it is used for there.
    pub certificates: Vec<KeyCertificate<'a>>,
}

/// A certificate of a role.
#[derive(Clone, Debug)]
pub struct KeyCertificate<'a> {
    /// The role that it belongs to.
    pub role: Element<'a>,
    /// Where its base64 stands.
    pub range: Range<usize>,
    /// Whether it is there to check signatures.
    pub signing: bool,
    /// Whether it is there to encrypt.
    pub encryption: bool,
    /// What is in it.
    pub decoded: Result<Certificate, CertificateError>,
}

/// Certificates that were decoded before, by their SHA-256 fingerprints.
pub type KnownCertificates<'c> = HashMap<[u8; 32], &'c Certificate>;

impl<'a> Entity<'a> {
    /// Detects who the entity is and decodes its certificates, but for those that are `known` already.
    pub fn new(
        descriptor: EntityDescriptor<'a>,
        options: &Options,
        known: &KnownCertificates<'_>,
    ) -> Self {
        let first_idp = descriptor.idp_roles().next().map(|idp| idp.role.element);
        let first_sp = descriptor.sp_roles().next().map(|sp| sp.role.element);
        let idp_profile = options.idp_profile.unwrap_or_else(|| IdpProfile::detect(&descriptor));
        let sp_profile = options.sp_profile.unwrap_or_else(|| SpProfile::detect(&descriptor));
        let certificates = certificates(&descriptor, known);
        Self {
            descriptor,
            idp_profile: first_idp.map(|_| idp_profile),
            sp_profile: first_sp.map(|_| sp_profile),
            first_roles: [first_idp, first_sp],
            certificates,
        }
    }

    /// Whether a role is one of [`Entity::first_roles`].
    pub fn is_first(&self, role: Element<'a>) -> bool {
        self.first_roles.contains(&Some(role))
    }

    /// The certificates that could be decoded.
    pub fn readable(&self) -> impl Iterator<Item = (&KeyCertificate<'a>, &Certificate)> {
        self.certificates.iter().filter_map(|key| Some((key, key.decoded.as_ref().ok()?)))
    }

    /// The readable certificates of one role.
    pub fn of_role(
        &self,
        role: Element<'a>,
    ) -> impl Iterator<Item = (&KeyCertificate<'a>, &Certificate)> {
        // Roles and so their certificates are in document order.
        let start = role.range().start;
        let begin = self.certificates.partition_point(|key| key.role.range().start < start);
        let of_role = self.certificates.iter().skip(begin).take_while(move |key| key.role == role);
        of_role.filter_map(|key| Some((key, key.decoded.as_ref().ok()?)))
    }

    /// The readable certificates by which a role's signatures are checked.
    pub fn signing(
        &self,
        role: Element<'a>,
    ) -> impl Iterator<Item = (&KeyCertificate<'a>, &Certificate)> {
        self.of_role(role).filter(|(key, _)| key.signing)
    }

    /// Where the entity ID stands, or the entity's start tag where there is none.
    pub fn entity_id_range(&self) -> Range<usize> {
        let id = self.descriptor.entity_id.as_ref();
        id.map_or_else(|| self.descriptor.element.start_tag_range(), |id| id.range())
    }
}

fn certificates<'a>(
    descriptor: &EntityDescriptor<'a>,
    known: &KnownCertificates<'_>,
) -> Vec<KeyCertificate<'a>> {
    let mut list: Vec<KeyCertificate<'a>> = Vec::new();
    let mut places: HashMap<(usize, String), usize> = HashMap::new();
    let saml = descriptor.roles.iter().map(Role::common).filter(|role| role.kind.is_saml());
    for role in saml {
        for key in &role.key_descriptors {
            let (signing, encryption) =
                (key.serves(KeyUse::Signing), key.serves(KeyUse::Encryption));
            for certificate in &key.certificates {
                let text: String = certificate.text.text().split_ascii_whitespace().collect();
                let place = (role.element.range().start, text);
                if let Some(known) = places.get(&place).and_then(|&at| list.get_mut(at)) {
                    known.signing |= signing;
                    known.encryption |= encryption;
                    continue;
                }
                places.insert(place, list.len());
                list.push(KeyCertificate {
                    role: role.element,
                    range: certificate.text.range(),
                    signing,
                    encryption,
                    decoded: Certificate::from_base64_or_known(certificate.text.text(), known),
                });
            }
        }
    }
    list
}
