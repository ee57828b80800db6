//! Rules about AWS IAM: as the service provider, for metadata that is taken for its own
//! ([`SpProfile::AwsIam`](crate::profile::SpProfile)), for identity provider metadata that is meant
//! for it, and for responses to it.

pub mod attribute_case;
pub mod attribute_twice;
pub mod audience;
pub mod bom;
pub mod confirmation_count;
pub mod encoding;
pub mod entity_id;
pub mod key_count;
pub mod key_size;
pub mod name_id_missing;
pub mod partition;
pub mod recipient;
pub mod response_size;
pub mod role_accounts;
pub mod role_length;
pub mod role_missing;
pub mod role_value;
pub mod session_duration;
pub mod session_end;
pub mod session_name;
pub mod session_name_missing;
pub mod size;
pub mod source_identity;
pub mod sp_metadata_age;
pub mod stale;
pub mod tags;
pub mod trust_policy;

use samlkit::assertion::{Assertion, AttributeValue};

use crate::rule::Outcome;

/// The outcome of the rules here for everybody else's metadata.
const NOT_IAM: Outcome = Outcome::DoesNotApply("the service provider is not AWS IAM");

/// The values of all attributes of that name, to the letter.
fn values<'s, 'a>(assertion: &'s Assertion<'a>, name: &str) -> Vec<&'s AttributeValue<'a>> {
    let attributes = assertion.attributes.iter();
    let named = attributes.filter(|a| a.name.as_ref().is_some_and(|found| found.text() == name));
    named.flat_map(|attribute| &attribute.values).filter(|value| !value.is_nil).collect()
}
