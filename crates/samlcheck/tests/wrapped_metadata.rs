//! Genuine signed metadata that is hidden in, or stands beside, what nobody signed: what the library and
//! the command say of it, as the index of the vectors has it. Never is an entity that nobody signed given
//! out, or the file called good.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]
#![allow(clippy::disallowed_methods, reason = "the test reads files and runs the command")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use samlkit::dsig::{AlgorithmPolicy, VerifyingKey};
use samlkit::metadata::Metadata;
use samlkit::xml::Document;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/vectors/metadata-wrapped")
}

fn index() -> Value {
    serde_json::from_slice(&fs::read(folder().join("index.json")).unwrap()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a string"))
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(text).collect()
}

/// What the command says of a file.
#[derive(Debug)]
struct Said {
    status: Option<i32>,
    /// The rules of the errors.
    rules: BTreeSet<String>,
    /// The line `signature` of the card.
    signature: String,
}

fn command(words: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samlcheck"));
    let output = command.args(["--color", "never"]).args(words).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let rule = |line: &str| Some(line.strip_prefix("error[")?.split_once(']')?.0.to_owned());
    let of_card = out.lines().find_map(|line| {
        let rest = line.trim_start().strip_prefix("signature  ")?;
        Some(rest.trim_start().to_owned())
    });
    Said {
        status: output.status.code(),
        rules: out.lines().filter_map(rule).collect(),
        signature: of_card.unwrap_or_else(|| panic!("{words:?}: no signature in {out}")),
    }
}

/// What the library gives out under the trusted key, or the rules for which it refuses.
fn library(bytes: &[u8], trusted: &[VerifyingKey]) -> Result<Vec<String>, Vec<&'static str>> {
    let document = Document::parse(bytes).unwrap();
    let metadata = Metadata::read(&document).unwrap();
    match metadata.verify(trusted, &AlgorithmPolicy::default()) {
        Err(refused) => Err(refused.faults().map(|fault| fault.kind.rule()).collect()),
        Ok(verified) => {
            let ids = verified
                .entities()
                .map(|entity| entity.entity_id.as_ref().unwrap().text().to_owned());
            Ok(ids.filter(|id| verified.entity(id).is_some()).collect())
        }
    }
}

#[test]
fn nobody_takes_what_nobody_signed() {
    let (folder, index) = (folder(), index());
    let context = &index["context"];
    let certificate = folder.join(text(&context["trust"]));
    let trusted = [VerifyingKey::from_pem(&fs::read_to_string(&certificate).unwrap()).unwrap()];
    let (at, certificate) = (text(&context["at"]), certificate.to_str().unwrap());
    let mut seen = BTreeSet::from(["index.json".to_owned()]);
    let mut wrong = Vec::new();
    for case in index["cases"].as_array().unwrap() {
        let file = text(&case["file"]);
        let path = folder.join(file);
        seen.insert(file.to_owned());
        let given = library(&fs::read(&path).unwrap(), &trusted);
        let is_right = match (&given, text(&case["verdict"])) {
            (Ok(ids), "accept") => *ids == texts(&case["entities"]),
            (Err(rules), "reject") => rules.contains(&text(&case["why"])),
            _ => false,
        };
        if !is_right {
            wrong.push(format!("{file}, library: {given:?}"));
        }
        let path = path.to_str().unwrap();
        let with = command(&["--at", at, "--trust", certificate, path]);
        let without = command(&["--at", at, path]);
        for (said, expected) in [(&with, &case["with_trust"]), (&without, &case["without_trust"])] {
            let rules: BTreeSet<String> =
                texts(&expected["rules"]).into_iter().map(str::to_owned).collect();
            let status = Some(i32::from(!rules.is_empty()));
            if said.status != status
                || said.rules != rules
                || !said.signature.starts_with(text(&expected["signature"]))
            {
                wrong.push(format!("{file}: {said:?}\n    expected {expected}"));
            }
        }
        // Whatever the index says: where the library refuses, nothing is called good.
        if given.is_err() && (with.status == Some(0) || with.signature.starts_with("good")) {
            wrong.push(format!("{file} is refused by the library, and the command says {with:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    let names = fs::read_dir(&folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(seen, names.collect(), "files and cases differ");
    assert!(seen.len() > 20, "{}", seen.len());
}
