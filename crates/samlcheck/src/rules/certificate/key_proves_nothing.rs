//! The rule `certificate.key-proves-nothing`.

use super::{describe, distinct, subject};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The RSA key in a certificate has an exponent below 3 or an even one: anybody can make a signature
    /// that fits it, or nobody can.
    ///
    /// ## Why it matters
    /// With the exponent 1, every message is its own signature: whoever trusts this key accepts a response
    /// of anybody. No product makes such a key; somebody made it on purpose. samlkit does not take it for a
    /// key, so what is signed "by" it is refused.
    ///
    /// ## How to fix it
    /// Do not give this file to a service provider. Download the metadata from the identity provider again,
    /// over HTTPS, and find out where this file came from.
    ///
    /// ## Example
    /// ```text
    /// bad   RSA 2048, exponent 1
    /// good  RSA 2048, exponent 65537
    /// ```
    pub static KEY_PROVES_NOTHING = "certificate.key-proves-nothing" {
        severity: Error,
        sources: [Other("RFC 8017, 3.1"), Other("NIST SP 800-56B, 6.2")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let certificates = distinct(entity);
    if certificates.is_empty() {
        return Outcome::DoesNotApply("the entity lists no readable certificate");
    }
    let findings = certificates.into_iter().filter(|(_, c)| c.public_key.proves_nothing());
    let findings = findings.map(|(key, certificate)| {
        let message = format!(
            "the key in the certificate {} proves nothing: its RSA exponent is below 3 or even",
            subject(certificate)
        );
        Finding::new(message)
            .at(key.range.clone())
            .found(describe(certificate))
            .expected("an odd exponent from 3 on; 65537 is the usual one")
            .help("do not use this file: download the metadata again, and find out where it came from")
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn exponents_one_and_two() {
        for name in ["rsa-exponent-1", "rsa-exponent-2"] {
            let finding = fires(&KEY_PROVES_NOTHING, idp_with(&[name]));
            assert!(finding.message.contains("proves nothing"), "{}", finding.message);
        }
    }

    #[test]
    fn exponents_three_and_65537_and_another_kind() {
        passes(&KEY_PROVES_NOTHING, idp_with(&["rsa-exponent-3", "active", "ec-p256"]));
        does_not_apply(&KEY_PROVES_NOTHING, CLIENT_VPN);
    }
}
