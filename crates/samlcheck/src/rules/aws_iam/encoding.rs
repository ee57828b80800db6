//! The rule `aws-iam.encoding`.

use samlkit::metadata::IdpSsoDescriptor;
use samlkit::xml::Encoding;

use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_target;

rule! {
    /// The file is not in UTF-8, which is all that AWS IAM takes.
    ///
    /// ## Why it matters
    /// CreateSAMLProvider answers *Could not parse metadata*. The usual way there is a `>` in Windows
    /// PowerShell, which writes UTF-16.
    ///
    /// ## How to fix it
    /// Download the file again, and save it with `-OutFile` or `Set-Content -Encoding utf8NoBOM`.
    ///
    /// ## Example
    /// ```text
    /// bad   FF FE 3C 00 3F 00  (UTF-16)
    /// good  3C 3F  (UTF-8)
    /// ```
    pub static ENCODING = "aws-iam.encoding" {
        severity: Error,
        sources: [Aws("IAM User Guide, troubleshoot_saml")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, _: &IdpSsoDescriptor<'_>) -> Outcome {
    for_target(case, entity, SpProfile::AwsIam, || {
        let encoding = case.document.map_or(Encoding::Utf8, |document| document.encoding());
        let finding = (encoding != Encoding::Utf8).then(|| {
            Finding::new(format!("the file is in {}, which AWS IAM does not take", encoding.name()))
                .at(0..0)
                .expected("UTF-8 without a byte order mark")
                .note("AWS reports this as \"Could not parse metadata\"")
                .help("samlcheck fix FILE --utf8 writes it as UTF-8; the signature stays valid")
        });
        finding.into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn utf_16() {
        let bytes: Vec<u8> =
            format!("\u{FEFF}{}", idp()).encode_utf16().flat_map(u16::to_be_bytes).collect();
        let finding = fires_for(&ENCODING, bytes, &meant_for(SpProfile::AwsIam));
        assert!(finding.message.contains("UTF-16BE"), "{}", finding.message);
    }

    #[test]
    fn utf_8_with_and_without_a_mark() {
        passes_for(&ENCODING, ENTRA, &meant_for(SpProfile::AwsIam));
        passes_for(&ENCODING, idp(), &meant_for(SpProfile::AwsIam));
    }
}
