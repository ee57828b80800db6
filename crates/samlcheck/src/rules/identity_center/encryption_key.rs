//! The rule `identity-center.encryption-key`.

use samlkit::metadata::IdpSsoDescriptor;

use crate::case::{Case, Entity, Target};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_target;

rule! {
    /// The identity provider's metadata lists a key for encryption.
    ///
    /// ## Why it matters
    /// Identity Center does not encrypt to an identity provider and does not support such a key; Entra
    /// publishes none. Who sees one in a file of Entra's looks at a file that was changed.
    ///
    /// ## How to fix it
    /// Take the file as the identity provider gives it; if it is the identity provider that lists the key, and
    /// the import fails, leave the key out.
    ///
    /// ## Example
    /// ```text
    /// bad   <KeyDescriptor use="encryption"> in the IDPSSODescriptor
    /// good  <KeyDescriptor use="signing"> only
    /// ```
    pub static ENCRYPTION_KEY = "identity-center.encryption-key" {
        severity: Info,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    if case.target(SpProfile::IdentityCenter) != Target::Meant {
        return Outcome::DoesNotApply("nobody said that the file is for IAM Identity Center");
    }
    for_target(case, entity, SpProfile::IdentityCenter, || {
        let for_encryption =
            idp.role.key_descriptors.iter().find(|key| {
                key.key_use.as_ref().is_some_and(|key_use| key_use.text() == "encryption")
            });
        let finding = for_encryption.map(|key| {
            Finding::new("IAM Identity Center does not support a key for encryption here")
                .at(key.element.start_tag_range())
        });
        finding.into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_key_for_encryption() {
        let meant = meant_for(SpProfile::IdentityCenter);
        fires_for(&ENCRYPTION_KEY, with(idp(), "use=\"signing\"", "use=\"encryption\""), &meant);
    }

    #[test]
    fn keys_for_signing_and_for_both() {
        let meant = meant_for(SpProfile::IdentityCenter);
        passes_for(&ENCRYPTION_KEY, idp(), &meant);
        passes_for(&ENCRYPTION_KEY, with(idp(), " use=\"signing\"", ""), &meant);
        does_not_apply(&ENCRYPTION_KEY, with(idp(), "use=\"signing\"", "use=\"encryption\""));
    }
}
