//! Every signature of the corpus, under the certificate that it carries, beside what xmlsec1 said
//! of it (SHA-1 counts as good here, as it did there). Where the two differ, a table says why.
//! Skipped, with a line, where there is no corpus.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit::dsig::{AlgorithmPolicy, explain};
use samlkit::names::SIGNATURE;
use samlkit::xml::Document;
use samlkit_tests::{corpus, data, read};

/// What we say of the signatures of a document, in the order in which they stand.
fn ours(bytes: &[u8]) -> Vec<(String, String)> {
    let policy = AlgorithmPolicy::default().allow_sha1().rsa_bits(512);
    let document = match Document::parse(bytes) {
        Ok(document) => document,
        Err(error) => return vec![("document".to_owned(), error.rule().to_owned())],
    };
    let signatures = document.elements().filter(|element| element.is(SIGNATURE, "Signature"));
    let verdicts = signatures.filter_map(|signature| {
        let parent = signature.parent()?;
        // Nobody trusts these keys: what is compared is whether everything else agrees.
        let explanation = explain(parent, &policy);
        let mut rules: Vec<_> = explanation.failures().iter().map(|f| f.rule()).collect();
        rules.dedup();
        let verdict = if rules.is_empty() { "good".to_owned() } else { rules.join(" ") };
        Some((parent.name().local.to_owned(), verdict))
    });
    verdicts.collect()
}

#[test]
fn our_verdicts_agree_with_those_of_xmlsec1() {
    let Some(folder) = corpus() else { return };
    let manifest = String::from_utf8(read(&folder.join("MANIFEST.csv"))).unwrap();
    let mut differ = Vec::new();
    let mut agree = (0, 0);
    for row in manifest.lines().skip(1) {
        let columns: Vec<&str> = row.split(',').collect();
        let (file, encoding, theirs) = (columns[0], columns[4], columns[8]);
        if theirs.is_empty() {
            continue;
        }
        let mut bytes = read(&folder.join(file));
        if encoding == "base64" {
            bytes.retain(|byte| !byte.is_ascii_whitespace());
            bytes = STANDARD.decode(&bytes).unwrap();
        }
        let ours = ours(&bytes);
        for (at, theirs) in theirs.split(' ').enumerate() {
            let (parent, theirs) = theirs.split_once(':').unwrap();
            let is_good = theirs.ends_with(":OK");
            let (_, ours) = ours.get(at).filter(|(name, _)| name == parent).cloned().unwrap_or((
                String::new(),
                format!("found {:?}", ours.iter().map(|(name, _)| name).collect::<Vec<_>>()),
            ));
            match (is_good, ours == "good") {
                (true, true) => agree.0 += 1,
                (false, false) => agree.1 += 1,
                _ => differ.push(format!("{file} {at} {parent} xmlsec1:{is_good} {ours}")),
            }
        }
    }
    assert!(agree.0 > 60 && agree.1 > 30, "{agree:?}");
    // The table: a line for each signature on which we differ, and after it a line that says why.
    let table = String::from_utf8(read(&data("corpus-signatures.table"))).unwrap();
    let expected: Vec<&str> = table.lines().filter(|line| !line.starts_with([' ', '#'])).collect();
    assert_eq!(differ, expected, "\n{}", differ.join("\n"));
    let reasons = table.lines().filter(|line| line.starts_with("    ")).count();
    assert_eq!(reasons, expected.len(), "each line of the table has its reason");
}
