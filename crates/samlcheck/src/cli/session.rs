//! The files of one call: which they are, what is found in each, the report and the exit status. Files
//! are looked at on all cores, and reported in the order in which they were named.

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};
use std::num::NonZero;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use chrono::{DateTime, Utc};
use samlkit::Kind;

use super::config::{Config, Configs};
use super::files::{contents, contents_or_input, missing};
use super::paths::expand;
use super::{Common, ERRORS, Format, GOOD, TROUBLE, complain, rule_names};
use crate::case::{ExportPlace, Options};
use crate::check::check;
use crate::forensics::{Exported, Recording, exported};
use crate::policy::Level;
use crate::redact::redact;
use crate::render;
use crate::report::{DocumentKind, DocumentReport, Report};
use crate::rule::Severity;
use crate::rules::capture::inflate_limit::INFLATE_LIMIT;

/// The width of a report that is not written to a terminal, in characters.
const WIDTH: usize = 100;
/// The fewest files that a bar is drawn for.
const MANY: usize = 50;
/// Characters of the bar.
const BAR: usize = 30;

/// The files of one call.
pub(super) struct Session<'c> {
    common: &'c Common,
    configs: Configs,
    /// What the words of the call say about rules.
    levels: HashMap<String, Level>,
    /// Whether the call says how far clocks may be apart, whatever a configuration says.
    pub(super) is_skew_given: bool,
    pub(super) report: Report,
    /// Whether something could not be read, or is nothing that SAML knows.
    pub(super) trouble: bool,
}

/// A file to look at.
struct Input {
    path: PathBuf,
    /// Whether the user named it: if SAML does not know it, that is worth a line.
    is_named: bool,
    options: Options,
}

/// What became of one file.
#[derive(Default)]
struct Looked {
    documents: Vec<DocumentReport>,
    complaints: Vec<String>,
    passed_over: usize,
}

impl<'c> Session<'c> {
    /// Reads the configuration that the call names, and the names of rules in it; where something is wrong
    /// with them, that is said.
    pub(super) fn new(common: &'c Common, now: DateTime<Utc>) -> Option<Self> {
        Self::read(common, now).map_err(|message| complain(&message)).ok()
    }

    fn read(common: &'c Common, now: DateTime<Utc>) -> Result<Self, String> {
        let mut levels = HashMap::new();
        let given = [
            (&common.allow, Level::Allow),
            (&common.warn, Level::Report(Severity::Warning)),
            (&common.deny, Level::Report(Severity::Error)),
        ];
        for (names, level) in given {
            for name in names {
                rule_names::check(name)?;
                levels.insert(name.clone(), level);
            }
        }
        let at = common.at.unwrap_or(now);
        Ok(Self {
            common,
            configs: Configs::new(common.config.as_deref())?,
            levels,
            is_skew_given: false,
            report: Report {
                documents: Vec::new(),
                at,
                federation: None,
                config: None,
                passed_over: 0,
            },
            trouble: false,
        })
    }

    /// Prints the report and gives the exit status.
    pub(super) fn finish(mut self) -> u8 {
        if self.common.redact {
            redact(&mut self.report);
        }
        self.report.config = self.configs.used();
        match self.print() {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => {
                complain(&format!("the report cannot be written: {error}"));
                return TROUBLE;
            }
        }
        // Neither is a matter of taste: no configuration makes it good.
        let is_rejected = |document: &DocumentReport| {
            matches!(document.verdict, Some(None)) || document.is_untrusted
        };
        let has_errors = self.report.count(Severity::Error) > 0;
        let is_bad = has_errors || self.report.documents.iter().any(is_rejected);
        if !has_errors {
            // Nothing else on the screen says why the status is bad.
            for document in self.report.documents.iter().filter(|document| document.is_untrusted) {
                complain(&format!(
                    "{}: the keys of --trust do not vouch for it, whatever else is allowed",
                    document.source
                ));
            }
        }
        match (self.trouble, is_bad) {
            (true, _) => TROUBLE,
            (false, false) => GOOD,
            (false, true) => ERRORS,
        }
    }

    fn print(&self) -> io::Result<()> {
        let common = self.common;
        let mut buffer = Vec::new();
        match common.format {
            Format::Text => {
                let (quiet, verbose) = (common.quiet, common.verbose);
                let width =
                    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0.into());
                let layout = render::text::Layout { quiet, verbose, width };
                render::text::render(&self.report, layout, &mut buffer)?;
            }
            Format::Json => render::json::render(&self.report, common.verbose, &mut buffer)?,
            Format::Sarif => render::sarif::render(&self.report, &mut buffer)?,
            Format::Junit => render::junit::render(&self.report, &mut buffer)?,
            Format::Github => render::github::render(&self.report, &mut buffer)?,
        }
        common.color.write(&buffer)
    }

    pub(super) fn fail(&mut self, message: &str) {
        self.trouble = true;
        complain(message);
    }

    /// The options for one file: what the call says, and what its configuration says beside that.
    fn options(&mut self, path: &Path, base: &Options) -> Result<Options, String> {
        let mut options = base.clone();
        if let Some(config) = self.configs.of(path)? {
            Config::apply(&config, path, self.is_skew_given, &mut options);
        }
        options.policy.layers.push(self.levels.clone());
        Ok(options)
    }

    /// Looks at files, folders, patterns, and `-` for standard input.
    pub(super) fn look_at(&mut self, paths: &[PathBuf], base: &Options) {
        let mut inputs = Vec::new();
        let mut folders: Vec<(PathBuf, Range<usize>)> = Vec::new();
        for path in paths {
            let start = inputs.len();
            let found = expand(path);
            found.complaints.iter().for_each(|message| self.fail(message));
            for (path, is_named) in found.files {
                match self.options(&path, base) {
                    Ok(options) => inputs.push(Input { path, is_named, options }),
                    // One configuration is that of many files, and one line is enough.
                    Err(message) => return self.fail(&message),
                }
            }
            if path.is_dir() {
                folders.push((path.clone(), start..inputs.len()));
            }
        }
        let looked = look_at_all(&inputs, self.report.at);
        for (folder, range) in folders {
            let holds = looked.get(range).is_some_and(|files| {
                files.iter().any(|file| !file.documents.is_empty() || !file.complaints.is_empty())
            });
            if !holds {
                let message = format!("{} holds no SAML metadata or message", folder.display());
                self.fail(&message);
            }
        }
        looked.into_iter().for_each(|looked| self.take(looked));
    }

    /// Looks at the bytes of a file that were read already.
    pub(super) fn look_at_bytes(&mut self, path: &Path, bytes: &[u8], base: &Options) {
        match self.options(path, base) {
            Ok(options) => {
                let looked =
                    look_at_named(&path.to_string_lossy(), bytes, &options, self.report.at);
                self.take(looked);
            }
            Err(message) => self.fail(&message),
        }
    }

    fn take(&mut self, looked: Looked) {
        looked.complaints.iter().for_each(|message| self.fail(message));
        self.report.documents.extend(looked.documents);
        self.report.passed_over = self.report.passed_over.saturating_add(looked.passed_over);
    }

    /// The bytes of one file.
    pub(super) fn bytes(&mut self, path: &Path) -> Option<Vec<u8>> {
        let bytes = if path.exists() { contents(path) } else { Err(missing(path)) };
        bytes.map_err(|message| self.fail(&message)).ok()
    }
}

/// Looks at files on all cores, and gives what became of each, in their order.
fn look_at_all(inputs: &[Input], at: DateTime<Utc>) -> Vec<Looked> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut results: Vec<Looked> = Vec::new();
    results.resize_with(inputs.len(), Looked::default);
    let bar = inputs.len() >= MANY && io::stderr().is_terminal();
    thread::scope(|scope| {
        for _ in 0..cores.min(inputs.len()) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(input) = inputs.get(index) else { break };
                    // The receiver lives as long as this scope.
                    let _ = sender.send((index, look_at_file(input, at)));
                }
            });
        }
        drop(sender);
        for (done, (index, looked)) in receiver.iter().enumerate() {
            if let Some(result) = results.get_mut(index) {
                *result = looked;
            }
            if bar {
                draw(done.saturating_add(1), inputs.len());
            }
        }
    });
    if bar {
        // The bar is no part of the report.
        let _ = write!(io::stderr(), "\r{:1$}\r", "", BAR.saturating_add(40));
    }
    results
}

/// Draws the bar anew where it grows.
fn draw(done: usize, all: usize) {
    let length = |done: usize| done.saturating_mul(BAR).checked_div(all).unwrap_or(BAR);
    if length(done) != length(done.saturating_sub(1)) || done == 1 {
        let full = "━".repeat(length(done));
        let rest = "·".repeat(BAR.saturating_sub(length(done)));
        // Nothing can be done about a closed terminal.
        let _ = write!(io::stderr(), "\r{full}{rest} {done} of {all} files");
        let _ = io::stderr().flush();
    }
}

fn look_at_file(input: &Input, at: DateTime<Utc>) -> Looked {
    let complaint = |message: String| Looked { complaints: vec![message], ..Looked::default() };
    let bytes = match contents_or_input(&input.path) {
        Ok(bytes) => bytes,
        Err(message) => return complaint(message),
    };
    let source = input.path.to_string_lossy();
    if input.is_named {
        return look_at_named(&source, &bytes, &input.options, at);
    }
    let document = check(&source, &bytes, &input.options, at);
    if is_other(&document, &bytes) {
        Looked { passed_over: 1, ..Looked::default() }
    } else {
        Looked { documents: vec![document], ..Looked::default() }
    }
}

/// A file that the user named.
fn look_at_named(source: &str, bytes: &[u8], options: &Options, at: DateTime<Utc>) -> Looked {
    let name = if source == "-" { "standard input" } else { source };
    let mut looked = Looked::default();
    match exported(bytes) {
        Some(messages) if messages.is_empty() => {
            let message = format!("{name} is an export without a SAML message in it");
            looked.complaints.push(message);
            return looked;
        }
        Some(messages) => return look_at_export(source, messages, options, at),
        None => {}
    }
    let document = check(source, bytes, options, at);
    if let DocumentKind::NotSaml(looks_like) = &document.kind {
        let next = if looks_like.contains("CERTIFICATE") {
            "; samlcheck certs shows what is in it"
        } else {
            ""
        };
        let message =
            format!("{name} is {looks_like}; expected SAML metadata or a SAML message{next}");
        looked.complaints.push(message);
    }
    looked.documents.push(document);
    looked
}

/// The last messages of an export, each reported, in the order of time. Where a response is asked for, the
/// others are passed over.
fn look_at_export(
    source: &str,
    messages: Vec<Exported<'_>>,
    options: &Options,
    at: DateTime<Utc>,
) -> Looked {
    let mut looked = Looked::default();
    let all = messages.len();
    let Recording { messages, left_out, requests } = Recording::new(messages);
    let requests = Arc::new(requests);
    for (index, message) in messages.iter().enumerate() {
        let place = ExportPlace {
            number: index.saturating_add(1),
            count: messages.len(),
            requests: Arc::clone(&requests),
        };
        let options = Options { export: Some(place), ..options.clone() };
        let source = format!("{source} ({})", message.place);
        let document = check(&source, message.text.as_bytes(), &options, at);
        match wanted(document, message, options.asked_for.is_some()) {
            Some(document) => looked.documents.push(document),
            None => looked.passed_over = looked.passed_over.saturating_add(1),
        }
    }
    if left_out > 0 {
        looked.complaints.push(format!(
            "{source} holds {all} SAML messages, and only the last {} were looked at; save a recording \
             that begins just before the sign-in",
            messages.len()
        ));
    } else if looked.documents.is_empty() {
        looked.complaints.push(format!("{source} is an export without a SAML response in it"));
    }
    looked
}

/// The report of a message of an export, if it is worth a place. Where a response is asked for, those are
/// responses, what may have been one, and what inflates to too much, whatever it is.
fn wanted(
    document: DocumentReport,
    message: &Exported<'_>,
    is_response_asked_for: bool,
) -> Option<DocumentReport> {
    let is_lost = document.kind == DocumentKind::Unreadable && document.form.is_none();
    match &document.kind {
        DocumentKind::NotSaml(_) => None,
        _ if !is_response_asked_for => Some(document),
        DocumentKind::Message(Kind::Response) => Some(document),
        _ if is_lost && !message.is_request() => Some(document),
        // A request is no response that could be rejected.
        _ if is_lost && document.findings.iter().any(|f| f.rule == INFLATE_LIMIT.name) => {
            Some(DocumentReport { verdict: None, ..document })
        }
        _ => None,
    }
}

/// Whether a file in a folder is none that the user would want to hear of. XML that cannot be read
/// may be anything; it is SAML's if it says so.
fn is_other(document: &DocumentReport, bytes: &[u8]) -> bool {
    match &document.kind {
        DocumentKind::NotSaml(_) => true,
        DocumentKind::Unreadable => {
            // In UTF-16 each of its characters has a NUL beside it.
            let octets = bytes.iter().copied().filter(|&octet| octet != 0).collect::<Vec<u8>>();
            !String::from_utf8_lossy(&octets).contains("urn:oasis:names:tc:SAML:")
        }
        _ => false,
    }
}
