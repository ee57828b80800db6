//! The rule `certificate.repeated-extension`.

use std::collections::HashSet;

use samlkit::metadata::IdpSsoDescriptor;

use super::{describe, renewal, subject};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Findings, Outcome, rule};

rule! {
    /// A certificate has the same X.509 extension twice.
    ///
    /// ## Why it matters
    /// RFC 5280 forbids it, and AWS IAM refuses a metadata file with such a certificate: *Could not
    /// parse metadata*.
    ///
    /// ## How to fix it
    /// Make a new certificate. Entra's have no extensions at all.
    ///
    /// ## Example
    /// ```text
    /// bad   keyUsage twice in one certificate
    /// good  keyUsage once
    /// ```
    pub static REPEATED_EXTENSION = "certificate.repeated-extension" {
        severity: Error,
        sources: [Other("RFC 5280, 4.2"), Aws("IAM User Guide, troubleshoot_saml")],
        check: Idp(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    let of_role = entity.of_role(idp.role.element);
    let mut any = false;
    let findings: Findings = of_role
        .filter_map(|(key, certificate)| {
            any = true;
            let mut seen = HashSet::new();
            let repeated = certificate.extensions.iter().find(|oid| !seen.insert(*oid))?;
            let message = format!(
                "the certificate {} has the extension {repeated} twice",
                subject(certificate)
            );
            let finding = Finding::new(message).at(key.range.clone()).found(describe(certificate));
            Some(finding.expected("each extension at most once").help(renewal(entity)))
        })
        .collect();
    if any { findings.into() } else { Outcome::DoesNotApply("no certificate can be read") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_same_twice() {
        let finding = fires(&REPEATED_EXTENSION, idp_with(&["repeated-extension"]));
        assert!(finding.message.contains("1.3.6.1.4.1.99999.1 twice"), "{}", finding.message);
    }

    #[test]
    fn two_different_ones() {
        passes(&REPEATED_EXTENSION, idp_with(&["two-extensions", "active"]));
    }
}
