//! The namespaces that this crate reads, each written once. Identifiers of algorithms begin with the
//! same strings, which is why some of them end in `#`.

/// XML Signature.
pub const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// What RFC 9231 added to XML Signature in 2007.
pub const SIGNATURE_MORE: &str = "http://www.w3.org/2007/05/xmldsig-more#";
/// XML Encryption 1.0.
pub const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
/// What XML Encryption 1.1 added.
pub const ENCRYPTION_11: &str = "http://www.w3.org/2009/xmlenc11#";
/// Exclusive canonicalization: its identifier, and the namespace of `InclusiveNamespaces`.
pub const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// SAML assertions: of the two elements that a signature may come after, `Issuer` is the one that this
/// crate has to know (saml-core and saml-metadata, schemas).
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
