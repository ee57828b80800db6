//! Microsoft Entra ID: the hosts of its clouds, the forms of its identifiers, the names in its
//! certificates. Sources: Microsoft's federation-metadata.md, single-sign-on-saml-protocol.md,
//! authentication-national-cloud.md, and real files.

use samlkit::metadata::EntityDescriptor;
use url::Url;

use crate::profile::{Facts, entity_id};
use crate::profiles::{UUID, is_hex_groups};

/// One of Microsoft's clouds.
#[derive(Debug, PartialEq, Eq)]
pub struct Cloud {
    /// Its name in words.
    pub name: &'static str,
    /// The hosts of its sign-in endpoints; one that begins with a dot stands for all below it.
    pub login_hosts: &'static [&'static str],
    /// What entity IDs begin with, before the tenant; `None` where that is not known.
    pub issuer: Option<&'static str>,
}

/// Known with confidence H but for the issuers of the last three, which no file was found for.
pub static CLOUDS: [Cloud; 5] = [
    Cloud {
        name: "public",
        login_hosts: &["login.microsoftonline.com", "login.windows.net", "sts.windows.net"],
        issuer: Some("https://sts.windows.net/"),
    },
    Cloud {
        name: "US Government",
        login_hosts: &["login.microsoftonline.us"],
        issuer: Some("https://sts.windows.net/"),
    },
    Cloud {
        name: "China (21Vianet)",
        login_hosts: &[
            "login.partner.microsoftonline.cn",
            "login.chinacloudapi.cn",
            "sts.chinacloudapi.cn",
        ],
        issuer: Some("https://sts.chinacloudapi.cn/"),
    },
    Cloud { name: "External ID", login_hosts: &[".ciamlogin.com"], issuer: None },
    Cloud { name: "Azure AD B2C", login_hosts: &[".b2clogin.com"], issuer: None },
];

/// The subject of an app's own certificate (real files, and tutorial-manage-certificates.md).
pub const APP_CERTIFICATE: &str = "CN=Microsoft Azure Federated SSO Certificate";
/// Days that such a certificate counts at most: three years, one of them a leap year
/// (tutorial-manage-certificates.md).
pub const APP_CERTIFICATE_DAYS: i64 = 3 * 365 + 1;
/// The subjects of the keys that all apps of a tenant share (federation-metadata.md, real files).
pub const TENANT_CERTIFICATES: [&str; 2] =
    ["CN=accounts.accesscontrol.windows.net", "CN=login.microsoftonline.us"];
/// What stands in the place of the tenant in metadata of the common endpoint (a real file; the
/// documentation prints the second).
pub const TENANT_PLACEHOLDERS: [&str; 2] = ["{tenantid}", "{tenant}"];

/// Whether the entity is Entra ID, by its endpoints or its entity ID.
pub(crate) fn is(entity: &EntityDescriptor<'_>) -> bool {
    entity.idp_roles().next().is_some() && cloud(entity).is_some()
}

/// The cloud that the entity is in: that of its endpoints, or else that of its entity ID.
pub fn cloud(entity: &EntityDescriptor<'_>) -> Option<&'static Cloud> {
    let of_endpoint = locations(entity).find_map(|(_, location)| cloud_of_url(location));
    of_endpoint.or_else(|| cloud_of_url(entity_id(entity)))
}

/// The cloud that a URL belongs to.
pub fn cloud_of_url(url: &str) -> Option<&'static Cloud> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    let matches = |pattern: &&str| {
        if pattern.starts_with('.') { host.ends_with(*pattern) } else { host == *pattern }
    };
    CLOUDS.iter().find(|cloud| cloud.login_hosts.iter().any(&matches))
}

/// The name and location of each sign-on and logout endpoint.
pub(crate) fn locations<'e>(
    entity: &'e EntityDescriptor<'_>,
) -> impl Iterator<Item = (std::ops::Range<usize>, &'e str)> {
    let endpoints = entity
        .idp_roles()
        .flat_map(|idp| idp.single_sign_on_services.iter().chain(&idp.sso.single_logout_services));
    endpoints.filter_map(|endpoint| {
        let location = endpoint.location.as_ref()?;
        Some((location.range(), location.trimmed()))
    })
}

/// The tenant in a URL of Entra's: the first part of the path, in lower case.
pub fn tenant_of_url(url: &str) -> Option<String> {
    cloud_of_url(url)?;
    let url = Url::parse(url).ok()?;
    let tenant = url.path_segments()?.next().filter(|tenant| !tenant.is_empty())?;
    // A parsed URL has braces and the like escaped.
    let tenant = tenant.replace("%7B", "{").replace("%7D", "}");
    Some(tenant.to_lowercase())
}

/// Whether a tenant is named by its ID and not by a domain.
pub(crate) fn is_tenant_id(tenant: &str) -> bool {
    is_hex_groups(tenant, &UUID)
}

/// Cloud and tenant, as the card shows them.
pub(crate) fn facts(entity: &EntityDescriptor<'_>) -> Facts {
    let mut facts = Facts::new();
    if let Some(cloud) = cloud(entity) {
        facts.push(("cloud", cloud.name.to_owned()));
    }
    let of_endpoint = || locations(entity).find_map(|(_, location)| tenant_of_url(location));
    if let Some(tenant) = tenant_of_url(entity_id(entity)).or_else(of_endpoint) {
        facts.push(("tenant", tenant));
    }
    facts
}
