//! Whatever the file says: every rule is accounted for, all formats are written, a terminal gets nothing
//! that moves its cursor, machines get JSON and XML that can be read, and a repair changes nothing.
#![no_main]

use samlcheck::redact::redact;
use samlcheck::repair::{Repair, repair};
use samlcheck::report::{DocumentKind, Report};
use samlcheck::{Options, check, render};
use samlkit::xml::Document;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(at) = "2026-11-21T03:09:00Z".parse() else { return };
    let document = check("a file", bytes, &Options::default(), at);
    let known = !matches!(document.kind, DocumentKind::NotSaml(_));
    assert!(!known || document.outcomes.len() == samlcheck::rules::ALL.len());
    let mut report =
        Report { documents: vec![document], at, federation: None, config: None, passed_over: 0 };
    for redacted in [false, true] {
        if redacted {
            redact(&mut report);
        }
        let layout = render::text::Layout { quiet: false, verbose: true, width: 80 };
        let mut text = Vec::new();
        assert!(render::text::render(&report, layout, &mut text).is_ok());
        let text = String::from_utf8_lossy(&text);
        // Colours begin with an escape; nothing else that is written does anything but a line end.
        let odd = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\u{1B}'));
        assert!(odd.is_none(), "{odd:?}");
        assert!(text.split('\u{1B}').skip(1).all(|after| after.starts_with('[')));
        let mut github = Vec::new();
        assert!(render::github::render(&report, &mut github).is_ok());
        let github = String::from_utf8_lossy(&github);
        assert!(github.lines().all(|line| line.starts_with("::")));
        let mut junit = Vec::new();
        assert!(render::junit::render(&report, &mut junit).is_ok());
        assert!(Document::parse(&junit).is_ok());
        let mut json = Vec::new();
        assert!(render::json::render(&report, true, &mut json).is_ok());
        assert!(render::sarif::render(&report, &mut json).is_ok());
    }
    let _ = repair(bytes, &Repair::ALL);
});
