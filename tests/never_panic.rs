//! Nothing makes the checks panic: random bytes, documents cut at every byte, documents with any
//! one byte changed. The seeds are fixed, so that a failure can be repeated.

use samlcheck::diff::diff;
use samlcheck::inventory::Inventory;
use samlcheck::redact::redact;
use samlcheck::render::text::Layout;
use samlcheck::repair::{Repair, repair};
use samlcheck::report::Report;
use samlcheck::rollover::Rollover;
use samlcheck::{Options, check, render};
use samlkit_tests::generate::Random;
use samlkit_tests::{read, repository};

const LAYOUT: Layout = Layout { quiet: false, verbose: true, width: 80 };

/// Judges and renders; returns something that depends on all of it.
fn judge(bytes: &[u8]) -> usize {
    let at = "2026-11-21T03:09:00Z".parse().unwrap();
    let document = check("x", bytes, &Options::default(), at);
    let checked = document.checks();
    assert!(
        checked.passed + checked.found + checked.does_not_apply + checked.not_reached
            == samlcheck::rules::ALL.len()
            || matches!(document.kind, samlcheck::report::DocumentKind::NotSaml(_)),
        "every rule is accounted for: {checked:?}"
    );
    let mut report =
        Report { documents: vec![document], at, federation: None, config: None, passed_over: 0 };
    let mut out = Vec::new();
    // What costs more is done for some.
    if bytes.iter().map(|octet| usize::from(*octet)).sum::<usize>() % 7 != 0 {
        render::text::render(&report, Layout { verbose: false, ..LAYOUT }, &mut out).unwrap();
        return out.len();
    }
    render::text::render(&report, LAYOUT, &mut out).unwrap();
    render::json::render(&report, true, &mut out).unwrap();
    render::sarif::render(&report, &mut out).unwrap();
    render::junit::render(&report, &mut out).unwrap();
    render::github::render(&report, &mut out).unwrap();
    let _ = repair(bytes, &Repair::ALL);
    if let Ok(inventory) = Inventory::read(bytes, at) {
        assert!(diff(&inventory, &inventory).is_empty(), "a file differs from itself");
        out.extend(Rollover::plan(&inventory, &inventory, at).warnings.concat().into_bytes());
    }
    redact(&mut report);
    render::text::render(&report, LAYOUT, &mut out).unwrap();
    out.len()
}

const EXAMPLES: [&str; 5] =
    ["aws-client-vpn", "aws-iam", "aws-identity-center", "entra-app", "entra-common"];

fn example(name: &str) -> Vec<u8> {
    read(&repository().join("examples").join(name).with_extension("xml"))
}

#[test]
fn random_bytes() {
    let mut random = Random(0x5EED_5A71);
    let pieces: [&[u8]; 16] = [
        b"<",
        b">",
        b"/>",
        b"</",
        b"&",
        b";",
        b"\"",
        b"'",
        b"=",
        b"xmlns",
        b":",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'>",
    ];
    let mut total = 0;
    for _ in 0..20_000 {
        let mut bytes = b"<".to_vec();
        for _ in 0..random.below(40) {
            match random.below(3) {
                0 => bytes.push(random.number() as u8),
                1 => bytes.extend_from_slice(pieces[random.below(pieces.len())]),
                _ => bytes.push(b' ' + (random.number() % 95) as u8),
            }
        }
        total += judge(&bytes);
    }
    assert!(total > 0);
}

#[test]
fn an_example_cut_at_every_byte() {
    let bytes = example("aws-identity-center");
    for end in 0..bytes.len() {
        let report = judge(&bytes[..end]);
        assert!(report > 0, "{end}");
    }
}

#[test]
fn each_example_with_any_one_byte_changed() {
    let mut random = Random(0xC0FF_EE01);
    for name in EXAMPLES {
        let bytes = example(name);
        // Every place of the short ones; of the long ones, whose certificates are a thousand
        // places alike, as many as seconds allow.
        let step = (bytes.len() / 2_500).max(1);
        let mut at = random.below(step);
        while at < bytes.len() {
            let mut changed = bytes.clone();
            changed[at] = match random.below(4) {
                0 => random.number() as u8,
                1 => b"<>&\"'/= ;:]"[random.below(11)],
                2 => changed[at] ^ 1,
                _ => 0xC3,
            };
            judge(&changed);
            at += step;
        }
    }
}
