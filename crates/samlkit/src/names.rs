//! The identifiers of SAML 2.0 and of what travels with it: namespaces, bindings, formats. Each
//! is compared character by character.

pub use samlkit_dsig::namespace::{ASSERTION, ENCRYPTION, EXCLUSIVE_C14N, SIGNATURE};

/// SAML metadata (saml-metadata 2.1), usually prefixed `md`.
pub const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// The SAML protocol (saml-core 3), usually prefixed `samlp`; also the protocol that a role
/// lists.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// `xsi:type` and its like.
pub const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Metadata extensions for login and discovery user interface, usually prefixed `mdui`.
pub const METADATA_UI: &str = "urn:oasis:names:tc:SAML:metadata:ui";
/// Metadata extension for entity attributes, usually prefixed `mdattr`.
pub const METADATA_ATTRIBUTE: &str = "urn:oasis:names:tc:SAML:metadata:attribute";
/// Metadata extensions for registration and publication information, usually prefixed `mdrpi`.
pub const METADATA_RPI: &str = "urn:oasis:names:tc:SAML:metadata:rpi";
/// Shibboleth's metadata extensions, usually prefixed `shibmd`.
pub const SHIBBOLETH_METADATA: &str = "urn:mace:shibboleth:metadata:1.0";
/// WS-Federation 1.2, usually prefixed `fed`.
pub const WS_FEDERATION: &str = "http://docs.oasis-open.org/wsfed/federation/200706";
/// WS-Federation's authorization claims, usually prefixed `auth`.
pub const WS_AUTHORIZATION: &str = "http://docs.oasis-open.org/wsfed/authorization/200706";
/// WS-Addressing 1.0, usually prefixed `wsa`.
pub const WS_ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";

/// The bindings that SAML 2.0 defines (saml-bindings 3, and the SimpleSign binding).
pub mod binding {
    /// HTTP Redirect (3.4).
    pub const HTTP_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
    /// HTTP POST (3.5).
    pub const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
    /// HTTP POST with a simple signature.
    pub const HTTP_POST_SIMPLE_SIGN: &str =
        "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST-SimpleSign";
    /// HTTP Artifact (3.6).
    pub const HTTP_ARTIFACT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact";
    /// SOAP (3.2).
    pub const SOAP: &str = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP";
    /// Reverse SOAP (3.3).
    pub const PAOS: &str = "urn:oasis:names:tc:SAML:2.0:bindings:PAOS";
    /// SAML URI (3.7).
    pub const URI: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URI";
    /// The Holder-of-Key web browser SSO profile, which is written where a binding stands.
    pub const HOLDER_OF_KEY: &str =
        "urn:oasis:names:tc:SAML:2.0:profiles:holder-of-key:SSO:browser";
    /// The discovery service protocol, which is written where a binding stands.
    pub const DISCOVERY: &str = "urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol";

    /// All of them.
    pub const ALL: [&str; 9] = [
        HTTP_REDIRECT,
        HTTP_POST,
        HTTP_POST_SIMPLE_SIGN,
        HTTP_ARTIFACT,
        SOAP,
        PAOS,
        URI,
        HOLDER_OF_KEY,
        DISCOVERY,
    ];
}

/// The name identifier formats that SAML 2.0 defines (saml-core 8.3).
pub mod name_id_format {
    /// Unspecified (8.3.1).
    pub const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
    /// E-mail address (8.3.2).
    pub const EMAIL_ADDRESS: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    /// X.509 subject name (8.3.3).
    pub const X509_SUBJECT_NAME: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName";
    /// Windows domain qualified name (8.3.4).
    pub const WINDOWS_DOMAIN: &str =
        "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName";
    /// Kerberos principal name (8.3.5).
    pub const KERBEROS: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos";
    /// Entity identifier (8.3.6).
    pub const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
    /// Persistent identifier (8.3.7).
    pub const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    /// Transient identifier (8.3.8).
    pub const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
    /// An encrypted name identifier, as a NameIDPolicy asks for it (3.4.1.1).
    pub const ENCRYPTED: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted";

    /// All of them.
    pub const ALL: [&str; 9] = [
        UNSPECIFIED,
        EMAIL_ADDRESS,
        X509_SUBJECT_NAME,
        WINDOWS_DOMAIN,
        KERBEROS,
        ENTITY,
        PERSISTENT,
        TRANSIENT,
        ENCRYPTED,
    ];
}
