//! SAML 2.0 as an application links it.
//!
//! - [`binding`] reads what a browser brings to a service, strictly.
//! - [`capture`] takes the XML of a message out of whatever it was copied from, to find out why a
//!   sign-in fails.
//! - [`metadata`], [`protocol`] and [`assertion`] are SAML's documents as types that know their
//!   place in the file; [`Kind`] says which document a file is. Reading takes what stands there,
//!   signed or not, and a message's values come with that in their type: [`Verified`],
//!   [`Unverified`].
//! - [`sp`] is the verdict on a response: [`sp::ServiceProvider`] says who signed in, or everything
//!   that is wrong. [`replay`] sees to it that a response is used once.
//! - [`dsig`] and [`xml`] are the crates below, for whoever wants to verify or read something else.
//!
//! What is particular to one vendor, and how faults are told to people, is in the crate `samlcheck`.
//!
//! ```
//! use samlkit::metadata::Metadata;
//! use samlkit::xml::Document;
//!
//! let document = Document::parse(
//!     b"<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='https://idp/'>
//!         <IDPSSODescriptor protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'>
//!           <SingleSignOnService Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
//!                                Location='https://idp/sso'/>
//!         </IDPSSODescriptor>
//!       </EntityDescriptor>",
//! )?;
//! let metadata = Metadata::read(&document)?;
//! let entity = metadata.entities().next().ok_or("no entity")?;
//! let sso = entity.idp_roles().flat_map(|idp| &idp.single_sign_on_services).next().ok_or("none")?;
//! let location = sso.location.as_ref().ok_or("no Location")?;
//! assert_eq!(location.text(), "https://idp/sso");
//! assert_eq!(document.position(location.range().start).line, 4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod assertion;
pub mod binding;
pub mod capture;
mod density;
mod kind;
pub mod metadata;
pub mod names;
pub mod protocol;
mod readable;
pub mod replay;
#[cfg(feature = "samael")]
pub mod samael;
mod schema;
pub mod sp;
mod value;
mod verified;
pub mod xsd;

pub use kind::{Kind, NotTheRoot};
pub use samlkit_dsig as dsig;
pub use samlkit_xml as xml;
pub use schema::{SchemaError, SchemaFault};
pub use value::Value;
pub use verified::{Unverified, Verified};

/// The code in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
