//! Rules about AWS Client VPN: as the service provider, for metadata that is taken for its own
//! ([`SpProfile::ClientVpn`](crate::profile::SpProfile)), and for identity provider metadata that is meant for it.

pub mod acs;
pub mod entity_id;
pub mod redirect_binding;

use crate::rule::Outcome;

/// The outcome of the rules here for everybody else's metadata.
const NOT_CLIENT_VPN: Outcome = Outcome::DoesNotApply("the service provider is not Client VPN");
