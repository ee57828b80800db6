//! The rule `certificate.sha1`.

use super::{describe, distinct, subject};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A certificate is itself signed with SHA-1 or MD5.
    ///
    /// ## Why it matters
    /// In SAML nobody checks the signature on a certificate: the metadata vouches for the key. It is
    /// no danger, but security scanners complain. Which algorithm *messages* are signed with is
    /// another setting.
    ///
    /// ## How to fix it
    /// Nothing has to be done; the next certificate will have SHA-256.
    ///
    /// ## Example
    /// ```text
    /// bad   signature algorithm of the certificate: sha1WithRSAEncryption
    /// good  sha256WithRSAEncryption
    /// ```
    pub static SHA1 = "certificate.sha1" {
        severity: Info,
        sources: [Other("SAML V2.0 Metadata Interoperability Profile, 2.6.1")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let certificates = distinct(entity);
    if certificates.is_empty() {
        return Outcome::DoesNotApply("the entity lists no readable certificate");
    }
    let old = certificates.into_iter().filter(|(_, certificate)| {
        let algorithm = certificate.signature_algorithm.to_ascii_lowercase();
        algorithm.contains("sha1") || algorithm.contains("md5")
    });
    let findings = old.map(|(key, certificate)| {
        Finding::new(format!(
            "the certificate {} is signed with {}, which nobody checks in SAML",
            subject(certificate),
            certificate.signature_algorithm
        ))
        .at(key.range.clone())
        .found(describe(certificate))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn sha_1() {
        let finding = fires(&SHA1, idp_with(&["sha1"]));
        assert!(finding.message.contains("sha1WithRSAEncryption"), "{}", finding.message);
    }

    #[test]
    fn sha_256() {
        passes(&SHA1, idp_with(&["active", "ec-p256"]));
    }
}
