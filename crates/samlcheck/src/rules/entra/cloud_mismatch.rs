//! The rule `entra.cloud-mismatch`.

use samlkit::metadata::SpSsoDescriptor;

use crate::Severity;
use crate::case::{Entity, IdpOffer};
use crate::profile::{acs_locations, entity_id};
use crate::profiles::aws_partition::Partition;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The cloud of the tenant and the partition of AWS are not of the same part of the world.
    ///
    /// ## Why it matters
    /// Microsoft's clouds for China and the US Government and the partitions of AWS for them know nothing of
    /// one another. SAML works between any two, so that it may be meant: an Entra tenant of the public cloud
    /// with AWS GovCloud is seen. More often one of the two files comes from the wrong portal. That the two
    /// should belong together is inferred, and stated by neither vendor.
    ///
    /// ## How to fix it
    /// Look at both portals: the tenant at `entra.microsoft.com`, `entra.microsoft.us` or
    /// `entra.microsoftonline.cn`, the account in the console of its partition.
    ///
    /// ## Example
    /// ```text
    /// bad   login.microsoftonline.com with urn:amazon:webservices:cn-north-1
    /// good  login.partner.microsoftonline.cn with urn:amazon:webservices:cn-north-1
    /// ```
    pub static CLOUD_MISMATCH = "entra.cloud-mismatch" {
        severity: Warning,
        sources: [Entra("authentication-national-cloud.md"), Aws("General Reference, ARNs")],
        check: Pair(check)
    }
}

fn check(entity: &Entity<'_>, sp: &SpSsoDescriptor<'_>, idp: &IdpOffer) -> Outcome {
    let Some(cloud) = idp.cloud else {
        return Outcome::DoesNotApply("the identity provider is not Entra ID");
    };
    let descriptor = &entity.descriptor;
    if !entity.is_first(sp.role.element) {
        return Outcome::Passed;
    }
    let own = Partition::of(entity_id(descriptor));
    let Some(partition) = own.or_else(|| acs_locations(descriptor).find_map(Partition::of)) else {
        return Outcome::DoesNotApply("the service provider does not say which partition it is in");
    };
    let severity = match (cloud.name, partition) {
        ("China (21Vianet)", Partition::China)
        | ("US Government", Partition::GovCloud)
        | ("public" | "External ID" | "Azure AD B2C", Partition::Commercial) => {
            return Outcome::Passed;
        }
        ("public", Partition::GovCloud) | ("US Government", Partition::Commercial) => {
            Severity::Info
        }
        _ => Severity::Warning,
    };
    Finding::new(format!(
        "the tenant is in Microsoft's {} cloud, the service provider in AWS's partition {}",
        cloud.name,
        partition.name()
    ))
    .at(descriptor
        .entity_id
        .as_ref()
        .map_or_else(|| sp.role.element.start_tag_range(), |id| id.range()))
    .severity(severity)
    .note("SAML works between the two; that it is a slip is inferred")
    .help("look whether both files are from the portals that they were meant to be from")
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn sp_of(entity_id: &str) -> String {
        with(sp(), "https://sp.example.org/\"", &format!("{entity_id}\""))
    }

    #[test]
    fn public_with_china_and_with_gov_cloud() {
        let china = sp_of("urn:amazon:webservices:cn-north-1");
        let finding = fires_for(&CLOUD_MISMATCH, china, &beside(ENTRA));
        assert_eq!(finding.severity, Severity::Warning);
        let gov =
            fires_for(&CLOUD_MISMATCH, sp_of("urn:amazon:webservices:govcloud"), &beside(ENTRA));
        assert_eq!(gov.severity, Severity::Info);
    }

    #[test]
    fn of_one_world() {
        passes_for(&CLOUD_MISMATCH, AWS_IAM, &beside(ENTRA));
        passes_for(&CLOUD_MISMATCH, IDENTITY_CENTER, &beside(ENTRA));
        let china = with(ENTRA, "login.microsoftonline.com", "login.partner.microsoftonline.cn");
        let sp = sp_of("urn:amazon:webservices:cn-north-1");
        passes_for(&CLOUD_MISMATCH, sp, &beside(&china));
        does_not_apply_for(&CLOUD_MISMATCH, CLIENT_VPN, &beside(&idp()));
    }
}
