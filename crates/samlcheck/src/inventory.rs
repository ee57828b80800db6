//! What is in a file in terms of trust: entities with their endpoints and certificates, all of them, or
//! the certificates of a PEM file. Nothing is judged here.

use chrono::{DateTime, Utc};
use samlkit::dsig::{AlgorithmPolicy, Certificate, explain};
use samlkit::metadata::Metadata;
use samlkit::xml::Document;

use crate::case::{Entity, KnownCertificates, Options};
use crate::report::{CertificateCard, EntityCard, days_until};

/// What is in a file.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// The entities; for a PEM file, one without an entity ID.
    pub entities: Vec<EntityCard>,
    /// `validUntil` of the document, where it is a group.
    pub valid_until: Option<String>,
    /// The certificate that the document carries with its own signature and that agrees with it, which is
    /// no trust.
    pub signer: Option<Certificate>,
}

/// What a block of PEM with a certificate begins with (RFC 7468).
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
/// And what it ends with.
const END: &str = "-----END CERTIFICATE-----";

impl Inventory {
    /// Reads metadata, or the certificates of a PEM file.
    ///
    /// # Errors
    /// A sentence about what the file is instead.
    pub fn read(bytes: &[u8], now: DateTime<Utc>) -> Result<Self, String> {
        let text = String::from_utf8_lossy(bytes);
        if text.contains(BEGIN) {
            return Self::read_pem(&text, now);
        }
        let document = Document::parse(bytes)
            .map_err(|error| format!("{}: {}: {error}", error.position, error.rule()))?;
        let metadata = Metadata::read(&document).map_err(|error| error.to_string())?;
        let entities = metadata.entities().map(|descriptor| {
            EntityCard::new(
                &Entity::new(descriptor, &Options::default(), &KnownCertificates::new()),
                now,
            )
        });
        let root = metadata.root();
        let explanation = explain(root, &AlgorithmPolicy::default());
        let signer = explanation.presented().filter(|_| explanation.failures().is_empty());
        Ok(Self {
            entities: entities.collect(),
            valid_until: metadata.groups().next().and_then(|group| {
                (group.element == root)
                    .then(|| root.attribute("validUntil").map(|until| until.value().to_owned()))?
            }),
            signer: signer.and_then(|key| key.certificate().cloned()),
        })
    }

    fn read_pem(text: &str, now: DateTime<Utc>) -> Result<Self, String> {
        let mut certificates = Vec::new();
        for block in text.split(BEGIN).skip(1) {
            let base64 = block.split_once(END).map_or(block, |(base64, _)| base64);
            let certificate = Certificate::from_base64(base64).map_err(|error| error.to_string());
            let not_after = certificate.as_ref().ok().map(|certificate| certificate.not_after);
            certificates.push(CertificateCard {
                key_use: "signing",
                days_left: not_after.map(|not_after| days_until(not_after, now)),
                certificate,
            });
        }
        let entity = EntityCard { certificates, ..EntityCard::default() };
        Ok(Self { entities: vec![entity], ..Self::default() })
    }

    /// All certificates by which signatures are checked, each once.
    pub fn signing(&self) -> Vec<&Certificate> {
        let cards = self.entities.iter().flat_map(|entity| &entity.certificates);
        let signing = cards.filter(|card| card.key_use != "encryption");
        let mut found: Vec<&Certificate> = Vec::new();
        for certificate in signing.filter_map(|card| card.certificate.as_ref().ok()) {
            if !found.iter().any(|known| known.sha256 == certificate.sha256) {
                found.push(certificate);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn read(bytes: impl AsRef<[u8]>) -> Result<Inventory, String> {
        Inventory::read(bytes.as_ref(), NOW.parse().unwrap())
    }

    #[test]
    fn metadata_and_pem() {
        let inventory = read(ENTRA).unwrap();
        assert_eq!(inventory.entities.len(), 1);
        assert_eq!(inventory.signing().len(), 2);
        assert!(inventory.signer.is_some());
        let pem = format!(
            "{BEGIN}\n{}\n{END}\n{BEGIN}\n{}\n{END}\n",
            certificate("active"),
            certificate("next")
        );
        let inventory = read(&pem).unwrap();
        let mut ends: Vec<_> = inventory.signing().iter().map(|c| c.not_after).collect();
        ends.dedup();
        assert_eq!(ends.len(), 2);
    }

    #[test]
    fn what_is_neither() {
        assert!(read("<a").unwrap_err().contains("xml.syntax"));
        assert!(read(RESPONSE).is_err());
        assert!(read(to_identity_center()).is_err());
        let broken = read(format!("{BEGIN}\nAAAA\n{END}")).unwrap();
        assert!(broken.signing().is_empty() && broken.entities[0].certificates.len() == 1);
    }
}
