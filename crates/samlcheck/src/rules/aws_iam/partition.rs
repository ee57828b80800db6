//! The rule `aws-iam.partition`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{ROLE, role_pair};
use crate::profiles::aws_partition::Partition;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_assertion;

rule! {
    /// The roles are of another partition of AWS than the sign-in endpoint: `aws-cn` and `aws-us-gov` have
    /// endpoints of their own.
    ///
    /// ## Why it matters
    /// Accounts of one partition are not known in another; the sign-in finds no role.
    ///
    /// ## How to fix it
    /// In Entra: *Basic SAML Configuration > Reply URL*: `https://signin.amazonaws.cn/saml` for China,
    /// `https://signin.amazonaws-us-gov.com/saml` for GovCloud, `https://signin.aws.amazon.com/saml` for all
    /// others. Entra's gallery app cannot import the roles of China: define them by hand.
    ///
    /// ## Example
    /// ```text
    /// bad   arn:aws-cn:iam::…:role/Admin at https://signin.aws.amazon.com/saml
    /// good  arn:aws-cn:iam::…:role/Admin at https://signin.amazonaws.cn/saml
    /// ```
    pub static PARTITION = "aws-iam.partition" {
        severity: Error,
        sources: [Aws("IAM User Guide, roles for SAML 2.0 federation")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let values = values(assertion, ROLE);
        let pairs = values.iter().filter_map(|value| Some((value, role_pair(value.text.text())?)));
        let pairs: Vec<_> = pairs.collect();
        let endpoint = assertion
            .recipients()
            .find_map(|recipient| Some((recipient, Partition::of(recipient.text())?)));
        let (Some((recipient, partition)), false) = (endpoint, pairs.is_empty()) else {
            return Outcome::DoesNotApply("the response has not both a role and a known endpoint");
        };
        let apart = pairs.iter().find(|(_, pair)| pair.role.partition != partition.name());
        let finding = apart.map(|(value, pair)| {
            Finding::new(format!(
                "the role is in the partition {}, the sign-in endpoint in {}",
                pair.role.partition,
                partition.name()
            ))
            .at(value.text.range())
            .found(value.text.text())
            .expected(format!("a role of the partition of {}", recipient.text()))
            .help("Single sign-on > Basic SAML Configuration > Reply URL: the endpoint of the role's partition")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_role_of_china_at_the_commercial_endpoint() {
        fires(&PARTITION, with(to_aws_iam(), "arn:aws:iam", "arn:aws-cn:iam"));
    }

    #[test]
    fn each_at_home() {
        passes(&PARTITION, to_aws_iam());
        let china = with(to_aws_iam(), "arn:aws:iam", "arn:aws-cn:iam");
        let endpoint = "https://signin.amazonaws.cn/saml";
        passes(&PARTITION, with(china, "https://signin.aws.amazon.com/saml", endpoint));
    }
}
