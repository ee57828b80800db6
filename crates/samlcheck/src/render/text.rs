//! Text for people: the facts first, then the findings with their places, the verdict last. What a
//! file says is never written to a terminal as it stands: control characters and the marks that
//! turn the direction of writing are escaped, and long values are cut in the middle.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use samlkit::Kind;
use samlkit::capture::Form;

use crate::report::{
    Card, CertificateCard, DocumentKind, DocumentReport, EndpointCard, EntityCard, PlacedFinding,
    Report, ResponseCard, SignatureState,
};
use crate::rule::Severity;

/// Characters of a value that are shown at most; the middle is cut.
const VALUE: usize = 400;
/// Findings of one rule that are shown for one file.
const FINDINGS_OF_A_RULE: usize = 3;
/// Endpoints, formats and certificates that are shown of each entity.
const LINES: usize = 8;
/// The width of the labels of the facts.
const LABEL: usize = 12;
/// The longest name of a file that the facts are written beside, and not below.
const NARROW: usize = 20;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Writes the report. `quiet` leaves out all but the errors.
///
/// # Errors
/// Whatever keeps `out` from taking it.
pub fn render(report: &Report, quiet: bool, out: &mut dyn Write) -> io::Result<()> {
    if quiet {
        for document in &report.documents {
            findings(document, |finding| finding.severity == Severity::Error, out)?;
        }
        return Ok(());
    }
    let known = |document: &&DocumentReport| !matches!(document.kind, DocumentKind::NotSaml(_));
    for document in report.documents.iter().filter(known) {
        facts(document, out)?;
        writeln!(out)?;
        findings(document, |_| true, out)?;
    }
    if report.documents.iter().any(|document| known(&document)) {
        verdict(report, out)?;
    }
    Ok(())
}

/// What a file says, fit for a terminal: nothing in it moves the cursor, changes colours or turns
/// the direction of writing, and it is not endless.
fn clean(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let mut clean = String::new();
    let count = text.chars().count();
    let (head, tail) = (VALUE / 2, count.saturating_sub(VALUE / 2));
    for (at, c) in text.chars().enumerate() {
        if count > VALUE && at >= head && at < tail {
            if at == head {
                clean.push_str(" … ");
            }
        } else if hidden(c) {
            clean.extend(c.escape_unicode());
        } else {
            clean.push(c);
        }
    }
    clean
}

fn facts(document: &DocumentReport, out: &mut dyn Write) -> io::Result<()> {
    let source = clean(&document.source);
    let width = source.chars().count();
    let indent = if width > NARROW {
        writeln!(out, "{BOLD}{source}{BOLD:#}")?;
        write!(out, "  ")?;
        2
    } else {
        write!(out, "{BOLD}{source}{BOLD:#}  ")?;
        width.saturating_add(2)
    };
    writeln!(out, "{}", headline(document))?;
    let mut rows = Vec::new();
    if let Some(response) = &document.response {
        response_rows(document, response, &mut rows);
        return write_rows(rows, indent, out);
    }
    let Some(card) = &document.card else { return Ok(()) };
    let several = card.entities != 1;
    for entity in &card.shown {
        if several {
            let id = entity.entity_id.as_deref().unwrap_or("(no entity ID)");
            rows.push(("entity".to_owned(), format!("{} · {}", who(entity), clean(id))));
        }
        entity_rows(entity, &mut rows);
    }
    let more = card.entities.saturating_sub(card.shown.len());
    if more > 0 {
        rows.push((String::new(), format!("and {more} more entities, checked like these")));
    }
    document_rows(card, &mut rows);
    write_rows(rows, indent, out)
}

fn write_rows(rows: Rows, indent: usize, out: &mut dyn Write) -> io::Result<()> {
    for (label, value) in rows {
        writeln!(out, "{:indent$}{DIM}{label:LABEL$}{DIM:#} {value}", "")?;
    }
    Ok(())
}

/// What a response says, which anybody may have written, and who signed in, where that was verified.
fn response_rows(document: &DocumentReport, card: &ResponseCard, rows: &mut Rows) {
    let mut row = |label: &str, value: String| rows.push((label.to_owned(), value));
    if let Some(form) = document.form.filter(|form| *form != Form::Xml) {
        row("found in", form.describe().to_owned());
    }
    if let Some(issuer) = &card.issuer {
        row("from", clean(issuer));
    }
    if !card.audiences.is_empty() {
        row("audience", clean(&card.audiences.join(", ")));
    }
    if let Some((from, until)) = &card.window {
        row("counts", format!("{} → {}", clean(from), clean(until)));
    }
    if let Some(request) = &card.in_response_to {
        let unknown = if card.is_request_known { "" } else { " · not compared: no --request-id" };
        row("request", format!("{}{unknown}", clean(request)));
    }
    if let Some(failure) = &card.failure {
        row("failure", clean(failure));
    }
    match card.assertions {
        (1, 0) => {}
        (plain, 0) => row("assertions", plain.to_string()),
        (plain, encrypted) => row("assertions", format!("{plain}, and {encrypted} encrypted")),
    }
    let signed =
        if card.signed.is_empty() { "nothing".to_owned() } else { card.signed.join(" and ") };
    match &document.verdict {
        None => {
            row("signed", signed);
            row("verdict", "none: samlcheck response FILE --idp METADATA --sp METADATA".to_owned());
        }
        Some(None) => row("signed", signed),
        Some(Some(verified)) => {
            let key = verified.key.certificate().map(|c| clean(&c.subject));
            row(
                "signed",
                format!("{signed}, by {}", key.unwrap_or_else(|| "a bare key".to_owned())),
            );
            let format = verified.name_id.format.as_deref();
            let format = format.map(|f| f.rsplit(':').next().unwrap_or(f)).unwrap_or("no format");
            row("subject", format!("{} ({})", clean(&verified.name_id.value), clean(format)));
            for attribute in &verified.attributes {
                let values: Vec<String> = attribute.values.iter().map(|v| clean(v)).collect();
                row("", format!("{} = {}", clean(&attribute.name), short_list(&values)));
            }
            if verified.encrypted_attributes > 0 {
                let count = verified.encrypted_attributes;
                row("not read", format!("encrypted attributes, no --decrypt-key: {count}"));
            }
        }
    }
}

fn headline(document: &DocumentReport) -> String {
    match (&document.kind, &document.card) {
        (DocumentKind::Message(Kind::Response), _) => {
            let card = document.response.as_ref();
            let of =
                |value: Option<&String>| value.map(|v| clean(v)).unwrap_or("nobody knows".into());
            let issued = of(card.and_then(|card| card.issued.as_ref()));
            let to = card.and_then(|card| card.destination.as_ref());
            let to = to.map_or(String::new(), |to| format!(" · to {}", clean(to)));
            format!("SAML response, issued {issued}{to}")
        }
        (DocumentKind::Message(Kind::AuthnRequest), _) => {
            "SAML AuthnRequest · only what Entra refuses is looked at".to_owned()
        }
        (DocumentKind::Message(kind), _) => format!("SAML {kind} · read as XML only"),
        (DocumentKind::Unreadable, _) => "no SAML document as it stands, see below".to_owned(),
        (DocumentKind::NotSaml(looks_like), _) => clean(looks_like),
        (_, None) => "metadata".to_owned(),
        (_, Some(card)) => match (card.entities, card.shown.first()) {
            (1, Some(entity)) if card.group.is_none() => {
                let id = entity.entity_id.as_deref().unwrap_or("(no entity ID)");
                format!("{} · {}", who(entity), clean(id))
            }
            _ => {
                let name = card.group.as_deref().map(|name| format!(" · {}", clean(name)));
                format!(
                    "metadata of {} {}: {} IdP, {} SP{}",
                    card.entities,
                    if card.entities == 1 { "entity" } else { "entities" },
                    card.identity_providers,
                    card.service_providers,
                    name.unwrap_or_default()
                )
            }
        },
    }
}

/// The role and the vendor of an entity: `IdP metadata · Microsoft Entra ID (public)`.
fn who(entity: &EntityCard) -> String {
    let has = |role: &str| entity.roles.iter().any(|r| r == role);
    let kind = match (has("IdP"), has("SP")) {
        (true, true) => "IdP and SP metadata",
        (true, false) => "IdP metadata",
        (false, true) => "SP metadata",
        (false, false) => "metadata",
    };
    let cloud = entity.details.iter().find(|(name, _)| *name == "cloud").map(|(_, cloud)| cloud);
    match (entity.provider, cloud) {
        (Some(provider), Some(cloud)) => format!("{kind} · {provider} ({cloud})"),
        (Some(provider), None) => format!("{kind} · {provider}"),
        (None, _) => kind.to_owned(),
    }
}

type Rows = Vec<(String, String)>;

fn entity_rows(entity: &EntityCard, rows: &mut Rows) {
    let details = entity.details.iter().filter(|(name, _)| *name != "cloud");
    rows.extend(details.map(|(name, value)| ((*name).to_owned(), clean(value))));
    let others = entity.roles.iter().filter(|role| *role != "IdP" && *role != "SP");
    let others: Vec<String> = others.map(|role| clean(role)).collect();
    if !others.is_empty() {
        rows.push(("other roles".to_owned(), short_list(&others)));
    }
    let services = [
        ("sign-on", "SingleSignOnService"),
        ("ACS", "AssertionConsumerService"),
        ("logout", "SingleLogoutService"),
    ];
    for (label, service) in services {
        let endpoints = entity.endpoints.iter().filter(|endpoint| endpoint.service == service);
        let lines = endpoint_lines(endpoints);
        labelled(label, lines, rows);
    }
    if !entity.name_id_formats.is_empty() {
        let short = |format: &String| {
            let end = format.split_once(":nameid-format:").map_or(format.as_str(), |(_, end)| end);
            clean(end)
        };
        let formats: Vec<String> = entity.name_id_formats.iter().map(short).collect();
        rows.push(("NameID".to_owned(), short_list(&formats)));
    }
    for key_use in ["signing", "signing and encryption", "encryption"] {
        let of_use = entity.certificates.iter().filter(|card| card.key_use == key_use);
        let label = if key_use == "signing and encryption" { "any use" } else { key_use };
        labelled(label, of_use.map(certificate).collect(), rows);
    }
}

/// Lines under one label; a line may itself have a second one below it.
fn labelled(label: &str, lines: Vec<Vec<String>>, rows: &mut Rows) {
    let more = lines.len().saturating_sub(LINES);
    let mut label = label;
    for line in lines.into_iter().take(LINES).flatten() {
        rows.push((std::mem::take(&mut label).to_owned(), line));
    }
    if more > 0 {
        rows.push((String::new(), format!("and {more} more")));
    }
}

fn short_list(items: &[String]) -> String {
    let more = items.len().saturating_sub(LINES);
    let shown: Vec<&str> = items.iter().take(LINES).map(String::as_str).collect();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A line for each URL, with the bindings by which it is reached.
fn endpoint_lines<'c>(endpoints: impl Iterator<Item = &'c EndpointCard>) -> Vec<Vec<String>> {
    let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
    for endpoint in endpoints {
        let mut how = clean(&endpoint.binding);
        if endpoint.is_default {
            how.push_str(" (default)");
        }
        match lines.last_mut().filter(|(location, _)| *location == endpoint.location) {
            Some((_, bindings)) => bindings.push(how),
            None => lines.push((&endpoint.location, vec![how])),
        }
    }
    lines
        .into_iter()
        .map(|(url, how)| vec![format!("{} · {}", clean(url), how.join(", "))])
        .collect()
}

fn certificate(card: &CertificateCard) -> Vec<String> {
    let certificate = match &card.certificate {
        Ok(certificate) => certificate,
        Err(error) => return vec![format!("unreadable: {}", clean(error))],
    };
    let days = match card.days_left {
        Some(0) => "expires today".to_owned(),
        Some(1) => "1 day left".to_owned(),
        Some(days) if days > 0 => format!("{days} days left"),
        Some(days) => format!("expired {} days ago", days.unsigned_abs()),
        None => String::new(),
    };
    vec![
        format!(
            "{} · {} · {} → {} · {days}",
            clean(&certificate.subject),
            certificate.public_key,
            certificate.not_before.format("%Y-%m-%d"),
            certificate.not_after.format("%Y-%m-%d"),
        ),
        format!("sha256 {}", certificate.sha256_hex()),
    ]
}

fn document_rows(card: &Card, rows: &mut Rows) {
    if let Some((written, days)) = &card.valid_until {
        let left = match days {
            Some(days) if *days >= 0 => format!(" · {days} days left"),
            Some(days) => format!(" · passed {} days ago", days.unsigned_abs()),
            None => String::new(),
        };
        rows.push(("valid until".to_owned(), format!("{}{left}", clean(written))));
    }
    let signature = match &card.signature {
        SignatureState::None => "none".to_owned(),
        SignatureState::Trusted(key) => format!("good, by the trusted {}", clean(key)),
        SignatureState::AgreesWithItself => {
            "agrees with the certificate in the file; that is no trust, --trust CERT.pem is"
                .to_owned()
        }
        SignatureState::NoKey => "names no certificate; --trust CERT.pem verifies it".to_owned(),
        SignatureState::Refused => "refused, see below".to_owned(),
    };
    rows.push(("signature".to_owned(), signature));
}

fn findings(
    document: &DocumentReport,
    wanted: impl Fn(&PlacedFinding) -> bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let wanted: Vec<&PlacedFinding> = document.findings.iter().filter(|f| wanted(f)).collect();
    let mut of_rule = std::collections::HashMap::new();
    for finding in &wanted {
        let so_far = of_rule.entry((finding.rule, finding.severity)).or_insert(0usize);
        *so_far = so_far.saturating_add(1);
    }
    let mut shown = std::collections::HashMap::new();
    for finding in wanted {
        let key = (finding.rule, finding.severity);
        let so_far = shown.entry(key).or_insert(0usize);
        *so_far = so_far.saturating_add(1);
        if *so_far > FINDINGS_OF_A_RULE {
            continue;
        }
        write_finding(&document.source, finding, out)?;
        let more = of_rule.get(&key).copied().unwrap_or(0).saturating_sub(FINDINGS_OF_A_RULE);
        if *so_far == FINDINGS_OF_A_RULE && more > 0 {
            let places = if more == 1 { "place" } else { "places" };
            let rule = finding.rule;
            writeln!(out, "{DIM}{rule} in {more} more {places}; --format json gives all{DIM:#}\n")?;
        }
    }
    Ok(())
}

fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Info => AnsiColor::Cyan.on_default(),
    }
}

fn write_finding(source: &str, finding: &PlacedFinding, out: &mut dyn Write) -> io::Result<()> {
    let (severity, rule, message) = (finding.severity, finding.rule, clean(&finding.message));
    let style = style(severity);
    writeln!(out, "{style}{severity}[{rule}]{style:#}{BOLD}: {message}{BOLD:#}")?;
    let mut rows = Vec::new();
    let row = |label: &str, value: &String| format!("{DIM}{label:9}{DIM:#}{}", clean(value));
    rows.extend(finding.found.iter().map(|found| row("found", found)));
    rows.extend(finding.expected.iter().map(|expected| row("expected", expected)));
    rows.extend(finding.notes.iter().map(|note| format!("{DIM}note:{DIM:#} {}", clean(note))));
    rows.extend(finding.help.iter().map(|help| format!("{BOLD}help:{BOLD:#} {}", clean(help))));
    let place = match finding.location {
        Some(location) => format!("{}:{}", clean(source), location.position),
        None => clean(source),
    };
    writeln!(out, " {DIM}╭▸{DIM:#} {place}")?;
    let last = rows.len().saturating_sub(1);
    for (at, row) in rows.iter().enumerate() {
        let mark = if at == last { "╰" } else { "├" };
        writeln!(out, " {DIM}{mark}{DIM:#} {row}")?;
    }
    writeln!(out)
}

fn verdict(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let number = |count: usize, one: &str, many: &str| match count {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let errors = report.count(Severity::Error);
    match report.verdict() {
        Some(true) => write!(out, "{0}accept{0:#} · ", AnsiColor::Green.on_default().bold())?,
        Some(false) => write!(out, "{0}reject{0:#} · ", style(Severity::Error))?,
        None => {}
    }
    let style =
        if errors > 0 { style(Severity::Error) } else { AnsiColor::Green.on_default().bold() };
    write!(out, "{style}{}{style:#}", number(errors, "error", "errors"))?;
    write!(out, ", {}", number(report.count(Severity::Warning), "warning", "warnings"))?;
    write!(out, ", {}", number(report.count(Severity::Info), "hint", "hints"))?;
    let checks = report.checks();
    write!(out, " · {} checks passed, {} do not apply", checks.passed, checks.does_not_apply)?;
    if checks.not_reached > 0 {
        write!(out, ", {} not reached", checks.not_reached)?;
    }
    if report.documents.len() > 1 {
        write!(out, " · {} documents", report.documents.len())?;
    }
    if report.passed_over > 0 {
        let others = if report.passed_over == 1 { "other" } else { "others" };
        write!(out, " · {} {others} passed over", report.passed_over)?;
    }
    writeln!(out, " · as of {}", report.at.format("%Y-%m-%d %H:%M UTC"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_file_says_reaches_the_terminal_as_it_stands() {
        assert_eq!(
            clean("a\u{1B}[31mb\u{202E}c\nd\u{200B}"),
            "a\\u{1b}[31mb\\u{202e}c\\u{a}d\\u{200b}"
        );
        assert_eq!(clean("größe →"), "größe →");
        let long = "x".repeat(VALUE);
        assert_eq!(clean(&long), long);
        let cut = clean(&format!("{long}y"));
        assert!(cut.contains(" … ") && cut.ends_with('y') && cut.chars().count() == VALUE + 3);
    }
}
