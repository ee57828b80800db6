//! The rule `signature.untrusted-key`.

use samlkit::dsig::FailureKind;

use super::{as_said, enforced};
use crate::case::Case;
use crate::rule::{Outcome, rule};
use crate::rules::certificate::describe;

rule! {
    /// The signature is good, but under a key that nobody said to trust.
    ///
    /// ## Why it matters
    /// Whoever forges a document signs it with a key of his own and puts the certificate beside
    /// it. Only a key that was given beforehand proves anything. The usual harmless reason is that
    /// the signer changed its certificate.
    ///
    /// ## How to fix it
    /// Compare the fingerprint with one that you get by another way. If it is the signer's new
    /// certificate, trust that: upload the identity provider's current metadata at the service
    /// provider, or give `--trust` the new certificate.
    ///
    /// ## Example
    /// ```text
    /// bad   signed by 41:D9:0B:…, the metadata lists 7C:1E:40:…
    /// good  signed by 7C:1E:40:…, the metadata lists it
    /// ```
    pub static UNTRUSTED_KEY = "signature.untrusted-key" {
        severity: Error,
        sources: [Other("SAML V2.0 Metadata Interoperability Profile, 2")],
        check: Document(check)
    }
}

const HELP: &str = "compare the fingerprint with one that comes by another way; if the signer changed its \
                    certificate, trust the new one";

fn check(case: &Case<'_>) -> Outcome {
    enforced(case, "signature.untrusted-key", |_, kind| {
        let mut finding = as_said(kind, HELP);
        if let FailureKind::UntrustedKey { presented: Some(certificate), .. } = kind {
            finding = finding.found(describe(certificate));
        }
        let of_idp = case.options.verdict.iter().flat_map(|verdict| verdict.idp.keys());
        let trusted = case.options.trust.iter().chain(of_idp).filter_map(|key| key.certificate());
        let trusted: Vec<String> = trusted.map(describe).collect();
        if trusted.is_empty() { finding } else { finding.expected(trusted.join(", or ")) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn another_certificate_is_pinned() {
        let finding = fires_for(&UNTRUSTED_KEY, ENTRA, &trusting("tenant"));
        assert!(finding.found.is_some_and(|found| found.contains("Federated SSO")));
        assert!(finding.expected.is_some_and(|expected| expected.contains("accounts.access")));
    }

    #[test]
    fn the_one_that_signed_and_none() {
        passes_for(&UNTRUSTED_KEY, ENTRA, &trusting("active"));
        passes(&UNTRUSTED_KEY, ENTRA);
    }
}
