//! What AWS says when a sign-in fails, which causes that can have, and which rules find them. Sources: IAM
//! User Guide (troubleshoot_saml), AWS STS API (AssumeRoleWithSAML), IAM Identity Center User Guide
//! (troubleshooting), Client VPN Administrator Guide (troubleshooting); CloudTrail's sentences from reports.

/// A sentence of AWS's.
#[derive(Debug)]
pub struct AwsError {
    /// The sentence, as far as it is always the same.
    pub sentence: &'static str,
    /// Who says it.
    pub source: &'static str,
    /// What is behind it.
    pub cause: &'static str,
    /// The rules that find the cause, the likeliest first.
    pub rules: &'static [&'static str],
}

macro_rules! errors {
    ($($sentence:literal, $source:literal, $cause:literal, [$($rule:literal),+];)+) => {
        /// All of them.
        pub static AWS_ERRORS: &[AwsError] = &[$(AwsError {
            sentence: $sentence,
            source: $source,
            cause: $cause,
            rules: &[$($rule),+],
        }),+];
    };
}

errors! {
    "Response signature invalid", "IAM",
        "the response is signed by a key that the SAML provider's metadata does not hold: mostly the identity \
         provider changed its certificate after the upload",
        ["signature.key-rotated", "signature.untrusted-key", "signature.tenant-key", "signature.digest"];
    "Your request included an invalid SAML response", "IAM",
        "the response has no attribute Role, or none under exactly that name",
        ["aws-iam.role-missing", "aws-iam.attribute-case", "aws-iam.role-value"];
    "RoleSessionName is required in AuthnResponse", "IAM",
        "the response has no attribute RoleSessionName, or none under exactly that name",
        ["aws-iam.session-name-missing", "aws-iam.attribute-case"];
    "RoleSessionName in AuthnResponse must match", "IAM",
        "the name of the session has a space or another character that AWS does not take",
        ["aws-iam.session-name"];
    "Source Identity must match", "IAM",
        "the source identity has a character that AWS does not take, or begins with aws:",
        ["aws-iam.source-identity"];
    "Not authorized to perform sts:AssumeRoleWithSAML", "IAM",
        "the role's trust policy does not allow it: another provider, sts:TagSession or sts:SetSourceIdentity \
         missing, a condition on SAML:aud or SAML:sub_type; or the response has no NameID, or the role does \
         not exist",
        ["aws-iam.trust-policy", "aws-iam.name-id-missing", "aws-iam.role-value", "aws-iam.role-accounts"];
    "Issuer not present in specified provider", "IAM",
        "the issuer of the response is not the entity ID of the metadata that was uploaded",
        ["assertion.issuer", "response.issuer", "entra.issuer-with-app-id", "entra.tenant-mismatch"];
    "Could not parse metadata", "IAM",
        "the file begins with a byte order mark, is not UTF-8, lacks a certificate, or a certificate in it \
         cannot be read",
        ["aws-iam.bom", "aws-iam.encoding", "certificate.unreadable", "certificate.repeated-extension",
         "aws-iam.size", "aws-iam.key-size", "metadata.no-signing-key"];
    "Unable to parse metadata", "IAM",
        "as of Could not parse metadata; above all a certificate in which an extension stands twice",
        ["certificate.repeated-extension", "aws-iam.bom", "aws-iam.encoding"];
    "Specified provider doesn't exist", "IAM",
        "the attribute Role names a SAML provider that the account does not have; names are case-sensitive",
        ["aws-iam.role-value", "aws-iam.role-accounts"];
    "Requested DurationSeconds exceeds MaxSessionDuration", "IAM",
        "the session is longer than the role allows; the role's maximum is in no SAML file",
        ["aws-iam.session-duration"];
    "Response does not contain the required audience", "IAM",
        "the app's Identifier is not one of AWS's",
        ["aws-iam.audience", "assertion.audience"];
    "Token must be redeemed within 5 minutes of issuance", "AWS STS",
        "the response was used more than five minutes after it was issued, or a clock is wrong",
        ["aws-iam.stale", "clock.suspected"];
    "ExpiredToken", "AWS STS",
        "the response was used more than five minutes after it was issued",
        ["aws-iam.stale", "assertion.expired"];
    "IDPRejectedClaim", "AWS STS",
        "the identity provider reported a failure, or the response is no success",
        ["response.status", "entra.error-status"];
    "InvalidIdentityToken", "AWS STS",
        "the response could not be taken: its signature, its provider or its form",
        ["signature.untrusted-key", "signature.key-rotated", "signature.digest", "assertion.issuer"];
    "PackedPolicyTooLarge", "AWS STS",
        "the session tags are too large together",
        ["aws-iam.tags"];
    "It's not you, it's us", "IAM Identity Center",
        "the certificate is not the one that Identity Center has, the format of the NameID is not \
         emailAddress, or a clock is wrong",
        ["signature.key-rotated", "signature.untrusted-key", "identity-center.name-id-format",
         "identity-center.format-typo", "clock.suspected"];
    "An unexpected error has occurred", "IAM Identity Center",
        "the NameID is not the user name of a user, its format is another, or the ACS URL is",
        ["identity-center.name-id-value", "identity-center.name-id-case", "identity-center.name-id-format",
         "identity-center.acs-form", "subject.recipient"];
    "We couldn't complete your request right now", "IAM Identity Center",
        "seen with a NameID of another format than emailAddress",
        ["identity-center.name-id-format", "identity-center.format-typo"];
    "Response contains invalid name id policy format", "CloudTrail, ExternalIdPDirectoryLogin",
        "the format of the NameID is another than emailAddress",
        ["identity-center.name-id-format", "identity-center.format-typo"];
    "Not a valid response for the provided request id", "CloudTrail, ExternalIdPDirectoryLogin",
        "the response answers another request: an old tab, the browser's back button, or a second attempt; \
         begin again at the access portal",
        ["response.in-response-to", "subject.in-response-to"];
    "Invalid MFA credentials", "IAM Identity Center",
        "the user signed in and is not provisioned in Identity Center yet, or under another user name",
        ["identity-center.name-id-value", "identity-center.name-id-case", "entra.guest-user"];
    "credentials exceed the maximum supported size", "AWS Client VPN",
        "the response is larger than 128 KB: too many groups",
        ["client-vpn.size", "client-vpn.member-of"];
}

/// What AWS means by a text that holds one of its sentences, or by the beginning of one.
pub fn aws_errors(text: &str) -> Vec<&'static AwsError> {
    let wanted = plain(text);
    if wanted.len() < SHORTEST {
        return Vec::new();
    }
    let means = |error: &&AwsError| {
        let sentence = plain(error.sentence);
        wanted.contains(&sentence) || sentence.contains(&wanted)
    };
    AWS_ERRORS.iter().filter(means).collect()
}

/// Letters of the shortest text that is taken for a sentence.
const SHORTEST: usize = 8;

/// Small letters and digits with single spaces between words: quotes and apostrophes of every kind are
/// left out, and "it is" is "it's".
fn plain(text: &str) -> String {
    let text =
        text.to_lowercase().replace(['\u{2019}', '\u{2018}', '\''], "").replace("it is", "its");
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::ALL;

    #[test]
    fn every_rule_named_exists() {
        for error in AWS_ERRORS {
            for name in error.rules {
                assert!(ALL.iter().any(|rule| rule.name == *name), "{}: {name}", error.sentence);
            }
        }
    }

    #[test]
    fn as_people_paste_them() {
        let sentence = |text: &str| aws_errors(text).first().map(|error| error.sentence);
        assert_eq!(sentence("response signature invalid"), Some("Response signature invalid"));
        let pasted = "Error: \u{201C}Response signature invalid (Service: AWSSecurityTokenService; \
                      Status Code: 400; Error Code: InvalidIdentityToken)\u{201D}";
        let found: Vec<_> = aws_errors(pasted).iter().map(|error| error.sentence).collect();
        assert_eq!(found, ["Response signature invalid", "InvalidIdentityToken"]);
        assert_eq!(sentence("It\u{2019}s not you, it is us"), Some("It's not you, it's us"));
        assert_eq!(sentence("signature"), Some("Response signature invalid"));
        assert_eq!(sentence("its not you it's us"), Some("It's not you, it's us"));
        assert_eq!(sentence("us"), None);
        assert_eq!(sentence("the weather is fine"), None);
    }
}
