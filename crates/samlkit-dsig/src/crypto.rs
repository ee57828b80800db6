//! Everything that OpenSSL does for this project. No other file names it.

use chrono::{DateTime, TimeDelta, Utc};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::x509::{X509, X509NameRef};

use crate::certificate::PublicKey;

/// What OpenSSL says of a certificate.
pub(crate) struct CertificateFacts {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) serial: String,
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) not_after: DateTime<Utc>,
    pub(crate) public_key: PublicKey,
    pub(crate) signature_algorithm: String,
    pub(crate) sha256: [u8; 32],
    pub(crate) sha1: [u8; 20],
}

/// Decodes one DER certificate. OpenSSL's own error says nothing that a user could act on.
pub(crate) fn certificate(der: &[u8]) -> Option<CertificateFacts> {
    certificate_facts(der).ok().flatten()
}

fn certificate_facts(der: &[u8]) -> Result<Option<CertificateFacts>, ErrorStack> {
    let x509 = X509::from_der(der)?;
    let (Some(not_before), Some(not_after)) = (time(x509.not_before())?, time(x509.not_after())?)
    else {
        return Ok(None);
    };
    let sha256 = hash(MessageDigest::sha256(), der)?;
    let sha1 = hash(MessageDigest::sha1(), der)?;
    let (Ok(sha256), Ok(sha1)) = (sha256.as_ref().try_into(), sha1.as_ref().try_into()) else {
        return Ok(None);
    };
    Ok(Some(CertificateFacts {
        subject: name(x509.subject_name()),
        issuer: name(x509.issuer_name()),
        serial: x509.serial_number().to_bn()?.to_hex_str()?.to_string(),
        not_before,
        not_after,
        public_key: public_key(&x509),
        signature_algorithm: name_of(x509.signature_algorithm().object().nid())
            .unwrap_or_else(|| x509.signature_algorithm().object().to_string()),
        sha256,
        sha1,
    }))
}

fn time(time: &Asn1TimeRef) -> Result<Option<DateTime<Utc>>, ErrorStack> {
    let since = Asn1Time::from_unix(0)?.diff(time)?;
    let days = TimeDelta::try_days(since.days.into());
    let seconds = TimeDelta::try_seconds(since.secs.into());
    Ok(days.zip(seconds).and_then(|(days, seconds)| {
        DateTime::UNIX_EPOCH.checked_add_signed(days)?.checked_add_signed(seconds)
    }))
}

/// The parts in the order in which they are encoded, as OpenSSL's tools print them.
fn name(name: &X509NameRef) -> String {
    let mut text = String::new();
    for entry in name.entries() {
        if !text.is_empty() {
            text.push_str(", ");
        }
        match entry.object().nid().short_name() {
            Ok(short) => text.push_str(short),
            Err(_) => text.push_str(&entry.object().to_string()),
        }
        text.push('=');
        match entry.data().to_string() {
            Ok(value) => text.push_str(&value),
            Err(_) => text.push('?'),
        }
    }
    text
}

fn name_of(nid: Nid) -> Option<String> {
    (nid != Nid::UNDEF).then(|| nid.long_name().ok().map(str::to_owned)).flatten()
}

fn public_key(x509: &X509) -> PublicKey {
    let Ok(key) = x509.public_key() else { return PublicKey::Unknown };
    let bits = key.bits();
    match key.id() {
        Id::RSA => PublicKey::Rsa { bits },
        Id::EC => {
            let curve = key.ec_key().ok().and_then(|ec| ec.group().curve_name());
            let curve = match curve {
                Some(Nid::X9_62_PRIME256V1) => "P-256".to_owned(),
                Some(Nid::SECP384R1) => "P-384".to_owned(),
                Some(Nid::SECP521R1) => "P-521".to_owned(),
                other => other.and_then(name_of).unwrap_or_else(|| "unnamed curve".to_owned()),
            };
            PublicKey::Ec { curve, bits }
        }
        other => {
            let name = name_of(Nid::from_raw(other.as_raw()));
            PublicKey::Other { name: name.unwrap_or_else(|| "unknown".to_owned()), bits }
        }
    }
}
