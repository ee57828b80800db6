//! Rules about AWS IAM Identity Center: as the service provider, for metadata that is taken for
//! its own ([`SpProfile::IdentityCenter`]), and for identity provider metadata that is meant for it.

pub mod access_control;
pub mod acs_form;
pub mod acs_older;
pub mod attributes;
pub mod certificate_size;
pub mod encrypted;
pub mod encryption_key;
pub mod entity_id_form;
pub mod format_typo;
pub mod iam_attributes;
pub mod metadata_size;
pub mod name_id_case;
pub mod name_id_format;
pub mod name_id_value;
pub mod region_mismatch;
pub mod request_verification;
pub mod several_regions;
pub mod single_assertion;
pub mod swapped_values;
pub mod wrong_endpoint;

use samlkit::Value;
use samlkit::metadata::SpSsoDescriptor;

use crate::case::Entity;
use crate::profile::SpProfile;
use crate::rule::Outcome;

/// The outcome of the rules here for everybody else's metadata.
const NOT_IDENTITY_CENTER: Outcome =
    Outcome::DoesNotApply("the service provider is not IAM Identity Center");

fn is_identity_center(entity: &Entity<'_>) -> bool {
    entity.sp_profile == Some(SpProfile::IdentityCenter)
}

/// The locations of a role's assertion consumer services.
fn acs_values<'s, 'a>(sp: &'s SpSsoDescriptor<'a>) -> impl Iterator<Item = &'s Value<'a>> {
    sp.assertion_consumer_services.iter().filter_map(|service| service.location.as_ref())
}

/// Whether a format is the right one but for a slip that is often made.
fn is_slip(format: &str) -> bool {
    format.starts_with("urn:oasis:name:tc:")
        || format == "urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress"
}

/// Where the values are shown.
const COPY: &str = "copy it from IAM Identity Center > Settings > Identity source > Actions > Manage \
                    authentication, or download the metadata file there";
