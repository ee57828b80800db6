//! The rule `pair.name-id-format`.

use samlkit::metadata::SpSsoDescriptor;

use crate::case::{Entity, IdpOffer};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// Both sides list NameID formats, and no format is on both lists.
    ///
    /// ## Why it matters
    /// The service provider may refuse every name that the identity provider can give.
    ///
    /// ## How to fix it
    /// Configure the format that the service provider asks for. In Entra: *Attributes & Claims > Unique
    /// User Identifier > Name identifier format*.
    ///
    /// ## Example
    /// ```text
    /// bad   the IdP lists persistent, the SP lists emailAddress
    /// good  both list emailAddress
    /// ```
    pub static NAME_ID_FORMAT = "pair.name-id-format" {
        severity: Warning,
        sources: [Metadata("2.4.2")],
        check: Pair(check)
    }
}

fn check(_: &Entity<'_>, sp: &SpSsoDescriptor<'_>, idp: &IdpOffer) -> Outcome {
    let Some(first) = sp.sso.name_id_formats.first().filter(|_| !idp.name_id_formats.is_empty())
    else {
        return Outcome::DoesNotApply("one of the sides lists no NameIDFormat");
    };
    let list: Vec<&str> = sp.sso.name_id_formats.iter().map(|format| format.trimmed()).collect();
    let is_shared = idp.name_id_formats.iter().any(|format| list.contains(&format.as_str()));
    let finding = (!is_shared).then(|| {
        Finding::new("the two sides share no NameIDFormat")
            .at(first.range())
            .found(list.join(", "))
            .expected(format!("one of the identity provider's: {}", idp.name_id_formats.join(", ")))
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn listing(format: &str) -> String {
        let list = format!("<NameIDFormat>urn:oasis:names:tc:SAML:{format}</NameIDFormat>");
        with(
            sp(),
            "<AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"",
            &format!(
                "{list}<AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\""
            ),
        )
    }

    #[test]
    fn none_in_common() {
        let sp = listing("1.1:nameid-format:emailAddress");
        fires_for(&NAME_ID_FORMAT, sp, &beside(&idp()));
    }

    #[test]
    fn one_in_common_and_no_list() {
        passes_for(&NAME_ID_FORMAT, listing("2.0:nameid-format:persistent"), &beside(&idp()));
        does_not_apply_for(&NAME_ID_FORMAT, sp(), &beside(&idp()));
    }
}
