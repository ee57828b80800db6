//! Whatever comes from the network: no panic, one spelling for each message that is accepted, and no
//! evidence for a query that nobody signed.
#![no_main]

use std::sync::LazyLock;

use samlkit::binding::{BindingError, read_post, read_redirect};
use samlkit::dsig::redirect::{INFLATED, verify};
use samlkit::dsig::{AlgorithmPolicy, VerifyingKey, parameters};
use samlkit::xml::Limits;

static KEYS: LazyLock<[VerifyingKey; 1]> = LazyLock::new(|| {
    [VerifyingKey::from_pem(include_str!("../../tests/data/keys/rsa-2048.crt.pem")).unwrap()]
});

/// The only query that was ever signed with the key for this.
const SIGNED: &str = include_str!("../seeds/binding/redirect");

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(posted) = read_post(bytes) {
        assert!(!posted.xml().is_empty());
        let form = |octets| {
            let value = parameters::encode(&base64(octets));
            let state = posted.relay_state().map(parameters::encode);
            let state = state.map_or(String::new(), |state| format!("&RelayState={state}"));
            format!("{}={value}{state}", posted.parameter().name())
        };
        let again = read_post(form(posted.xml()).as_bytes());
        assert_eq!(again.expect("what was read can be written"), posted);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let redirected = match read_redirect(text) {
        Ok(redirected) => redirected,
        Err(BindingError::Redirect(error)) => return assert!(!error.to_string().is_empty()),
        Err(other) => panic!("not an error of the Redirect binding: {other}"),
    };
    assert!(redirected.xml().len() <= INFLATED);
    if let Ok(signed) = verify(redirected.query(), KEYS.as_slice(), &AlgorithmPolicy::default()) {
        let original = read_redirect(SIGNED.trim_end()).expect("the seed is good");
        assert_eq!(signed.relay_state(), original.relay_state());
        assert_eq!(signed.parameter(), original.parameter());
        assert_eq!(redirected.xml(), original.xml());
        let document = signed.document(&Limits::default()).expect("what was signed is XML");
        assert_eq!(document.root().name().local, "LogoutRequest");
    }
});

/// Base64 by another hand than the one that is tested.
fn base64(octets: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in octets.chunks(3) {
        let of = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = of(0) << 16 | of(1) << 8 | of(2);
        for (number, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let index = usize::try_from(bits >> shift & 63).unwrap();
            text.push(if number <= three.len() { char::from(ALPHABET[index]) } else { '=' });
        }
    }
    text
}
