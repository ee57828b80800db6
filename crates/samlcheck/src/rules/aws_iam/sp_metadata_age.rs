//! The rule `aws-iam.sp-metadata-age`.

use samlkit::metadata::SpSsoDescriptor;

use super::NOT_IAM;
use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::report::days_until;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The metadata that AWS publishes for IAM is old: `validUntil` has passed or is near.
    ///
    /// ## Why it matters
    /// AWS renews it, with a new certificate, about once a year. An identity provider that goes by
    /// `validUntil` refuses to send anybody to AWS once it has passed.
    ///
    /// ## How to fix it
    /// Download it again from `https://signin.aws.amazon.com/static/saml-metadata.xml`.
    ///
    /// ## Example
    /// ```text
    /// bad   saml-metadata.xml of last year, validUntil in three days
    /// good  saml-metadata.xml of today
    /// ```
    pub static SP_METADATA_AGE = "aws-iam.sp-metadata-age" {
        severity: Warning,
        sources: [Aws("IAM User Guide, create-role-saml-IdP-tasks")],
        check: Sp(check)
    }
}

/// How long ahead is near, in days.
const DAYS: i64 = 30;

fn check(case: &Case<'_>, entity: &Entity<'_>, _: &SpSsoDescriptor<'_>) -> Outcome {
    if entity.sp_profile != Some(SpProfile::AwsIam) {
        return NOT_IAM;
    }
    let until = entity.descriptor.valid_until.as_ref();
    let Some((written, until)) = until.and_then(|written| Some((written, written.date_time()?)))
    else {
        return Outcome::DoesNotApply("the entity has no readable validUntil");
    };
    let old = (days_until(until, case.now) < DAYS).then(|| {
        Finding::new(format!("AWS's metadata is from an old download: valid until {written}"))
            .at(written.range())
            .help("download https://signin.aws.amazon.com/static/saml-metadata.xml again")
    });
    old.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn until(time: &str) -> String {
        with(AWS_IAM, "2027-05-06T00:00:00Z", time)
    }

    #[test]
    fn passed_and_near() {
        fires(&SP_METADATA_AGE, until("2025-05-06T00:00:00Z"));
        fires(&SP_METADATA_AGE, until("2026-12-21T03:08:59Z"));
    }

    #[test]
    fn a_month_left() {
        passes(&SP_METADATA_AGE, until("2026-12-21T03:09:00Z"));
        passes(&SP_METADATA_AGE, AWS_IAM);
        does_not_apply(&SP_METADATA_AGE, CLIENT_VPN);
    }
}
