//! Messages of the protocol (saml-core 3), as far as they can be read. Nothing here says that a
//! message is genuine; a response gives a verdict through [`sp`](crate::sp).

mod artifact;
mod authn_request;
mod logout;
mod response;
mod status;

pub use artifact::ArtifactResponse;
pub use authn_request::{AuthnRequest, NameIdPolicy, RequestedAuthnContext};
pub use logout::{LogoutRequest, LogoutResponse};
pub use response::Response;
pub use status::{SUCCESS, Status};
