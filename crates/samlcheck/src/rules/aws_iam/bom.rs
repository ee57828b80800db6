//! The rule `aws-iam.bom`.

use samlkit::metadata::IdpSsoDescriptor;

use crate::case::{Case, Entity};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_target;

rule! {
    /// The file begins with a byte order mark, which AWS IAM does not take.
    ///
    /// ## Why it matters
    /// Entra writes one. CreateSAMLProvider and UpdateSAMLProvider answer *Could not parse metadata*.
    ///
    /// ## How to fix it
    /// `samlcheck fix FILE --strip-bom` writes a file without it; saving as UTF-8 without BOM in an editor
    /// does the same. The signature stays valid.
    ///
    /// ## Example
    /// ```text
    /// bad   EF BB BF 3C 3F 78 6D 6C
    /// good  3C 3F 78 6D 6C
    /// ```
    pub static BOM = "aws-iam.bom" {
        severity: Error,
        sources: [Aws("IAM User Guide, troubleshoot_saml")],
        check: Idp(check)
    }
}

fn check(case: &Case<'_>, entity: &Entity<'_>, _: &IdpSsoDescriptor<'_>) -> Outcome {
    for_target(case, entity, SpProfile::AwsIam, || {
        let has_mark = case.document.is_ok_and(|document| document.has_byte_order_mark());
        let finding = has_mark.then(|| {
            Finding::new("the file begins with a byte order mark, which AWS IAM does not take")
                .at(0..0)
                .found("EF BB BF before the first <")
                .expected("UTF-8 without a byte order mark")
                .note("AWS reports this as \"Could not parse metadata\"")
                .help(
                    "samlcheck fix FILE --strip-bom writes one without it; the signature stays valid",
                )
        });
        finding.into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Severity;
    use crate::rules::testing::*;

    #[test]
    fn with_one() {
        assert_eq!(fires_for(&BOM, ENTRA, &meant_for(SpProfile::AwsIam)).severity, Severity::Error);
        let hint = fires(&BOM, ENTRA);
        assert_eq!(hint.severity, Severity::Info);
        assert!(hint.notes[1].ends_with("for AWS IAM"), "{:?}", hint.notes);
    }

    #[test]
    fn without_and_for_somebody_else() {
        let without = ENTRA.strip_prefix('\u{FEFF}').unwrap();
        passes_for(&BOM, without, &meant_for(SpProfile::AwsIam));
        does_not_apply_for(&BOM, ENTRA, &meant_for(SpProfile::IdentityCenter));
    }
}
