//! The rule `metadata.entity-id-form`.

use url::Url;

use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity ID is not an absolute URI, or has white space in or around it.
    ///
    /// ## Why it matters
    /// Entity IDs are compared character by character. White space around one is invisible in a
    /// portal and makes it another. A name that is no URI may be some other entity's too.
    ///
    /// ## How to fix it
    /// Take the white space away on both sides, or use an absolute URI such as the metadata's own
    /// address. Both sides have to change at once.
    ///
    /// ## Example
    /// ```text
    /// bad   entityID=" idp.example "
    /// good  entityID="https://idp.example/"
    /// ```
    pub static ENTITY_ID_FORM = "metadata.entity-id-form" {
        severity: Warning,
        sources: [Metadata("2.2.1"), Core("8.3.6")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let Some(id) = entity.descriptor.entity_id.as_ref().filter(|id| !id.trimmed().is_empty())
    else {
        return Outcome::DoesNotApply("the entity has no entityID");
    };
    let text = id.text();
    let problem = if text != text.trim() {
        "has white space around it"
    } else if text.contains(char::is_whitespace) {
        "has white space in it"
    } else if Url::parse(text).is_err() {
        "is not an absolute URI"
    } else {
        return Outcome::Passed;
    };
    Finding::new(format!("the entityID {text:?} {problem}"))
        .at(id.range())
        .expected("an absolute URI, such as https://idp.example.com/ or urn:example:idp")
        .note("entity IDs are compared character by character: the other side has to use the same")
        .help("correct it here and wherever the other side has it configured")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn called(id: &str) -> String {
        with(idp(), "entityID=\"https://idp.example.org/\"", &format!("entityID=\"{id}\""))
    }

    #[test]
    fn spaces_and_bare_names() {
        for (id, problem) in [
            ("https://idp.example.org/ ", "around"),
            ("https://idp.example.org/a b", "in it"),
            ("idp.example.org", "not an absolute URI"),
            ("https://", "not an absolute URI"),
        ] {
            let message = fires(&ENTITY_ID_FORM, called(id)).message;
            assert!(message.contains(problem), "{message}");
        }
    }

    #[test]
    fn urns_and_the_placeholder_of_entra() {
        passes(&ENTITY_ID_FORM, called("urn:amazon:webservices"));
        passes(&ENTITY_ID_FORM, called("https://sts.windows.net/{tenantid}/"));
    }
}
