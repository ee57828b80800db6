//! The rule `aws-iam.key-count`.

use std::collections::HashSet;

use samlkit::metadata::IdpSsoDescriptor;

use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::KEYS;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_target;

rule! {
    /// The file has more than 10 signing keys, which is as many as AWS IAM takes.
    ///
    /// ## Why it matters
    /// It is a quota of a SAML provider that cannot be raised.
    ///
    /// ## How to fix it
    /// Delete old certificates under *Single sign-on > SAML certificates > Edit*, and download the
    /// file again.
    ///
    /// ## Example
    /// ```text
    /// bad   eleven signing certificates
    /// good  two signing certificates
    /// ```
    pub static KEY_COUNT = "aws-iam.key-count" {
        severity: Error,
        sources: [Aws("IAM User Guide, reference_iam-quotas")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    for_target(case, entity, SpProfile::AwsIam, || {
        let signing = entity.signing(idp.role.element).map(|(_, certificate)| certificate.sha256);
        let count = signing.collect::<HashSet<_>>().len();
        let finding = (count > KEYS).then(|| {
            Finding::new(format!("the file has {count} signing keys; AWS IAM takes {KEYS}"))
                .at(idp.role.element.start_tag_range())
                .help(
                    "delete old certificates at the identity provider and download the file again",
                )
        });
        finding.into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn with_keys(count: usize) -> String {
        let keys: String =
            certificate("eleven").lines().take(count).map(|line| key("signing", line)).collect();
        let some = key("signing", certificate("active"));
        with(idp(), &some, &format!("{keys}{keys}"))
    }

    #[test]
    fn eleven() {
        let finding = fires_for(&KEY_COUNT, with_keys(11), &meant_for(SpProfile::AwsIam));
        assert!(finding.message.contains("11 signing keys"), "{}", finding.message);
    }

    #[test]
    fn ten_each_listed_twice() {
        passes_for(&KEY_COUNT, with_keys(10), &meant_for(SpProfile::AwsIam));
    }
}
