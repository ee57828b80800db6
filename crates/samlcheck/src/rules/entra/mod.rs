//! Rules about Microsoft Entra ID as the identity provider. They apply to metadata that is taken
//! for Entra's ([`IdpProfile::Entra`]), whether detected or said by the user.

pub mod cloud;
pub mod cloud_mismatch;
pub mod custom_certificate;
pub mod encryption;
pub mod entity_id_form;
pub mod error_status;
pub mod group_ids;
pub mod groups_overage;
pub mod guest_user;
pub mod inbound_code;
pub mod issuer_with_app_id;
pub mod mfa;
pub mod pairwise_name_id;
pub mod request_authn_context;
pub mod request_binding;
pub mod request_comparison;
pub mod request_id;
pub mod request_name_id;
pub mod request_passive;
pub mod request_scoping;
pub mod request_subject;
pub mod rollover_trap;
pub mod session_proxy;
pub mod tenant_keys;
pub mod tenant_mismatch;
pub mod tenant_placeholder;
pub mod window;
pub mod ws_federation;

use samlkit::assertion::{Assertion, Attribute};
use samlkit::protocol::AuthnRequest;
use samlkit::xml::Element;
use samlkit::{Kind, Unverified};

use crate::case::{Case, Entity, Message};
use crate::profile::IdpProfile;
use crate::profiles::entra_error::{code_in, entra_error};
use crate::rule::{Finding, Outcome};

/// The outcome of the rules here for everybody else's metadata.
const NOT_ENTRA: Outcome = Outcome::DoesNotApply("the identity provider is not Entra ID");

fn is_entra(entity: &Entity<'_>) -> bool {
    entity.idp_profile == Some(IdpProfile::Entra)
}

/// The outcome of a rule about the assertion in a response of Entra's.
fn for_assertion_of_entra(
    message: &Message<'_>,
    check: impl FnOnce(&Assertion<'_>) -> Outcome,
) -> Outcome {
    match message.first_assertion() {
        _ if message.idp_profile != IdpProfile::Entra => NOT_ENTRA,
        Some(assertion) => check(assertion),
        None => Outcome::DoesNotApply("the response has no assertion that can be read"),
    }
}

/// The attribute of that name.
fn attribute<'s, 'a>(assertion: &'s Assertion<'a>, name: &str) -> Option<&'s Attribute<'a>> {
    let mut attributes = assertion.attributes.iter();
    attributes.find(|attribute| attribute.name.as_ref().is_some_and(|n| n.text() == name))
}

/// The outcome of a rule about a request to Entra.
fn for_request(
    case: &Case<'_>,
    check: impl FnOnce(Element<'_>, &AuthnRequest<'_>) -> Outcome,
) -> Outcome {
    let document = case.document.ok().filter(|_| case.kind == Some(Kind::AuthnRequest));
    let Some(document) = document else {
        return Outcome::DoesNotApply("the document is no AuthnRequest");
    };
    let request = Unverified::<AuthnRequest<'_>>::read(document.root());
    let request = request.unverified();
    let destination = request.destination.as_ref().map_or("", |url| url.text());
    let detected = IdpProfile::of(destination);
    match case.options.idp_profile.unwrap_or(detected) {
        IdpProfile::Entra => check(document.root(), request),
        IdpProfile::Other => Outcome::DoesNotApply("the request is not for Entra ID"),
    }
}

/// What is known of the code in the message of a failure of Entra's, where the rule is about it.
fn for_code(message: &Message<'_>, is_meant: impl FnOnce(u32) -> bool) -> Outcome {
    let status = message.response.unverified().status.as_ref();
    let text = status.and_then(|status| status.message.as_ref());
    let Some((code, text)) = text.and_then(|text| Some((code_in(text.text())?, text))) else {
        return Outcome::DoesNotApply("the response has no AADSTS code");
    };
    let error = entra_error(code).filter(|_| is_meant(code));
    let finding = error.map(|error| {
        Finding::new(format!("AADSTS{code}: {}", error.cause)).at(text.range()).help(error.fix)
    });
    finding.into()
}

/// The groups of the user.
const GROUPS: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";

/// Where the metadata of an app is downloaded.
const DOWNLOAD: &str = "Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates > \
                        Federation Metadata XML > Download";
