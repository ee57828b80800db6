//! AWS IAM as a service provider: SAML providers and AssumeRoleWithSAML. Sources: IAM User Guide
//! (create_saml, troubleshoot_saml, reference_iam-quotas), the CreateSAMLProvider API.

use crate::profiles::is_region;

/// The entity IDs of the published metadata: commercial, China, GovCloud.
pub const ENTITY_IDS: [&str; 3] = [
    "urn:amazon:webservices",
    "urn:amazon:webservices:cn-north-1",
    "urn:amazon:webservices:govcloud",
];
/// The hosts of the sign-in endpoint, alone or behind a Region and a dot.
const HOSTS: [&str; 3] =
    ["signin.aws.amazon.com", "signin.amazonaws-us-gov.com", "signin.amazonaws.cn"];
/// Characters of identity provider metadata (CreateSAMLProvider API).
pub const METADATA_CHARACTERS: std::ops::RangeInclusive<usize> = 1_000..=10_000_000;
/// The smallest key in bits (troubleshoot_saml).
pub const KEY_BITS: u32 = 1024;
/// Keys of one provider (reference_iam-quotas).
pub const KEYS: usize = 10;

/// Whether a URL is a sign-in endpoint of IAM: `https://signin.aws.amazon.com/saml`, one of a
/// Region, of another partition, or a provider's own below `/saml/`.
pub fn is_sign_in(url: &str) -> bool {
    let Some((host, path)) = url.strip_prefix("https://").and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    let known = HOSTS.iter().any(|known| {
        host == *known
            || host.strip_suffix(known).and_then(|r| r.strip_suffix('.')).is_some_and(is_region)
    });
    known && (path == "saml" || path.starts_with("saml/"))
}

/// Whether an entity ID or the URL of an ACS is IAM's.
pub fn is_ours(id: &str) -> bool {
    ENTITY_IDS.contains(&id) || is_sign_in(id)
}

/// What the names of the attributes that IAM reads begin with; they are case-sensitive.
pub const ATTRIBUTES: &str = "https://aws.amazon.com/SAML/Attributes/";
/// Which role, by which provider.
pub const ROLE: &str = "https://aws.amazon.com/SAML/Attributes/Role";
/// The name of the session, which CloudTrail shows.
pub const ROLE_SESSION_NAME: &str = "https://aws.amazon.com/SAML/Attributes/RoleSessionName";
/// How long the session in the console lasts, in seconds.
pub const SESSION_DURATION: &str = "https://aws.amazon.com/SAML/Attributes/SessionDuration";
/// The name that stays with all sessions made from this one.
pub const SOURCE_IDENTITY: &str = "https://aws.amazon.com/SAML/Attributes/SourceIdentity";
/// What the names of session tags begin with, before the key.
pub const PRINCIPAL_TAG: &str = "https://aws.amazon.com/SAML/Attributes/PrincipalTag:";
/// Which session tags stay when roles are chained.
pub const TRANSITIVE_TAG_KEYS: &str = "https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys";
/// Session tags of one session (IAM User Guide, id_session-tags).
pub const TAGS: usize = 50;
/// Characters of a tag's key (id_session-tags).
pub const TAG_KEY_CHARACTERS: usize = 128;
/// Characters of a tag's value (id_session-tags).
pub const TAG_VALUE_CHARACTERS: usize = 256;
/// Minutes after IssueInstant in which AssumeRoleWithSAML takes a response (AWS STS API).
pub const REDEEM_MINUTES: i64 = 5;
/// Characters of the base64 of a response (AssumeRoleWithSAML API).
pub const RESPONSE_CHARACTERS: usize = 100_000;
/// Seconds that a session in the console may last (create_saml_assertions).
pub const SESSION_SECONDS: std::ops::RangeInclusive<u32> = 900..=43_200;
/// Characters of a session's name (create_saml_assertions).
const SESSION_NAME_CHARACTERS: std::ops::RangeInclusive<usize> = 2..=64;

/// Whether IAM takes the name of a session: letters, digits and `_+=,.@-`.
pub fn is_session_name(name: &str) -> bool {
    let is_good = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    SESSION_NAME_CHARACTERS.contains(&name.chars().count()) && name.chars().all(is_good)
}

/// An ARN of IAM's taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'t> {
    /// `aws`, `aws-cn` and so on.
    pub partition: &'t str,
    /// The twelve digits of the account.
    pub account: &'t str,
}

/// A value of the attribute `Role`: the role, and the SAML provider that vouches for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RolePair<'t> {
    /// The role.
    pub role: Arn<'t>,
    /// The SAML provider.
    pub provider: Arn<'t>,
}

/// The two ARNs of a value of `Role`, in either order; `None` where it has another form.
pub fn role_pair(value: &str) -> Option<RolePair<'_>> {
    // A comma may stand in the name of a role as well.
    let (first, second) = value.split_at_checked(value.find(",arn:")?)?;
    let second = second.strip_prefix(',')?;
    let pair = |role, provider| {
        Some(RolePair { role: arn(role, "role/")?, provider: arn(provider, "saml-provider/")? })
    };
    pair(first, second).or_else(|| pair(second, first))
}

fn arn<'t>(text: &'t str, kind: &str) -> Option<Arn<'t>> {
    let (partition, rest) = text.strip_prefix("arn:")?.split_once(":iam::")?;
    let (account, resource) = rest.split_once(':')?;
    let name = resource.strip_prefix(kind)?;
    let is_partition = partition == "aws" || partition.starts_with("aws-");
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c);
    let is_good = is_partition && is_account && !name.is_empty() && name.chars().all(is_name);
    is_good.then_some(Arn { partition, account })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_in_either_order() {
        let role = "arn:aws:iam::111122223333:role/path/Admin";
        let provider = "arn:aws-cn:iam::444455556666:saml-provider/Entra";
        let arn = |partition, account| Arn { partition, account };
        let pair =
            RolePair { role: arn("aws", "111122223333"), provider: arn("aws-cn", "444455556666") };
        assert_eq!(role_pair(&format!("{role},{provider}")), Some(pair));
        assert_eq!(role_pair(&format!("{provider},{role}")), Some(pair));
        assert_eq!(role_pair(&format!("{role},x,{provider}")), Some(pair));
        for wrong in [
            role.to_owned(),
            format!("{role}, {provider}"),
            format!("{role},{role}"),
            format!("{role},{provider},{role}"),
            format!("{role},{provider} "),
            format!("{role},{provider}").replace("1111", "111"),
            format!("{role},{provider}").replace("role/path/Admin", "role/"),
        ] {
            assert_eq!(role_pair(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_of_sessions() {
        for good in ["ab", "ada@example.com", "a_b+c=d,e.f-g", &"a".repeat(64)] {
            assert!(is_session_name(good), "{good}");
        }
        for wrong in ["a", "", "Ada Lovelace", "ada#EXT#@x", "adä", &"a".repeat(65)] {
            assert!(!is_session_name(wrong), "{wrong}");
        }
    }

    #[test]
    fn sign_in_endpoints() {
        for good in [
            "https://signin.aws.amazon.com/saml",
            "https://eu-west-1.signin.aws.amazon.com/saml",
            "https://us-east-1.signin.aws.amazon.com/saml/acs/SAMLSP0123",
            "https://signin.amazonaws-us-gov.com/saml",
            "https://signin.amazonaws.cn/saml",
        ] {
            assert!(is_sign_in(good), "{good}");
        }
        for other in [
            "http://signin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com/samlx",
            "https://signin.aws.amazon.com/platform/saml/d-99672e41b0",
            "https://evil-signin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com.evil.example/saml",
        ] {
            assert!(!is_sign_in(other), "{other}");
        }
    }
}
