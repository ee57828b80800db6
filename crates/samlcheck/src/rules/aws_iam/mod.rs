//! Rules about AWS IAM: as the service provider, for metadata that is taken for its own
//! ([`SpProfile::AwsIam`](crate::profile::SpProfile)), and for identity provider metadata that is meant for it.

pub mod bom;
pub mod encoding;
pub mod entity_id;
pub mod key_count;
pub mod key_size;
pub mod size;
pub mod sp_metadata_age;

use crate::rule::Outcome;

/// The outcome of the rules here for everybody else's metadata.
const NOT_IAM: Outcome = Outcome::DoesNotApply("the service provider is not AWS IAM");
