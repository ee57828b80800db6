//! The rule `aws-iam.response-size`.

use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::RESPONSE_CHARACTERS;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::CLAIMS;

rule! {
    /// The response has over 100,000 characters in base64.
    ///
    /// ## Why it matters
    /// AssumeRoleWithSAML takes no more. It is roles and groups that make a response large: one role is a few
    /// hundred characters, and the gallery app sends each twice. Over
    /// some fifty roles in one response are a sign that one app does the work of several.
    ///
    /// ## How to fix it
    /// Assign fewer roles to the user, one app for each account; in *Attributes & Claims* send only the groups
    /// assigned to the application.
    ///
    /// ## Example
    /// ```text
    /// bad   101,000 characters of base64, 260 roles
    /// good  9,000 characters of base64, 2 roles
    /// ```
    pub static RESPONSE_SIZE = "aws-iam.response-size" {
        severity: Error,
        sources: [Aws("AWS STS API, AssumeRoleWithSAML")],
        check: Response(check)
    }
}

fn check(case: &Case<'_>, message: &Message<'_>) -> Outcome {
    if message.sp_profile != SpProfile::AwsIam {
        return Outcome::DoesNotApply("the response is for another service provider");
    }
    let characters = case.bytes.len().div_ceil(3).saturating_mul(4);
    let finding = (characters > RESPONSE_CHARACTERS).then(|| {
        Finding::new("the response is larger than AWS IAM takes")
            .found(format!("{characters} characters in base64"))
            .expected(format!("{RESPONSE_CHARACTERS} at most"))
            .help(format!(
                "send fewer roles, and only the groups assigned to the application: {CLAIMS}"
            ))
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    /// A response of so many octets.
    fn of_octets(octets: usize) -> String {
        let response = to_aws_iam();
        let filling = " ".repeat(octets.saturating_sub(response.len()));
        format!("{response}{filling}")
    }

    #[test]
    fn three_octets_too_many() {
        fires(&RESPONSE_SIZE, of_octets(75_001));
    }

    #[test]
    fn the_largest() {
        passes(&RESPONSE_SIZE, of_octets(75_000));
        does_not_apply(&RESPONSE_SIZE, to_identity_center());
    }
}
