//! A folder of a thousand files: each is looked at once, on whatever core is free, and reported in the
//! order of names.

#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::fs;
use std::process::Command;

/// Files in the folder.
const FILES: usize = 1_000;

#[test]
fn a_thousand_files_in_order() {
    let folder = std::env::temp_dir().join(format!("samlcheck-folders-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/aws-client-vpn.xml");
    let xml = fs::read_to_string(example).unwrap();
    let id = "urn:amazon:webservices:clientvpn";
    assert!(xml.contains(id));
    // Written from the last to the first, so that the order of the folder is not that of the names.
    for number in (0..FILES).rev() {
        // Some are large, so that those behind them are done before.
        let filling = " ".repeat(if number % 97 == 0 { 200_000 } else { 0 });
        let own = xml.replace(id, &format!("urn:example:{number}")) + &filling;
        fs::write(folder.join(format!("{number:04}.xml")), own).unwrap();
    }
    let run = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_samlcheck"));
        command.args(["--at", "2026-11-21", "--format", format]).arg(&folder);
        command.output().unwrap()
    };
    let output = run("json");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let documents = report["documents"].as_array().unwrap();
    assert_eq!(documents.len(), FILES);
    for (number, document) in documents.iter().enumerate() {
        let source = document["source"].as_str().unwrap();
        assert!(source.ends_with(&format!("{number:04}.xml")), "{source} is at place {number}");
        let entity = &document["summary"]["shown"][0]["entity_id"];
        assert_eq!(entity.as_str(), Some(format!("urn:example:{number}").as_str()));
    }
    // A bar is drawn on terminals only.
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(run("json").stdout, output.stdout, "the same call gives the same report");
    fs::remove_dir_all(&folder).unwrap();
}
