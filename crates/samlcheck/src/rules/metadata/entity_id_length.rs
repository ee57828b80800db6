//! The rule `metadata.entity-id-length`.

use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity ID has more than 1024 characters.
    ///
    /// ## Why it matters
    /// SAML limits it, and what stores it may cut it. A cut entity ID is another one.
    ///
    /// ## How to fix it
    /// Give the entity a shorter identifier, on both sides.
    ///
    /// ## Example
    /// ```text
    /// bad   entityID="https://idp.example/aaaa…"  (1,025 characters)
    /// good  entityID="https://idp.example/"
    /// ```
    pub static ENTITY_ID_LENGTH = "metadata.entity-id-length" {
        severity: Error,
        sources: [Metadata("2.2.1")],
        check: Entity(check)
    }
}

/// Characters of an entity ID at most (saml-metadata 2.2.1).
const CHARACTERS: usize = 1024;

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let Some(id) = &entity.descriptor.entity_id else {
        return Outcome::DoesNotApply("the entity has no entityID");
    };
    let found = id.text().chars().count();
    let over = (found > CHARACTERS).then(|| {
        Finding::new(format!(
            "the entityID has {found} characters, {CHARACTERS} at most are allowed"
        ))
        .at(id.range())
        .help("give the entity a shorter identifier, on both sides")
    });
    over.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn of_length(length: usize) -> String {
        let id = format!("urn:{}", "é".repeat(length.strict_sub(4)));
        with(idp(), "entityID=\"https://idp.example.org/\"", &format!("entityID=\"{id}\""))
    }

    #[test]
    fn one_too_many() {
        assert!(fires(&ENTITY_ID_LENGTH, of_length(1025)).message.contains("1025"));
    }

    #[test]
    fn as_many_as_are_allowed() {
        passes(&ENTITY_ID_LENGTH, of_length(1024));
    }
}
