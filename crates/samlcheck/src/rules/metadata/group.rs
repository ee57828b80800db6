//! The rule `metadata.group`.

use samlkit::Kind;

use crate::case::Case;
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The file is a group of entities (`EntitiesDescriptor`), and is meant for a service provider of AWS,
    /// which takes one entity.
    ///
    /// ## Why it matters
    /// The import answers that the metadata cannot be parsed, or takes an entity that was not meant. That AWS
    /// takes no group is inferred: its documents speak of one `EntityDescriptor`.
    ///
    /// ## How to fix it
    /// Download the metadata of the one app, or cut its `EntityDescriptor` out of the group; a signature of the
    /// group is lost with that.
    ///
    /// ## Example
    /// ```text
    /// bad   <EntitiesDescriptor><EntityDescriptor/></EntitiesDescriptor>, with --for aws-iam
    /// good  <EntityDescriptor/>
    /// ```
    pub static GROUP = "metadata.group" {
        severity: Warning,
        sources: [Aws("IAM User Guide, creating SAML identity providers")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let target = case.options.target.filter(|target| *target != SpProfile::Other);
    let (Some(target), Some(document)) = (target, case.document.ok()) else {
        return Outcome::DoesNotApply("nobody said that the file is for a service provider of AWS");
    };
    match case.kind {
        Some(Kind::EntityDescriptor) => Outcome::Passed,
        Some(Kind::EntitiesDescriptor) => {
            let name = target.display().unwrap_or("the service provider");
            Finding::new(format!("the file is a group of entities, and {name} takes one"))
                .at(document.root().start_tag_range())
                .found("EntitiesDescriptor")
                .expected("EntityDescriptor")
                .help("download the metadata of the one app, or cut its EntityDescriptor out")
                .into()
        }
        _ => Outcome::DoesNotApply("the document is no metadata"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_group_for_iam() {
        fires_for(&GROUP, group(&[idp()]), &meant_for(SpProfile::AwsIam));
    }

    #[test]
    fn one_entity_and_a_group_for_whomever() {
        passes_for(&GROUP, idp(), &meant_for(SpProfile::AwsIam));
        does_not_apply(&GROUP, group(&[idp()]));
    }
}
