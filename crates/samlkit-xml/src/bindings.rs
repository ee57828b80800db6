//! Which namespaces a canonical form declares around an element inside it. Whoever puts other content in
//! the place of that element, as decryption does, may read it with these and no others: every other
//! declaration around it is not part of the octets that were hashed, and anybody can have changed it.
//!
//! The octets themselves are made in `c14n`; this is the same rule (Exclusive XML Canonicalization 1.0, 3;
//! Canonical XML 1.0, 2.3), asked for one place.

use std::collections::{BTreeMap, HashSet};

use crate::c14n::{Canonicalization, Form};
use crate::document::Element;

impl Canonicalization<'_> {
    /// The prefixes and namespace names that the canonical form of `apex` has in scope where the element
    /// `inside` begins, what `inside` itself declares among them; the empty prefix is the default
    /// namespace, and `xml` is left out. `None` where `inside` is neither `apex` nor inside it.
    ///
    /// ```
    /// use samlkit_xml::{Canonicalization, Document};
    ///
    /// let document = Document::parse(b"<a xmlns='urn:a' xmlns:u='urn:unused'><p:b xmlns:p='urn:p'/></a>")?;
    /// let exclusive = Canonicalization::by_uri("http://www.w3.org/2001/10/xml-exc-c14n#").unwrap();
    /// let b = document.root().children().next().unwrap();
    /// let bindings = exclusive.bindings_at(document.root(), b).unwrap();
    /// assert_eq!(Vec::from_iter(bindings), [("", "urn:a"), ("p", "urn:p")]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bindings_at<'doc>(
        &self,
        apex: Element<'doc>,
        inside: Element<'doc>,
    ) -> Option<BTreeMap<&'doc str, &'doc str>> {
        let mut path = vec![inside];
        while let Some(&last) = path.last()
            && last != apex
        {
            path.push(last.parent()?);
        }
        let listed: HashSet<&str> = self.prefixes.iter().copied().collect();
        let mut bindings = BTreeMap::new();
        // What is in scope at the apex is there already where a form takes all of it.
        let mut above = apex.parent();
        let mut around = Vec::new();
        while let Some(element) = above {
            around.push(element);
            above = element.parent();
        }
        for element in around.into_iter().rev() {
            self.declared(element, &listed, &mut bindings);
        }
        for element in path.into_iter().rev() {
            self.declared(element, &listed, &mut bindings);
            if self.form == Form::Exclusive {
                let name = element.name();
                bindings.insert(name.prefix, name.namespace);
                for attribute in element.attributes().map(|attribute| attribute.name()) {
                    if !attribute.prefix.is_empty() {
                        bindings.insert(attribute.prefix, attribute.namespace);
                    }
                }
            }
        }
        bindings.retain(|prefix, namespace| *prefix != "xml" && !namespace.is_empty());
        Some(bindings)
    }

    /// The declarations on an element that the form writes whether they are used or not.
    fn declared<'doc>(
        &self,
        element: Element<'doc>,
        listed: &HashSet<&str>,
        bindings: &mut BTreeMap<&'doc str, &'doc str>,
    ) {
        for declaration in element.namespace_declarations() {
            let name = if declaration.prefix.is_empty() { "#default" } else { declaration.prefix };
            if self.form != Form::Exclusive || listed.contains(name) {
                bindings.insert(declaration.prefix, declaration.namespace);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    const XML: &str = "<out xmlns:o='urn:o' xmlns:l='urn:l' xmlns='urn:d'>\
        <o:apex xmlns:v='urn:v' v:x=''><mid xmlns='urn:m' xmlns:l='urn:l2'>\
        <n:in xmlns:n='urn:n' xmlns:w='urn:w'/></mid></o:apex></out>";

    fn at<'d>(document: &'d Document<'d>, local: &str) -> Element<'d> {
        document.elements().find(|element| element.name().local == local).unwrap()
    }

    fn bindings(form: Form, list: &[&'static str]) -> Vec<(String, String)> {
        let document = Document::parse(XML.as_bytes()).unwrap();
        let method = Canonicalization { form, comments: false, prefixes: list.to_vec() };
        let found = method.bindings_at(at(&document, "apex"), at(&document, "in")).unwrap();
        let found: Vec<_> =
            found.into_iter().map(|(prefix, name)| (prefix.to_owned(), name.to_owned())).collect();
        // They are what the octets declare: content with these prefixes means the same in them.
        let octets = method.octets(at(&document, "apex"), None).unwrap();
        let again = Document::parse(&octets).unwrap();
        for (prefix, name) in &found {
            assert_eq!(at(&again, "in").namespace_of_prefix(prefix), Some(name.as_str()));
        }
        for prefix in ["", "o", "l", "v", "n", "w"] {
            let is_found = found.iter().any(|(known, _)| known == prefix);
            assert_eq!(
                at(&again, "in").namespace_of_prefix(prefix).is_some(),
                is_found,
                "{prefix}"
            );
        }
        found
    }

    fn names(bindings: &[(String, String)]) -> Vec<(&str, &str)> {
        bindings.iter().map(|(prefix, name)| (prefix.as_str(), name.as_str())).collect()
    }

    #[test]
    fn exclusive_declares_what_is_used() {
        let used = [("", "urn:m"), ("n", "urn:n"), ("o", "urn:o"), ("v", "urn:v")];
        assert_eq!(names(&bindings(Form::Exclusive, &[])), used);
        let listed = bindings(Form::Exclusive, &["l", "w"]);
        assert_eq!(names(&listed)[1], ("l", "urn:l2"));
        assert!(names(&listed).contains(&("w", "urn:w")));
        assert_eq!(names(&bindings(Form::Exclusive, &["#default"])), used);
    }

    #[test]
    fn inclusive_declares_all_that_is_in_scope() {
        for form in [Form::Inclusive, Form::Inclusive11] {
            let all = [
                ("", "urn:m"),
                ("l", "urn:l2"),
                ("n", "urn:n"),
                ("o", "urn:o"),
                ("v", "urn:v"),
                ("w", "urn:w"),
            ];
            assert_eq!(names(&bindings(form, &[])), all);
        }
    }

    #[test]
    fn the_default_namespace_taken_back_and_what_is_not_inside() {
        let document = Document::parse(b"<a xmlns='urn:a'><b xmlns=''/><c/></a>").unwrap();
        let method = Canonicalization::by_uri("http://www.w3.org/2001/10/xml-exc-c14n#").unwrap();
        assert_eq!(method.bindings_at(document.root(), at(&document, "b")), Some(BTreeMap::new()));
        assert_eq!(method.bindings_at(at(&document, "b"), at(&document, "c")), None);
        assert_eq!(method.bindings_at(at(&document, "b"), document.root()), None);
    }
}
