//! The service provider's side of a federation as configuration: who we are, where responses may arrive,
//! how far clocks may be apart, which keys and algorithms are good enough. Built once, from metadata or by
//! hand; nothing in a message changes it. What it does with a message is in `verify`.

use chrono::{DateTime, TimeDelta, Utc};
use samlkit_dsig::{AlgorithmPolicy, DecryptionKey, EncryptionPolicy};
use samlkit_xml::Limits;

use super::metadata_error::MetadataError;
use super::validity;
use crate::metadata::EntityDescriptor;
use crate::names::binding;

/// Who verifies.
///
/// ```
/// use samlkit::sp::ServiceProvider;
///
/// let sp = ServiceProvider::builder("https://app.example/saml")
///     .acs("https://app.example/acs")
///     .build()?;
/// assert_eq!(sp.entity_id(), "https://app.example/saml");
/// # Ok::<(), samlkit::sp::ConfigurationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ServiceProvider {
    pub(super) entity_id: String,
    pub(super) audiences: Vec<String>,
    pub(super) acs_urls: Vec<String>,
    pub(super) logout_urls: Vec<String>,
    pub(super) clock_skew: TimeDelta,
    pub(super) policy: AlgorithmPolicy,
    pub(super) decryption_keys: Vec<DecryptionKey>,
    pub(super) encryption_policy: EncryptionPolicy,
    pub(super) allow_unsolicited: bool,
    pub(super) limits: Limits,
}

/// Makes a [`ServiceProvider`]. What is not said is as strict as it can be.
#[derive(Clone, Debug)]
pub struct ServiceProviderBuilder(ServiceProvider);

/// Why there is no service provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// The entity ID is empty.
    #[error("the entity ID is empty: give the one that the identity provider has for this service")]
    NoEntityId,
    /// There is no URL at which a response could arrive.
    #[error("there is no ACS URL: give the one that the identity provider posts responses to")]
    NoAcsUrl,
    /// An allowance for clocks below nothing, or so large that nothing would expire.
    #[error("the clock skew is {} s, expected 0 to {MOST_SKEW} s", .found.num_seconds())]
    ClockSkew {
        /// What was given.
        found: TimeDelta,
    },
}

/// The skew that the vectors and most products allow, in seconds.
const CLOCK_SKEW: i64 = 180;
/// A day, in seconds: clocks further apart than that are no clocks.
const MOST_SKEW: i64 = 86_400;
/// A megabyte: a thousand groups and two signatures fit into a quarter of it.
const RESPONSE_SIZE: usize = 1 << 20;

impl ServiceProvider {
    /// Begins a service provider of that entity ID, which has to be among the audiences of an assertion.
    pub fn builder(entity_id: impl Into<String>) -> ServiceProviderBuilder {
        ServiceProviderBuilder(Self {
            entity_id: entity_id.into(),
            audiences: Vec::new(),
            acs_urls: Vec::new(),
            logout_urls: Vec::new(),
            clock_skew: TimeDelta::seconds(CLOCK_SKEW),
            policy: AlgorithmPolicy::default(),
            decryption_keys: Vec::new(),
            encryption_policy: EncryptionPolicy::default(),
            allow_unsolicited: false,
            limits: Limits::default().size(RESPONSE_SIZE),
        })
    }

    /// The service provider that its own metadata describes: its entity ID, and the ACS URLs with the
    /// binding HTTP-POST of its roles for SAML 2.0.
    ///
    /// # Errors
    /// [`MetadataError`], where the metadata is out of date or describes no service provider of SAML 2.0.
    pub fn from_metadata(
        entity: &EntityDescriptor<'_>,
        now: DateTime<Utc>,
    ) -> Result<ServiceProviderBuilder, MetadataError> {
        let id = validity::entity_id(entity)?;
        validity::check_entity(entity, now)?;
        let roles = validity::roles_of_saml2(entity.sp_roles().map(|sp| (sp, &sp.role)), now)?;
        let Some(roles) = roles else {
            return Err(MetadataError::NoRole { role: "SPSSODescriptor" });
        };
        let services = roles.into_iter().flat_map(|sp| &sp.assertion_consumer_services);
        let posted = services.filter(|service| service.has_binding(binding::HTTP_POST));
        let urls = posted.filter_map(|service| Some(service.location.as_ref()?.trimmed()));
        let built = urls.fold(Self::builder(id), ServiceProviderBuilder::acs);
        if built.0.acs_urls.is_empty() {
            return Err(MetadataError::NoAcsUrl);
        }
        Ok(built)
    }

    /// The entity ID.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// The audiences that are taken for this service: the entity ID, and others that were added.
    pub fn audiences(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.entity_id.as_str()).chain(self.audiences.iter().map(String::as_str))
    }

    /// The URLs at any of which a response may arrive, the first to be added first.
    pub fn acs_urls(&self) -> &[String] {
        &self.acs_urls
    }

    /// The URLs at any of which a logout message may arrive.
    pub fn logout_urls(&self) -> &[String] {
        &self.logout_urls
    }

    /// How far clocks may be apart.
    pub fn clock_skew(&self) -> TimeDelta {
        self.clock_skew
    }

    /// Which algorithms and keys are good enough.
    pub fn policy(&self) -> &AlgorithmPolicy {
        &self.policy
    }

    /// Whether a response that answers no request is accepted where no request is pending.
    pub fn allows_unsolicited(&self) -> bool {
        self.allow_unsolicited
    }

    /// Whether there is a key to decrypt with.
    pub fn can_decrypt(&self) -> bool {
        !self.decryption_keys.is_empty()
    }

    /// The same again, to be changed.
    pub fn to_builder(&self) -> ServiceProviderBuilder {
        ServiceProviderBuilder(self.clone())
    }
}

impl ServiceProviderBuilder {
    /// Adds a URL at which responses may arrive.
    #[must_use]
    pub fn acs(mut self, url: impl Into<String>) -> Self {
        self.0.acs_urls.push(url.into());
        self
    }

    /// Takes all ACS URLs back, for others to be added.
    #[must_use]
    pub fn without_acs(mut self) -> Self {
        self.0.acs_urls.clear();
        self
    }

    /// Adds an audience that is taken for this service beside its entity ID.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.0.audiences.push(audience.into());
        self
    }

    /// Adds a URL at which logout messages may arrive.
    #[must_use]
    pub fn logout_url(mut self, url: impl Into<String>) -> Self {
        self.0.logout_urls.push(url.into());
        self
    }

    /// Sets how far clocks may be apart; three minutes unless changed.
    #[must_use]
    pub fn clock_skew(mut self, skew: TimeDelta) -> Self {
        self.0.clock_skew = skew;
        self
    }

    /// Sets which algorithms and keys are good enough.
    #[must_use]
    pub fn policy(mut self, policy: AlgorithmPolicy) -> Self {
        self.0.policy = policy;
        self
    }

    /// Adds a private key for encrypted assertions, names and attributes.
    #[must_use]
    pub fn decryption_key(mut self, key: DecryptionKey) -> Self {
        self.0.decryption_keys.push(key);
        self
    }

    /// Sets which old ways to encrypt are accepted. AES in CBC mode is accepted inside what is
    /// signed in any case.
    #[must_use]
    pub fn encryption_policy(mut self, policy: EncryptionPolicy) -> Self {
        self.0.encryption_policy = policy;
        self
    }

    /// Accepts a response that answers no request, where no request is pending: sign-in that begins at
    /// the identity provider. This permits login CSRF: a page can sign its visitor in as somebody else.
    #[must_use]
    pub fn allow_unsolicited(mut self) -> Self {
        self.0.allow_unsolicited = true;
        self
    }

    /// Sets within which limits a message is read; a megabyte unless changed.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.0.limits = limits;
        self
    }

    /// Makes the service provider.
    ///
    /// # Errors
    /// [`ConfigurationError`].
    pub fn build(self) -> Result<ServiceProvider, ConfigurationError> {
        let Self(built) = self;
        if built.entity_id.is_empty() {
            return Err(ConfigurationError::NoEntityId);
        }
        if built.acs_urls.iter().all(String::is_empty) {
            return Err(ConfigurationError::NoAcsUrl);
        }
        if !(0..=MOST_SKEW).contains(&built.clock_skew.num_seconds()) {
            return Err(ConfigurationError::ClockSkew { found: built.clock_skew });
        }
        Ok(built)
    }
}

#[cfg(test)]
mod tests {
    use samlkit_xml::Document;

    use super::*;
    use crate::metadata::Metadata;

    #[test]
    fn what_is_built_is_as_it_was_said() {
        let sp = ServiceProvider::builder("urn:sp").acs("https://sp/a").acs("https://sp/b");
        let sp = sp.audience("urn:old").logout_url("https://sp/bye").allow_unsolicited();
        let sp = sp.clock_skew(TimeDelta::zero()).build().unwrap();
        assert_eq!(sp.audiences().collect::<Vec<_>>(), ["urn:sp", "urn:old"]);
        assert_eq!(sp.acs_urls(), ["https://sp/a", "https://sp/b"]);
        assert_eq!(sp.logout_urls(), ["https://sp/bye"]);
        assert!(sp.allows_unsolicited() && !sp.can_decrypt());
        assert_eq!((sp.entity_id(), sp.clock_skew()), ("urn:sp", TimeDelta::zero()));
        let other = sp.to_builder().without_acs().acs("https://sp/c").build().unwrap();
        assert_eq!(other.acs_urls(), ["https://sp/c"]);
    }

    #[test]
    fn what_cannot_be_a_service_provider() {
        let built = |id: &str, acs: &[&str], skew| {
            let builder = ServiceProvider::builder(id).clock_skew(TimeDelta::seconds(skew));
            acs.iter().fold(builder, |builder, url| builder.acs(*url)).build().err()
        };
        assert_eq!(built("", &["https://sp/"], 0), Some(ConfigurationError::NoEntityId));
        assert_eq!(built("urn:sp", &[], 0), Some(ConfigurationError::NoAcsUrl));
        assert_eq!(built("urn:sp", &[""], 0), Some(ConfigurationError::NoAcsUrl));
        let skew = |seconds| ConfigurationError::ClockSkew { found: TimeDelta::seconds(seconds) };
        assert_eq!(built("urn:sp", &["https://sp/"], -1), Some(skew(-1)));
        assert_eq!(built("urn:sp", &["https://sp/"], 86_401), Some(skew(86_401)));
        assert_eq!(built("urn:sp", &["https://sp/"], 86_400), None);
    }

    #[test]
    fn secrets_are_not_shown() {
        let pem = include_str!("../../../../tests/data/keys/rsa-2048.test-only.pem");
        let key = DecryptionKey::from_pem(pem).unwrap();
        let sp = ServiceProvider::builder("urn:sp").acs("https://sp/").decryption_key(key);
        let sp = sp.build().unwrap();
        assert!(sp.can_decrypt());
        let shown = format!("{sp:?}");
        assert!(shown.contains("DecryptionKey") && !shown.contains("PRIVATE"), "{shown}");
    }

    /// A megabyte, unless more is asked for; three minutes; no old algorithm.
    #[test]
    fn what_is_not_said_is_strict() {
        let sp = ServiceProvider::builder("urn:sp").acs("https://sp/").build().unwrap();
        assert_eq!(sp.clock_skew(), TimeDelta::minutes(3));
        assert!(!sp.allows_unsolicited());
        let policies = [AlgorithmPolicy::default(), AlgorithmPolicy::default().allow_sha1()];
        let shown = policies.map(|policy| {
            let sp = sp.to_builder().policy(policy).build().unwrap();
            assert_eq!(format!("{:?}", sp.policy()), format!("{policy:?}"));
            format!("{policy:?}")
        });
        assert_ne!(shown[0], shown[1]);
        assert_eq!(format!("{:?}", sp.policy()), shown[0]);
        let of_size = |size: usize| format!("<a>{}</a>", " ".repeat(size - 7)).into_bytes();
        assert!(Document::parse_with(&of_size(1 << 20), &sp.limits).is_ok());
        assert!(Document::parse_with(&of_size((1 << 20) + 1), &sp.limits).is_err());
    }

    fn of_metadata(inside: &str) -> Result<ServiceProviderBuilder, MetadataError> {
        let xml = format!(
            "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='urn:sp'>\
             {inside}</EntityDescriptor>"
        );
        let document = Document::parse(xml.as_bytes()).unwrap();
        let entity = Metadata::read(&document).unwrap().entities().next().unwrap();
        ServiceProvider::from_metadata(&entity, "2026-06-01T12:00:00Z".parse().unwrap())
    }

    fn role(attributes: &str, services: &[(&str, &str)]) -> String {
        let service = |(binding, url): &(&str, &str)| {
            format!(
                "<AssertionConsumerService Binding='urn:oasis:names:tc:SAML:2.0:bindings:{binding}' \
                 Location='{url}'/>"
            )
        };
        let services: String = services.iter().map(service).collect();
        format!("<SPSSODescriptor {attributes}>{services}</SPSSODescriptor>")
    }

    const SAML2: &str = "protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'";
    const PAST: &str = "validUntil='2026-06-01T12:00:00Z'";

    #[test]
    fn from_its_own_metadata() {
        let services = [("HTTP-Artifact", "https://sp/a"), ("HTTP-POST", " https://sp/b ")];
        let good = role(SAML2, &services);
        let sp = of_metadata(&good).unwrap().build().unwrap();
        assert_eq!((sp.entity_id(), sp.acs_urls()), ("urn:sp", &["https://sp/b".to_owned()][..]));
        // A role that is of no use is passed over, if another is of use.
        let old = role(&format!("{SAML2} {PAST}"), &[("HTTP-POST", "https://sp/old")]);
        let two = of_metadata(&format!("{old}{good}")).unwrap().build().unwrap();
        assert_eq!(two.acs_urls(), ["https://sp/b"]);
        let until = "2026-06-01T12:00:00Z".parse().unwrap();
        let expired = MetadataError::Expired { element: "role", until };
        assert_eq!(of_metadata(&old).err(), Some(expired));
        let artifact = role(SAML2, &services[..1]);
        assert_eq!(of_metadata(&artifact).err(), Some(MetadataError::NoAcsUrl));
        let none = MetadataError::NoRole { role: "SPSSODescriptor" };
        assert_eq!(of_metadata("").err(), Some(none));
    }
}
