//! `samlcheck diff`: what changed between two metadata files in terms of trust.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::files::inventories;
use super::{ERRORS, GOOD, TROUBLE, TextOrJson, print_out};
use crate::diff::{Change, diff};
use crate::render::text::clean;
use crate::render::write_json;

/// The words of the subcommand.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The metadata as it was, or the JSON of aws iam get-saml-provider
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// The metadata as it is
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// For people or for machines
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
}

const AFTER_HELP: &str = "\
Keys, endpoints, entity IDs, roles, NameID formats, validity and what is said about signing are compared;
order, white space, contacts and names for display are not.

Exit status: 0 no change, 1 changes, 2 a file that could not be read.";

/// Runs the subcommand and gives its exit status.
pub(super) fn run(arguments: &Arguments, now: DateTime<Utc>) -> u8 {
    let files = [&arguments.old, &arguments.new].into_iter();
    let Some(inventories) = inventories(files, now) else { return TROUBLE };
    let [old, new] = inventories.as_slice() else { return TROUBLE };
    let changes = diff(old, new);
    let mut out = Vec::new();
    let written = match arguments.format {
        TextOrJson::Text => text(&changes, &mut out),
        TextOrJson::Json => json(&changes, &mut out),
    };
    match (written.is_ok() && print_out(&out), changes.is_empty()) {
        (false, _) => TROUBLE,
        (true, true) => GOOD,
        (true, false) => ERRORS,
    }
}

fn text(changes: &[Change], out: &mut Vec<u8>) -> io::Result<()> {
    let mut entity = None;
    for change in changes {
        if entity != Some(&change.entity) && !change.entity.is_empty() {
            writeln!(out, "{}", clean(&change.entity))?;
            entity = Some(&change.entity);
        }
        let (old, new) = (change.old.as_deref().map(clean), change.new.as_deref().map(clean));
        match (old, new) {
            (Some(old), Some(new)) => {
                writeln!(out, "  changed  {}: {old}", change.what)?;
                writeln!(out, "           {:1$}  {new}", "→", change.what.chars().count())?;
            }
            (Some(old), None) => writeln!(out, "  gone     {}: {old}", change.what)?,
            (_, new) => writeln!(out, "  new      {}: {}", change.what, new.unwrap_or_default())?,
        }
    }
    match changes.len() {
        0 => writeln!(out, "nothing changed that trust depends on"),
        1 => writeln!(out, "1 change"),
        count => writeln!(out, "{count} changes"),
    }
}

fn json(changes: &[Change], out: &mut Vec<u8>) -> io::Result<()> {
    let change = |change: &Change| json!({"entity_id": change.entity, "what": change.what, "old": change.old, "new": change.new});
    let all = json!({"changes": changes.iter().map(change).collect::<Vec<_>>()});
    write_json(&all, out)
}
