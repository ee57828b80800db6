//! `Extensions` (saml-metadata 2.3.1) and the ones in wide use: mdui, mdattr, mdrpi and Shibboleth's
//! Scope. Others are kept by name.

use samlkit_xml::{Element, Name};

use super::{Localized, children};
use crate::assertion::Attribute;
use crate::names::{METADATA_ATTRIBUTE, METADATA_RPI, METADATA_UI, SHIBBOLETH_METADATA};
use crate::value::Value;

/// The extensions of an entity, a role or a group of entities; empty where there are none.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Extensions<'doc> {
    /// The `Extensions` element.
    pub element: Option<Element<'doc>>,
    /// `mdui:UIInfo`: how the entity is shown to users.
    pub ui_info: Option<UiInfo<'doc>>,
    /// `mdattr:EntityAttributes`: the attributes in it, assertions not among them.
    pub entity_attributes: Vec<Attribute<'doc>>,
    /// `mdrpi:RegistrationInfo`: who registered the entity.
    pub registration_info: Option<RegistrationInfo<'doc>>,
    /// `mdrpi:PublicationInfo`: who published the document.
    pub publisher: Option<Value<'doc>>,
    /// `shibmd:Scope`.
    pub scopes: Vec<Scope<'doc>>,
    /// The names of all other extensions.
    pub other: Vec<Name<'doc>>,
}

/// `mdui:UIInfo` (SAML V2.0 Metadata Extensions for Login and Discovery User Interface 2.1).
#[derive(Clone, Debug)]
#[doc(alias = "UIInfo")]
#[non_exhaustive]
pub struct UiInfo<'doc> {
    /// The element itself.
    pub element: Element<'doc>,
    /// `mdui:DisplayName`, by language.
    pub display_names: Vec<Localized<'doc>>,
    /// `mdui:Description`, by language.
    pub descriptions: Vec<Localized<'doc>>,
    /// `mdui:Keywords`, by language.
    pub keywords: Vec<Localized<'doc>>,
    /// `mdui:Logo`.
    pub logos: Vec<Logo<'doc>>,
    /// `mdui:InformationURL`, by language.
    pub information_urls: Vec<Localized<'doc>>,
    /// `mdui:PrivacyStatementURL`, by language.
    pub privacy_statement_urls: Vec<Localized<'doc>>,
}

/// `mdui:Logo`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Logo<'doc> {
    /// Where the picture is, and for which language.
    pub url: Localized<'doc>,
    /// `height` in pixels.
    pub height: Option<Value<'doc>>,
    /// `width` in pixels.
    pub width: Option<Value<'doc>>,
}

/// `mdrpi:RegistrationInfo`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RegistrationInfo<'doc> {
    /// `registrationAuthority`.
    pub registration_authority: Option<Value<'doc>>,
    /// `registrationInstant`.
    pub registration_instant: Option<Value<'doc>>,
}

/// `shibmd:Scope`: a domain that the identity provider may speak for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Scope<'doc> {
    /// The domain or regular expression.
    pub value: Value<'doc>,
    /// `regexp`.
    pub regexp: Option<Value<'doc>>,
}

impl<'doc> Extensions<'doc> {
    /// Reads the `Extensions` of `parent`.
    pub(crate) fn read(parent: Element<'doc>) -> Self {
        let mut extensions = Self::default();
        let Some(element) = children(parent, "Extensions").next() else { return extensions };
        extensions.element = Some(element);
        for child in element.children() {
            let name = child.name();
            match (name.namespace, name.local) {
                (METADATA_UI, "UIInfo") => extensions.ui_info = Some(UiInfo::read(child)),
                (METADATA_ATTRIBUTE, "EntityAttributes") => {
                    extensions.entity_attributes.extend(Attribute::read_all(child));
                }
                (METADATA_RPI, "RegistrationInfo") => {
                    extensions.registration_info = Some(RegistrationInfo {
                        registration_authority: Value::attribute(child, "registrationAuthority"),
                        registration_instant: Value::attribute(child, "registrationInstant"),
                    });
                }
                (METADATA_RPI, "PublicationInfo") => {
                    extensions.publisher = Value::attribute(child, "publisher");
                }
                (SHIBBOLETH_METADATA, "Scope") => extensions.scopes.push(Scope {
                    value: Value::of_element(child),
                    regexp: Value::attribute(child, "regexp"),
                }),
                _ => extensions.other.push(name),
            }
        }
        extensions
    }
}

impl<'doc> UiInfo<'doc> {
    fn read(element: Element<'doc>) -> Self {
        let of = |local: &'static str| {
            element.children().filter(move |child| child.is(METADATA_UI, local))
        };
        let logo = |child| Logo {
            url: Localized::read(child),
            height: Value::attribute(child, "height"),
            width: Value::attribute(child, "width"),
        };
        Self {
            element,
            display_names: Localized::read_all(of("DisplayName")),
            descriptions: Localized::read_all(of("Description")),
            keywords: Localized::read_all(of("Keywords")),
            logos: of("Logo").map(logo).collect(),
            information_urls: Localized::read_all(of("InformationURL")),
            privacy_statement_urls: Localized::read_all(of("PrivacyStatementURL")),
        }
    }
}
