//! The service provider's side of single sign-on: from the octets of a response to the verdict.
//!
//! A response is accepted if it holds one assertion, if a key of the identity provider signed that
//! assertion or the response around it (and no signature fails), and if all processing rules of
//! the web browser SSO profile hold (saml-profiles 4.1.4): it is for this service provider, for this
//! place, answers this request, and counts now. Every rule that fails is told, not only the first.
//!
//! Comparison is character by character. Time is an argument. Whether the assertion was used before
//! is for a [replay store](crate::replay) to say: [`ServiceProvider::verify_response_once`] asks it, and
//! a web service should call nothing else.

mod decryption;
mod evidence;
mod logout;
mod refusal;
mod rules;
mod verified_response;

pub use logout::{LogoutRefusal, LogoutRequested, Received, judge_logout_request};
pub use refusal::{Difference, Refusal, RefusalKind, Rejection};
pub use verified_response::{VerifiedAttribute, VerifiedNameId, VerifiedResponse};

use chrono::{DateTime, TimeDelta, Utc};
use samlkit_dsig::{
    AlgorithmPolicy, CertificateError, DecryptionKey, EncryptionPolicy, KeyError, VerifyingKey,
};
use samlkit_xml::{Document, Limits};

use crate::metadata::{EntityDescriptor, KeyUse};
use crate::names::binding;
use crate::replay::ReplayStore;

/// Who verifies: built once, from configuration or from metadata.
#[derive(Clone, Debug)]
pub struct ServiceProvider {
    /// The entity ID, which has to be among the audiences.
    pub entity_id: String,
    /// The ACS URLs, at any of which a response may arrive.
    pub acs_urls: Vec<String>,
    /// How far clocks may be apart; three minutes unless changed.
    pub clock_skew: TimeDelta,
    /// Which algorithms and keys are good enough.
    pub policy: AlgorithmPolicy,
    /// The private keys for encrypted assertions, names and attributes; none unless given.
    pub decryption_keys: Vec<DecryptionKey>,
    /// Which old ways to encrypt are accepted. AES in CBC mode is accepted inside what
    /// is signed in any case.
    pub encryption_policy: EncryptionPolicy,
    /// Whether a response that answers no request is accepted: sign-in that begins at the identity
    /// provider. Off unless changed, because somebody else's login can be slipped to a user so.
    pub allow_unsolicited: bool,
    /// Within which limits a response is read. A response of a megabyte is no response.
    pub limits: Limits,
}

/// The skew that both sides of the vectors and most products allow, in seconds.
const CLOCK_SKEW: i64 = 180;
/// A megabyte: a thousand groups and two signatures fit into a quarter of it.
const RESPONSE_SIZE: usize = 1 << 20;

impl ServiceProvider {
    /// A service provider with the usual settings.
    pub fn new(entity_id: impl Into<String>, acs_urls: impl IntoIterator<Item = String>) -> Self {
        Self {
            entity_id: entity_id.into(),
            acs_urls: acs_urls.into_iter().collect(),
            clock_skew: TimeDelta::seconds(CLOCK_SKEW),
            policy: AlgorithmPolicy::default(),
            decryption_keys: Vec::new(),
            encryption_policy: EncryptionPolicy::default(),
            allow_unsolicited: false,
            limits: Limits::default().size(RESPONSE_SIZE),
        }
    }

    /// The service provider that metadata describes: its entity ID and the ACS URLs with the binding
    /// HTTP-POST. `None` if it has neither.
    pub fn from_metadata(entity: &EntityDescriptor<'_>) -> Option<Self> {
        let services = entity.sp_roles().flat_map(|sp| &sp.assertion_consumer_services);
        let posted = services.filter(|service| service.has_binding(binding::HTTP_POST));
        let urls: Vec<String> = posted
            .filter_map(|service| Some(service.location.as_ref()?.text().to_owned()))
            .collect();
        let entity_id = entity.entity_id.as_ref()?.text();
        (!urls.is_empty()).then(|| Self::new(entity_id, urls))
    }

    /// Judges a response. `bytes` is the XML, taken out of base64 and whatever it came in; `now` is
    /// the time to judge at.
    ///
    /// ```
    /// use samlkit::sp::{Expected, IdentityProvider, ServiceProvider};
    ///
    /// let sp = ServiceProvider::new("urn:me", ["https://me.example/acs".to_owned()]);
    /// let idp = IdentityProvider { entity_id: "https://idp.example/".into(), keys: Vec::new() };
    /// let now = "2026-06-01T12:00:00Z".parse()?;
    /// let forged = b"<Response xmlns='urn:oasis:names:tc:SAML:2.0:protocol'/>";
    /// let rejection = sp.verify_response(&idp, forged, &Expected::default(), now).unwrap_err();
    /// assert!(rejection.rules().any(|rule| rule == "signature.missing"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Every rule that the response breaks, in the order of the document.
    pub fn verify_response(
        &self,
        idp: &IdentityProvider,
        bytes: &[u8],
        expected: &Expected<'_>,
        now: DateTime<Utc>,
    ) -> Result<VerifiedResponse, Rejection> {
        let document =
            Document::parse_with(bytes, &self.limits).map_err(|error| Rejection::xml(&error))?;
        self.verify_document(idp, &document, expected, now)
    }

    /// [`ServiceProvider::verify_response`], and then asks `store` whether the assertion was used
    /// before. It is remembered for as long as it counts, clock skew included.
    ///
    /// # Errors
    /// Every rule that the response breaks; if it breaks none, that it was used before, or that the
    /// store cannot say.
    pub fn verify_response_once(
        &self,
        idp: &IdentityProvider,
        bytes: &[u8],
        expected: &Expected<'_>,
        store: &impl ReplayStore,
        now: DateTime<Utc>,
    ) -> Result<VerifiedResponse, Rejection> {
        let verified = self.verify_response(idp, bytes, expected, now)?;
        // Every accepted response has an end: that of its confirmation.
        let until = verified.not_on_or_after.unwrap_or(now);
        let until = until.checked_add_signed(self.clock_skew).unwrap_or(until);
        let kind = match store.first_use(&verified.issuer, &verified.assertion_id, until, now) {
            Ok(true) => return Ok(verified),
            Ok(false) => RefusalKind::Replayed { id: verified.assertion_id },
            Err(error) => RefusalKind::ReplayUnknown(error),
        };
        Err(Rejection::of_whole(kind))
    }

    /// [`ServiceProvider::verify_response`] of a document that was read already.
    ///
    /// # Errors
    /// Every rule that the response breaks, in the order of the document.
    pub fn verify_document(
        &self,
        idp: &IdentityProvider,
        document: &Document<'_>,
        expected: &Expected<'_>,
        now: DateTime<Utc>,
    ) -> Result<VerifiedResponse, Rejection> {
        rules::judge(&rules::Context { sp: self, idp, expected, now }, document)
    }
}

/// Whose signatures count: built once, from metadata or from configuration.
#[derive(Clone, Debug)]
pub struct IdentityProvider {
    /// The entity ID, which has to be the issuer.
    pub entity_id: String,
    /// The keys that it signs with.
    pub keys: Vec<VerifyingKey>,
}

/// Why metadata does not describe an identity provider that can be verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// No entity ID.
    #[error("the metadata has no entityID")]
    NoEntityId,
    /// No role of the kind.
    #[error("the metadata describes no identity provider (IDPSSODescriptor)")]
    NoRole,
    /// No signing key that can be read.
    #[error("the metadata has no signing certificate that can be read{}",
        .first.as_ref().map_or(String::new(), |error| format!(": {error}")))]
    NoKey {
        /// What is wrong with the first.
        first: Option<CertificateError>,
    },
}

impl IdentityProvider {
    /// The identity provider that metadata describes: its entity ID and all its signing keys. A
    /// certificate that cannot be read is passed over, as long as another can.
    ///
    /// # Errors
    /// [`MetadataError`].
    pub fn from_metadata(entity: &EntityDescriptor<'_>) -> Result<Self, MetadataError> {
        let id = entity.entity_id.as_ref().filter(|id| !id.text().is_empty());
        let id = id.ok_or(MetadataError::NoEntityId)?;
        let mut roles = entity.idp_roles().peekable();
        if roles.peek().is_none() {
            return Err(MetadataError::NoRole);
        }
        let descriptors = roles.flat_map(|idp| &idp.role.key_descriptors);
        let signing = descriptors.filter(|key| key.serves(KeyUse::Signing));
        let (mut keys, mut first) = (Vec::new(), None);
        for certificate in signing.flat_map(|key| &key.certificates) {
            match VerifyingKey::from_certificate(certificate.text.text()) {
                Ok(key) => keys.push(key),
                Err(KeyError::Certificate(error)) => first = first.or(Some(error)),
                Err(_) => {}
            }
        }
        if keys.is_empty() {
            return Err(MetadataError::NoKey { first });
        }
        Ok(Self { entity_id: id.text().to_owned(), keys })
    }
}

/// What is known of the exchange that a response ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// The ID of the request that was sent; `None` if none was.
    pub request_id: Option<&'a str>,
    /// The ACS URL at which the response arrived; `None` for any of the service provider's.
    pub acs_url: Option<&'a str>,
}
