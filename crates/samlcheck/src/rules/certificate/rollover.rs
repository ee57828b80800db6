//! The rule `certificate.rollover`.

use std::cmp::Reverse;
use std::collections::HashSet;

use samlkit::metadata::IdpSsoDescriptor;

use super::describe;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The identity provider lists several signing certificates.
    ///
    /// ## Why it matters
    /// Any of them may sign, now or after the next rotation; the file does not say which is active.
    /// Entra lists inactive certificates too. A service provider has to accept all of them.
    ///
    /// ## How to fix it
    /// Give the service provider the whole file and not one certificate out of it. To find out which
    /// is active, compare the thumbprint in the portal.
    ///
    /// ## Example
    /// ```text
    /// bad   two signing certificates, and the service provider has one of them
    /// good  two signing certificates, and the service provider has both
    /// ```
    pub static ROLLOVER = "certificate.rollover" {
        severity: Info,
        sources: [Entra("federation-metadata"), Metadata("2.4.1.1")],
        check: Idp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    let mut certificates: Vec<_> = entity.signing(idp.role.element).collect();
    let mut seen = HashSet::new();
    certificates.retain(|(_, certificate)| seen.insert(certificate.sha256));
    if certificates.is_empty() {
        return Outcome::DoesNotApply("the role lists no readable signing certificate");
    }
    if certificates.len() == 1 {
        return Outcome::Passed;
    }
    certificates.sort_by_key(|(_, certificate)| Reverse(certificate.not_before));
    let message = format!(
        "{} signing certificates are listed; whoever verifies has to accept each of them",
        certificates.len()
    );
    let finding = Finding::new(message).at(idp.role.element.start_tag_range());
    certificates.iter().fold(finding, |f, (_, certificate)| f.note(describe(certificate))).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn two_newest_first() {
        let finding = fires(&ROLLOVER, ENTRA);
        assert_eq!(finding.notes.len(), 2);
        let starts: Vec<&str> =
            finding.notes.iter().map(|note| note.split(" · ").nth(2).unwrap()).collect();
        assert!(starts[0] > starts[1], "{starts:?}");
    }

    #[test]
    fn the_same_one_twice() {
        passes(&ROLLOVER, idp_with(&["active", "active"]));
        does_not_apply(&ROLLOVER, idp_with(&[]));
    }
}
