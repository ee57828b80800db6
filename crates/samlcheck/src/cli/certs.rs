//! `samlcheck certs`: every certificate in metadata and PEM files, with the days that are left.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde::Serialize;

use super::files::inventory;
use super::paths::expand;
use super::{ERRORS, GOOD, TROUBLE, complain, print_out, time};
use crate::inventory::Inventory;
use crate::render::text::clean;
use crate::render::{visible, write_json};
use crate::report::{CertificateCard, instant};
use crate::rules::certificate::subject;

/// The words of the subcommand.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// Metadata, PEM files, the JSON of aws iam get-saml-provider, folders; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Fail where a certificate ends within so many days, such as 30d, or all of an entity are over
    #[arg(long, value_name = "DAYS", value_parser = days)]
    fail_within: Option<i64>,

    /// A table, JSON, or the text that Prometheus reads
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Count the days from this time on instead of now
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<DateTime<Utc>>,
}

const AFTER_HELP: &str = "\
Examples:
  samlcheck certs idp.xml sp.xml
  samlcheck certs metadata/ --fail-within 30d
  samlcheck certs metadata/ --format prometheus > /var/lib/node_exporter/saml.prom

Exit status: 0 fine, 1 a certificate that --fail-within means, 2 a file that could not be read.";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
    Prometheus,
}

/// A certificate, and where it is.
#[derive(Serialize)]
struct Line {
    source: String,
    entity_id: Option<String>,
    r#use: &'static str,
    subject: Option<String>,
    key: Option<String>,
    not_before: Option<String>,
    not_after: Option<String>,
    days_left: Option<i64>,
    sha256: Option<String>,
    sha1: Option<String>,
    error: Option<String>,
    #[serde(skip)]
    ends: Option<DateTime<Utc>>,
}

fn days(text: &str) -> Result<i64, String> {
    let number = text.strip_suffix('d').unwrap_or(text).parse::<u16>();
    number.map(i64::from).map_err(|_| "expected a number of days such as 30d".to_owned())
}

/// Runs the subcommand and gives its exit status.
pub(super) fn run(arguments: &Arguments, now: DateTime<Utc>) -> u8 {
    let at = arguments.at.unwrap_or(now);
    let mut lines = Vec::new();
    let (mut trouble, mut failed) = (false, false);
    for path in &arguments.files {
        let found = expand(path);
        let mut complaints = found.complaints;
        for (path, is_named) in found.files {
            let inventory = match inventory(&path, at) {
                Ok(inventory) => inventory,
                Err(message) => {
                    complaints.extend(is_named.then_some(message));
                    continue;
                }
            };
            failed |= arguments.fail_within.is_some_and(|days| ends_within(&inventory, days));
            lines.extend(of_file(&path.to_string_lossy(), &inventory));
        }
        trouble |= !complaints.is_empty();
        complaints.iter().for_each(|message| complain(message));
    }
    // What cannot be read comes first, then the one that ends first.
    lines.sort_by_key(|line| line.ends);
    let mut out = Vec::new();
    let written = match arguments.format {
        Format::Text => text(&lines, &mut out),
        Format::Json => json(&lines, at, &mut out),
        Format::Prometheus => prometheus(&lines, &mut out),
    };
    if written.is_err() || !print_out(&out) {
        return TROUBLE;
    }
    match (trouble, failed) {
        (true, _) => TROUBLE,
        (false, true) => ERRORS,
        (false, false) => GOOD,
    }
}

/// Whether one that is not over ends within so many days, or all of an entity for one use are over.
fn ends_within(inventory: &Inventory, days: i64) -> bool {
    inventory.entities.iter().any(|entity| {
        ["signing", "encryption"].iter().any(|key_use| {
            let of_use =
                || entity.certificates.iter().filter(|card| card.key_use.contains(key_use));
            let soon = |left: i64| (0..days).contains(&left);
            let is_bad = |card: &CertificateCard| card.days_left.is_none_or(soon);
            let all_over = of_use().all(|card| card.days_left.is_some_and(|left| left < 0));
            of_use().any(is_bad) || (of_use().next().is_some() && all_over)
        })
    })
}

fn of_file(source: &str, inventory: &Inventory) -> Vec<Line> {
    let mut lines = Vec::new();
    for entity in &inventory.entities {
        lines.extend(entity.certificates.iter().map(|card| {
            let good = card.certificate.as_ref().ok();
            Line {
                source: source.to_owned(),
                entity_id: entity.entity_id.clone(),
                r#use: card.key_use,
                subject: good.map(|c| subject(c).to_owned()),
                key: good.map(|c| c.public_key.to_string()),
                not_before: good.map(|c| instant(c.not_before)),
                not_after: good.map(|c| instant(c.not_after)),
                days_left: card.days_left,
                sha256: good.map(|c| c.sha256_hex()),
                sha1: good.map(|c| c.sha1_hex()),
                error: card.certificate.as_ref().err().cloned(),
                ends: good.map(|c| c.not_after),
            }
        }));
    }
    lines
}

fn text(lines: &[Line], out: &mut Vec<u8>) -> io::Result<()> {
    if lines.is_empty() {
        return writeln!(out, "no certificates");
    }
    for line in lines {
        let left = match line.days_left {
            Some(days) if days < 0 => format!("{} days over", days.unsigned_abs()),
            Some(1) => "1 day left".to_owned(),
            Some(days) => format!("{days} days left"),
            None => "unreadable".to_owned(),
        };
        let ends = line.not_after.as_deref().and_then(|end| end.get(..10)).unwrap_or("");
        writeln!(out, "{left:>15}  {ends:10}  {}", clean(&line.source))?;
        let who = line.entity_id.as_deref().map(|id| format!(" · {}", clean(id)));
        let what = line.subject.as_deref().or(line.error.as_deref()).unwrap_or_default();
        let key = line.key.as_deref().map(|key| format!(" · {key}"));
        let (who, key) = (who.unwrap_or_default(), key.unwrap_or_default());
        writeln!(out, "{:29}{} · {}{key}{who}", "", line.r#use, clean(what))?;
        if let Some(sha256) = &line.sha256 {
            writeln!(out, "{:29}sha256 {sha256}", "")?;
        }
    }
    Ok(())
}

fn json(lines: &[Line], at: DateTime<Utc>, out: &mut Vec<u8>) -> io::Result<()> {
    #[derive(Serialize)]
    struct All<'l> {
        at: String,
        certificates: &'l [Line],
    }
    write_json(&All { at: instant(at), certificates: lines }, out)
}

fn prometheus(lines: &[Line], out: &mut Vec<u8>) -> io::Result<()> {
    const NAME: &str = "samlcheck_certificate_not_after_seconds";
    writeln!(out, "# HELP {NAME} End of the validity of a certificate, in seconds since 1970.")?;
    writeln!(out, "# TYPE {NAME} gauge")?;
    for line in lines {
        let Some(ends) = line.ends else { continue };
        let label = |name: &str, value: Option<&str>| {
            let value = visible(value.unwrap_or_default()).replace('\\', "\\\\");
            format!("{name}=\"{}\"", value.replace('"', "\\\""))
        };
        let labels = [
            label("file", Some(&line.source)),
            label("entity_id", line.entity_id.as_deref()),
            label("use", Some(line.r#use)),
            label("subject", line.subject.as_deref()),
            label("sha256", line.sha256.as_deref()),
        ];
        writeln!(out, "{NAME}{{{}}} {}", labels.join(","), ends.timestamp())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{NOW, idp_with};

    #[test]
    fn what_ends_soon_and_what_is_over() {
        let inventory = |names: &[&str]| {
            Inventory::read(idp_with(names).as_bytes(), NOW.parse().unwrap()).unwrap()
        };
        assert!(ends_within(&inventory(&["expires-soon"]), 60));
        assert!(!ends_within(&inventory(&["active"]), 60));
        assert!(ends_within(&inventory(&["active"]), 104));
        // One that is over beside one that is not waits for somebody to tidy up.
        assert!(!ends_within(&inventory(&["expired", "active"]), 60));
        assert!(ends_within(&inventory(&["expired"]), 0));
    }

    #[test]
    fn lengths_of_time() {
        assert_eq!((days("30d"), days("0")), (Ok(30), Ok(0)));
        assert!(days("1w").is_err() && days("-1").is_err());
    }
}
