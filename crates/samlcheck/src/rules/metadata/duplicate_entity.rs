//! The rule `metadata.duplicate-entity`.

use std::collections::HashMap;

use samlkit::Kind;

use crate::case::Case;
use crate::rule::{Finding, Findings, Outcome, rule};

rule! {
    /// The same entity ID stands twice in one file.
    ///
    /// ## Why it matters
    /// Readers choose differently: some take the first, some the last, some the keys of both.
    ///
    /// ## How to fix it
    /// Remove the one that is out of date.
    ///
    /// ## Example
    /// ```text
    /// bad   two EntityDescriptors with entityID="https://idp.example/"
    /// good  each entityID once
    /// ```
    pub static DUPLICATE_ENTITY = "metadata.duplicate-entity" {
        severity: Error,
        sources: [Metadata("2.3.2")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let (Ok(document), Some(Kind::EntitiesDescriptor)) = (case.document, case.kind) else {
        return Outcome::DoesNotApply("the file holds one entity");
    };
    let mut seen = HashMap::new();
    let mut findings = Findings::default();
    for element in document.elements().filter(|&e| Kind::of(e) == Some(Kind::EntityDescriptor)) {
        let Some(id) = element.attribute("entityID") else { continue };
        let first = *seen.entry(id.value()).or_insert(element);
        if first != element {
            findings.push(
                Finding::new(format!("the entity {:?} stands twice in the file", id.value()))
                    .at(id.value_range())
                    .note(format!("the first one is at {}", first.position()))
                    .help("remove the one that is out of date"),
            );
        }
    }
    findings.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_same_twice() {
        let finding = fires(&DUPLICATE_ENTITY, group(&[idp(), sp(), idp()]));
        assert!(finding.notes[0].starts_with("the first one is at 1:"), "{:?}", finding.notes);
    }

    #[test]
    fn two_that_differ_in_a_slash() {
        let other = with(
            idp(),
            "entityID=\"https://idp.example.org/\"",
            "entityID=\"https://idp.example.org\"",
        );
        passes(&DUPLICATE_ENTITY, group(&[idp(), other]));
        does_not_apply(&DUPLICATE_ENTITY, idp());
    }
}
