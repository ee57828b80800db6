//! The command line: what the words mean, which files are read, and the exit status. Beside
//! `main` the only place that opens files.

mod c14n;
mod certs;
mod config;
mod decode;
mod diff;
mod explain;
mod files;
mod fix;
mod pair;
mod paths;
mod response;
mod rollover;
mod rule_names;
mod session;
mod shell;

use std::io::{self, Write};
use std::path::PathBuf;

use anstream::{AutoStream, ColorChoice};
use chrono::{DateTime, Utc};
use clap::builder::PossibleValuesParser;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use samlkit::dsig::VerifyingKey;
use samlkit::xsd;

use crate::case::Options;
use crate::profile::{IdpProfile, SpProfile};
use crate::render::visible_lines;
use crate::rules::ALL;
use files::contents;
use session::Session;

/// The version, and what this build is made of.
fn long_version() -> String {
    format!(
        "{}\n{} rules\n{}\n{} {}{}{}",
        env!("CARGO_PKG_VERSION"),
        ALL.len(),
        samlkit::dsig::library(),
        std::env::consts::OS,
        std::env::consts::ARCH,
        if cfg!(debug_assertions) { ", debug build" } else { "" },
        // Whoever builds packages says which commit it is.
        option_env!("SAMLCHECK_COMMIT")
            .map(|commit| format!("\ncommit {commit}"))
            .unwrap_or_default(),
    )
}

/// Reads SAML metadata and messages and says what is wrong with them, where, and what to do.
#[derive(Parser, Debug)]
#[command(
    name = "samlcheck",
    version,
    long_version = long_version(),
    max_term_width = 100,
    after_help = AFTER_HELP,
    args_conflicts_with_subcommands = true,
    subcommand_precedence_over_arg = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Files, folders, patterns such as 'idp-*.xml', or - for standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    common: Common,

    /// Take identity provider metadata for this vendor's, whatever it looks like
    #[arg(long, value_name = "VENDOR", value_parser = names(&IdpProfile::ALL))]
    idp_profile: Option<String>,

    /// Take service provider metadata for this vendor's, whatever it looks like
    #[arg(long, value_name = "VENDOR", value_parser = names(&SpProfile::ALL))]
    sp_profile: Option<String>,

    /// Check identity provider metadata for what this service provider accepts
    #[arg(long = "for", value_name = "VENDOR", value_parser = names(&SpProfile::ALL))]
    target: Option<String>,

    /// Verify the signature of metadata with this certificate or public key, in PEM
    #[arg(long, value_name = "PEM-FILE")]
    trust: Vec<PathBuf>,
}

/// How to judge and to print, whatever it is.
#[derive(clap::Args, Debug)]
struct Common {
    /// For people or for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Judge as of this time, such as 2026-11-21T03:09:00Z or 2026-11-21, instead of now
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<DateTime<Utc>>,

    /// Colours: auto is on a terminal only, and never with NO_COLOR set
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,

    /// Print only errors, and nothing if there is none
    #[arg(long, short)]
    quiet: bool,

    /// Say of every rule what became of it, and why it does not apply
    #[arg(long, short, conflicts_with = "quiet")]
    verbose: bool,

    /// Put placeholders for names, mail addresses, IDs and values of claims, so that the report can be
    /// shown to others
    #[arg(long)]
    redact: bool,

    /// Take this configuration, and no samlcheck.toml beside or above the file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Count findings of this rule, or of the group that names begin with, as errors
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    deny: Vec<String>,

    /// Count them as warnings
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    warn: Vec<String>,

    /// Leave them out
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    allow: Vec<String>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Judges a response: who signed in, or everything that is wrong
    Response(response::Arguments),

    /// Checks the metadata of both sides, and a response between them
    Pair(pair::Arguments),

    /// Explains a rule: what it means, why it matters, how to fix it
    Explain(explain::Arguments),

    /// Lists every certificate with the days that are left
    Certs(certs::Arguments),

    /// Says what changed between two metadata files in terms of trust
    Diff(diff::Arguments),

    /// Plans a change of the identity provider's key: what the service provider must have first
    Rollover(rollover::Arguments),

    /// Repairs what can be repaired without loss, into a new file
    Fix(fix::Arguments),

    /// Writes the XML inside a capture, octet by octet
    Decode(decode::Arguments),

    /// Writes the canonical octets of a document or of one element, to look at what a signature is over
    C14n(c14n::Arguments),

    /// Writes completions for a shell
    Completions(shell::Completions),

    /// Writes a page of the manual, for man -l -
    Man(shell::Man),
}

const AFTER_HELP: &str = "\
Examples:
  samlcheck federationmetadata.xml
  samlcheck --for aws-iam federationmetadata.xml
  curl -s https://signin.aws.amazon.com/static/saml-metadata.xml | samlcheck -
  samlcheck response response.b64 --idp federationmetadata.xml --sp aws.xml

Exit status: 0 no errors, 1 errors found, 2 wrong call, unreadable file, or nothing that SAML knows.
samlcheck never opens a connection.";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object; docs/output.schema.json is its schema
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit's XML, for CI systems
    Junit,
    /// Annotations of GitHub Actions
    Github,
}

/// The formats of commands that tell one thing.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum TextOrJson {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Writes text with colours in it to standard output, without them where they are not wanted.
    fn write(self, text: &[u8]) -> io::Result<()> {
        let choice = match self {
            Self::Auto => AutoStream::choice(&io::stdout()),
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        };
        let mut out = AutoStream::new(io::stdout(), choice);
        out.write_all(text)?;
        out.flush()
    }
}

fn names<T>(all: &'static [(&'static str, T)]) -> PossibleValuesParser {
    PossibleValuesParser::new(all.iter().map(|(name, _)| *name))
}

fn by_name<T: Copy>(all: &[(&str, T)], name: Option<&str>) -> Option<T> {
    all.iter().find(|(known, _)| name == Some(*known)).map(|(_, value)| *value)
}

fn time(text: &str) -> Result<DateTime<Utc>, String> {
    let at = xsd::date_time(text).or_else(|| xsd::date_time(&format!("{text}T00:00:00Z")));
    at.ok_or_else(|| "expected a time such as 2026-11-21T03:09:00Z, or a day".to_owned())
}

/// There were no error findings.
const GOOD: u8 = 0;
/// There were error findings.
const ERRORS: u8 = 1;
/// The call was wrong, a file could not be read, or it is nothing that SAML knows.
const TROUBLE: u8 = 2;

/// Runs the command with the words after its name, at the time `now`, and gives its exit status.
pub fn run(words: impl IntoIterator<Item = std::ffi::OsString>, now: DateTime<Utc>) -> u8 {
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing can be done about a closed terminal.
            let _ = error.print();
            return if error.use_stderr() { TROUBLE } else { GOOD };
        }
    };
    match &arguments.command {
        Some(Command::Response(arguments)) => return response::run(arguments, now),
        Some(Command::Pair(arguments)) => return pair::run(arguments, now),
        Some(Command::Explain(arguments)) => return explain::run(arguments),
        Some(Command::Certs(arguments)) => return certs::run(arguments, now),
        Some(Command::Diff(arguments)) => return diff::run(arguments, now),
        Some(Command::Rollover(arguments)) => return rollover::run(arguments, now),
        Some(Command::Fix(arguments)) => return fix::run(arguments),
        Some(Command::Completions(arguments)) => return shell::completions(arguments),
        Some(Command::Man(arguments)) => return shell::man(arguments),
        Some(Command::Decode(arguments)) => return decode::run(arguments),
        Some(Command::C14n(arguments)) => return c14n::run(arguments),
        None => {}
    }
    if arguments.files.is_empty() {
        let _ = writeln!(io::stderr(), "{}", Arguments::command().render_help());
        return TROUBLE;
    }
    let trust = match trusted_keys(&arguments.trust) {
        Ok(trust) => trust,
        Err(message) => {
            complain(&message);
            return TROUBLE;
        }
    };
    let options = Options {
        trust,
        idp_profile: by_name(&IdpProfile::ALL, arguments.idp_profile.as_deref()),
        sp_profile: by_name(&SpProfile::ALL, arguments.sp_profile.as_deref()),
        target: by_name(&SpProfile::ALL, arguments.target.as_deref()),
        ..Options::default()
    };
    let Some(mut session) = Session::new(&arguments.common, now) else { return TROUBLE };
    session.look_at(&arguments.files, &options);
    session.finish()
}

/// The keys in PEM files, all that each of them holds.
fn trusted_keys(files: &[PathBuf]) -> Result<Vec<VerifyingKey>, String> {
    let mut keys = Vec::new();
    for file in files {
        let fail = |error: String| format!("{} cannot be trusted: {error}", file.display());
        let text = String::from_utf8(contents(file)?).map_err(|_| {
            fail(
                "it is no PEM file; openssl x509 -inform DER makes one of a DER certificate"
                    .to_owned(),
            )
        })?;
        let blocks = text.match_indices("-----BEGIN ").filter_map(|(at, _)| text.get(at..));
        let before = keys.len();
        for block in blocks {
            keys.push(VerifyingKey::from_pem(block).map_err(|error| fail(error.to_string()))?);
        }
        if keys.len() == before {
            let key = VerifyingKey::from_pem(&text).map_err(|error| fail(error.to_string()))?;
            keys.push(key);
        }
    }
    Ok(keys)
}

/// Writes what a subcommand has to say; whether that could be done. A pipe that is closed is no fault.
fn print_out(out: &[u8]) -> bool {
    match io::stdout().write_all(out) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("the output cannot be written: {error}"));
            false
        }
        _ => true,
    }
}

fn complain(message: &str) {
    // Nothing can be done about a closed terminal.
    let _ = writeln!(io::stderr(), "samlcheck: {}", visible_lines(message));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a line as a shell would take them: quotes hold words together, a pipe, a redirection or
    /// a comment ends the call.
    fn words(line: &str) -> Vec<String> {
        let mut words = Vec::new();
        let mut quote = None;
        let mut word: Option<String> = None;
        for c in line.chars() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), c) => word.get_or_insert_default().push(c),
                (None, '"' | '\'') => {
                    quote = Some(c);
                    word.get_or_insert_default();
                }
                (None, '|' | '>' | '#' | '&') => break,
                (None, c) if c.is_whitespace() => words.extend(word.take()),
                (None, c) => word.get_or_insert_default().push(c),
            }
        }
        words.extend(word);
        words
    }

    /// What the documents and the rules tell users to type is what the command takes.
    #[test]
    fn the_commands_that_are_suggested_are_taken() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut texts = vec![AFTER_HELP.to_owned()];
        for file in
            ["README.md", "docs/ci.md", "docs/configuration.md", "docs/rules.md", "docs/output.md"]
        {
            #[allow(clippy::disallowed_methods, reason = "the test reads the documents")]
            texts.push(std::fs::read_to_string(root.join(file)).unwrap());
        }
        let mut tried = 0;
        for line in texts.iter().flat_map(|text| text.lines()) {
            let line = line.trim().trim_start_matches("- run: ").trim_start_matches("$ ");
            let in_ticks = line.split('`').skip(1).step_by(2);
            let whole = std::iter::once(line).filter(|line| !line.contains('`'));
            for call in in_ticks.chain(whole).filter(|call| call.starts_with("samlcheck ")) {
                // The one that stands for several is written with bars.
                let call = call.replace("bash|elvish|fish|powershell|zsh", "bash");
                let call = call.replace("[SUBCOMMAND]", "certs").replace("FILE...", "FILE");
                let words = words(&call);
                // The name of a subcommand alone speaks of it and is no call.
                if words.len() == 2 || call.contains("--version") {
                    continue;
                }
                tried += 1;
                let parsed = Arguments::try_parse_from(words);
                assert!(parsed.is_ok(), "{call}: {parsed:?}");
            }
        }
        assert!(tried > 25, "only {tried} calls were found");
    }
}
