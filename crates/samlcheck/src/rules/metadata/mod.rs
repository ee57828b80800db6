//! Rules about metadata that hold for every vendor (saml-metadata-2.0-os).

pub mod acs_binding;
pub mod acs_index;
pub mod binding_unknown;
pub mod date_invalid;
pub mod duplicate_entity;
pub mod endpoint_http;
pub mod endpoint_url;
pub mod entity_id_form;
pub mod entity_id_length;
pub mod entity_id_missing;
pub mod expired;
pub mod expires_soon;
pub mod group;
pub mod key_without_use;
pub mod name_id_format;
pub mod no_acs;
pub mod no_role;
pub mod no_signing_key;
pub mod no_sso_service;
pub mod order;
pub mod role_protocol;
pub mod too_many_elements;
pub mod unsigned;

use chrono::{DateTime, Utc};
use samlkit::Value;
use samlkit::names::METADATA;
use samlkit::xml::{Attribute, Element};

use crate::case::{Case, Entity};
use crate::rule::{Finding, Findings, Outcome};

/// The attributes of that name on elements of metadata, wherever they stand.
fn attributes<'a>(
    case: &Case<'a>,
    local: &'static str,
) -> impl Iterator<Item = (Element<'a>, Attribute<'a>)> {
    let of_metadata = case.kind.filter(|kind| kind.is_metadata());
    let document = of_metadata.and_then(|_| case.document.ok());
    let elements = document.into_iter().flat_map(|document| document.elements());
    elements
        .filter(|element| element.name().namespace == METADATA)
        .filter_map(move |element| Some((element, element.attribute(local)?)))
}

/// The outcome of a rule about the moments until which metadata is valid.
fn valid_until(
    case: &Case<'_>,
    judge: impl Fn(DateTime<Utc>, Element<'_>, &str) -> Option<Finding>,
) -> Outcome {
    let mut any = false;
    let mut findings = Findings::default();
    for (element, attribute) in attributes(case, "validUntil") {
        let Some(until) = Value::of_attribute(attribute).date_time() else { continue };
        any = true;
        let finding = judge(until, element, attribute.value());
        findings.extend(finding.map(|finding| finding.at(attribute.value_range())));
    }
    if any { findings.into() } else { Outcome::DoesNotApply("nothing says until when it is valid") }
}

/// An element with its entity ID or name, where it has one, for messages.
fn call(element: Element<'_>) -> String {
    let called = element.attribute("entityID").or_else(|| element.attribute("Name"));
    match called {
        Some(called) => format!("<{}> {}", element.name(), called.value()),
        None => format!("<{}>", element.name()),
    }
}

/// The endpoints of an entity, in all of its roles: every element of metadata with a `Binding` or
/// a `Location`.
fn endpoints<'e, 'a>(entity: &'e Entity<'a>) -> impl Iterator<Item = Element<'a>> + use<'e, 'a> {
    entity.descriptor.element.descendants().filter(|element| {
        let has = |local| element.attribute(local).is_some();
        element.name().namespace == METADATA && (has("Binding") || has("Location"))
    })
}

/// The URLs of an entity's endpoints: `Location` and `ResponseLocation`.
fn endpoint_urls<'e, 'a>(
    entity: &'e Entity<'a>,
) -> impl Iterator<Item = (Element<'a>, Attribute<'a>)> + use<'e, 'a> {
    endpoints(entity).flat_map(|element| {
        let urls = ["Location", "ResponseLocation"].map(|local| element.attribute(local));
        urls.into_iter().flatten().map(move |url| (element, url))
    })
}

/// What to do about metadata that somebody else has to correct.
const CORRECT: &str = "download the metadata again; if it was edited by hand, undo that, and if not, \
                       whoever publishes it has to correct it";
