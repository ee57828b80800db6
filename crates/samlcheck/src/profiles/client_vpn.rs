//! AWS Client VPN as a service provider. Source: Client VPN Administrator Guide, single sign-on.

/// Its entity ID, one for all.
pub const ENTITY_ID: &str = "urn:amazon:webservices:clientvpn";
/// The ACS of the client on the user's machine.
pub const CLIENT_ACS: &str = "http://127.0.0.1:35001";
/// The ACS of the self-service portal: commercial, GovCloud.
pub const PORTAL_ACS: [&str; 2] = [
    "https://self-service.clientvpn.amazonaws.com/api/auth/sso/saml",
    "https://gov.self-service.clientvpn.amazonaws.com/api/auth/sso/saml",
];

/// Whether the URL is one of its assertion consumer services.
pub fn is_acs(url: &str) -> bool {
    url == CLIENT_ACS || PORTAL_ACS.contains(&url)
}

/// Whether an entity ID or the URL of an ACS is Client VPN's.
pub fn is_ours(id: &str) -> bool {
    id == ENTITY_ID || is_acs(id)
}
