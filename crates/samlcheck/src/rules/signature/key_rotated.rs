//! The rule `signature.key-rotated`.

use super::untrusted;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::certificate::{day, describe};

rule! {
    /// The certificate that signed is newer than all that the identity provider's metadata lists, and names
    /// the same subject: probably the identity provider changed its key.
    ///
    /// ## Why it matters
    /// It is the commonest reason why sign-in fails from one day to the next: *Response signature invalid*
    /// at IAM, *It's not you, it's us* at IAM Identity Center. But anybody can make a certificate with
    /// any name, so that only the fingerprint tells a change from a forgery. Client
    /// VPN takes up to five hours to know a new certificate.
    ///
    /// ## How to fix it
    /// Download the identity provider's metadata again, compare the fingerprint with the one that the portal
    /// shows, and give the file to the service provider. IAM Identity Center: *Settings > Identity source >
    /// Actions > Manage authentication > Import certificate*. IAM: *Identity providers > (provider) > Upload
    /// metadata*.
    ///
    /// ## Example
    /// ```text
    /// bad   metadata of 2023 lists 7C:1E:40:…; the response carries 41:D9:0B:… of last week
    /// good  metadata of today lists both
    /// ```
    pub static KEY_ROTATED = "signature.key-rotated" {
        severity: Error,
        sources: [Aws("IAM User Guide, troubleshoot_saml")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let Some(untrusted) = untrusted(case) else {
        return Outcome::DoesNotApply(
            "no signature is good under a certificate that is not trusted",
        );
    };
    let presented = untrusted.presented;
    let is_newer = untrusted.trusted.iter().all(|trusted| {
        trusted.subject == presented.subject && trusted.not_before < presented.not_before
    });
    let finding = (is_newer && !untrusted.trusted.is_empty()).then(|| {
        Finding::new(format!(
            "it looks as if the identity provider changed its key: the certificate beside the signature \
             has the same name as those that its metadata lists, and is newer, of {}",
            day(presented.not_before)
        ))
        .at(untrusted.range)
        .found(describe(presented))
        .note("anybody can make a certificate with that name: its fingerprint decides")
        .note("AWS IAM reports this as \"Response signature invalid\"")
        .help(
            "download the identity provider's metadata again, compare the fingerprint with the portal's, \
             and give the file to the service provider. IAM Identity Center: Settings > Identity source > \
             Actions > Manage authentication; IAM: Identity providers > (provider) > Upload metadata",
        )
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;
    #[test]
    fn a_newer_certificate_of_the_same_subject() {
        fires_for(&KEY_ROTATED, vector("good-assertion-signed"), &verdict_trusting("active"));
    }

    #[test]
    fn an_older_one_and_another_subject() {
        passes_for(&KEY_ROTATED, vector("good-assertion-signed"), &verdict_trusting("next"));
        passes_for(&KEY_ROTATED, vector("good-assertion-signed"), &verdict_trusting("tenant"));
        let good = verdict_on("good-assertion-signed");
        does_not_apply_for(&KEY_ROTATED, vector("good-assertion-signed"), &good);
    }
}
