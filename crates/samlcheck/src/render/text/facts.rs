//! The facts of a document: what was read, from whom, until when. A wrong tenant is the commonest
//! fault, and no rule can see it.

use std::io::{self, Write};

use samlkit::Kind;
use samlkit::capture::Form;

use super::{BOLD, DIM, clean};
use crate::report::{
    Card, CertificateCard, DocumentKind, DocumentReport, EndpointCard, EntityCard, ResponseCard,
    SignatureState,
};

/// Endpoints, formats and certificates that are shown of each entity.
const LINES: usize = 8;
/// The width of the labels of the facts.
const LABEL: usize = 12;
/// The longest name of a file that the facts are written beside, and not below.
const NARROW: usize = 20;

/// Writes them; where several responses were judged, each with its own verdict.
pub(super) fn write(
    document: &DocumentReport,
    has_others: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
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
        if let (Some(verdict), true) = (&document.verdict, has_others) {
            let verdict = if verdict.is_some() { "accept" } else { "reject" };
            rows.push(("verdict".to_owned(), verdict.to_owned()));
        }
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
        let unknown = match (card.is_of_no_request, card.is_request_known) {
            (true, _) => " · none of the requests in this recording",
            (false, true) => "",
            (false, false) => " · not compared: no --request-id",
        };
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
            let key = verified.certificate.as_ref().map(|c| clean(&c.subject));
            row(
                "signed",
                format!("{signed}, by {}", key.unwrap_or_else(|| "a bare key".to_owned())),
            );
            let format = verified.format.as_deref();
            let format = format.map(|f| f.rsplit(':').next().unwrap_or(f)).unwrap_or("no format");
            row("subject", format!("{} ({})", clean(&verified.name_id), clean(format)));
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
    if entity.left_out > 0 {
        rows.push((String::new(), format!("and {} more that are not listed", entity.left_out)));
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
        .map(|(url, how)| vec![format!("{} · {}", clean(url), short_list(&how))])
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
        SignatureState::TrustedEntities(key) => format!(
            "each entity's is good, by the trusted {}; nobody signed the group, its name and dates",
            clean(key)
        ),
        SignatureState::AgreesWithItself => {
            "fits the certificate in it, which proves nothing; use --trust CERT.pem".to_owned()
        }
        SignatureState::Partial { unsigned: 1 } => "covers all entities except one".to_owned(),
        SignatureState::Partial { unsigned } => format!("covers all entities except {unsigned}"),
        SignatureState::NoKey => "names no certificate; --trust CERT.pem verifies it".to_owned(),
        SignatureState::Refused => "refused, see below".to_owned(),
    };
    rows.push(("signature".to_owned(), signature));
}
