//! AWS IAM Identity Center as a service provider. Sources: the IAM Identity Center User Guide
//! (other identity providers, workforce access through an additional Region) and a real file.

use samlkit::metadata::EntityDescriptor;

use crate::profile::{Facts, acs_locations, entity_id};
use crate::profiles::{UUID, is_hex_groups, is_region};

/// A host pattern: the Region, then this.
struct Host {
    suffix: &'static str,
    /// Whether the issuer is on it.
    issuer: bool,
    /// The name of the ACS on it.
    acs: Option<AcsForm>,
}

/// Which of its assertion consumer services a URL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcsForm {
    /// `{region}.signin.aws`.
    Ipv4,
    /// `{region}.sso.signin.aws`.
    DualStack,
    /// `{region}.signin.aws.amazon.com`, which instances made from February 2026 on do not use.
    Older,
    /// A host of another partition, of which less is known.
    OtherPartition,
}

/// The hosts of the commercial partition have confidence H. GovCloud's has L and China's was not
/// found in a file: both are accepted here so that no rule calls them wrong.
const HOSTS: [Host; 5] = [
    Host { suffix: ".signin.aws.amazon.com", issuer: true, acs: Some(AcsForm::Older) },
    Host { suffix: ".signin.aws", issuer: false, acs: Some(AcsForm::Ipv4) },
    Host { suffix: ".sso.signin.aws", issuer: false, acs: Some(AcsForm::DualStack) },
    Host {
        suffix: ".signin.amazonaws-us-gov.com",
        issuer: true,
        acs: Some(AcsForm::OtherPartition),
    },
    Host { suffix: ".signin.amazonaws.cn", issuer: true, acs: Some(AcsForm::OtherPartition) },
];

/// Where issuers live: `https://{region}{host}/platform/saml/d-…`.
const ISSUER_PATH: &str = "platform/saml/";
/// Where assertion consumer services live: `https://{region}{host}/platform/saml/acs/{id}`.
const ACS_PATH: &str = "platform/saml/acs/";
/// Hexadecimal digits in an instance's identifier, after `d-`.
const INSTANCE_DIGITS: usize = 10;
/// The groups of the newer form of an ACS identifier.
const NEWER_ID: [usize; 5] = [16, 4, 4, 4, 12];

/// Characters of identity provider metadata at most (User Guide, other identity providers).
pub const METADATA_CHARACTERS: usize = 75_000;

/// An issuer URL taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Issuer<'t> {
    /// The Region.
    pub region: &'t str,
    /// The instance: `d-` and ten digits.
    pub instance: &'t str,
}

/// An ACS URL taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Acs<'t> {
    /// The Region.
    pub region: &'t str,
    /// Which service it is.
    pub form: AcsForm,
}

/// What the names of attributes for access control begin with, before the key (User Guide, attributes
/// for access control).
pub const ACCESS_CONTROL: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:";
/// Characters of such a key (IAM and STS quotas, session tags).
pub const KEY_CHARACTERS: usize = 128;

fn split(url: &str) -> Option<(&str, &Host, &str)> {
    let (host, path) = url.strip_prefix("https://")?.split_once('/')?;
    HOSTS.iter().find_map(|pattern| {
        let region = host.strip_suffix(pattern.suffix).filter(|region| is_region(region))?;
        Some((region, pattern, path))
    })
}

/// The parts of an issuer URL; `None` where `url` has another form.
pub fn issuer(url: &str) -> Option<Issuer<'_>> {
    let (region, host, path) = split(url)?;
    let instance = path.strip_prefix(ISSUER_PATH)?;
    let digits = instance.strip_prefix("d-")?;
    (host.issuer && is_hex_groups(digits, &[INSTANCE_DIGITS]))
        .then_some(Issuer { region, instance })
}

/// The parts of an ACS URL; `None` where `url` has another form.
pub fn acs(url: &str) -> Option<Acs<'_>> {
    let (region, host, path) = split(url)?;
    let id = path.strip_prefix(ACS_PATH)?;
    let good = is_hex_groups(id, &UUID) || is_hex_groups(id, &NEWER_ID);
    host.acs.filter(|_| good).map(|form| Acs { region, form })
}

/// Whether a URL is meant to be one of Identity Center's, well-formed or not.
pub(crate) fn looks_like(url: &str) -> bool {
    url.contains("/platform/saml/")
}

/// Regions and instance, as the card shows them.
pub(crate) fn facts(entity: &EntityDescriptor<'_>) -> Facts {
    let mut facts = Facts::new();
    let issuer = issuer(entity_id(entity));
    let mut regions: Vec<&str> = issuer.iter().map(|issuer| issuer.region).collect();
    regions.extend(acs_locations(entity).filter_map(|url| Some(acs(url)?.region)));
    let mut seen: Vec<&str> = Vec::new();
    regions.retain(|region| {
        !seen.contains(region) && {
            seen.push(region);
            true
        }
    });
    if !regions.is_empty() {
        facts.push((if regions.len() == 1 { "Region" } else { "Regions" }, regions.join(", ")));
    }
    if let Some(issuer) = issuer {
        facts.push(("instance", issuer.instance.to_owned()));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_the_user_guide() {
        let host = "https://eu-west-1.signin.aws.amazon.com/platform/saml/";
        assert_eq!(
            issuer(&format!("{host}d-99672e41b0")),
            Some(Issuer { region: "eu-west-1", instance: "d-99672e41b0" })
        );
        for wrong in ["d-99672e41b", "d-99672e41bg", "99672e41b0", "d-99672e41b0/", "D-99672e41b0"]
        {
            assert_eq!(issuer(&format!("{host}{wrong}")), None, "{wrong}");
        }
        assert_eq!(issuer("https://eu-west-1.signin.aws/platform/saml/d-99672e41b0"), None);
        let forms = [
            ("https://eu-west-1.signin.aws", AcsForm::Ipv4),
            ("https://eu-west-1.sso.signin.aws", AcsForm::DualStack),
            ("https://eu-west-1.signin.aws.amazon.com", AcsForm::Older),
        ];
        for (host, form) in forms {
            for id in [
                "75732d65-6173-742d-312d-059231ef7dc0",
                "4e52542de036a8ac-0bbb-4d87-a526-9cd6da8148bd",
            ] {
                let url = format!("{host}/platform/saml/acs/{id}");
                assert_eq!(acs(&url), Some(Acs { region: "eu-west-1", form }));
                assert_eq!(acs(&url.replace("https", "http")), None);
                assert_eq!(acs(&format!("{url}/")), None);
            }
        }
        assert_eq!(acs("https://signin.aws.amazon.com/saml"), None);
    }
}
