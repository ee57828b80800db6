//! AWS IAM as a service provider: SAML providers and AssumeRoleWithSAML. Sources: IAM User Guide
//! (create_saml, troubleshoot_saml, reference_iam-quotas), the CreateSAMLProvider API.

use samlkit::metadata::EntityDescriptor;

use crate::profile::{acs_locations, entity_id};
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

/// Whether the entity is IAM, by its entity ID or any ACS.
pub(crate) fn is(entity: &EntityDescriptor<'_>) -> bool {
    let id = entity_id(entity);
    ENTITY_IDS.contains(&id) || is_sign_in(id) || acs_locations(entity).any(is_sign_in)
}

#[cfg(test)]
mod tests {
    use super::*;

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
