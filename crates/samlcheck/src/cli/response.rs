//! `samlcheck response`: the verdict on a response, for a service provider and from an identity
//! provider that the user names.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use samlkit::Kind;
use samlkit::dsig::{AlgorithmPolicy, DecryptionKey, VerifyingKey};
use samlkit::metadata::{EntityDescriptor, KeyUse, Metadata};
use samlkit::sp::{IdentityProvider, MetadataError, ServiceProvider, ServiceProviderBuilder};

use super::files::{contents, document};
use super::{Common, Session, TROUBLE, complain, trusted_keys};
use crate::case::{Options, VerdictContext};

/// The words of the subcommand.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The response in any form: base64, a form body, a URL, XML; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Metadata of the identity provider: its entity ID and its keys
    #[arg(long, value_name = "FILE")]
    idp: Option<PathBuf>,

    /// The identity provider's certificate in PEM; may be given several times
    #[arg(long, value_name = "PEM-FILE", conflicts_with = "idp")]
    idp_cert: Vec<PathBuf>,

    /// Metadata of the service provider: its entity ID and its ACS URLs
    #[arg(long, value_name = "FILE")]
    sp: Option<PathBuf>,

    #[command(flatten)]
    exchange: Exchange,

    #[command(flatten)]
    common: Common,
}

/// What is known of the exchange, beside the metadata of the two sides.
#[derive(clap::Args, Debug)]
pub(super) struct Exchange {
    /// The identity provider's entity ID; with --idp, which of several it is
    #[arg(long, value_name = "ID")]
    idp_entity_id: Option<String>,

    /// The service provider's entity ID; with --sp, which of several it is
    #[arg(long, value_name = "ID")]
    sp_entity_id: Option<String>,

    /// The ACS URL at which the response arrived; may be given several times
    #[arg(long, value_name = "URL")]
    acs: Vec<String>,

    /// The ID of the request that was sent; without it, what the response says is taken for right
    #[arg(long, value_name = "ID", conflicts_with = "allow_unsolicited")]
    request_id: Option<String>,

    /// Accept a response that answers no request
    #[arg(long)]
    allow_unsolicited: bool,

    /// How far clocks may be apart: 90s, 3m, 1h; three minutes if nobody says
    #[arg(long, value_name = "TIME", value_parser = skew)]
    pub(super) clock_skew: Option<TimeDelta>,

    /// The service provider's private key in PEM, for an encrypted assertion; may be given several
    /// times
    #[arg(long, value_name = "PEM-FILE")]
    decrypt_key: Vec<PathBuf>,

    /// Accept signatures with SHA-1
    #[arg(long)]
    allow_sha1: bool,
}

const AFTER_HELP: &str = "\
Examples:
  samlcheck response response.b64 --idp federationmetadata.xml --sp aws.xml
  samlcheck response capture.txt --idp-entity-id https://idp.example/ --idp-cert idp.pem \\
      --sp-entity-id urn:amazon:webservices --acs https://signin.aws.amazon.com/saml";

pub(super) fn skew(text: &str) -> Result<TimeDelta, String> {
    let expected = || "expected a length of time such as 90s, 3m or 1h".to_owned();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: i64 = digits.parse().map_err(|_| expected())?;
    let unit = match text.get(digits.len()..) {
        Some("s" | "") => 1,
        Some("m") => 60,
        Some("h") => 3_600,
        _ => return Err(expected()),
    };
    let seconds = number.checked_mul(unit).filter(|seconds| (0..=86_400).contains(seconds));
    seconds.and_then(TimeDelta::try_seconds).ok_or_else(|| "expected at most a day".to_owned())
}

/// Runs the subcommand and gives its exit status.
pub(super) fn run(arguments: &Arguments, now: DateTime<Utc>) -> u8 {
    let context = match context_of_files(arguments, now) {
        Ok(context) => context,
        Err(message) => {
            complain(&message);
            return TROUBLE;
        }
    };
    let options =
        Options { asked_for: Some(Kind::Response), verdict: Some(context), ..Options::default() };
    let Some(mut session) = Session::new(&arguments.common, now) else { return TROUBLE };
    session.is_skew_given = arguments.exchange.clock_skew.is_some();
    session.look_at(std::slice::from_ref(&arguments.file), &options);
    session.finish()
}

fn context_of_files(arguments: &Arguments, now: DateTime<Utc>) -> Result<VerdictContext, String> {
    let read = |path: &Option<PathBuf>| path.as_deref().map(contents).transpose();
    let (sp, idp) = (read(&arguments.sp)?, read(&arguments.idp)?);
    let sp = arguments.sp.as_deref().zip(sp.as_deref());
    let idp = arguments.idp.as_deref().zip(idp.as_deref());
    context(idp, &arguments.idp_cert, sp, &arguments.exchange, now)
}

/// A metadata file, and what is in it.
type MetadataFile<'f> = (&'f Path, &'f [u8]);

/// Who the response is judged for, from the files and words that the user gave.
pub(super) fn context(
    idp: Option<MetadataFile<'_>>,
    idp_certificates: &[PathBuf],
    sp: Option<MetadataFile<'_>>,
    exchange: &Exchange,
    now: DateTime<Utc>,
) -> Result<VerdictContext, String> {
    let mut sp = service_provider(sp, exchange, now)?;
    if let Some(skew) = exchange.clock_skew {
        sp = sp.clock_skew(skew);
    }
    if exchange.allow_unsolicited {
        sp = sp.allow_unsolicited();
    }
    if exchange.allow_sha1 {
        sp = sp.policy(AlgorithmPolicy::default().allow_sha1());
    }
    for file in &exchange.decrypt_key {
        let name = file.display();
        let key = DecryptionKey::from_pem(&String::from_utf8_lossy(&contents(file)?));
        sp = sp.decryption_key(key.map_err(|error| format!("{name}: {error}"))?);
    }
    let sp = sp.build().map_err(|error| error.to_string())?;
    let idp = identity_provider(idp, idp_certificates, exchange, now)?;
    Ok(VerdictContext { sp, idp, request_id: exchange.request_id.clone() })
}

fn identity_provider(
    metadata: Option<MetadataFile<'_>>,
    certificates: &[PathBuf],
    exchange: &Exchange,
    now: DateTime<Utc>,
) -> Result<IdentityProvider, String> {
    let entity_id = exchange.idp_entity_id.as_deref();
    match (metadata, entity_id) {
        (Some(file), _) => with_entity(file, entity_id, |entity| {
            IdentityProvider::on_trust(entity, now).or_else(|error| {
                take_all_the_same(file.0, &error)?;
                Ok(IdentityProvider::new(entity_id_of(entity), signing_keys(entity)))
            })
        }),
        (None, Some(entity_id)) if !certificates.is_empty() => {
            let keys = trusted_keys(certificates)?;
            Ok(IdentityProvider::new(entity_id, keys))
        }
        _ => Err(
            "a verdict needs the identity provider: --idp METADATA, or --idp-entity-id ID with \
                  --idp-cert PEM-FILE"
                .to_owned(),
        ),
    }
}

fn service_provider(
    metadata: Option<MetadataFile<'_>>,
    exchange: &Exchange,
    now: DateTime<Utc>,
) -> Result<ServiceProviderBuilder, String> {
    let entity_id = exchange.sp_entity_id.as_deref();
    match (metadata, entity_id) {
        (Some(file), _) => {
            let sp = with_entity(file, entity_id, |entity| {
                ServiceProvider::from_metadata(entity, now).or_else(|error| {
                    take_all_the_same(file.0, &error)?;
                    let beginning = DateTime::<Utc>::MIN_UTC;
                    ServiceProvider::from_metadata(entity, beginning).map_err(|e| e.to_string())
                })
            })?;
            match exchange.acs.as_slice() {
                [] => Ok(sp),
                given => Ok(given.iter().fold(sp.without_acs(), ServiceProviderBuilder::acs)),
            }
        }
        (None, Some(entity_id)) if !exchange.acs.is_empty() => {
            let sp = ServiceProvider::builder(entity_id);
            Ok(exchange.acs.iter().fold(sp, ServiceProviderBuilder::acs))
        }
        _ => Err("a verdict needs the service provider: --sp METADATA, or --sp-entity-id ID with \
                  --acs URL"
            .to_owned()),
    }
}

/// Metadata that is out of date or was edited is no root of trust, and still says what whoever asks has to
/// know. It is taken, and that is said.
fn take_all_the_same(path: &Path, error: &MetadataError) -> Result<(), String> {
    match error {
        MetadataError::Expired { .. } | MetadataError::BrokenSignature(_) => {
            complain(&format!("{}: {error}; it is taken all the same", path.display()));
            Ok(())
        }
        other => Err(other.to_string()),
    }
}

fn entity_id_of(entity: &EntityDescriptor<'_>) -> String {
    entity.entity_id.as_ref().map_or(String::new(), |id| id.text().to_owned())
}

/// The keys of the identity provider's roles that can be read.
fn signing_keys(entity: &EntityDescriptor<'_>) -> Vec<VerifyingKey> {
    let descriptors = entity.idp_roles().flat_map(|idp| &idp.role.key_descriptors);
    let signing = descriptors.filter(|key| key.serves(KeyUse::Signing));
    let certificates = signing.flat_map(|key| &key.certificates);
    certificates.filter_map(|c| VerifyingKey::from_certificate(c.text.text()).ok()).collect()
}

/// Reads metadata and gives the one entity in it, or the one that is named, to `use_it`.
fn with_entity<T>(
    (path, bytes): MetadataFile<'_>,
    wanted: Option<&str>,
    use_it: impl FnOnce(&EntityDescriptor<'_>) -> Result<T, String>,
) -> Result<T, String> {
    let name = path.display();
    let document = document(path, bytes)?;
    let metadata = Metadata::read(&document).map_err(|error| format!("{name}: {error}"))?;
    let is_wanted = |entity: &EntityDescriptor<'_>| {
        let id = entity.entity_id.as_ref().map(|id| id.text());
        wanted.is_none_or(|wanted| id == Some(wanted))
    };
    let mut entities = metadata.entities().filter(is_wanted);
    let first = entities.next().ok_or_else(|| match wanted {
        Some(wanted) => format!("{name} has no entity {wanted:?}"),
        None => format!("{name} has no entity"),
    })?;
    if entities.next().is_some() {
        return Err(format!(
            "{name} has several entities: say which with --idp-entity-id or --sp-entity-id"
        ));
    }
    use_it(&first).map_err(|error| format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        assert_eq!(skew("90s"), Ok(TimeDelta::seconds(90)));
        assert_eq!(skew("3m"), Ok(TimeDelta::seconds(180)));
        assert_eq!(skew("0"), Ok(TimeDelta::zero()));
        for wrong in ["", "m", "-1s", "3 m", "3d", "25h", "99999999999999999999"] {
            assert!(skew(wrong).is_err(), "{wrong}");
        }
    }
}
