//! The rule `metadata.no-signing-key`.

use samlkit::metadata::{IdpSsoDescriptor, KeyDescriptor, KeyUse};

use super::CORRECT;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The identity provider publishes no key by which its signatures can be checked.
    ///
    /// ## Why it matters
    /// A service provider cannot tell its messages from forged ones, and has to refuse them all.
    ///
    /// ## How to fix it
    /// Download the metadata again. The role needs a `KeyDescriptor` with `use="signing"` or without
    /// `use`, and a certificate in it.
    ///
    /// ## Example
    /// ```text
    /// bad   <KeyDescriptor use="encryption">, and no other
    /// good  <KeyDescriptor use="signing">
    /// ```
    pub static NO_SIGNING_KEY = "metadata.no-signing-key" {
        severity: Error,
        sources: [Metadata("2.4.1.1")],
        check: Idp(check)
    }
}

fn has_key(key: &KeyDescriptor<'_>) -> bool {
    !key.certificates.is_empty() || !key.key_names.is_empty() || key.has_key_value
}

fn check(_: &Case<'_>, _: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    let keys = &idp.role.key_descriptors;
    if keys.iter().any(|key| key.serves(KeyUse::Signing) && has_key(key)) {
        return Outcome::Passed;
    }
    let uses: Vec<&str> =
        keys.iter().map(|k| k.key_use.as_ref().map_or("", |u| u.text())).collect();
    let finding = Finding::new("the identity provider publishes no signing key")
        .at(idp.role.element.start_tag_range())
        .expected("a KeyDescriptor with use=\"signing\" or without use, and a certificate in it");
    let finding = match uses.as_slice() {
        [] => finding.found("no KeyDescriptor at all"),
        uses => finding.found(format!("KeyDescriptor with use {uses:?}")),
    };
    finding.help(CORRECT).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn none_one_for_encryption_and_an_empty_one() {
        fires(&NO_SIGNING_KEY, idp_with(&[]));
        let finding = fires(&NO_SIGNING_KEY, with(idp(), "use=\"signing\"", "use=\"encryption\""));
        assert_eq!(finding.found.as_deref(), Some("KeyDescriptor with use [\"encryption\"]"));
        fires(&NO_SIGNING_KEY, with(idp(), "X509Certificate", "X509SubjectName"));
    }

    #[test]
    fn one_without_use() {
        passes(&NO_SIGNING_KEY, with(idp(), " use=\"signing\"", ""));
    }
}
