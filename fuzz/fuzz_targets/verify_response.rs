//! Nobody signs in but those whom the identity provider signed in, whatever is done to its
//! responses.
#![no_main]

use std::sync::LazyLock;

use samlkit::dsig::VerifyingKey;
use samlkit::sp::{IdentityProvider, PendingRequest, ServiceProvider};

static PROVIDERS: LazyLock<(ServiceProvider, IdentityProvider)> = LazyLock::new(|| {
    let pem = include_str!("../../tests/data/vectors/responses/idp.pem");
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let entity_id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    let tenant = "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/";
    let idp = IdentityProvider::new(tenant, [VerifyingKey::from_pem(pem).unwrap()]);
    (ServiceProvider::builder(entity_id).acs(acs).build().unwrap(), idp)
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (sp, idp) = &*PROVIDERS;
    let now = "2026-06-01T12:00:00Z".parse().unwrap();
    let pending = PendingRequest::new("_req-4711", now);
    match sp.verify_without_replay(idp, bytes, Some(&pending), now) {
        Ok(verified) => {
            assert_eq!(verified.name_id().value(), "ada@example.com");
            assert_eq!(verified.assertion_id(), "_a1");
            assert_eq!(verified.in_response_to(), Some("_req-4711"));
        }
        Err(rejection) => assert!(!rejection.refusals().is_empty()),
    }
});
