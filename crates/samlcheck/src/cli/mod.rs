//! The command line: what the words mean, which files are read, and the exit status. Beside
//! `main` the only place that opens files.

mod c14n;
mod decode;
mod explain;
mod pair;
mod response;

use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use chrono::{DateTime, Utc};
use clap::builder::PossibleValuesParser;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use samlkit::Kind;
use samlkit::dsig::VerifyingKey;
use samlkit::xml::{Document, Limits};
use samlkit::xsd;

use crate::case::{ExportPlace, Options};
use crate::check::check;
use crate::forensics::{Exported, exported};
use crate::profile::{IdpProfile, SpProfile};
use crate::redact::redact;
use crate::render;
use crate::report::{DocumentKind, DocumentReport, Report};
use crate::rule::Severity;

/// Reads SAML metadata and messages and says what is wrong with them, where, and what to do.
#[derive(Parser, Debug)]
#[command(
    name = "samlcheck",
    version,
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
}

/// The width of a report that is not written to a terminal, in characters.
const WIDTH: usize = 100;

#[derive(Subcommand, Debug)]
enum Command {
    /// Judges a response: who signed in, or everything that is wrong
    Response(response::Arguments),

    /// Checks the metadata of both sides, and a response between them
    Pair(pair::Arguments),

    /// Explains a rule: what it means, why it matters, how to fix it
    Explain(explain::Arguments),

    /// Writes the XML inside a capture, octet by octet
    Decode(decode::Arguments),

    /// Writes the canonical octets of a document or of one element, to look at what a signature is over
    C14n(c14n::Arguments),
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

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

fn names<T>(all: &'static [(&'static str, T)]) -> PossibleValuesParser {
    PossibleValuesParser::new(all.iter().map(|(name, _)| *name))
}

fn by_name<T: Copy>(all: &[(&str, T)], name: Option<&String>) -> Option<T> {
    all.iter().find(|(known, _)| name.is_some_and(|name| name == known)).map(|(_, value)| *value)
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
        idp_profile: by_name(&IdpProfile::ALL, arguments.idp_profile.as_ref()),
        sp_profile: by_name(&SpProfile::ALL, arguments.sp_profile.as_ref()),
        target: by_name(&SpProfile::ALL, arguments.target.as_ref()),
        ..Options::default()
    };
    let mut session = Session::new(options, &arguments.common, now);
    for file in &arguments.files {
        session.argument(file);
    }
    session.finish(&arguments.common)
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

fn print(report: &Report, common: &Common) -> io::Result<()> {
    let choice = match common.color {
        Color::Auto => AutoStream::choice(&io::stdout()),
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let mut buffer = Vec::new();
    match common.format {
        Format::Text => {
            let (quiet, verbose) = (common.quiet, common.verbose);
            let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0.into());
            let layout = render::text::Layout { quiet, verbose, width };
            render::text::render(report, layout, &mut buffer)?;
        }
        Format::Json => render::json::render(report, common.verbose, &mut buffer)?,
        Format::Sarif => render::sarif::render(report, &mut buffer)?,
        Format::Junit => render::junit::render(report, &mut buffer)?,
        Format::Github => render::github::render(report, &mut buffer)?,
    }
    let mut out = AutoStream::new(io::stdout(), choice);
    out.write_all(&buffer)?;
    out.flush()
}

fn complain(message: &str) {
    // Nothing can be done about a closed terminal.
    let _ = writeln!(io::stderr(), "samlcheck: {message}");
}

/// The files of one call.
struct Session {
    report: Report,
    options: Options,
    /// Whether something could not be read, or is nothing that SAML knows.
    trouble: bool,
}

impl Session {
    fn new(options: Options, common: &Common, now: DateTime<Utc>) -> Self {
        let at = common.at.unwrap_or(now);
        let report = Report { documents: Vec::new(), at, passed_over: 0 };
        Self { report, options, trouble: false }
    }

    /// Prints the report and gives the exit status.
    fn finish(mut self, common: &Common) -> u8 {
        if common.redact {
            redact(&mut self.report);
        }
        match print(&self.report, common) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => {
                complain(&format!("the report cannot be written: {error}"));
                return TROUBLE;
            }
        }
        match (self.trouble, self.report.count(Severity::Error)) {
            (true, _) => TROUBLE,
            (false, 0) => GOOD,
            (false, _) => ERRORS,
        }
    }

    fn fail(&mut self, message: &str) {
        self.trouble = true;
        complain(message);
    }

    /// One word of the command line: `-`, a file, a folder or a pattern.
    fn argument(&mut self, path: &Path) {
        if path == Path::new("-") {
            if io::stdin().is_terminal() {
                complain("reading standard input; end it with Ctrl-D");
            }
            match contents_or_input(path) {
                Ok(bytes) => self.named("-", &bytes),
                Err(message) => self.fail(&message),
            }
        } else if path.is_dir() {
            self.folder(path);
        } else if path.exists() {
            self.file(path);
        } else {
            self.pattern(path);
        }
    }

    /// A path that does not exist: a pattern that the shell did not fill in, or a slip.
    fn pattern(&mut self, path: &Path) {
        let text = path.to_string_lossy();
        let is_pattern = text.contains(['*', '?', '[']);
        let found = is_pattern.then(|| glob::glob(&text)).and_then(Result::ok);
        let found: Vec<PathBuf> = found.into_iter().flatten().filter_map(Result::ok).collect();
        match (is_pattern, found.is_empty()) {
            (false, _) => self.fail(&missing(path)),
            (true, true) => self.fail(&format!("nothing matches {}", path.display())),
            (true, false) => {
                for path in found {
                    if path.is_dir() { self.folder(&path) } else { self.file(&path) }
                }
            }
        }
    }

    fn file(&mut self, path: &Path) {
        if let Some(bytes) = self.read(path) {
            self.named(&path.to_string_lossy(), &bytes);
        }
    }

    /// The bytes of one file.
    fn read(&mut self, path: &Path) -> Option<Vec<u8>> {
        let bytes = if path.exists() { contents(path) } else { Err(missing(path)) };
        bytes.map_err(|message| self.fail(&message)).ok()
    }

    /// A file that the user named: if SAML does not know it, that is worth a line.
    fn named(&mut self, source: &str, bytes: &[u8]) {
        let name = if source == "-" { "standard input" } else { source };
        match exported(bytes) {
            Some(messages) if messages.is_empty() => {
                return self.fail(&format!("{name} is an export without a SAML message in it"));
            }
            Some(messages) => return self.export(source, &messages),
            None => {}
        }
        let document = check(source, bytes, &self.options, self.report.at);
        if let DocumentKind::NotSaml(looks_like) = &document.kind {
            self.fail(&format!("{name} is {looks_like}; {EXPECTED}"));
        }
        self.report.documents.push(document);
    }

    /// The messages of an export, each reported, in the order of time. Where a response is asked for,
    /// the others are passed over.
    fn export(&mut self, source: &str, messages: &[Exported]) {
        let before = self.report.documents.len();
        for (at, message) in messages.iter().enumerate() {
            let number = at.saturating_add(1);
            self.options.export = Some(ExportPlace { number, count: messages.len() });
            let source = format!("{source} ({})", message.place);
            let document = check(&source, message.text.as_bytes(), &self.options, self.report.at);
            let asked = self.options.asked_for;
            let is_wanted =
                asked.is_none() || document.kind == DocumentKind::Message(Kind::Response);
            if is_wanted && !matches!(document.kind, DocumentKind::NotSaml(_)) {
                self.report.documents.push(document);
            } else {
                self.report.passed_over = self.report.passed_over.saturating_add(1);
            }
        }
        self.options.export = None;
        if self.report.documents.len() == before {
            self.fail(&format!("{source} is an export without a SAML response in it"));
        }
    }

    /// All files below a folder, but hidden ones, in the order of their names.
    fn folder(&mut self, folder: &Path) {
        let before = self.report.documents.len();
        let mut waiting = vec![folder.to_owned()];
        while let Some(path) = waiting.pop() {
            let entries = match fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(error) => {
                    self.fail(&format!("{} cannot be read: {error}", path.display()));
                    continue;
                }
            };
            let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
            for entry in entries {
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                // A link to a folder may lead back to it, so that only folders proper are entered.
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if !hidden && (is_folder || entry.path().is_file()) {
                    waiting.push(entry.path());
                }
            }
            // Files are looked at when they come off the list, to keep the order of names.
            while let Some(file) = waiting.pop_if(|path| !path.is_dir() || path.is_symlink()) {
                self.found(&file);
            }
        }
        if self.report.documents.len() == before {
            let message = format!("{} holds no SAML metadata or message", folder.display());
            self.fail(&message);
        }
    }

    /// A file that was found in a folder: if SAML does not know it, it is passed over.
    fn found(&mut self, path: &Path) {
        let bytes = match contents(path) {
            Ok(bytes) => bytes,
            Err(message) => return self.fail(&message),
        };
        let document = check(&path.to_string_lossy(), &bytes, &self.options, self.report.at);
        if is_other(&document, &bytes) {
            self.report.passed_over = self.report.passed_over.saturating_add(1);
        } else {
            self.report.documents.push(document);
        }
    }
}

/// The bytes of a file, or the message that it cannot be read.
fn contents(path: &Path) -> Result<Vec<u8>, String> {
    #[allow(clippy::disallowed_methods, reason = "this is where files are read")]
    let bytes = File::open(path).and_then(read);
    bytes.map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// [`contents`], or those of standard input where the path is `-`.
fn contents_or_input(path: &Path) -> Result<Vec<u8>, String> {
    if path != Path::new("-") {
        return contents(path);
    }
    read(io::stdin().lock()).map_err(|error| format!("standard input cannot be read: {error}"))
}

/// Reads no more than a byte over the limit, which is enough to know that it is passed.
fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let limit = Limits::default().greatest_size();
    let enough = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    from.take(enough).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The document in bytes that a subcommand cannot do without, or why there is none.
fn document<'b>(path: &Path, bytes: &'b [u8]) -> Result<Document<'b>, String> {
    let name = path.display();
    Document::parse(bytes)
        .map_err(|error| format!("{name}:{}: {}: {error}", error.position, error.rule()))
}

const EXPECTED: &str = "expected SAML metadata or a SAML message";

fn missing(path: &Path) -> String {
    let message = format!("{} does not exist", path.display());
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) if !parent.exists() => {
            format!("{message}, and neither does the folder {}", parent.display())
        }
        _ => message,
    }
}

/// Whether a file in a folder is none that the user would want to hear of. XML that cannot be read
/// may be anything; it is SAML's if it says so.
fn is_other(document: &DocumentReport, bytes: &[u8]) -> bool {
    match &document.kind {
        DocumentKind::NotSaml(_) => true,
        DocumentKind::Unreadable => {
            !String::from_utf8_lossy(bytes).contains("urn:oasis:names:tc:SAML:")
        }
        _ => false,
    }
}
