//! What SAML's schemas demand of an element that is read (saml-schema-assertion-2.0 and
//! saml-schema-protocol-2.0, with what saml-core and saml-profiles add in words), and the faults of
//! one that does not keep to it. A reader that takes the first of two Subjects, and another that
//! takes the last, are told two users by one signature: so there is no choice here, only a fault.
//!
//! Not judged here: the order of elements, which products deviate in and which no value depends on;
//! elements and attributes that the schema does not know, which no value is read from; and whether a
//! value is the one that somebody expects, which is for [`sp`](crate::sp) to say.

use std::fmt;
use std::ops::Range;

use crate::density::too_many_inside;
use crate::names::name_id_format::ENTITY;
use crate::readable::Readable;
use crate::xsd;

/// Statements, confirmations, restrictions and audiences side by side. Real ones are fewer than ten.
const MOST_CHILDREN: usize = 1_000;

/// Faults of one element that are noted in full. What has one is refused, so more of them tell
/// nobody more, and an element of a megabyte can have tens of thousands.
const NOTED: usize = 16;

/// What is wrong with an element that was read. Names are those of the schema, without a prefix,
/// unless they are what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaFault {
    /// The element is not what it was read as.
    #[error("<{found}> of the namespace {namespace:?} is not a SAML 2.0 {expected}")]
    WrongElement {
        /// Its name, as written.
        found: String,
        /// Its namespace; empty for none.
        namespace: String,
        /// The name that was asked for.
        expected: &'static str,
    },
    /// A child that has to be there is not.
    #[error("the {parent} has no {child}")]
    Missing {
        /// The element.
        parent: String,
        /// The child's name, or the names of which one has to be there.
        child: &'static str,
    },
    /// More than one where one is allowed, so it is open which is meant.
    #[error("the {parent} has more than one {child}")]
    Repeated {
        /// The element.
        parent: String,
        /// The child's name, or the names of which one may be there.
        child: &'static str,
    },
    /// So many side by side that nobody honest writes them.
    #[error("the {parent} has more than {MOST_CHILDREN} {child}")]
    TooMany {
        /// The element.
        parent: String,
        /// The child's name.
        child: &'static str,
    },
    /// It holds over a thousand elements, and so many for its length that they must be empty.
    #[error("the {element} holds more elements than its length allows, one for 32 octets")]
    Overfull {
        /// The element.
        element: String,
    },
    /// An attribute that has to be there is missing, or is an ID and empty.
    #[error("the {element} has no {attribute}")]
    MissingAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// The version is another than 2.0.
    #[error("the Version of the {element} is {found:?}, expected \"2.0\"")]
    Version {
        /// The element.
        element: String,
        /// The version.
        found: String,
    },
    /// A time that is not an `xs:dateTime`.
    #[error("{attribute} of the {element} is not a time: {found:?}")]
    Date {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
        /// Its value.
        found: String,
    },
    /// An element where the schema has text only, so it is open whether its text belongs to the
    /// value.
    #[error("the {element} holds the element <{found}>, and may hold text only")]
    ElementInText {
        /// The element.
        element: String,
        /// The name of the one inside, as written.
        found: String,
    },
    /// The Issuer is something else than an entity ID (saml-core 2.2.5, saml-profiles 4.1.4.2).
    #[error("the Format of the Issuer is {found:?}, expected none or {ENTITY:?}")]
    IssuerFormat {
        /// `Format`.
        found: String,
    },
}

/// Why something signed cannot be read as what it was asked for: at least one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    first: (SchemaFault, Range<usize>),
    rest: Vec<(SchemaFault, Range<usize>)>,
}

impl SchemaError {
    /// The first fault, and its range in the document's text.
    pub(crate) fn first(&self) -> (&SchemaFault, Range<usize>) {
        (&self.first.0, self.first.1.clone())
    }

    /// The faults, each with its range in the document's text: the first sixteen, in the order in
    /// which they were found.
    pub fn faults(&self) -> impl Iterator<Item = (&SchemaFault, Range<usize>)> {
        let all = std::iter::once(&self.first).chain(&self.rest);
        all.map(|(fault, range)| (fault, range.clone()))
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.0.fmt(f)?;
        self.rest.iter().try_for_each(|(fault, _)| write!(f, "; {fault}"))
    }
}

impl std::error::Error for SchemaError {}

/// Collects the faults of what is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    noted: Vec<(SchemaFault, Range<usize>)>,
    /// What is read holds so many elements that lists of them stay empty.
    is_overfull: bool,
}

impl Faults {
    /// The faults, if there are any.
    pub(crate) fn error(self) -> Option<SchemaError> {
        let mut all = self.noted.into_iter();
        all.next().map(|first| SchemaError { first, rest: all.collect() })
    }

    /// The faults, each with its range.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&SchemaFault, Range<usize>)> {
        self.noted.iter().map(|(fault, range)| (fault, range.clone()))
    }

    fn note(&mut self, fault: SchemaFault, range: Range<usize>) {
        // What is another element altogether lacks everything, and that is all there is to say.
        let is_other = matches!(self.noted.first(), Some((SchemaFault::WrongElement { .. }, _)));
        if !is_other && self.noted.len() < NOTED {
            self.noted.push((fault, range));
        }
    }

    /// Too many elements for its length, all levels together: the lists in it are left empty.
    pub(crate) fn density<'doc, R: Readable<'doc>>(&mut self, element: R) {
        if too_many_inside(element).is_some() {
            self.is_overfull = true;
            let fault = SchemaFault::Overfull { element: local_name(element) };
            self.note(fault, start_tag(element));
        }
    }

    /// Whether what is read holds too many elements, so lists are not read.
    pub(crate) fn is_overfull(&self) -> bool {
        self.is_overfull
    }

    fn most_children(&self) -> usize {
        if self.is_overfull { 0 } else { MOST_CHILDREN }
    }

    /// The element's own name.
    pub(crate) fn element<'doc, R: Readable<'doc>>(
        &mut self,
        element: R,
        namespace: &str,
        local: &'static str,
    ) {
        if !element.is(namespace, local) {
            let (found, namespace) =
                (element.name().to_string(), element.name().namespace.to_owned());
            let fault = SchemaFault::WrongElement { found, namespace, expected: local };
            self.note(fault, start_tag(element));
        }
    }

    /// Exactly one child of that name; the first of them.
    pub(crate) fn one<'doc, R: Readable<'doc>>(
        &mut self,
        element: R,
        namespace: &'static str,
        local: &'static str,
    ) -> Option<R> {
        let child = self.at_most_one(element, namespace, local);
        if child.is_none() {
            let parent = local_name(element);
            self.note(SchemaFault::Missing { parent, child: local }, start_tag(element));
        }
        child
    }

    /// At most one child of that name; the first of them.
    pub(crate) fn at_most_one<'doc, R: Readable<'doc>>(
        &mut self,
        element: R,
        namespace: &'static str,
        local: &'static str,
    ) -> Option<R> {
        let mut children = element.all(namespace, local);
        let child = children.next()?;
        if let Some(second) = children.next() {
            self.repeated(element, local, second);
        }
        Some(child)
    }

    /// Whom something is about: at most one of BaseID, NameID and EncryptedID. Whether there is one.
    pub(crate) fn at_most_one_id<'doc, R: Readable<'doc>>(
        &mut self,
        element: R,
        namespace: &'static str,
    ) -> bool {
        let is_id = |child: &R| IDS.iter().any(|local| child.is(namespace, local));
        let mut ids = element.children().filter(is_id);
        let first = ids.next();
        if let Some(second) = ids.next() {
            self.repeated(element, ANY_ID, second);
        }
        first.is_some()
    }

    /// Exactly one of BaseID, NameID and EncryptedID.
    pub(crate) fn one_id<'doc, R: Readable<'doc>>(&mut self, element: R, namespace: &'static str) {
        if !self.at_most_one_id(element, namespace) {
            let parent = local_name(element);
            self.note(SchemaFault::Missing { parent, child: ANY_ID }, start_tag(element));
        }
    }

    /// The children of that name, of which there may be several, but not thousands: each is read into
    /// hundreds of octets and can be written in twenty.
    pub(crate) fn several<'doc, R: Readable<'doc>>(
        &mut self,
        element: R,
        namespace: &'static str,
        local: &'static str,
    ) -> impl Iterator<Item = R> + use<'doc, R> {
        if let Some(over) = element.all(namespace, local).nth(MOST_CHILDREN) {
            let parent = local_name(element);
            self.note(SchemaFault::TooMany { parent, child: local }, start_tag(over));
        }
        element.all(namespace, local).take(self.most_children())
    }

    /// [`Faults::several`] of whatever name.
    pub(crate) fn several_of_any<'doc, R: Readable<'doc>>(
        &mut self,
        element: R,
    ) -> impl Iterator<Item = R> + use<'doc, R> {
        if let Some(over) = element.children().nth(MOST_CHILDREN) {
            let parent = local_name(element);
            self.note(SchemaFault::TooMany { parent, child: "elements" }, start_tag(over));
        }
        element.children().take(self.most_children())
    }

    fn repeated<'doc, R: Readable<'doc>>(&mut self, element: R, child: &'static str, second: R) {
        let parent = local_name(element);
        self.note(SchemaFault::Repeated { parent, child }, start_tag(second));
    }

    /// An attribute that has to be there.
    pub(crate) fn attribute<'doc, R: Readable<'doc>>(
        &mut self,
        element: R,
        attribute: &'static str,
    ) {
        if element.attribute(attribute).is_none() {
            self.missing_attribute(element, attribute);
        }
    }

    fn missing_attribute<'doc, R: Readable<'doc>>(&mut self, element: R, attribute: &'static str) {
        let fault = SchemaFault::MissingAttribute { element: local_name(element), attribute };
        self.note(fault, start_tag(element));
    }

    /// What every message and assertion has: `ID`, `Version` and `IssueInstant` (saml-core 2.3.3,
    /// 3.2.1, 3.2.2).
    pub(crate) fn envelope<'doc, R: Readable<'doc>>(&mut self, element: R) {
        if element.attribute("ID").is_none_or(|id| id.value().is_empty()) {
            self.missing_attribute(element, "ID");
        }
        match element.attribute("Version") {
            Some(version) if version.value() == "2.0" => {}
            Some(version) => {
                let (element, found) = (local_name(element), version.value().to_owned());
                self.note(SchemaFault::Version { element, found }, version.value_range());
            }
            None => self.missing_attribute(element, "Version"),
        }
        self.date_required(element, "IssueInstant");
    }

    /// A time that has to be there.
    pub(crate) fn date_required<'doc, R: Readable<'doc>>(
        &mut self,
        element: R,
        attribute: &'static str,
    ) {
        self.attribute(element, attribute);
        self.date(element, attribute);
    }

    /// A time that may be there.
    pub(crate) fn date<'doc, R: Readable<'doc>>(&mut self, element: R, attribute: &'static str) {
        if let Some(date) = element.attribute(attribute)
            && xsd::date_time(date.value()).is_none()
        {
            let found = date.value().to_owned();
            let fault = SchemaFault::Date { element: local_name(element), attribute, found };
            self.note(fault, date.value_range());
        }
    }

    /// An element whose content is a text: comments may split it, elements may not.
    pub(crate) fn text_only<'doc, R: Readable<'doc>>(&mut self, element: R) {
        if let Some(inside) = element.children().next() {
            let (element, found) = (local_name(element), inside.name().to_string());
            self.note(SchemaFault::ElementInText { element, found }, start_tag(inside));
        }
    }

    /// `Format` of an Issuer: none, or an entity's.
    pub(crate) fn issuer_format<'doc, R: Readable<'doc>>(&mut self, issuer: R) {
        if let Some(format) = issuer.attribute("Format").filter(|f| f.value() != ENTITY) {
            let found = format.value().to_owned();
            self.note(SchemaFault::IssuerFormat { found }, format.value_range());
        }
    }
}

/// The elements that name a subject (saml-core 2.2).
const IDS: [&str; 3] = ["NameID", "EncryptedID", "BaseID"];
const ANY_ID: &str = "NameID, EncryptedID or BaseID";

fn local_name<'doc, R: Readable<'doc>>(element: R) -> String {
    element.name().local.to_owned()
}

fn start_tag<'doc, R: Readable<'doc>>(element: R) -> Range<usize> {
    element.range().start..element.content_range().start
}

#[cfg(test)]
mod tests {
    use samlkit_dsig::{AlgorithmPolicy, SignOptions, SigningKey, VerifyingKey, sign, verify};
    use samlkit_xml::Document;

    use super::*;
    use crate::assertion::Assertion;
    use crate::protocol::{ArtifactResponse, AuthnRequest, LogoutRequest, LogoutResponse};
    use crate::{Unverified, Verified};

    const PRIVATE: &str = include_str!("../../../tests/data/keys/p256.test-only.pem");
    const CERTIFICATE: &str = include_str!("../../../tests/data/keys/p256.crt.pem");
    const ENVELOPE: &str = "xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
                            xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion' ID='_1' Version='2.0' \
                            IssueInstant='2026-06-01T12:00:00Z'";
    const ISSUER: &str = "<a:Issuer>i</a:Issuer>";
    const STATUS: &str = "<p:Status><p:StatusCode Value='urn:x'/></p:Status>";

    /// What is told of `xml`, read as that with and without evidence, which is the same.
    macro_rules! told {
        ($message:ident, $xml:expr) => {{
            let document = Document::parse($xml.as_bytes()).unwrap();
            let key = SigningKey::from_pem(PRIVATE, None).unwrap();
            let octets = sign(&document, "_1", &key, &SignOptions::default()).unwrap();
            let document = Document::parse(&octets).unwrap();
            let keys = [VerifyingKey::from_pem(CERTIFICATE).unwrap()];
            let signed = verify(document.root(), &keys, &AlgorithmPolicy::default()).unwrap();
            let error = Verified::<$message<'_>>::read(signed.root()).err();
            let unverified = Unverified::<$message<'_>>::read(document.root());
            let faults: Vec<_> = error.iter().flat_map(SchemaError::faults).collect();
            assert_eq!(faults, unverified.faults().collect::<Vec<_>>());
            error.map_or(String::new(), |error| error.to_string())
        }};
    }

    #[test]
    fn what_is_signed_is_read_as_what_it_is() {
        let metadata = "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' ID='_1'/>";
        assert_eq!(
            told!(Assertion, metadata),
            "<EntityDescriptor> of the namespace \"urn:oasis:names:tc:SAML:2.0:metadata\" is not a \
             SAML 2.0 Assertion"
        );
        let request =
            format!("<p:LogoutRequest {ENVELOPE}>{ISSUER}<a:NameID>x</a:NameID></p:LogoutRequest>");
        assert_eq!(told!(LogoutRequest, request), "");
        assert!(told!(LogoutResponse, request).ends_with("is not a SAML 2.0 LogoutResponse"));
        assert!(told!(AuthnRequest, request).ends_with("is not a SAML 2.0 AuthnRequest"));
        // The name alone is not enough.
        let other = "<Assertion xmlns='urn:oasis:names:tc:SAML:1.0:assertion' ID='_1'/>";
        assert!(told!(Assertion, other).ends_with("is not a SAML 2.0 Assertion"));
    }

    #[test]
    fn a_logout_request() {
        let of = |attributes: &str, inside: &str| {
            let xml = format!("<p:LogoutRequest {attributes}>{inside}</p:LogoutRequest>");
            told!(LogoutRequest, xml)
        };
        let name = "<a:NameID>x</a:NameID>";
        let index = "<p:SessionIndex>1</p:SessionIndex>";
        assert_eq!(of(ENVELOPE, &format!("{ISSUER}{name}{index}{index}")), "");
        assert_eq!(of(ENVELOPE, &format!("{ISSUER}<a:EncryptedID/>")), "");
        assert_eq!(of(ENVELOPE, name), "the LogoutRequest has no Issuer");
        assert_eq!(of(ENVELOPE, ISSUER), "the LogoutRequest has no NameID, EncryptedID or BaseID");
        assert_eq!(
            of(ENVELOPE, &format!("{ISSUER}{name}{name}")),
            "the LogoutRequest has more than one NameID, EncryptedID or BaseID"
        );
        assert_eq!(
            of(&format!("{ENVELOPE} NotOnOrAfter='x'"), &format!("{ISSUER}{name}")),
            "NotOnOrAfter of the LogoutRequest is not a time: \"x\""
        );
        let index = "<p:SessionIndex>1<x/></p:SessionIndex>";
        assert_eq!(
            of(ENVELOPE, &format!("{ISSUER}{name}{index}")),
            "the SessionIndex holds the element <x>, and may hold text only"
        );
        let without = ENVELOPE.replace(" Version='2.0' IssueInstant='2026-06-01T12:00:00Z'", "");
        assert_eq!(
            of(&without, &format!("{ISSUER}{name}")),
            "the LogoutRequest has no Version; the LogoutRequest has no IssueInstant"
        );
        let other = ENVELOPE.replace("Version='2.0'", "Version='1.1'");
        assert_eq!(
            of(&other, &format!("{ISSUER}{name}")),
            "the Version of the LogoutRequest is \"1.1\", expected \"2.0\""
        );
    }

    #[test]
    fn a_logout_response() {
        let of = |inside: &str| {
            let xml = format!("<p:LogoutResponse {ENVELOPE}>{inside}</p:LogoutResponse>");
            told!(LogoutResponse, xml)
        };
        assert_eq!(of(&format!("{ISSUER}{STATUS}")), "");
        assert_eq!(of(STATUS), "the LogoutResponse has no Issuer");
        assert_eq!(of(ISSUER), "the LogoutResponse has no Status");
        let message = "<p:StatusMessage>x</p:StatusMessage>";
        let status = STATUS.replace("</p:Status>", &format!("{message}{message}</p:Status>"));
        let expected = "the Status has more than one StatusMessage";
        assert_eq!(of(&format!("{ISSUER}{status}")), expected);
        let status =
            STATUS.replace("</p:Status>", "<p:StatusMessage><x/></p:StatusMessage></p:Status>");
        let expected = "the StatusMessage holds the element <x>, and may hold text only";
        assert_eq!(of(&format!("{ISSUER}{status}")), expected);
        let nested = "<p:StatusCode Value='urn:y'/>";
        let status =
            STATUS.replace("'urn:x'/>", &format!("'urn:x'>{nested}{nested}</p:StatusCode>"));
        let expected = "the StatusCode has more than one StatusCode";
        assert_eq!(of(&format!("{ISSUER}{status}")), expected);
    }

    #[test]
    fn a_code_without_a_value_is_no_success() {
        let success = "<p:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Success'/>";
        let status = format!("<p:Status><p:StatusCode>{success}</p:StatusCode></p:Status>");
        let xml = format!("<p:LogoutResponse {ENVELOPE}>{ISSUER}{status}</p:LogoutResponse>");
        assert_eq!(told!(LogoutResponse, xml), "the StatusCode has no Value");
        let document = Document::parse(xml.as_bytes()).unwrap();
        let response = Unverified::<LogoutResponse<'_>>::read(document.root());
        assert!(!response.unverified().status.as_ref().unwrap().is_success());
    }

    #[test]
    fn an_authn_request() {
        let of = |inside: &str| {
            let xml = format!("<p:AuthnRequest {ENVELOPE}>{inside}</p:AuthnRequest>");
            told!(AuthnRequest, xml)
        };
        assert_eq!(of(ISSUER), "");
        assert_eq!(of(""), "the AuthnRequest has no Issuer");
        for (child, name) in [
            ("<a:Subject/>", "Subject"),
            ("<p:NameIDPolicy/>", "NameIDPolicy"),
            ("<a:Conditions/>", "Conditions"),
            ("<p:RequestedAuthnContext/>", "RequestedAuthnContext"),
            ("<p:Scoping/>", "Scoping"),
            ("<p:Extensions/>", "Extensions"),
        ] {
            let expected = format!("the AuthnRequest has more than one {name}");
            assert_eq!(of(&format!("{ISSUER}{child}{child}")), expected);
            assert_eq!(of(&format!("{ISSUER}{child}")), "");
        }
    }

    #[test]
    fn the_envelope_of_what_was_fetched() {
        let of = |inside: &str| {
            let xml = format!("<p:ArtifactResponse {ENVELOPE}>{inside}</p:ArtifactResponse>");
            let document = Document::parse(xml.as_bytes()).unwrap();
            let envelope = Unverified::<ArtifactResponse<'_>>::read(document.root());
            envelope.faults().map(|(fault, _)| fault.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of(STATUS), Vec::<String>::new());
        assert_eq!(of(""), ["the ArtifactResponse has no Status"]);
        let expected = ["the ArtifactResponse has more than one Status"];
        assert_eq!(of(&format!("{STATUS}{STATUS}")), expected);
    }

    /// A fault is where it says, and their number is bounded.
    #[test]
    fn each_fault_has_its_place_and_not_all_are_kept() {
        let attribute = "<a:Attribute/>".repeat(100);
        let xml = format!(
            "<a:Assertion {ENVELOPE}>{ISSUER}<a:AttributeStatement>{attribute}\
             </a:AttributeStatement></a:Assertion>"
        );
        let document = Document::parse(xml.as_bytes()).unwrap();
        let assertion = Unverified::<Assertion<'_>>::read(document.root());
        let faults: Vec<_> = assertion.faults().collect();
        assert_eq!(faults.len(), NOTED);
        let (fault, range) = &faults[1];
        assert_eq!(fault.to_string(), "the Attribute has no Name");
        assert_eq!(xml.get(range.clone()), Some("<a:Attribute/>"));
    }
}
