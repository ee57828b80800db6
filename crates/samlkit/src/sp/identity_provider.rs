//! Whose signatures are trusted: an entity ID and keys. They come from configuration, from metadata that
//! was itself verified, or from metadata that is taken on trust; the constructor's name says which.

use chrono::{DateTime, Utc};
use samlkit_dsig::{AlgorithmPolicy, FailureKind, VerifyingKey, explain, is_signed};
use samlkit_xml::Element;

use super::metadata_error::MetadataError;
use super::validity;
use crate::metadata::{EntityDescriptor, KeyUse};
use crate::verified::Verified;

/// Who signs.
#[derive(Clone, Debug)]
pub struct IdentityProvider {
    pub(super) entity_id: String,
    pub(super) keys: Vec<VerifyingKey>,
}

impl IdentityProvider {
    /// The identity provider that the configuration names, with the keys that it signs with.
    pub fn new(entity_id: impl Into<String>, keys: impl IntoIterator<Item = VerifyingKey>) -> Self {
        Self { entity_id: entity_id.into(), keys: keys.into_iter().collect() }
    }

    /// The identity provider of metadata that was verified: all signing keys of its roles for SAML 2.0.
    /// A certificate that cannot be used is passed over, as long as another can.
    ///
    /// Metadata that nobody verified is not taken:
    ///
    /// ```compile_fail,E0308
    /// # use samlkit::{metadata::EntityDescriptor, sp::IdentityProvider};
    /// # fn trust(entity: &EntityDescriptor<'_>, now: chrono::DateTime<chrono::Utc>) {
    /// let idp = IdentityProvider::verified(entity, now);
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`MetadataError`], where it is out of date or describes no identity provider of SAML 2.0.
    pub fn verified(
        entity: &Verified<EntityDescriptor<'_>>,
        now: DateTime<Utc>,
    ) -> Result<Self, MetadataError> {
        Self::of_metadata(entity, now)
    }

    /// The same from metadata that nobody vouched for: from a file that came by a way that the caller
    /// trusts, such as a download from the vendor over HTTPS. A signature of the entity's own has to agree with
    /// the key beside it, if there is one that can be read, which proves nothing except that nobody changed the entity by accident. One of a
    /// group around is not looked at: what is worth its cost is to verify it ([`Metadata::verify`]).
    ///
    /// [`Metadata::verify`]: crate::metadata::Metadata::verify
    ///
    /// ```
    /// use samlkit::{metadata::Metadata, sp::IdentityProvider, xml::Document};
    ///
    /// # let bytes = include_bytes!("../../../../examples/entra-app.xml");
    /// let document = Document::parse(bytes)?;
    /// let entity = Metadata::read(&document)?.entities().next().ok_or("no entity")?;
    /// let idp = IdentityProvider::on_trust(&entity, "2026-06-01T12:00:00Z".parse()?)?;
    /// assert!(idp.entity_id().starts_with("https://sts.windows.net/"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`MetadataError`], where it is out of date, broken, or describes no identity provider of SAML 2.0.
    pub fn on_trust(
        entity: &EntityDescriptor<'_>,
        now: DateTime<Utc>,
    ) -> Result<Self, MetadataError> {
        let signed = Some(entity.element).filter(|element| is_signed(*element));
        if let Some(broken) = signed.and_then(broken_signature) {
            return Err(MetadataError::BrokenSignature(broken));
        }
        Self::of_metadata(entity, now)
    }

    fn of_metadata(
        entity: &EntityDescriptor<'_>,
        now: DateTime<Utc>,
    ) -> Result<Self, MetadataError> {
        let id = validity::entity_id(entity)?;
        validity::check_entity(entity, now)?;
        let roles = validity::roles_of_saml2(entity.idp_roles().map(|idp| (idp, &idp.role)), now)?;
        let roles = roles.ok_or(MetadataError::NoRole { role: "IDPSSODescriptor" })?;
        let descriptors = roles.into_iter().flat_map(|idp| &idp.role.key_descriptors);
        let signing = descriptors.filter(|key| key.serves(KeyUse::Signing));
        let (mut keys, mut first) = (Vec::new(), None);
        for certificate in signing.flat_map(|key| &key.certificates) {
            match VerifyingKey::from_certificate(certificate.text.text()) {
                Ok(key) => keys.push(key),
                Err(error) => first = first.or(Some(error)),
            }
        }
        if keys.is_empty() {
            return Err(MetadataError::NoKey { first });
        }
        Ok(Self { entity_id: id.to_owned(), keys })
    }

    /// The entity ID, which has to be the issuer.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// The keys that it signs with.
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }
}

/// What is wrong with a signature besides trust, if it carries a key that can be compared with. A policy of
/// algorithms is not asked: nothing rests on this signature.
fn broken_signature(element: Element<'_>) -> Option<FailureKind> {
    let policy = AlgorithmPolicy::default().allow_sha1().rsa_bits(0).ec_bits(0);
    let explanation = explain(element, &policy);
    let faults = explanation.failures().iter().map(|failure| &failure.kind);
    let mut faults = faults.filter(|kind| **kind != FailureKind::NoKeys);
    faults.next().cloned()
}

#[cfg(test)]
mod tests {
    use samlkit_dsig::{KeyError, SignOptions, SigningKey, sign};
    use samlkit_xml::Document;

    use super::*;
    use crate::metadata::Metadata;

    const ACTIVE: &str = include_str!("../../../../tests/data/certificates/active.b64");
    const PRIVATE: &str = include_str!("../../../../tests/data/keys/rsa-2048.test-only.pem");
    const CERTIFICATE: &str = include_str!("../../../../tests/data/keys/rsa-2048.crt.pem");
    const NOW: &str = "2026-06-01T12:00:00Z";

    fn idp(attributes: &str, role: &str, certificate: &str) -> String {
        format!(
            "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' \
             xmlns:d='http://www.w3.org/2000/09/xmldsig#' entityID='https://idp/' ID='_1'{attributes}>\
             <IDPSSODescriptor {role}><KeyDescriptor><d:KeyInfo><d:X509Data><d:X509Certificate>\
             {certificate}</d:X509Certificate></d:X509Data></d:KeyInfo></KeyDescriptor>\
             </IDPSSODescriptor></EntityDescriptor>"
        )
    }

    const SAML2: &str = "protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'";

    fn on_trust(xml: &str) -> Result<IdentityProvider, MetadataError> {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let entity = Metadata::read(&document).unwrap().entities().next().unwrap();
        IdentityProvider::on_trust(&entity, NOW.parse().unwrap())
    }

    fn group(attributes: &str, entity: &str) -> String {
        format!(
            "<EntitiesDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'{attributes}>{entity}\
             </EntitiesDescriptor>"
        )
    }

    #[test]
    fn what_is_valid_now() {
        let good = on_trust(&idp("", SAML2, ACTIVE)).unwrap();
        assert_eq!((good.entity_id(), good.keys().len()), ("https://idp/", 1));
        assert!(on_trust(&idp(" validUntil='2026-06-01T12:00:01Z'", SAML2, ACTIVE)).is_ok());
    }

    #[test]
    fn what_is_out_of_date_at_any_place() {
        let expired = |element, until: &str| {
            Some(MetadataError::Expired { element, until: until.parse().unwrap() })
        };
        let entity = idp(" validUntil='2001-01-01T00:00:00Z'", SAML2, ACTIVE);
        let year = "2001-01-01T00:00:00Z";
        assert_eq!(on_trust(&entity).err(), expired("EntityDescriptor", year));
        // The moment itself is past.
        let now = format!(" validUntil='{NOW}'");
        assert_eq!(on_trust(&idp(&now, SAML2, ACTIVE)).err(), expired("EntityDescriptor", NOW));
        let role = format!("{SAML2} validUntil='{year}'");
        assert_eq!(on_trust(&idp("", &role, ACTIVE)).err(), expired("role", year));
        let good = idp("", SAML2, ACTIVE);
        let outer = group(" validUntil='2001-01-01T00:00:00Z'", &group("", &good));
        assert_eq!(on_trust(&outer).err(), expired("EntitiesDescriptor", year));
        let found = "soon".to_owned();
        assert_eq!(
            on_trust(&idp(" validUntil='soon'", SAML2, ACTIVE)).err(),
            Some(MetadataError::ValidUntil { element: "EntityDescriptor", found })
        );
    }

    #[test]
    fn what_is_not_for_saml2() {
        let one = "protocolSupportEnumeration='urn:oasis:names:tc:SAML:1.1:protocol'";
        let found = "urn:oasis:names:tc:SAML:1.1:protocol".to_owned();
        assert_eq!(on_trust(&idp("", one, ACTIVE)).err(), Some(MetadataError::Protocol { found }));
        let none = on_trust(&idp("", "", ACTIVE)).err();
        assert_eq!(none, Some(MetadataError::Protocol { found: String::new() }));
        let sp = idp("", SAML2, ACTIVE).replace("IDPSSO", "SPSSO");
        let role = "IDPSSODescriptor";
        assert_eq!(on_trust(&sp).err(), Some(MetadataError::NoRole { role }));
        let nobody = idp("", SAML2, ACTIVE).replace("https://idp/", "");
        assert_eq!(on_trust(&nobody).err(), Some(MetadataError::NoEntityId));
    }

    #[test]
    fn keys_that_prove_nothing_are_no_keys() {
        let weak = include_str!("../../../../tests/data/certificates/rsa-exponent-1.b64");
        let first = Some(KeyError::Exponent { exponent: 1 });
        assert_eq!(on_trust(&idp("", SAML2, weak)).err(), Some(MetadataError::NoKey { first }));
        let encryption =
            idp("", SAML2, ACTIVE).replace("<KeyDescriptor>", "<KeyDescriptor use='encryption'>");
        assert_eq!(on_trust(&encryption).err(), Some(MetadataError::NoKey { first: None }));
        // Beside a key that can be used, it is passed over.
        let two = idp("", SAML2, &format!("{weak}</d:X509Certificate><d:X509Certificate>{ACTIVE}"));
        assert_eq!(on_trust(&two).unwrap().keys().len(), 1);
    }

    fn signed(xml: &str) -> String {
        let key = SigningKey::from_pem(PRIVATE, Some(CERTIFICATE)).unwrap();
        let document = Document::parse(xml.as_bytes()).unwrap();
        String::from_utf8(sign(&document, "_1", &key, &SignOptions::default()).unwrap()).unwrap()
    }

    #[test]
    fn a_broken_signature_is_not_passed_over() {
        let good = signed(&idp("", SAML2, ACTIVE));
        assert!(on_trust(&good).is_ok());
        let changed = good.replace("https://idp/", "https://evil/");
        let error = on_trust(&changed).unwrap_err();
        assert!(matches!(error, MetadataError::BrokenSignature(FailureKind::Digest { .. })));
        let error = on_trust(&group("", &changed)).unwrap_err();
        assert!(matches!(error, MetadataError::BrokenSignature(FailureKind::Digest { .. })));
    }

    #[test]
    fn metadata_through_evidence() {
        let now = NOW.parse().unwrap();
        let trusted = [VerifyingKey::from_pem(CERTIFICATE).unwrap()];
        let good = signed(&idp("", SAML2, ACTIVE));
        let other =
            idp("", SAML2, ACTIVE).replace("_1", "_2").replace("https://idp/", "https://b/");
        let judge = |xml: &str, id: &str| {
            let document = Document::parse(xml.as_bytes()).unwrap();
            let metadata = Metadata::read(&document).unwrap();
            let verified = metadata.verify(&trusted, &AlgorithmPolicy::default());
            let verified = verified.map_err(|error| error.to_string())?;
            let entity = verified.entity(id).ok_or("no such entity")?;
            assert_eq!(verified.signatures().len(), 1);
            IdentityProvider::verified(&entity, now).map_err(|error| error.to_string())
        };
        assert_eq!(judge(&good, "https://idp/").unwrap().entity_id(), "https://idp/");
        assert_eq!(judge(&good, "https://other/").unwrap_err(), "no such entity");
        // A group that is signed vouches for each entity in it, but not for two of one ID.
        let federation = |second: &str| {
            let inside = format!("{}{second}", idp("", SAML2, ACTIVE).replace("_1", "_3"));
            signed(&group(" ID='_1'", &inside))
        };
        assert_eq!(judge(&federation(&other), "https://b/").unwrap().entity_id(), "https://b/");
        let twins = federation(&other.replace("https://b/", "https://idp/"));
        assert_eq!(judge(&twins, "https://idp/").unwrap_err(), "no such entity");
        // One beside it that nobody signed spoils all.
        let mixed = group("", &format!("{good}{other}"));
        assert_eq!(
            judge(&mixed, "https://idp/").unwrap_err(),
            "signature.missing: <EntityDescriptor> is not signed"
        );
        let hidden = other.replace("<IDPSSO", &format!("<Extensions>{good}</Extensions><IDPSSO"));
        let error = judge(&hidden, "https://b/").unwrap_err();
        assert!(error.starts_with("signature.wrapping: "), "{error}");
        let changed = good.replace("https://idp/", "https://evil/");
        assert!(judge(&changed, "https://evil/").unwrap_err().starts_with("signature.digest"));
    }

    #[test]
    fn another_key_vouches_for_nothing() {
        let good = signed(&idp("", SAML2, ACTIVE));
        let document = Document::parse(good.as_bytes()).unwrap();
        let metadata = Metadata::read(&document).unwrap();
        let other = include_str!("../../../../tests/data/keys/entra-app-active.pem");
        let trusted = [VerifyingKey::from_pem(other).unwrap()];
        let error = metadata.verify(&trusted, &AlgorithmPolicy::default()).unwrap_err();
        assert!(error.to_string().starts_with("signature.invalid: "), "{error}");
        let error = metadata.verify(&[], &AlgorithmPolicy::default()).unwrap_err();
        assert!(error.to_string().starts_with("signature.untrusted-key: "), "{error}");
    }

    #[test]
    fn an_entity_stands_in_a_few_groups() {
        let nested =
            |groups: usize| (0..groups).fold(idp("", SAML2, ACTIVE), |xml, _| group("", &xml));
        assert!(on_trust(&nested(16)).is_ok());
        assert_eq!(on_trust(&nested(17)).err(), Some(MetadataError::Nesting { most: 16 }));
    }
}
