//! The rule `signature.certificate-expired`.

use crate::case::Case;
use crate::report::days_until;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::certificate::{day, describe};

rule! {
    /// The signature is good under a trusted key whose certificate has expired.
    ///
    /// ## Why it matters
    /// SAML trusts the key, not the dates, and Entra goes on signing with an expired certificate.
    /// Other service providers look at the dates and refuse.
    ///
    /// ## How to fix it
    /// *Single sign-on > SAML certificates > Edit > New certificate*: give the new metadata to the
    /// service provider, then make it active.
    ///
    /// ## Example
    /// ```text
    /// bad   trusted certificate 2023-11-14 to 2026-11-14, judged on 2026-11-21
    /// good  trusted certificate 2026-11-10 to 2029-11-10
    /// ```
    pub static CERTIFICATE_EXPIRED = "signature.certificate-expired" {
        severity: Warning,
        sources: [Other("SAML V2.0 Metadata Interoperability Profile, 2.6.1")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let of_metadata = case.signatures.iter().filter_map(|check| check.evidence.as_ref());
    let of_metadata = of_metadata.map(|signed| signed.key());
    let of_response = case.verdict.iter().filter_map(|verdict| Some(verdict.as_ref().ok()?.key()));
    let mut keys = of_metadata.chain(of_response).peekable();
    if keys.peek().is_none() {
        return Outcome::DoesNotApply("no signature is good under a trusted key");
    }
    let certificates = keys.filter_map(|key| key.certificate());
    let findings = certificates.filter(|c| c.not_after < case.now).map(|certificate| {
        let days = days_until(certificate.not_after, case.now).unsigned_abs();
        let expired = day(certificate.not_after);
        Finding::new(format!(
            "the certificate of the key that signed expired on {expired}, {days} days ago"
        ))
        .found(describe(certificate))
        .help(
            "Single sign-on > SAML certificates > Edit > New certificate; give the new metadata \
                 to the service provider, then make it active",
        )
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_trusted_key_in_an_old_certificate() {
        let case = "good-expired-certificate-trusted-key";
        fires_for(&CERTIFICATE_EXPIRED, vector(case), &verdict_on(case));
    }

    #[test]
    fn a_current_one_and_none_that_is_trusted() {
        passes_for(&CERTIFICATE_EXPIRED, ENTRA, &trusting("active"));
        does_not_apply(&CERTIFICATE_EXPIRED, ENTRA);
    }
}
