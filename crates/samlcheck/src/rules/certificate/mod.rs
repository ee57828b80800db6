//! Rules about the certificates in metadata. SAML trusts the key and ignores what else a
//! certificate says (Metadata interoperability profile, 2.6.1), but portals, scanners and some
//! service providers do not.

pub mod all_expired;
pub mod expired;
pub mod expires_soon;
pub mod key_proves_nothing;
pub mod not_yet_valid;
pub mod repeated_extension;
pub mod rollover;
pub mod sha1;
pub mod small_exponent;
pub mod unreadable;
pub mod weak_key;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use samlkit::dsig::Certificate;
use samlkit::xml::Element;

use crate::case::{Entity, KeyCertificate};
use crate::profile::IdpProfile;

/// The certificates of an entity that can be read, each once however many roles list it.
fn distinct<'e, 'a>(entity: &'e Entity<'a>) -> Vec<(&'e KeyCertificate<'a>, &'e Certificate)> {
    let mut seen = HashSet::new();
    entity.readable().filter(|(_, certificate)| seen.insert(certificate.sha256)).collect()
}

/// What tells a certificate from others: subject, key, validity and fingerprint.
pub(crate) fn describe(certificate: &Certificate) -> String {
    format!(
        "{} · {} · {} → {} · sha256 {}",
        subject(certificate),
        certificate.public_key,
        day(certificate.not_before),
        day(certificate.not_after),
        certificate.sha256_hex()
    )
}

/// The subject, or words where it is empty.
pub(crate) fn subject(certificate: &Certificate) -> &str {
    if certificate.subject.is_empty() { "(no subject)" } else { &certificate.subject }
}

/// The day in UTC: `2026-11-21`.
pub(crate) fn day(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d").to_string()
}

/// Whether all certificates by which the role's signatures are checked have expired.
fn all_expired<'a>(entity: &Entity<'a>, role: Element<'a>, now: DateTime<Utc>) -> bool {
    let last = entity.signing(role).map(|(_, certificate)| certificate.not_after).max();
    last.is_some_and(|last| last < now)
}

/// How a new certificate comes into the metadata of an entity.
fn renewal(entity: &Entity<'_>) -> String {
    match entity.idp_profile {
        Some(IdpProfile::Entra) => {
            "Entra admin center > Enterprise apps > (app) > Single sign-on > \
             SAML certificates > Edit > New certificate; give the new metadata to the service \
             provider before you make the certificate active"
                .to_owned()
        }
        Some(_) => "make a new signing certificate at the identity provider, and give its new \
             metadata to every service provider before it is used"
            .to_owned(),
        None => match entity.sp_profile.and_then(|profile| profile.display()) {
            Some(vendor) => format!("download the metadata from {vendor} again"),
            None => "ask for the service provider's current metadata".to_owned(),
        },
    }
}
