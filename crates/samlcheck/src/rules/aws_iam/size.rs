//! The rule `aws-iam.size`.

use samlkit::metadata::IdpSsoDescriptor;

use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::METADATA_CHARACTERS;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_target;

rule! {
    /// The file has under 1,000 or over 10,000,000 characters, which AWS IAM does not take.
    ///
    /// ## Why it matters
    /// CreateSAMLProvider refuses it. A file below the limit has hardly room for a certificate and
    /// is not complete.
    ///
    /// ## How to fix it
    /// Download the metadata again and upload the whole file.
    ///
    /// ## Example
    /// ```text
    /// bad   metadata of 700 characters
    /// good  metadata of 15,000 characters
    /// ```
    pub static SIZE = "aws-iam.size" {
        severity: Error,
        sources: [Aws("CreateSAMLProvider API")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, _: &IdpSsoDescriptor<'_>) -> Outcome {
    for_target(case, entity, SpProfile::AwsIam, || {
        let characters = case.characters;
        let (least, most) = (METADATA_CHARACTERS.start(), METADATA_CHARACTERS.end());
        let finding = (!METADATA_CHARACTERS.contains(&characters)).then(|| {
            Finding::new(format!(
                "the file has {characters} characters; AWS IAM takes from {least} to {most}"
            ))
            .help("download the metadata again and upload the whole file")
        });
        finding.into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn of_length(length: usize) -> String {
        let short = idp_with(&[]);
        let fill = " ".repeat(length.strict_sub(short.chars().count()));
        format!("{short}{fill}")
    }

    #[test]
    fn one_too_few_and_one_too_many() {
        let meant = meant_for(SpProfile::AwsIam);
        assert!(fires_for(&SIZE, of_length(999), &meant).message.contains(" 999 "));
        fires_for(&SIZE, of_length(10_000_001), &meant);
    }

    #[test]
    fn the_least_and_the_most() {
        let meant = meant_for(SpProfile::AwsIam);
        passes_for(&SIZE, of_length(1_000), &meant);
        passes_for(&SIZE, of_length(10_000_000), &meant);
    }
}
