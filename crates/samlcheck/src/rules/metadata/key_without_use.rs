//! The rule `metadata.key-without-use`.

use samlkit::metadata::Role;

use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A `KeyDescriptor` has no `use`.
    ///
    /// ## Why it matters
    /// The key then counts for signing and for encryption. A partner may encrypt for it, so the
    /// entity has to be able to decrypt with it.
    ///
    /// ## How to fix it
    /// Nothing, if the key serves both. Otherwise write `use="signing"`.
    ///
    /// ## Example
    /// ```text
    /// bad   <KeyDescriptor>
    /// good  <KeyDescriptor use="signing">
    /// ```
    pub static KEY_WITHOUT_USE = "metadata.key-without-use" {
        severity: Info,
        sources: [Metadata("2.4.1.1")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let roles = entity.descriptor.roles.iter().map(Role::common);
    let keys: Vec<_> =
        roles.filter(|role| role.kind.is_saml()).flat_map(|role| &role.key_descriptors).collect();
    if keys.is_empty() {
        return Outcome::DoesNotApply("the entity lists no key");
    }
    let without = keys.into_iter().filter(|key| key.key_use.is_none());
    let findings = without.map(|key| {
        Finding::new("a KeyDescriptor without use counts for signing and for encryption")
            .at(key.element.start_tag_range())
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn without() {
        fires(&KEY_WITHOUT_USE, sp());
    }

    #[test]
    fn with_one() {
        passes(&KEY_WITHOUT_USE, idp());
        does_not_apply(&KEY_WITHOUT_USE, CLIENT_VPN);
    }
}
