//! The answer of `aws iam get-saml-provider`: identity provider metadata as AWS has it.

use std::borrow::Cow;

use super::Exported;
use super::json::Json;

/// The metadata in the answer; `None` if it is none.
pub(super) fn messages<'j>(json: &Json<'j>) -> Option<Vec<Exported<'j>>> {
    let text = json.text("SAMLMetadataDocument")?.clone();
    let place = "SAMLMetadataDocument, as AWS has it".to_owned();
    Some(vec![Exported { place, time: Cow::Borrowed(""), text }])
}
