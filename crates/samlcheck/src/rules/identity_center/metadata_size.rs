//! The rule `identity-center.metadata-size`.

use samlkit::metadata::IdpSsoDescriptor;

use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::profiles::identity_center::METADATA_CHARACTERS;
use crate::rule::{Finding, Findings, Outcome, rule};
use crate::rules::for_target;

rule! {
    /// IAM Identity Center does not take the file: it has over 75,000 characters, or no entity ID,
    /// no certificate or no single sign-on service.
    ///
    /// ## Why it matters
    /// The upload fails. A file of Entra's grows by about 3,500 characters with each certificate and
    /// reaches the limit with about 18 of them.
    ///
    /// ## How to fix it
    /// Delete old certificates under *Single sign-on > SAML certificates > Edit* and download the
    /// file again.
    ///
    /// ## Example
    /// ```text
    /// bad   metadata with twenty certificates, some 80,000 characters
    /// good  metadata with two certificates, some 17,600 characters
    /// ```
    pub static METADATA_SIZE = "identity-center.metadata-size" {
        severity: Error,
        sources: [Aws("IAM Identity Center User Guide, other identity providers")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    for_target(case, entity, SpProfile::IdentityCenter, || {
        let mut findings = Findings::default();
        let characters = case.characters;
        if characters > METADATA_CHARACTERS {
            findings.push(
                Finding::new(format!(
                    "the file has {characters} characters; IAM Identity Center takes \
                     {METADATA_CHARACTERS} at most"
                ))
                .help(
                    "delete old certificates at the identity provider and download the file again",
                ),
            );
        }
        let has_id =
            entity.descriptor.entity_id.as_ref().is_some_and(|id| !id.trimmed().is_empty());
        let has_certificate = entity.of_role(idp.role.element).next().is_some();
        let needed = [
            (has_id, "entityID"),
            (has_certificate, "readable certificate"),
            (!idp.single_sign_on_services.is_empty(), "SingleSignOnService"),
        ];
        findings.extend(needed.into_iter().filter(|(has, _)| !has).map(|(_, what)| {
            Finding::new(format!("the file has no {what}, which IAM Identity Center needs"))
                .at(idp.role.element.start_tag_range())
                .help("download the metadata of the identity provider again")
        }));
        findings
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Severity;
    use crate::rules::testing::*;

    fn of_length(length: usize) -> String {
        let fill = " ".repeat(length.strict_sub(idp().chars().count()));
        format!("{}{fill}", idp())
    }

    #[test]
    fn one_character_too_many_and_no_certificate() {
        let meant = meant_for(SpProfile::IdentityCenter);
        let finding = fires_for(&METADATA_SIZE, of_length(75_001), &meant);
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(fires(&METADATA_SIZE, of_length(75_001)).severity, Severity::Info);
        let finding = fires_for(&METADATA_SIZE, idp_with(&[]), &meant);
        assert!(finding.message.contains("no readable certificate"), "{}", finding.message);
    }

    #[test]
    fn as_many_as_are_allowed() {
        passes_for(&METADATA_SIZE, of_length(75_000), &meant_for(SpProfile::IdentityCenter));
        does_not_apply_for(&METADATA_SIZE, of_length(75_001), &meant_for(SpProfile::AwsIam));
        does_not_apply(&METADATA_SIZE, group(&[idp_with(&[])]));
    }
}
