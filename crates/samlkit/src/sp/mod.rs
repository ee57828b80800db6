//! The service provider's side of single sign-on: from a posted response to the verdict.
//!
//! A response is accepted if it holds one assertion, if a key of the identity provider signed that
//! assertion or the response around it (and no signature on either fails), if both are as SAML's schemas
//! demand, if all processing rules of the web browser SSO profile hold (saml-profiles 4.1.4): it is for this
//! service provider, for this place, answers this request, and is valid now; and if it was not used before.
//! Every rule that fails is told, not only the first.
//!
//! Comparison is character by character. Time is an argument. What is trusted comes from configuration:
//! [`ServiceProvider`] is who we are, [`IdentityProvider`] whom we believe, [`PendingRequest`] what we asked.
//! A web service calls [`ServiceProvider::verify`], or [`ServiceProvider::verify_async`] where it must not
//! block, and nothing else.
//!
//! ```
//! use samlkit::binding;
//! use samlkit::replay::MemoryStore;
//! use samlkit::sp::{IdentityProvider, PendingRequest, ServiceProvider};
//!
//! let sp = ServiceProvider::builder("https://app.example/saml").acs("https://app.example/acs").build()?;
//! # let certificate = include_str!("../../../../tests/data/keys/rsa-2048.crt.pem");
//! # let keys = [samlkit::dsig::VerifyingKey::from_pem(certificate)?];
//! let idp = IdentityProvider::new("https://idp.example/", keys);
//! let replay = MemoryStore::new(10_000);
//! let now = "2026-06-01T12:00:00Z".parse()?;
//! let pending = PendingRequest::new("_4711", now);
//!
//! // `<Response/>`, which anybody can post.
//! let posted = binding::read_post(b"SAMLResponse=PFJlc3BvbnNlLz4%3D&RelayState=x")?;
//! let rejection = sp.verify(&idp, &posted, Some(&pending), &replay, now).unwrap_err();
//! assert_eq!(rejection.rules().next(), Some("document.root"));
//! assert_eq!(rejection.public_reason().to_string(), "Sign-in did not work. Please ask your administrator.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod context;
mod encrypted_assertion;
mod encrypted_parts;
mod evidence;
mod identity_provider;
mod logout;
mod metadata_error;
mod pending_request;
mod refusal;
mod rejection;
mod rules;
mod service_provider;
#[cfg(test)]
mod tests;
mod validity;
mod verified_response;
mod verify;

pub use identity_provider::IdentityProvider;
pub use logout::{LogoutRefusal, LogoutRequested, Received};
pub use metadata_error::MetadataError;
pub use pending_request::PendingRequest;
pub use refusal::{Difference, Refusal, RefusalKind};
pub use rejection::{PublicReason, Rejection};
pub use service_provider::{ConfigurationError, ServiceProvider, ServiceProviderBuilder};
pub use verified_response::{VerifiedAttribute, VerifiedNameId, VerifiedResponse};
