//! An assertion that is encrypted as a whole (saml-core 2.3.4): opened, and read as XML. Whether what is in
//! it is believed is judged in `rules`.
//!
//! Where no signature around vouches for the ciphertext, whoever sent it may be asking what is in it, by
//! changing it and watching the answer (XML Encryption 1.1, 6.1). Whatever goes wrong behind the algorithms
//! then gets one answer, [`RefusalKind::Sealed`], which `rules` also gives while nobody trusted has signed
//! what came out.

use samlkit_dsig::{DecryptError, Decrypted, Signed, decrypt, decrypt_signed};
use samlkit_xml::Element;

use super::refusal::RefusalKind;
use super::service_provider::ServiceProvider;

/// Decrypts an `EncryptedAssertion`. `around` is the evidence for the response that it stands in, where
/// there is any.
pub(super) fn open<'doc>(
    sp: &ServiceProvider,
    encrypted: Element<'doc>,
    around: Option<&Signed<'doc>>,
) -> Result<Decrypted, RefusalKind> {
    let (keys, policy) = (&sp.decryption_keys, sp.encryption_policy);
    let signed = around.and_then(|around| {
        let mut children = around.root().children();
        children.find(|child| child.range() == encrypted.range())
    });
    let decrypted = match signed {
        Some(signed) => decrypt_signed(signed, keys, policy),
        None => decrypt(encrypted, keys, policy),
    };
    decrypted.map_err(|error| match error {
        DecryptError::NoKey => RefusalKind::Encrypted,
        DecryptError::Failed if signed.is_none() => RefusalKind::Sealed,
        error => RefusalKind::Decryption(error),
    })
}
