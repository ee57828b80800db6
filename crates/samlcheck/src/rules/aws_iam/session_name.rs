//! The rule `aws-iam.session-name`.

use super::values;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::{ROLE_SESSION_NAME, is_session_name};
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The value of `RoleSessionName` is none that AWS takes: 2 to 64 letters, digits and `_+=,.@-`, and
    /// one value only.
    ///
    /// ## Why it matters
    /// AWS says *RoleSessionName in AuthnResponse must match*. A display name has spaces, and a guest's
    /// user principal name has `#EXT#` in it.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims > RoleSessionName*: `user.userprincipalname`, or for guests
    /// `user.mail`.
    ///
    /// ## Example
    /// ```text
    /// bad   <AttributeValue>Ada Lovelace</AttributeValue>
    /// good  <AttributeValue>ada@example.com</AttributeValue>
    /// ```
    pub static SESSION_NAME = "aws-iam.session-name" {
        severity: Error,
        sources: [Aws("IAM User Guide, create_saml_assertions, troubleshoot_saml")],
        check: Response(check)
    }
}

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::AwsIam, |assertion| {
        let values = values(assertion, ROLE_SESSION_NAME);
        let [value, others @ ..] = values.as_slice() else {
            return Outcome::DoesNotApply("the response has no RoleSessionName");
        };
        let text = value.text.text();
        let message = match (others.len(), is_session_name(text)) {
            (0, true) => return Outcome::Passed,
            (0, false) => "AWS does not take the RoleSessionName",
            _ => "RoleSessionName has several values, and AWS takes one",
        };
        Finding::new(message)
            .at(value.text.range())
            .found(text)
            .expected("2 to 64 letters, digits and _+=,.@-")
            .note("AWS reports this as \"RoleSessionName in AuthnResponse must match\"")
            .help(format!("take user.userprincipalname, or user.mail for guests: {CLAIMS}"))
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const VALUE: &str = "RoleSessionName\"><AttributeValue>ada@example.com";

    #[test]
    fn a_display_name_a_guest_and_two_values() {
        for wrong in ["Ada Lovelace", "ada_example.com#EXT#@x.onmicrosoft.com", "a"] {
            let value = format!("RoleSessionName\"><AttributeValue>{wrong}");
            fires(&SESSION_NAME, with(to_aws_iam(), VALUE, &value));
        }
        let two = format!("{VALUE}</AttributeValue><AttributeValue>ada");
        assert!(fires(&SESSION_NAME, with(to_aws_iam(), VALUE, &two)).message.contains("several"));
    }

    #[test]
    fn an_address_and_none() {
        passes(&SESSION_NAME, to_aws_iam());
        does_not_apply(&SESSION_NAME, with(to_aws_iam(), "RoleSessionName", "Other"));
    }
}
