//! The rule `identity-center.certificate-size`.

use samlkit::metadata::IdpSsoDescriptor;

use crate::case::{Case, Entity, Target};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::for_target;

rule! {
    /// A certificate has over 2,500 characters in PEM.
    ///
    /// ## Why it matters
    /// *Import certificate* of Identity Center takes no more, so that the certificate cannot be changed without
    /// changing the whole identity source. The usual ones of Entra, RSA 2048 without extensions, have about 1,080.
    ///
    /// ## How to fix it
    /// Use a certificate with an RSA key of 2048 bits and few extensions.
    ///
    /// ## Example
    /// ```text
    /// bad   RSA 4096 with forty names, 3,035 characters in PEM
    /// good  RSA 2048, 1,077 characters in PEM
    /// ```
    pub static CERTIFICATE_SIZE = "identity-center.certificate-size" {
        severity: Warning,
        sources: [Aws("IAM Identity Center User Guide, managing SAML 2.0 certificates")],
        check: Idp(check)
    }
}

/// Characters of a certificate in PEM at most.
const CHARACTERS: usize = 2_500;
/// Characters of a line of PEM (RFC 7468), without its end.
const LINE: usize = 64;
/// Characters of the first and the last line, with their ends.
const FRAME: usize = 53;

fn check(case: &Case<'_>, entity: &Entity<'_>, idp: &IdpSsoDescriptor<'_>) -> Outcome {
    if case.target(SpProfile::IdentityCenter) != Target::Meant {
        return Outcome::DoesNotApply("nobody said that the file is for IAM Identity Center");
    }
    for_target(case, entity, SpProfile::IdentityCenter, || {
        let document = case.document.ok();
        let of_role = entity.of_role(idp.role.element);
        let long = of_role.filter_map(|(key, _)| {
            let text = document?.text().get(key.range.clone())?;
            let base64 = text.chars().filter(|c| !c.is_whitespace()).count();
            let characters = base64.saturating_add(base64.div_ceil(LINE)).saturating_add(FRAME);
            (characters > CHARACTERS).then_some((key, characters))
        });
        let findings = long.map(|(key, characters)| {
            Finding::new("the certificate is larger than IAM Identity Center imports")
                .at(key.range.clone())
                .found(format!("{characters} characters in PEM"))
                .expected(format!("{CHARACTERS} at most"))
        });
        findings.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_large_one() {
        let large = certificate("large");
        let finding = fires_for(
            &CERTIFICATE_SIZE,
            with(idp(), certificate("active"), large),
            &meant_for(SpProfile::IdentityCenter),
        );
        assert!(finding.found.is_some_and(|found| found.ends_with("characters in PEM")));
    }

    #[test]
    fn the_usual_one() {
        let meant = meant_for(SpProfile::IdentityCenter);
        passes_for(&CERTIFICATE_SIZE, idp(), &meant);
        passes_for(&CERTIFICATE_SIZE, ENTRA, &meant);
        does_not_apply(&CERTIFICATE_SIZE, with(idp(), certificate("active"), certificate("large")));
    }
}
