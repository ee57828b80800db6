//! Nobody signs in but those whom the identity provider signed in, whatever is done to its
//! responses.
#![no_main]

use std::sync::LazyLock;

use samlkit::dsig::VerifyingKey;
use samlkit::sp::{Expected, IdentityProvider, ServiceProvider};

static PROVIDERS: LazyLock<(ServiceProvider, IdentityProvider)> = LazyLock::new(|| {
    let pem = include_str!("../../tests/data/vectors/responses/idp.pem");
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let entity_id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    let idp = IdentityProvider {
        entity_id: "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/".to_owned(),
        keys: vec![VerifyingKey::from_pem(pem).unwrap()],
    };
    (ServiceProvider::new(entity_id, [acs.to_owned()]), idp)
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (sp, idp) = &*PROVIDERS;
    let expected = Expected { request_id: Some("_req-4711"), acs_url: None };
    let now = "2026-06-01T12:00:00Z".parse().unwrap();
    match sp.verify_response(idp, bytes, &expected, now) {
        Ok(verified) => {
            assert_eq!(verified.name_id.value, "ada@example.com");
            assert_eq!(verified.assertion_id, "_a1");
            assert_eq!(verified.in_response_to.as_deref(), Some("_req-4711"));
        }
        Err(rejection) => assert!(!rejection.refusals.is_empty()),
    }
});
