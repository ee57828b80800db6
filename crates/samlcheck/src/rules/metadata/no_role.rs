//! The rule `metadata.no-role`.

use super::CORRECT;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The entity has no role: it is no identity provider, no service provider and nothing else.
    ///
    /// ## Why it matters
    /// Endpoints and keys stand inside roles. There is nothing here to sign in with.
    ///
    /// ## How to fix it
    /// Download the metadata again. A file that was cut short or filtered may have lost its
    /// `IDPSSODescriptor` or `SPSSODescriptor`; one written with a wrong namespace never had one.
    ///
    /// ## Example
    /// ```text
    /// bad   <EntityDescriptor entityID="…"></EntityDescriptor>
    /// good  <EntityDescriptor entityID="…"><IDPSSODescriptor …>
    /// ```
    pub static NO_ROLE = "metadata.no-role" {
        severity: Error,
        sources: [Metadata("2.3.2")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let descriptor = &entity.descriptor;
    if !descriptor.roles.is_empty() || descriptor.affiliation.is_some() {
        return Outcome::Passed;
    }
    // Roles that are there and were not read are the matter of `metadata.too-many-elements`.
    if descriptor.omitted > 0 {
        return Outcome::NotReached;
    }
    let finding = Finding::new("the entity has no role")
        .at(descriptor.element.start_tag_range())
        .expected("an IDPSSODescriptor or SPSSODescriptor in the namespace of SAML metadata");
    let stray =
        descriptor.element.children().find(|child| child.name().local.contains("SSODescriptor"));
    let finding = match stray {
        Some(stray) => finding.note(format!(
            "<{}> at {} is in the namespace {:?}",
            stray.name(),
            stray.position(),
            stray.name().namespace
        )),
        None => finding,
    };
    finding.help(CORRECT).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_role_in_another_namespace() {
        let finding =
            fires(&NO_ROLE, with(idp(), "<IDPSSODescriptor ", "<IDPSSODescriptor xmlns='urn:x' "));
        assert!(finding.notes[0].contains("\"urn:x\""), "{:?}", finding.notes);
    }

    #[test]
    fn a_role_that_is_only_an_attribute_authority() {
        passes(&NO_ROLE, with(idp(), "IDPSSODescriptor", "AttributeAuthorityDescriptor"));
    }
}
