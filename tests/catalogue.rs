//! The rules in the code against the project's catalogue and its list of facts, where those are beside
//! the repository; and, always, that what this repository says of facts names rules that exist.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its data")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use samlcheck::rules::ALL;

/// Rules that the catalogue does not have: what users would expect, and what facts ask for.
const ADDED: [&str; 21] = [
    "metadata.too-many-elements",
    "certificate.key-proves-nothing",
    "certificate.small-exponent",
    "assertion.empty-value",
    "assertion.schema",
    "assertion.white-space",
    "aws-iam.partition",
    "capture.repeated-parameter",
    "client-vpn.name-id-length",
    "entra.custom-certificate",
    "entra.request-authn-context",
    "entra.request-binding",
    "entra.request-passive",
    "identity-center.attributes",
    "identity-center.certificate-size",
    "identity-center.encryption-key",
    "config.waiver-expired",
    "metadata.group",
    "response.issuer-mismatch",
    "response.recipient-mismatch",
    "response.schema",
];

/// Rules whose severity is another than the catalogue's, and why.
const OTHER_SEVERITY: [(&str, &str); 1] = [
    // The catalogue says error; the fact (ENT004) has confidence M, which is a warning at most.
    ("entra.cloud-mismatch", "warning"),
];

/// A file of the folder that the project shares, or `None` with a line that says so.
fn shared(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: {name} is not beside the repository");
    }
    text
}

fn own(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(name)).unwrap()
}

#[test]
fn the_list_equals_the_catalogue() {
    let Some(catalogue) = shared("rules.md") else { return };
    let rows = catalogue.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let name = cells.next()?.trim_end_matches(" †");
        let is_rule = name.contains('.') && !name.contains(' ');
        is_rule.then(|| (name.to_owned(), cells.next().unwrap_or_default().to_owned()))
    });
    let mut expected: BTreeMap<String, String> = rows.collect();
    assert!(expected.len() > 150, "the catalogue has only {} rules", expected.len());
    for (name, severity) in OTHER_SEVERITY {
        assert!(expected.insert(name.to_owned(), severity.to_owned()).is_some(), "{name}");
    }
    let all = ALL.iter().filter(|rule| !ADDED.contains(&rule.name));
    let found: BTreeMap<String, String> =
        all.map(|rule| (rule.name.to_owned(), rule.severity.to_string())).collect();
    assert_eq!(found, expected);
}

#[test]
fn rules_that_the_catalogue_lacks_exist() {
    let names: BTreeSet<&str> = ALL.iter().map(|rule| rule.name).collect();
    for name in ADDED {
        assert!(names.contains(name), "{name}");
    }
}

/// The number of each fact with a rule, and its rules.
fn with_rules(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap(), words.collect())
        })
        .collect()
}

fn not_checked(text: &str) -> BTreeSet<&str> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next());
    rows.filter(|id| id.chars().any(|c| c.is_ascii_digit())).collect()
}

#[test]
fn facts_name_rules_that_exist_and_no_fact_is_in_both_places() {
    let (facts, document) = (own("tests/data/facts.txt"), own("docs/not-checked.md"));
    let (with, without) = (with_rules(&facts), not_checked(&document));
    let names: BTreeSet<&str> = ALL.iter().map(|rule| rule.name).collect();
    for (id, rules) in &with {
        assert!(!rules.is_empty(), "{id} has no rule");
        assert!(!without.contains(id), "{id} is in both places");
        for rule in rules {
            assert!(names.contains(rule), "{id} names {rule}, which does not exist");
        }
    }
}

#[test]
fn each_fact_is_with_a_rule_or_has_a_reason() {
    let Some(csv) = shared("facts.csv") else { return };
    let (facts, document) = (own("tests/data/facts.txt"), own("docs/not-checked.md"));
    let (with, without) = (with_rules(&facts), not_checked(&document));
    let ids: BTreeSet<&str> =
        csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert!(ids.len() > 200, "there are only {} facts", ids.len());
    let known: BTreeSet<&str> = with.keys().copied().chain(without).collect();
    assert_eq!(ids.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "not placed");
    assert_eq!(known.difference(&ids).collect::<Vec<_>>(), Vec::<&&str>::new(), "no such fact");
}
