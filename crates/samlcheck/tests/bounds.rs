//! What a file of a few megabytes may cost, however it is made: fifteen times its size in memory, and a
//! report that can be read. Each of these took up to a hundred times the size before there were bounds.

#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]
#![allow(clippy::arithmetic_side_effects, reason = "tests")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// Bytes of a generated file: enough for what grows with it to be seen beside the program itself.
const SIZE: usize = 3_000_000;
/// Memory for each byte of the file.
const TIMES: usize = 15;
/// Memory of the program itself, in a debug build.
const PROGRAM: usize = 40_000_000;

struct Ran {
    status: Option<i32>,
    out: String,
    err: String,
    /// The most memory that was in use, in bytes.
    memory: usize,
}

/// A file of that name and content.
fn file(name: &str, content: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

fn run(words: &[&str], file: &Path) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samlcheck"));
    command.args(words).args(["--at", "2026-11-21"]).arg(file);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reader = thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).unwrap();
        text
    });
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    // The high-water mark only grows, so that the last look before the end is the one that matters.
    let ended = loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes =
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
        memory = memory.max(kilobytes.unwrap_or(0) * 1024);
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        thread::sleep(Duration::from_millis(1));
    };
    let mut complaints = String::new();
    err.read_to_string(&mut complaints).unwrap();
    Ran { status: ended.code(), out: reader.join().unwrap(), err: complaints, memory }
}

#[track_caller]
fn bounded(words: &[&str], file: &Path) -> Ran {
    let ran = run(words, file);
    let size = usize::try_from(fs::metadata(file).unwrap().len()).unwrap();
    let allowed = size * TIMES + PROGRAM;
    assert!(ran.memory > 0, "nothing was measured");
    assert!(ran.memory < allowed, "{} bytes of memory for {size} of the file", ran.memory);
    assert!(ran.out.len() < 200_000, "the report has {} bytes", ran.out.len());
    ran
}

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";

#[test]
fn duplicate_ids() {
    // As many as the limit of nodes lets through.
    let one = "<element ID='x'/>";
    let count = SIZE / one.len();
    let xml = format!(
        "<EntityDescriptor xmlns='{METADATA}' entityID='e'>{}</EntityDescriptor>",
        one.repeat(count)
    );
    let file = file("duplicate-ids.xml", &xml);
    let text = bounded(&[], &file);
    assert_eq!(text.status, Some(1));
    let more = format!("xml.duplicate-id in {} more places", count - 1 - 3);
    assert!(text.out.contains(&more), "{}", text.out);
    let json = bounded(&["--format", "json"], &file);
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let document = &report["documents"][0];
    let is_one = |finding: &&serde_json::Value| finding["rule"] == "xml.duplicate-id";
    assert_eq!(document["findings"].as_array().unwrap().iter().filter(is_one).count(), 16);
    let left_out = document["left_out"].as_array().unwrap().iter().find(is_one).unwrap();
    assert_eq!(left_out["count"], count - 1 - 16);
    // All of them are errors, whether they are shown or not.
    let counts = text.out.lines().last().unwrap();
    let errors: usize = counts.split(' ').next().unwrap().parse().unwrap();
    assert!(errors >= count - 1, "{errors}");
}

#[test]
fn tiny_entities() {
    let one = "<EntityDescriptor entityID='e'/>";
    let count = SIZE / one.len();
    let xml = format!(
        "<EntitiesDescriptor xmlns='{METADATA}'>{}</EntitiesDescriptor>",
        one.repeat(count)
    );
    let ran = bounded(&[], &file("tiny-entities.xml", &xml));
    let more = format!("metadata.duplicate-entity in {} more places", count - 1 - 3);
    assert!(ran.out.contains(&more), "{}", ran.out);
}

#[test]
fn endpoints_of_one_role() {
    let endpoints: String = (0..SIZE / 45)
        .map(|index| format!("<AssertionConsumerService index='{index:06}'/>"))
        .collect();
    let xml = format!(
        "<EntityDescriptor xmlns='{METADATA}' entityID='e'><SPSSODescriptor>{endpoints}</SPSSODescriptor></EntityDescriptor>"
    );
    let ran = bounded(&[], &file("endpoints.xml", &xml));
    assert!(ran.out.contains("metadata.too-many-elements"), "{}", ran.out);
}

fn entry(number: usize, value: &str) -> String {
    format!(
        r#"{{"startedDateTime": "{number:08}", "request": {{"method": "POST", "url": "https://sp.example/{number}", "postData": {{"text": "SAMLResponse={}"}}}}}}"#,
        value.replace('+', "%2B")
    )
}

fn har(count: usize, value: &str) -> String {
    let entries: Vec<String> = (0..count).map(|number| entry(number, value)).collect();
    format!(r#"{{"log": {{"entries": [{}]}}}}"#, entries.join(",\n"))
}

#[test]
fn a_recording_of_too_many_responses() {
    let response = "PFJlc3BvbnNlIHhtbG5zPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjA6cHJvdG9jb2wiLz4=";
    let ran = bounded(&[], &file("many.har", &har(15_000, response)));
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("holds 15000 SAML messages, and only the last 200"), "{}", ran.err);
    assert!(ran.out.contains("https://sp.example/14999") && !ran.out.contains("example/14799)"));
}

#[test]
fn a_recording_of_bombs() {
    let bomb = include_str!("../../../tests/data/bomb.b64").trim();
    let file = file("bombs.har", &har(10, bomb));
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/vectors/responses/idp.pem");
    let judging = [
        "response",
        "--idp-entity-id",
        "i",
        "--idp-cert",
        data,
        "--sp-entity-id",
        "s",
        "--acs",
        "https://sp.example/",
    ];
    for words in [&[][..], &judging] {
        let ran = bounded(words, &file);
        assert_eq!(ran.status, Some(1), "{}", ran.err);
        for number in 0..10 {
            let name = format!("(POST https://sp.example/{number})");
            assert!(ran.out.contains(&name), "{name}: {}", ran.out);
        }
        assert_eq!(ran.out.matches("error[capture.inflate-limit]").count(), 10, "{}", ran.out);
    }
    let ran = bounded(&[], &self::file("more-bombs.har", &har(1_000, bomb)));
    assert!(ran.err.contains("holds 1000 SAML messages, and only the last 16"), "{}", ran.err);
    assert_eq!(ran.out.matches("error[capture.inflate-limit]").count(), 16);
}

/// The name of a file is written on both streams.
#[test]
fn a_name_that_would_be_a_command() {
    let name = "a\n::error::x##[y]\u{1B}[2J\u{9B}\u{202E}\u{E0041}.xml";
    let ran = bounded(&[], &file(name, "no SAML"));
    let shown = "a\n<U+003A>:error::x<U+0023>#[y]<U+001B>[2J<U+009B><U+202E><U+E0041>.xml is";
    assert!(ran.err.contains(shown), "{}", ran.err);
    let ran = bounded(
        &["--format", "github"],
        &file(name, "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'/>"),
    );
    for line in ran.out.lines() {
        assert!(line.starts_with("::") && line.contains("a<U+000A><U+003A>%3Aerror"), "{line}");
        assert!(
            !line.contains(['\u{1B}', '\u{9B}', '\u{202E}']) && !line.contains("##["),
            "{line}"
        );
    }
}
