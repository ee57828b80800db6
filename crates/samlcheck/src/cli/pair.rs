//! `samlcheck pair`: the metadata of both sides of a federation, and with `--response` the verdict
//! on a response that travelled between them.

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use samlkit::Kind;
use samlkit::metadata::{EntityDescriptor, Metadata};
use samlkit::xml::Document;
use serde_json::json;

use super::fix;
use super::response::{Exchange, context};
use super::{Common, Format, GOOD, Session, TROUBLE, complain};
use crate::case::{IdpOffer, Options, Side};
use crate::federation::{Federation, Page};
use crate::profile::SpProfile;
use crate::render;
use crate::repair::BYTE_ORDER_MARK;
use crate::report::{EntityCard, Report};

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

    /// Print what has to be typed into each side, and where, instead of a report; as text or JSON
    #[arg(long, conflicts_with = "response")]
    values: bool,

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
    let Some(mut session) = Session::new(&arguments.common, now) else { return TROUBLE };
    session.is_skew_given = arguments.exchange.clock_skew.is_some();
    let idp = session.bytes(&arguments.idp);
    let sp = session.bytes(&arguments.sp);
    // Each side says what the other is checked for.
    let target = sp.as_deref().and_then(|sp| of_entity(sp, |sp| Some(SpProfile::detect(sp))));
    let offer = idp.as_deref().and_then(|idp| of_entity(idp, IdpOffer::read));
    if let Some(idp) = &idp {
        let options = Options { target, side: Some(Side::Idp), ..Options::default() };
        session.look_at_bytes(&arguments.idp, idp, &options);
    }
    let idp_card = last_entity(&session.report);
    if let Some(sp) = &sp {
        let options = Options { side: Some(Side::Sp(offer)), ..Options::default() };
        session.look_at_bytes(&arguments.sp, sp, &options);
    }
    let sp_card = last_entity(&session.report);
    if let (Some(response), false) = (&arguments.response, session.trouble) {
        let idp = idp.as_deref().map(|bytes| (arguments.idp.as_path(), bytes));
        let sp = sp.as_deref().map(|bytes| (arguments.sp.as_path(), bytes));
        match context(idp, &[], sp, &arguments.exchange, now) {
            Ok(context) => {
                let (asked_for, verdict) = (Some(Kind::Response), Some(context));
                let options = Options { asked_for, verdict, ..Options::default() };
                session.look_at(std::slice::from_ref(response), &options);
            }
            Err(message) => session.fail(&message),
        }
    }
    let has_mark = idp.as_ref().is_some_and(|bytes| bytes.starts_with(BYTE_ORDER_MARK));
    let federation = idp_card.zip(sp_card).map(|(idp, sp)| Federation {
        idp,
        sp,
        idp_file: arguments.idp.to_string_lossy().into_owned(),
        repaired_file: has_mark.then(|| fix::beside(&arguments.idp).to_string_lossy().into_owned()),
        has_response: arguments.response.is_some(),
    });
    if arguments.values {
        return match federation {
            Some(federation) => values(&federation, &arguments.common),
            None => {
                session.fail("there are no values without the metadata of both sides");
                TROUBLE
            }
        };
    }
    session.report.federation = federation;
    session.finish()
}

/// Prints what has to be typed in, and gives the exit status.
fn values(federation: &Federation, common: &Common) -> u8 {
    let pages = federation.values();
    let mut out = Vec::new();
    let written = match common.format {
        Format::Text => render::text::values(&pages, &mut out),
        Format::Json => {
            let value = |(name, value): &(&str, String)| json!({"name": name, "value": value});
            let page = |page: &Page| {
                let values = page.values.iter().map(value).collect::<Vec<_>>();
                json!({"place": page.place, "values": values})
            };
            let all = json!({"pages": pages.iter().map(page).collect::<Vec<_>>()});
            render::write_json(&all, &mut out)
        }
        _ => {
            complain("--values is written as text or json");
            return TROUBLE;
        }
    };
    match written.and_then(|()| common.color.write(&out)) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("the values cannot be written: {error}"));
            TROUBLE
        }
        _ => GOOD,
    }
}

/// The facts of the first entity in the file that was looked at last.
fn last_entity(report: &Report) -> Option<EntityCard> {
    report.documents.last()?.card.as_ref()?.shown.first().cloned()
}

/// What is read of the first entity in metadata, if that can be read at all.
fn of_entity<T>(bytes: &[u8], read: impl FnOnce(&EntityDescriptor<'_>) -> Option<T>) -> Option<T> {
    let document = Document::parse(bytes).ok()?;
    let metadata = Metadata::read(&document).ok()?;
    read(&metadata.entities().next()?)
}
