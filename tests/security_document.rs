//! What `docs/security.md` and `docs/architecture.md` name is there: each test, each file, each
//! vector. A promise whose test was renamed or taken away is noticed here.

use std::collections::BTreeSet;
use std::path::Path;

use samlkit_tests::{data, files, read, repository};

const DOCUMENTS: [&str; 2] = ["docs/security.md", "docs/architecture.md"];

/// The texts between back quotes, line by line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn text(path: &str) -> Option<String> {
    let path = repository().join(path);
    path.is_file().then(|| String::from_utf8(read(&path)).unwrap())
}

/// Whether a source has a test of that name: a function under an attribute that makes it one.
fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let is_it = |line: &str| {
        line.strip_prefix("async ").unwrap_or(line).starts_with(&format!("fn {name}("))
    };
    let mut places = lines.iter().enumerate().filter(|(_, line)| is_it(line));
    places.any(|(at, _)| {
        let mut before = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
        before.any(|line| *line == "#[test]" || line.starts_with("#[tokio::test"))
    })
}

/// What is wrong with one of the names in a line, if anything is.
fn missing(line: &str, name: &str) -> Option<String> {
    if let Some((file, test)) = name.split_once(".rs::") {
        let file = format!("{file}.rs");
        let Some(source) = text(&file) else { return Some(format!("{file} is not there")) };
        return (!has_test(&source, test)).then(|| format!("{file} has no test {test}"));
    }
    if let Some((folder, case)) = name.split_once('/')
        && ["responses", "responses-joints"].contains(&folder)
    {
        let names = files(&data(&format!("vectors/{folder}")));
        let begin = case.trim_end_matches('*');
        let fits = |file: &String| match case.ends_with('*') {
            true => file.starts_with(begin),
            false => file.strip_suffix(".xml") == Some(case),
        };
        return (!names.iter().any(fits)).then(|| format!("there is no vector {name}"));
    }
    let folders = ["crates/", "tests/", "fuzz/", "docs/", "examples/", "benches/", ".ci/"];
    // A placeholder in capitals is no name.
    if folders.iter().any(|folder| name.starts_with(folder)) && !name.contains("GROUP") {
        if !Path::new(&repository().join(name)).exists() {
            return Some(format!("{name} is not there"));
        }
        let says = line.contains("compile-fail") && name.ends_with(".rs");
        if says && !text(name).unwrap_or_default().contains("compile_fail") {
            return Some(format!("{name} has no compile-fail example"));
        }
    }
    None
}

#[test]
fn what_the_documents_name_is_there() {
    let mut wrong = Vec::new();
    let mut tests = BTreeSet::new();
    for document in DOCUMENTS {
        for line in text(document).unwrap().lines() {
            for name in quoted(line) {
                wrong.extend(missing(line, name).map(|what| format!("{document}: {what}")));
                tests.extend(name.contains(".rs::").then(|| name.to_owned()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tests.len() > 60, "only {} tests are named", tests.len());
}

/// A row of the promises or of the attacks without a test would be words only.
#[test]
fn each_promise_and_each_attack_has_a_test() {
    let document = text("docs/security.md").unwrap();
    let mut rows = 0;
    for title in ["## What is promised", "## Published attacks"] {
        let (_, section) = document.split_once(title).unwrap();
        let section = section.split("\n## ").next().unwrap();
        for row in section.lines().filter(|line| line.starts_with("| ")).skip(1) {
            // The heads of further tables.
            if row.starts_with("| what is promised") {
                continue;
            }
            rows += 1;
            let is_tested = quoted(row).any(|name| name.contains(".rs::"))
                || (row.contains("compile-fail") && row.contains(".rs`"));
            assert!(is_tested, "{row}");
        }
    }
    assert!(rows > 40, "only {rows} rows");
}

#[test]
fn names_that_are_not_there_are_noticed() {
    let here = "tests/security_document.rs";
    assert_eq!(missing("", &format!("{here}::names_that_are_not_there_are_noticed")), None);
    // A function that is no test.
    assert!(missing("", &format!("{here}::missing")).is_some());
    assert!(missing("", "tests/nothing.rs::nothing").is_some());
    assert!(missing("", "tests/nothing.rs").is_some());
    assert_eq!(missing("", "responses/xsw1"), None);
    assert_eq!(missing("", "responses/dtd-*"), None);
    assert!(missing("", "responses/xsw").is_some());
    assert!(missing("", "responses/xsw9*").is_some());
    assert_eq!(missing("compile-fail example", "crates/samlkit-dsig/src/verify.rs"), None);
    assert!(missing("compile-fail example", here).is_none());
    assert!(missing("compile-fail example", "tests/vectors.rs").is_some());
}
