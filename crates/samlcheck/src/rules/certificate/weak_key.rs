//! The rule `certificate.weak-key`.

use samlkit::dsig::PublicKey;

use super::{describe, distinct, renewal, subject};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The key in a certificate is too short: RSA below 2048 bits, or an elliptic curve below 256.
    ///
    /// ## Why it matters
    /// Whoever finds the private key can sign in as anybody. Keys of these sizes are not accepted
    /// for signatures any more, and samlkit refuses what is signed with them.
    ///
    /// ## How to fix it
    /// Make a new certificate with an RSA key of 2048 bits or more. Entra's own have 2048.
    ///
    /// ## Example
    /// ```text
    /// bad   RSA 1024
    /// good  RSA 2048
    /// ```
    pub static WEAK_KEY = "certificate.weak-key" {
        severity: Error,
        sources: [Other("NIST SP 800-57 part 1, 5.6.1"), Other("NIST SP 800-131A, 3")],
        check: Entity(check)
    }
}

/// Bits of the shortest RSA key that is good (NIST SP 800-131A).
const RSA_BITS: u32 = 2048;
/// Bits of the shortest elliptic curve that is good (NIST SP 800-57).
const EC_BITS: u32 = 256;

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let certificates = distinct(entity);
    if certificates.is_empty() {
        return Outcome::DoesNotApply("the entity lists no readable certificate");
    }
    let findings = certificates.into_iter().filter_map(|(key, certificate)| {
        let least = match certificate.public_key {
            PublicKey::Rsa { bits, .. } if bits < RSA_BITS => RSA_BITS,
            PublicKey::Ec { bits, .. } if bits < EC_BITS => EC_BITS,
            _ => return None,
        };
        let message = format!(
            "the key in the certificate {} is too short: {}",
            subject(certificate),
            certificate.public_key
        );
        let expected = format!("{least} bits or more");
        let finding = Finding::new(message).at(key.range.clone()).found(describe(certificate));
        Some(finding.expected(expected).help(renewal(entity)))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn rsa_with_1024_bits() {
        let finding = fires(&WEAK_KEY, idp_with(&["rsa-1024"]));
        assert!(finding.message.ends_with("too short: RSA 1024"), "{}", finding.message);
        assert_eq!(finding.expected.as_deref(), Some("2048 bits or more"));
    }

    #[test]
    fn rsa_with_2048_and_p_256() {
        passes(&WEAK_KEY, idp_with(&["active", "ec-p256"]));
    }
}
