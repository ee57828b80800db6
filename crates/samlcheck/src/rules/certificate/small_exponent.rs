//! The rule `certificate.small-exponent`.

use super::{describe, distinct, renewal, subject};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The RSA key in a certificate has a public exponent below 65,537.
    ///
    /// ## Why it matters
    /// Signatures under a small exponent are safe only as long as every verifier checks their padding
    /// without a mistake, and several did not (CVE-2006-4339 and its like). NIST asks for 65,537 at least.
    ///
    /// ## How to fix it
    /// Make a new certificate; every tool of today takes 65,537 by itself.
    ///
    /// ## Example
    /// ```text
    /// bad   RSA 2048, exponent 3
    /// good  RSA 2048, exponent 65537
    /// ```
    pub static SMALL_EXPONENT = "certificate.small-exponent" {
        severity: Warning,
        sources: [Other("NIST SP 800-56B, 6.2"), Other("CVE-2006-4339")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let certificates = distinct(entity);
    if certificates.is_empty() {
        return Outcome::DoesNotApply("the entity lists no readable certificate");
    }
    // One that proves nothing has a rule of its own.
    let findings = certificates.into_iter().filter(|(_, certificate)| {
        let key = &certificate.public_key;
        key.has_small_exponent() && !key.proves_nothing()
    });
    let findings = findings.map(|(key, certificate)| {
        let message = format!(
            "the key in the certificate {} has an RSA exponent below 65,537",
            subject(certificate)
        );
        let finding = Finding::new(message).at(key.range.clone()).found(describe(certificate));
        finding.expected("the exponent 65537 or a greater one").help(renewal(entity))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn exponent_three() {
        let finding = fires(&SMALL_EXPONENT, idp_with(&["rsa-exponent-3"]));
        assert!(finding.message.ends_with("below 65,537"), "{}", finding.message);
    }

    #[test]
    fn the_usual_exponent_and_one_that_proves_nothing() {
        passes(&SMALL_EXPONENT, idp_with(&["active", "rsa-exponent-1"]));
        does_not_apply(&SMALL_EXPONENT, CLIENT_VPN);
    }
}
