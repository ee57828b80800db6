//! A value and its place: the text of an attribute or element, with the range that it stands at.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use chrono::{DateTime, Utc};
use samlkit_xml::{Attribute, Element};

use crate::readable::Readable;
use crate::schema::Faults;
use crate::xsd;

/// A text in a document, as it was read: nothing trimmed, nothing checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<'doc> {
    text: Cow<'doc, str>,
    range: Range<usize>,
}

impl<'doc> Value<'doc> {
    /// The value of an attribute.
    pub fn of_attribute(attribute: Attribute<'doc>) -> Self {
        Self { text: Cow::Borrowed(attribute.value()), range: attribute.value_range() }
    }

    /// The text directly inside an element, whole whatever comments split it.
    pub fn of_element(element: Element<'doc>) -> Self {
        Self::content(element)
    }

    /// The value of `element`'s attribute `local`, if it has one.
    pub(crate) fn attribute<R: Readable<'doc>>(element: R, local: &str) -> Option<Self> {
        element.attribute(local).map(Self::of_attribute)
    }

    /// The text of an element that may hold nothing else; one that holds elements is a fault.
    pub(crate) fn text_only<R: Readable<'doc>>(element: R, faults: &mut Faults) -> Self {
        faults.text_only(element);
        Self::content(element)
    }

    /// The text directly inside an element, wherever that was read from.
    pub(crate) fn content<R: Readable<'doc>>(element: R) -> Self {
        Self { text: element.text(), range: element.content_range() }
    }

    /// No text, at the same place.
    pub(crate) fn emptied(self) -> Self {
        Self { text: Cow::Borrowed(""), ..self }
    }

    /// The text, with any white space around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text without the white space that XML Schema takes away around a URI.
    pub fn trimmed(&self) -> &str {
        self.text.trim_matches(xsd::is_space)
    }

    /// The range in the document's text.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The moment that an `xs:dateTime` names; `None` if it is none.
    pub fn date_time(&self) -> Option<DateTime<Utc>> {
        xsd::date_time(&self.text)
    }

    /// What an `xs:boolean` says; `None` if it is none.
    pub fn boolean(&self) -> Option<bool> {
        match self.trimmed() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
