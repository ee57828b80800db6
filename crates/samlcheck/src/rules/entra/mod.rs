//! Rules about Microsoft Entra ID as the identity provider. They apply to metadata that is taken
//! for Entra's ([`IdpProfile::Entra`]), whether detected or said by the user.

pub mod cloud;
pub mod entity_id_form;
pub mod issuer_with_app_id;
pub mod rollover_trap;
pub mod tenant_keys;
pub mod tenant_mismatch;
pub mod tenant_placeholder;
pub mod ws_federation;

use crate::case::Entity;
use crate::profile::IdpProfile;
use crate::rule::Outcome;

/// The outcome of the rules here for everybody else's metadata.
const NOT_ENTRA: Outcome = Outcome::DoesNotApply("the identity provider is not Entra ID");

fn is_entra(entity: &Entity<'_>) -> bool {
    entity.idp_profile == Some(IdpProfile::Entra)
}

/// Where the metadata of an app is downloaded.
const DOWNLOAD: &str = "Entra admin center > Enterprise apps > (app) > Single sign-on > SAML certificates > \
                        Federation Metadata XML > Download";
