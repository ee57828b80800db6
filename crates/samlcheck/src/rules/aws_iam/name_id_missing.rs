//! The rule `aws-iam.name-id-missing`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The subject has no NameID.
    ///
    /// ## Why it matters
    /// AWS refuses: *Not authorized to perform sts:AssumeRoleWithSAML*.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > Unique User Identifier*: a source that every user has.
    ///
    /// ## Example
    /// ```text
    /// bad   <Subject><SubjectConfirmation/></Subject>
    /// good  <Subject><NameID>ada@example.com</NameID><SubjectConfirmation/></Subject>
    /// ```
    pub static NAME_ID_MISSING = "aws-iam.name-id-missing" {
        severity: Error,
        sources: [Aws("IAM User Guide, troubleshoot_saml")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let subject = assertion.subject.as_ref();
        if subject.is_some_and(|subject| subject.name_id.is_some() || subject.has_encrypted_id) {
            return Outcome::Passed;
        }
        let start = subject.map_or(assertion.range.start, |subject| subject.range.start);
        Finding::new("the subject has no NameID")
            .at(start..start)
            .note("AWS reports this as \"Not authorized to perform sts:AssumeRoleWithSAML\"")
            .help(format!("choose a source that every user has: {CLAIMS} > Unique User Identifier"))
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn none() {
        let other = with(to_aws_iam(), "<NameID ", "<BaseID ");
        fires(&NAME_ID_MISSING, with(other, "</NameID>", "</BaseID>"));
    }

    #[test]
    fn one() {
        passes(&NAME_ID_MISSING, to_aws_iam());
        does_not_apply(&NAME_ID_MISSING, to_identity_center());
    }
}
