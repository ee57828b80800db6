//! SAML metadata (saml-metadata-2.0-os with its errata): who an entity is, where its endpoints
//! are and which keys it uses.
//!
//! Each file is one element of the specification. Reading takes what is there, in the order
//! written, and judges nothing: a missing attribute is a `None`, a wrong one is kept as text with
//! its place, an unknown extension is kept by name. Elements in another namespace than the one the
//! schema gives them are not read as that element.

mod affiliation_descriptor;
mod attribute_consuming_service;
mod contact_person;
mod endpoint;
mod entities_descriptor;
mod entity_descriptor;
mod extensions;
mod idp_sso_descriptor;
mod key_descriptor;
mod organization;
mod role_descriptor;
mod signed_parts;
mod sp_sso_descriptor;
mod verification;

pub use affiliation_descriptor::AffiliationDescriptor;
pub use attribute_consuming_service::{AttributeConsumingService, RequestedAttribute};
pub use contact_person::ContactPerson;
pub use endpoint::Endpoint;
pub use entities_descriptor::{EntitiesDescriptor, Metadata};
pub use entity_descriptor::EntityDescriptor;
pub use extensions::{Extensions, Logo, RegistrationInfo, Scope, UiInfo};
pub use idp_sso_descriptor::IdpSsoDescriptor;
pub use key_descriptor::{KeyDescriptor, KeyUse, X509Certificate};
pub use organization::{Localized, Organization};
pub use role_descriptor::{Role, RoleDescriptor, RoleKind, SsoDescriptor};
pub use signed_parts::SignedParts;
pub use sp_sso_descriptor::SpSsoDescriptor;
pub use verification::{NotVouchedFor, SignatureFault, SignatureFaultKind, VerifiedMetadata};

use samlkit_xml::Element;

use crate::names::METADATA;
use crate::value::Value;

/// Children of one name that are read, and roles of one entity. The largest entities of federations have a
/// hundred of one kind; some take hundreds of octets of memory and can be written in twenty. What is left
/// out is counted in [`EntityDescriptor::omitted`].
const MOST_CHILDREN: usize = 1_000;

/// The children of `parent` that are `md:local`; of very many the first.
fn children<'doc>(parent: Element<'doc>, local: &str) -> impl Iterator<Item = Element<'doc>> {
    parent.children().filter(move |child| child.is(METADATA, local)).take(MOST_CHILDREN)
}

/// What is read of the children of `parent` that are `md:local`, in room that was counted first.
fn read_all<'doc, T>(
    parent: Element<'doc>,
    local: &str,
    read: impl FnMut(Element<'doc>) -> T,
) -> Vec<T> {
    let mut all = Vec::with_capacity(children(parent, local).count());
    all.extend(children(parent, local).map(read));
    all
}

/// The texts of the children of `parent` that are `md:local`.
fn texts<'doc>(parent: Element<'doc>, local: &str) -> Vec<Value<'doc>> {
    read_all(parent, local, Value::of_element)
}
