//! The rule `aws-iam.role-accounts`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{ROLE, role_pair};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// The role and the SAML provider of a pair are in different accounts or partitions.
    ///
    /// ## Why it matters
    /// A SAML provider vouches for roles of its own account only.
    ///
    /// ## How to fix it
    /// Name the provider of the role's account; every account has its own.
    ///
    /// ## Example
    /// ```text
    /// bad   arn:aws:iam::111122223333:role/Admin,arn:aws:iam::444455556666:saml-provider/Entra
    /// good  arn:aws:iam::111122223333:role/Admin,arn:aws:iam::111122223333:saml-provider/Entra
    /// ```
    pub static ROLE_ACCOUNTS = "aws-iam.role-accounts" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let values = values(assertion, ROLE);
        let pairs: Vec<_> = values
            .iter()
            .filter_map(|value| Some((value, role_pair(value.text.text())?)))
            .collect();
        if pairs.is_empty() {
            return Outcome::DoesNotApply("the response has no pair of a role and a provider");
        }
        let apart = pairs.iter().filter(|(_, pair)| pair.role != pair.provider);
        let findings = apart.map(|(value, pair)| {
            let what = if pair.role.partition == pair.provider.partition {
                format!("accounts, {} and {}", pair.role.account, pair.provider.account)
            } else {
                format!("partitions, {} and {}", pair.role.partition, pair.provider.partition)
            };
            Finding::new(format!("the role and the SAML provider are in different {what}"))
                .at(value.text.range())
                .found(value.text.text())
                .expected("a role and a provider of one account")
                .help("name the SAML provider of the role's account")
        });
        findings.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn two_accounts_and_two_partitions() {
        let provider = "111122223333:saml-provider";
        let other = with(to_aws_iam(), provider, "444455556666:saml-provider");
        assert!(fires(&ROLE_ACCOUNTS, other).message.contains("111122223333 and 444455556666"));
        let china = with(
            to_aws_iam(),
            "arn:aws:iam::111122223333:role",
            "arn:aws-cn:iam::111122223333:role",
        );
        assert!(fires(&ROLE_ACCOUNTS, china).message.contains("aws-cn and aws"));
    }

    #[test]
    fn one_account() {
        passes(&ROLE_ACCOUNTS, to_aws_iam());
        does_not_apply(&ROLE_ACCOUNTS, with(to_aws_iam(), "role/Admin,", "role/Admin, "));
    }
}
