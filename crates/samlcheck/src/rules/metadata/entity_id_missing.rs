//! The rule `metadata.entity-id-missing`.

use super::CORRECT;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity has no `entityID`, or an empty one.
    ///
    /// ## Why it matters
    /// The entity ID is what messages name their sender and audience by. Without it nothing that
    /// this entity sends can be told from what another sends.
    ///
    /// ## How to fix it
    /// Download the metadata again; its root element has the attribute `entityID`.
    ///
    /// ## Example
    /// ```text
    /// bad   <EntityDescriptor>
    /// good  <EntityDescriptor entityID="https://idp.example/">
    /// ```
    pub static ENTITY_ID_MISSING = "metadata.entity-id-missing" {
        severity: Error,
        sources: [Metadata("2.3.2")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let message = match &entity.descriptor.entity_id {
        None => "the entity has no entityID",
        Some(id) if id.trimmed().is_empty() => "the entityID is empty",
        Some(_) => return Outcome::Passed,
    };
    let finding = Finding::new(message).at(entity.entity_id_range());
    finding.expected("entityID=\"…\" with the URI that names the entity").help(CORRECT).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn none_and_an_empty_one() {
        let none = with(idp(), " entityID=\"https://idp.example.org/\"", "");
        assert_eq!(fires(&ENTITY_ID_MISSING, none).message, "the entity has no entityID");
        let empty = with(idp(), "entityID=\"https://idp.example.org/\"", "entityID=\" \"");
        assert_eq!(fires(&ENTITY_ID_MISSING, empty).message, "the entityID is empty");
    }

    #[test]
    fn a_short_one() {
        passes(&ENTITY_ID_MISSING, with(idp(), "https://idp.example.org/\">", "x\">"));
    }
}
