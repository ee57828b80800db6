//! `samlcheck rollover`: which certificates the service provider must have before the identity provider
//! changes its key, and the steps in their order.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::files::inventories;
use super::{ERRORS, GOOD, TROUBLE, TextOrJson, print_out, time};
use crate::inventory::Inventory;
use crate::profile::IdpProfile;
use crate::render::text::clean;
use crate::render::{visible_lines, write_json};
use crate::report::{days_until, instant};
use crate::rollover::{Rollover, Standing};
use crate::rules::certificate::{day, subject};

/// The words of the subcommand.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The identity provider's metadata as it is now
    #[arg(long, value_name = "FILE")]
    idp: PathBuf,

    /// What the service provider has: metadata, certificates in PEM, or the JSON of
    /// aws iam get-saml-provider; may be given several times
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    trusted: Vec<PathBuf>,

    /// For people or for machines
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,

    /// Plan as of this time instead of now
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<DateTime<Utc>>,
}

const AFTER_HELP: &str = "\
Examples:
  aws iam get-saml-provider --saml-provider-arn ARN > trusted.json
  samlcheck rollover --idp federationmetadata.xml --trusted trusted.json

Exit status: 0 the service provider has all that it needs, 1 it lacks some, 2 a file that could not be
read.";

/// Runs the subcommand and gives its exit status.
pub(super) fn run(arguments: &Arguments, now: DateTime<Utc>) -> u8 {
    let at = arguments.at.unwrap_or(now);
    let files = std::iter::once(&arguments.idp).chain(&arguments.trusted);
    let Some(mut inventories) = inventories(files, at) else { return TROUBLE };
    let mut trusted = Inventory::default();
    for more in inventories.split_off(1) {
        trusted.entities.extend(more.entities);
    }
    let published = inventories.pop().unwrap_or_default();
    let rollover = Rollover::plan(&published, &trusted, at);
    let is_entra =
        published.entities.iter().any(|entity| entity.provider == IdpProfile::Entra.display());
    let mut out = Vec::new();
    let written = match arguments.format {
        TextOrJson::Text => {
            text(&rollover, is_entra, &arguments.idp.to_string_lossy(), at, &mut out)
        }
        TextOrJson::Json => json(&rollover, at, &mut out),
    };
    match (written.is_ok() && print_out(&out), rollover.is_safe()) {
        (false, _) => TROUBLE,
        (true, true) => GOOD,
        (true, false) => ERRORS,
    }
}

fn text(
    rollover: &Rollover,
    is_entra: bool,
    idp: &str,
    at: DateTime<Utc>,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    writeln!(out, "certificates, the one that ends first on top")?;
    for standing in &rollover.certificates {
        let certificate = &standing.certificate;
        let state = match standing {
            s if s.is_missing() => "MISSING at the service provider",
            s if s.is_over && s.is_published => "over, still published",
            s if s.is_left_over() => "at the service provider only",
            _ => "on both sides",
        };
        let signs =
            if standing.signs_metadata { " · signs the metadata: probably active" } else { "" };
        writeln!(
            out,
            "  {} → {}  {state}{signs}",
            day(certificate.not_before),
            day(certificate.not_after)
        )?;
        writeln!(out, "    {} · {}", clean(subject(certificate)), certificate.public_key)?;
        writeln!(out, "    sha256 {}", certificate.sha256_hex())?;
        writeln!(out, "    sha1   {}", certificate.sha1_hex().replace(':', ""))?;
    }
    for warning in &rollover.warnings {
        writeln!(out, "\nwarning: {}", clean(warning))?;
    }
    writeln!(out, "\nwhat happens when")?;
    for (day, what) in dates(rollover, is_entra) {
        writeln!(out, "  {day}  {what}")?;
    }
    writeln!(out, "\nwhat to do, in this order")?;
    for (number, step) in (1..).zip(steps(rollover, is_entra, idp, at)) {
        let step = visible_lines(&step);
        let mut lines = step.lines();
        writeln!(out, "  {number}. {}", lines.next().unwrap_or_default())?;
        lines.try_for_each(|line| writeln!(out, "     {line}"))?;
    }
    let verdict = if rollover.is_mistaken {
        "nothing is known: these are not the two files that are meant"
    } else if rollover.is_safe() {
        "safe: the service provider takes every key that the identity provider may sign with"
    } else {
        "NOT safe: sign-in fails as soon as the identity provider signs with a missing key"
    };
    writeln!(out, "\n{verdict} · as of {}", at.format("%Y-%m-%d %H:%M UTC"))
}

/// What happens at the end of each certificate that is published and not over.
fn dates(rollover: &Rollover, is_entra: bool) -> Vec<(String, String)> {
    let current: Vec<&Standing> =
        rollover.certificates.iter().filter(|s| s.is_published && !s.is_over).collect();
    let mut dates = Vec::new();
    for (at, standing) in current.iter().enumerate() {
        let next = at.checked_add(1).and_then(|next| current.get(next));
        let what = match next {
            Some(next) => {
                let by_itself = if is_entra {
                    "from then on Entra signs with the next one, made active or not"
                } else {
                    "the identity provider has to sign with the next one by then"
                };
                let fails = if next.is_missing() {
                    "; sign-in FAILS, because the service provider lacks that one"
                } else {
                    ""
                };
                format!("this one ends; {by_itself}{fails}")
            }
            None if is_entra => {
                "the last one ends; Entra goes on signing with it, and whether that is \
                                 taken is up to the service provider"
                    .to_owned()
            }
            None => "the last one ends".to_owned(),
        };
        dates.push((day(standing.certificate.not_after), what));
    }
    dates
}

/// The steps, each a line, with what to type in further lines.
fn steps(rollover: &Rollover, is_entra: bool, idp: &str, at: DateTime<Utc>) -> Vec<String> {
    let current = || rollover.certificates.iter().filter(|s| s.is_published && !s.is_over);
    let ends = |standing: &Standing| day(standing.certificate.not_after);
    let mut steps = Vec::new();
    if rollover.is_mistaken {
        steps.push("give the two files that are meant, and run this again".to_owned());
        return steps;
    }
    let missing: Vec<&Standing> = rollover.missing().collect();
    if !missing.is_empty() {
        let which: Vec<String> = missing.iter().map(|s| format!("that of {}", ends(s))).collect();
        steps.push(format!(
            "give the service provider what it lacks: {}\n\
             IAM: aws iam update-saml-provider --saml-provider-arn ARN --saml-metadata-document file://{idp}\n\
             IAM Identity Center: Settings > Identity source > Actions > Manage authentication >\n  \
             Manage SAML 2.0 certificates > Import certificate\n\
             Client VPN: by way of IAM; it may take five hours\n\
             (if AWS cannot parse the file: samlcheck fix {idp} --strip-bom)",
            which.join(", ")
        ));
    }
    let last = current().next_back();
    let first = current().next();
    match (first, last) {
        (Some(first), Some(last)) if current().count() > 1 => {
            let activate = if is_entra {
                "Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates >\n  \
                 Edit > (certificate) > Make certificate active"
            } else {
                "at the identity provider, make the newer certificate the one that signs"
            };
            let then = if missing.is_empty() { "" } else { "only then, and " };
            let change = if last.signs_metadata {
                format!(
                    "the one that ends on {} signs the metadata: it is probably active already; compare \
                     the thumbprint (sha1) with the portal's",
                    ends(last)
                )
            } else {
                format!(
                    "{then}before {}: change over to the one that ends on {}\n{activate}",
                    ends(first),
                    ends(last)
                )
            };
            steps.push(change);
            steps.push(format!(
                "sign in once, and look: samlcheck response FILE --idp {idp} --sp SP-METADATA"
            ));
            steps.push(format!("then remove the one that ends on {} on both sides", ends(first)));
        }
        (Some(only), _) => {
            let days = days_until(only.certificate.not_after, at);
            let make = if is_entra {
                "Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates >\n  \
                 Edit > New certificate, which stays inactive until you make it active"
            } else {
                "at the identity provider"
            };
            steps.push(format!(
                "before {} ({days} days left): make the next certificate, and run this again\n{make}",
                ends(only)
            ));
        }
        _ => steps
            .push("make a new certificate at the identity provider, and run this again".to_owned()),
    }
    let left_over: Vec<String> =
        rollover.certificates.iter().filter(|s| s.is_left_over()).map(ends).collect();
    if !left_over.is_empty() {
        steps.push(format!(
            "ask who signs with what only the service provider has (ends on {}), and remove it if nobody does",
            left_over.join(", ")
        ));
    }
    steps
}

fn json(rollover: &Rollover, at: DateTime<Utc>, out: &mut Vec<u8>) -> io::Result<()> {
    let one = |standing: &Standing| {
        let certificate = &standing.certificate;
        json!({
            "subject": certificate.subject,
            "not_before": instant(certificate.not_before),
            "not_after": instant(certificate.not_after),
            "sha256": certificate.sha256_hex(),
            "sha1": certificate.sha1_hex(),
            "published": standing.is_published,
            "trusted": standing.is_trusted,
            "missing": standing.is_missing(),
            "signs_metadata": standing.signs_metadata,
        })
    };
    let all = json!({
        "safe": rollover.is_safe(),
        "at": instant(at),
        "certificates": rollover.certificates.iter().map(one).collect::<Vec<_>>(),
        "warnings": rollover.warnings,
    });
    write_json(&all, out)
}
