//! The rule `metadata.too-many-elements`.

use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// An entity has more elements than are read: over a thousand roles, keys, endpoints or the like in one
    /// place, or over a thousand in all with fewer than 32 octets for each, so that most are empty.
    ///
    /// ## Why it matters
    /// No entity has so many. A file like this was made to use up the memory of whoever reads it; what was
    /// left out, keys and endpoints among it, was not looked at.
    ///
    /// ## How to fix it
    /// Do not use the file. Download the metadata from its source again.
    ///
    /// ## Example
    /// ```text
    /// bad   <EntityDescriptor> with 3,000 <IDPSSODescriptor>
    /// good  <EntityDescriptor> with one <IDPSSODescriptor> and one <SPSSODescriptor>
    /// ```
    pub static TOO_MANY_ELEMENTS = "metadata.too-many-elements" {
        severity: Error,
        sources: [Metadata("2.3.2")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let omitted = entity.descriptor.omitted;
    let finding = (omitted > 0).then(|| {
        Finding::new(format!("the entity has so many elements that {omitted} were not read"))
            .at(entity.descriptor.element.start_tag_range())
            .expected("at most a thousand in one place, and in all at most one for 32 octets")
            .help("do not use this file; download the metadata from its source again")
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::metadata::no_role::NO_ROLE;
    use crate::rules::testing::*;

    /// Metadata with so many roles.
    fn with_roles(count: usize) -> String {
        let roles =
            "<RoleDescriptor protocolSupportEnumeration=\"x\"/>".repeat(count.saturating_sub(1));
        with(idp(), "</EntityDescriptor>", &format!("{roles}</EntityDescriptor>"))
    }

    #[test]
    fn one_more_than_are_read() {
        let finding = fires(&TOO_MANY_ELEMENTS, with_roles(1_001));
        assert!(finding.message.ends_with("that 1 were not read"), "{}", finding.message);
    }

    #[test]
    fn as_many_as_are_read() {
        passes(&TOO_MANY_ELEMENTS, with_roles(1_000));
    }

    /// All levels together; that no role was read is then no finding of its own.
    #[test]
    fn empty_ones_in_every_role() {
        let role = format!(
            "<RoleDescriptor protocolSupportEnumeration=\"x\">{}</RoleDescriptor>",
            "<ContactPerson/>".repeat(900)
        );
        let xml =
            with(idp(), "</EntityDescriptor>", &format!("{}</EntityDescriptor>", role.repeat(3)));
        let finding = fires(&TOO_MANY_ELEMENTS, xml.clone());
        assert!(finding.message.ends_with("were not read"), "{}", finding.message);
        assert!(messages(&NO_ROLE, xml).is_empty());
    }
}
