//! The rule `pair.encryption`.

use samlkit::Value;
use samlkit::metadata::SpSsoDescriptor;

use crate::case::{Entity, IdpOffer};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The service provider publishes a key for encryption: assertions may come encrypted.
    ///
    /// ## Why it matters
    /// Whoever looks at a response then needs the service provider's private key to see the assertion.
    ///
    /// ## How to fix it
    /// Nothing has to be done. In Entra encryption is on only if the certificate is imported under *Token
    /// encryption*.
    ///
    /// ## Example
    /// ```text
    /// bad   an encryption key in the SP's metadata that nobody has the private half of
    /// good  an encryption key whose private half the SP holds
    /// ```
    pub static ENCRYPTION = "pair.encryption" {
        severity: Info,
        sources: [Metadata("2.4.1.1")],
        check: Pair(check)
    }
}

fn check(_: &Entity<'_>, sp: &SpSsoDescriptor<'_>, _: &IdpOffer) -> Outcome {
    let uses = sp.role.key_descriptors.iter().filter_map(|key| key.key_use.as_ref());
    let mut uses = uses.filter(|key_use| key_use.text() == "encryption");
    let finding = uses.next().map(|key_use: &Value<'_>| {
        Finding::new(
            "the service provider publishes a key for encryption: assertions may come encrypted",
        )
        .at(key_use.range())
        .help("to look at an encrypted response, give --decrypt-key")
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_key_for_encryption() {
        let sp = with(sp(), "<KeyDescriptor>", "<KeyDescriptor use=\"encryption\">");
        fires_for(&ENCRYPTION, sp, &beside(&idp()));
    }

    #[test]
    fn a_key_for_signing_and_one_for_anything() {
        let signing = with(sp(), "<KeyDescriptor>", "<KeyDescriptor use=\"signing\">");
        passes_for(&ENCRYPTION, signing, &beside(&idp()));
        passes_for(&ENCRYPTION, sp(), &beside(&idp()));
    }
}
