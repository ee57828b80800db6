//! The answer of `aws iam get-saml-provider`: identity provider metadata as AWS has it.

use serde_json::Value;

use super::Exported;

/// The metadata in the answer; `None` if it is none.
pub(super) fn messages(json: &Value) -> Option<Vec<Exported>> {
    let text = json.get("SAMLMetadataDocument")?.as_str()?.to_owned();
    let place = "SAMLMetadataDocument, as AWS has it".to_owned();
    Some(vec![Exported { place, time: String::new(), text }])
}
