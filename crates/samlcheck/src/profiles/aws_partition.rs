//! The partitions of AWS: worlds of their own, with accounts, Regions and hosts that the others do not
//! know. Sources: the AWS General Reference (ARNs, signin-service), IAM and Client VPN guides.

use url::Url;

/// A partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// `aws`.
    Commercial,
    /// `aws-cn`.
    China,
    /// `aws-us-gov`.
    GovCloud,
}

impl Partition {
    /// The name in ARNs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Commercial => "aws",
            Self::China => "aws-cn",
            Self::GovCloud => "aws-us-gov",
        }
    }

    /// The partition of an entity ID or URL of a service provider of AWS; `None` where it says none.
    pub fn of(id: &str) -> Option<Self> {
        match id {
            "urn:amazon:webservices:cn-north-1" => return Some(Self::China),
            "urn:amazon:webservices:govcloud" => return Some(Self::GovCloud),
            "urn:amazon:webservices" => return Some(Self::Commercial),
            _ => {}
        }
        let url = Url::parse(id).ok()?;
        let host = url.host_str()?;
        let is_below = |domain: &str| {
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if is_below("amazonaws.cn") || is_below("awsapps.cn") {
            Some(Self::China)
        } else if is_below("signin.amazonaws-us-gov.com")
            || is_below("gov.self-service.clientvpn.amazonaws.com")
            || host.starts_with("us-gov-")
        {
            Some(Self::GovCloud)
        } else if is_below("signin.aws.amazon.com")
            || is_below("signin.aws")
            || is_below("clientvpn.amazonaws.com")
        {
            Some(Self::Commercial)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_hosts_and_names() {
        for (id, partition) in [
            ("urn:amazon:webservices", Some(Partition::Commercial)),
            ("urn:amazon:webservices:clientvpn", None),
            ("https://signin.aws.amazon.com/saml", Some(Partition::Commercial)),
            ("https://eu-west-1.sso.signin.aws/platform/saml/acs/x", Some(Partition::Commercial)),
            ("https://cn-north-1.signin.amazonaws.cn/platform/saml/d-1", Some(Partition::China)),
            ("https://signin.amazonaws-us-gov.com/saml", Some(Partition::GovCloud)),
            ("https://us-gov-west-1.signin.aws/platform/saml/acs/x", Some(Partition::GovCloud)),
            ("https://gov.self-service.clientvpn.amazonaws.com/x", Some(Partition::GovCloud)),
            ("http://127.0.0.1:35001", None),
            ("https://notsignin.aws/", None),
        ] {
            assert_eq!(Partition::of(id), partition, "{id}");
        }
    }
}
