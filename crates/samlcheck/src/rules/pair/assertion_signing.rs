//! The rule `pair.assertion-signing`.

use samlkit::Value;
use samlkit::metadata::SpSsoDescriptor;

use crate::case::{Entity, IdpOffer};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The service provider wants assertions to be signed (`WantAssertionsSigned`).
    ///
    /// ## Why it matters
    /// A signature on the response alone is not what it asks for; AWS Client VPN wants both
    /// signed, IAM Identity Center and IAM the assertion.
    ///
    /// ## How to fix it
    /// In Entra: *SAML certificates > Edit > Signing option*: *Sign SAML assertion*, which is the default,
    /// or *Sign SAML response and assertion*.
    ///
    /// ## Example
    /// ```text
    /// bad   WantAssertionsSigned="true", signing option: Sign SAML response
    /// good  WantAssertionsSigned="true", signing option: Sign SAML assertion
    /// ```
    pub static ASSERTION_SIGNING = "pair.assertion-signing" {
        severity: Info,
        sources: [Metadata("2.4.4")],
        check: Pair(check)
    }
}

fn check(_: &Entity<'_>, sp: &SpSsoDescriptor<'_>, _: &IdpOffer) -> Outcome {
    let wants = sp.want_assertions_signed.as_ref();
    let wants = wants.filter(|value| value.boolean() == Some(true));
    let finding = wants.map(|value: &Value<'_>| {
        Finding::new("the service provider wants the assertion to be signed")
            .at(value.range())
            .help("Entra's signing option has to be one that includes the assertion")
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn wanting(value: &str) -> String {
        with(
            sp(),
            "<SPSSODescriptor ",
            &format!("<SPSSODescriptor WantAssertionsSigned=\"{value}\" "),
        )
    }

    #[test]
    fn wanted() {
        fires_for(&ASSERTION_SIGNING, wanting("true"), &beside(&idp()));
    }

    #[test]
    fn not_wanted() {
        passes_for(&ASSERTION_SIGNING, wanting("false"), &beside(&idp()));
        passes_for(&ASSERTION_SIGNING, sp(), &beside(&idp()));
    }
}
