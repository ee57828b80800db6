//! The rule `signature.algorithm`.

use super::{as_said, enforced};
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The signature uses an algorithm that is not accepted: SHA-1, MD5, HMAC, DSA or an unknown
    /// one, or one that no trusted key is made for.
    ///
    /// ## Why it matters
    /// Two documents with the same SHA-1 digest can be made, so that a signature over one is a
    /// signature over the other. HMAC turns a public key into a password that everybody knows.
    ///
    /// ## How to fix it
    /// In Entra: *Single sign-on > SAML certificates > Edit > Signing algorithm: SHA-256*. Elsewhere
    /// turn on RSA or ECDSA with SHA-256.
    ///
    /// ## Example
    /// ```text
    /// bad   <SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/>
    /// good  <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
    /// ```
    pub static ALGORITHM = "signature.algorithm" {
        severity: Error,
        sources: [Other("RFC 9231"), Other("NIST SP 800-131A")],
        check: Document(check)
    }
}

const HELP: &str = "Entra: Single sign-on > SAML certificates > Edit > Signing algorithm: SHA-256; elsewhere turn on \
                    RSA or ECDSA with SHA-256";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.algorithm", |_, kind| {
        as_said(kind, HELP).expected("RSA, RSA-PSS or ECDSA with SHA-256, SHA-384 or SHA-512")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn md5_and_sha_1() {
        let md5 = with(ENTRA, "xmldsig-more#rsa-sha256", "xmldsig-more#rsa-md5");
        assert!(fires(&ALGORITHM, md5).message.contains("rsa-md5"));
        let sha1 = with(ENTRA, "2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1");
        assert!(fires(&ALGORITHM, sha1).message.contains("digest method"));
    }

    #[test]
    fn sha_512_over_the_content() {
        passes(&ALGORITHM, with(ENTRA, "2001/04/xmlenc#sha256", "2001/04/xmlenc#sha512"));
        passes(&ALGORITHM, ENTRA);
    }
}
