//! `samlcheck pair`: the metadata of both sides of a federation, and with `--response` the verdict
//! on a response that travelled between them. Rules that compare the two sides are not here yet.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use samlkit::Kind;

use super::response::{Exchange, context};
use super::{Common, Session};
use crate::case::Options;
use crate::profile::SpProfile;
use crate::report::DocumentKind;

/// The words of the subcommand.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// Metadata of the identity provider
    #[arg(long, value_name = "FILE")]
    idp: PathBuf,

    /// Metadata of the service provider
    #[arg(long, value_name = "FILE")]
    sp: PathBuf,

    /// A response of the one to the other, in any form; - is standard input
    #[arg(long, value_name = "FILE")]
    response: Option<PathBuf>,

    #[command(flatten)]
    exchange: Exchange,

    #[command(flatten)]
    common: Common,
}

const AFTER_HELP: &str = "\
Examples:
  samlcheck pair --idp federationmetadata.xml --sp aws.xml
  samlcheck pair --idp federationmetadata.xml --sp aws.xml --response response.b64

The identity provider's metadata is checked for what the service provider accepts.";

/// Runs the subcommand and gives its exit status.
pub(super) fn run(arguments: &Arguments, now: DateTime<Utc>) -> u8 {
    let mut session = Session::new(Options::default(), &arguments.common, now);
    // The service provider is read first, because it says what the other side is checked for.
    session.argument(&arguments.sp);
    let target = service_provider(&session);
    let sp = std::mem::take(&mut session.report.documents);
    session.options = Options { target, ..Options::default() };
    session.argument(&arguments.idp);
    is_side(&mut session, "--idp", &DocumentKind::SpMetadata, "a service provider");
    session.report.documents.extend(sp);
    is_side(&mut session, "--sp", &DocumentKind::IdpMetadata, "an identity provider");
    if let (Some(response), false) = (&arguments.response, session.trouble) {
        match context(Some(&arguments.idp), &[], Some(&arguments.sp), &arguments.exchange) {
            Ok(context) => {
                let (asked_for, verdict) = (Some(Kind::Response), Some(context));
                session.options = Options { asked_for, verdict, ..Options::default() };
                session.argument(response);
            }
            Err(message) => session.fail(&message),
        }
    }
    session.finish(&arguments.common)
}

/// Who the service provider is, where it is one that there are rules for.
fn service_provider(session: &Session) -> Option<SpProfile> {
    session.report.documents.iter().find_map(|document| {
        let card = document.card.as_ref()?;
        card.shown.iter().find_map(|entity| entity.sp_profile)
    })
}

/// Says so where the file that was read last is metadata of the other side.
fn is_side(session: &mut Session, word: &str, other: &DocumentKind, name: &str) {
    let last = session.report.documents.last();
    if let Some(document) = last.filter(|document| document.kind == *other) {
        let source = &document.source;
        let message = format!(
            "{word}: {source} is the metadata of {name}; give the two files the other way round"
        );
        session.fail(&message);
    }
}
