//! The rule `aws-iam.key-size`.

use samlkit::dsig::PublicKey;
use samlkit::metadata::IdpSsoDescriptor;

use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::profiles::aws_iam::KEY_BITS;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::certificate::{describe, subject};
use crate::rules::for_target;

rule! {
    /// A key has fewer than 1024 bits, which AWS IAM does not take.
    ///
    /// ## Why it matters
    /// CreateSAMLProvider refuses the file. Everything below 2048 bits is too weak in any case:
    /// `certificate.weak-key`.
    ///
    /// ## How to fix it
    /// Make a new certificate with an RSA key of 2048 bits or more.
    ///
    /// ## Example
    /// ```text
    /// bad   RSA 512
    /// good  RSA 2048
    /// ```
    pub static KEY_SIZE = "aws-iam.key-size" {
        severity: Error,
        sources: [Aws("IAM User Guide, troubleshoot_saml")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    for_target(case, entity, SpProfile::AwsIam, || {
        let short = entity.of_role(idp.role.element).filter(|(_, certificate)| {
            matches!(certificate.public_key, PublicKey::Rsa { bits, .. } if bits < KEY_BITS)
        });
        let finding = short.map(|(key, certificate)| {
            Finding::new(format!(
                "the key in the certificate {} is {}; AWS IAM takes {KEY_BITS} bits or more",
                subject(certificate),
                certificate.public_key
            ))
            .at(key.range.clone())
            .found(describe(certificate))
            .help("make a new certificate with an RSA key of 2048 bits or more")
        });
        finding.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn rsa_with_512_bits() {
        let finding = fires_for(&KEY_SIZE, idp_with(&["rsa-512"]), &meant_for(SpProfile::AwsIam));
        assert!(finding.message.contains("RSA 512"), "{}", finding.message);
    }

    #[test]
    fn rsa_with_1024_bits_and_p_256() {
        passes_for(&KEY_SIZE, idp_with(&["rsa-1024", "ec-p256"]), &meant_for(SpProfile::AwsIam));
    }
}
