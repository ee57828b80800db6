//! Rules about AWS Client VPN: as the service provider, for metadata that is taken for its own
//! ([`SpProfile::ClientVpn`](crate::profile::SpProfile)), for identity provider metadata that is meant
//! for it, and for responses to it.

pub mod acs;
pub mod attributes;
pub mod both_signed;
pub mod condition;
pub mod encrypted;
pub mod entity_id;
pub mod member_of;
pub mod name_id_format;
pub mod name_id_length;
pub mod redirect_binding;
pub mod size;

use crate::rule::Outcome;

/// The outcome of the rules here for everybody else's metadata.
const NOT_CLIENT_VPN: Outcome = Outcome::DoesNotApply("the service provider is not Client VPN");
