//! Every file of the corpus, as `samlcheck` sees it, compared with a snapshot that was read before
//! it was committed. Skipped, with a line, where there is no corpus.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use samlcheck::report::{DocumentKind, DocumentReport};
use samlcheck::{Options, Severity, check};
use samlkit_tests::{corpus, data, files, read};

const AT: &str = "2026-11-21T03:09:00Z";

fn report(file: &str) -> Option<DocumentReport> {
    let bytes = read(&corpus()?.join(file));
    Some(check(file, &bytes, &Options::default(), AT.parse().unwrap()))
}

/// One line: the file, what it is, and the rules that it breaks.
fn line(report: &DocumentReport) -> String {
    let mut line = format!("{}: {}", report.source, report.kind.name());
    if let DocumentKind::NotSaml(looks_like) = &report.kind {
        write!(line, ", {looks_like}").unwrap();
    }
    if let Some(card) = &report.card {
        write!(line, ", {} entities", card.entities).unwrap();
        if let [only] = card.shown.as_slice() {
            let id = only.entity_id.as_deref().unwrap_or("no entity ID");
            let keys = only.certificates.len();
            write!(line, ", {}, {id}, {keys} certificates", only.provider.unwrap_or("any vendor"))
                .unwrap();
        }
    }
    let mut rules: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for finding in &report.findings {
        *rules.entry((finding.severity, finding.rule)).or_default() += 1;
    }
    for ((severity, rule), count) in rules {
        write!(line, "\n    {severity} {rule}").unwrap();
        if count > 1 {
            write!(line, " x{count}").unwrap();
        }
    }
    line
}

#[test]
fn every_file_is_as_the_snapshot_has_it() {
    let Some(folder) = corpus() else { return };
    let names: Vec<String> = files(&folder).into_iter().filter(|f| f != "MANIFEST.csv").collect();
    let reports: Vec<DocumentReport> = names.iter().filter_map(|file| report(file)).collect();
    let actual: String = reports.iter().map(|report| line(report) + "\n").collect();
    let expected = String::from_utf8(read(&data("corpus.snapshot"))).unwrap();
    if actual != expected {
        let written = std::env::temp_dir().join("corpus.snapshot");
        #[allow(clippy::disallowed_methods, reason = "tests write what differs")]
        std::fs::write(&written, &actual).unwrap();
        let first =
            actual.lines().zip(expected.lines()).find(|(actual, expected)| actual != expected);
        panic!(
            "the corpus is seen differently; read {} before it replaces tests/data/corpus.snapshot; \
             first difference: {first:?}",
            written.display()
        );
    }
}

#[test]
fn all_metadata_has_a_card_or_a_rule_that_says_what_is_wrong() {
    let Some(folder) = corpus() else { return };
    let manifest = String::from_utf8(read(&folder.join("MANIFEST.csv"))).unwrap();
    let mut seen = BTreeMap::new();
    for row in manifest.lines().skip(1) {
        let columns: Vec<&str> = row.split(',').collect();
        let (file, root) = (columns[0], columns[5]);
        let is_metadata = matches!(root, "EntityDescriptor" | "EntitiesDescriptor");
        if !is_metadata || columns[4] != "xml" {
            continue;
        }
        *seen.entry(root.to_owned()).or_insert(0) += 1;
        let report = report(file).unwrap();
        let refused = report.findings.iter().any(|f| f.severity == Severity::Error);
        assert!(report.card.is_some() || refused, "{file}: {report:?}");
        let looked = report.checks().passed + report.checks().found;
        assert!(looked > 20 || refused, "{file}: only {looked} checks looked");
    }
    assert_eq!(seen.get("EntityDescriptor"), Some(&39));
    assert_eq!(seen.get("EntitiesDescriptor"), Some(&7));
}

#[test]
fn the_tenant_file_of_2017() {
    let Some(report) = report("metadata/entra-tenant-2017.xml") else { return };
    let card = report.card.as_ref().unwrap();
    assert_eq!(card.shown[0].provider, Some("Microsoft Entra ID"));
    let tenant = "8b966979-910b-487c-a604-69229b1ac75c".to_owned();
    assert!(card.shown[0].details.contains(&("tenant", tenant)));
    let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
    assert!(rules.contains(&"certificate.all-expired"), "{rules:?}");
    assert!(rules.contains(&"entra.tenant-keys"), "{rules:?}");
}

#[test]
fn the_file_of_the_common_endpoint() {
    let Some(report) = report("metadata/entra-common-endpoint.xml") else { return };
    assert_eq!(report.findings[0].rule, "entra.tenant-placeholder");
    assert_eq!(report.findings[0].severity, Severity::Error);
}

#[test]
fn the_adfs_file_is_read_whole() {
    let Some(folder) = corpus() else { return };
    let bytes = read(&folder.join("metadata/adfs.xml"));
    let document = samlkit::xml::Document::parse(&bytes).unwrap();
    let metadata = samlkit::metadata::Metadata::read(&document).unwrap();
    let entity = metadata.entities().next().unwrap();
    assert_eq!(entity.roles.len(), 4, "two of WS-Federation, one IdP, one SP");
    let (idp, sp) = (entity.idp_roles().next().unwrap(), entity.sp_roles().next().unwrap());
    assert_eq!(idp.single_sign_on_services.len(), 2);
    assert_eq!(sp.assertion_consumer_services.len(), 3);
    assert_eq!(idp.role.key_descriptors.len(), 2);
    assert!(idp.attributes.len() > 10, "{}", idp.attributes.len());
    assert!(idp.attributes.iter().all(|attribute| attribute.name.is_some()));
    let contact = &entity.contact_persons[0];
    assert_eq!(contact.contact_type.as_ref().unwrap().text(), "support");
    assert!(entity.signature.is_some());
}
