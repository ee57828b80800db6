//! The rule `xml.https-namespace`.

use std::ops::Range;

use samlkit::names;

use crate::case::Case;
use crate::rule::{Finding, Findings, Outcome, rule};

rule! {
    /// A well-known identifier is written with `https` where it has `http`.
    ///
    /// ## Why it matters
    /// Namespaces and algorithm identifiers are names, not addresses: one letter more makes another
    /// name, and what bears it is not recognized. Microsoft Learn's samples are damaged like this.
    ///
    /// ## How to fix it
    /// Write `http://`. If the file is signed, get it from its source instead: samples from a
    /// documentation page cannot be valid.
    ///
    /// ## Example
    /// ```text
    /// bad   xmlns="https://www.w3.org/2000/09/xmldsig#"
    /// good  xmlns="http://www.w3.org/2000/09/xmldsig#"
    /// ```
    pub static HTTPS_NAMESPACE = "xml.https-namespace" {
        severity: Error,
        sources: [Other("Namespaces in XML 1.0, 2.3; samples in Microsoft's federation-metadata.md")],
        check: Document(check)
    }
}

/// The identifiers that begin with `http://` and that SAML documents use.
const WELL_KNOWN: [&str; 10] = [
    names::SIGNATURE,
    names::ENCRYPTION,
    names::SCHEMA_INSTANCE,
    names::WS_FEDERATION,
    names::WS_AUTHORIZATION,
    names::WS_ADDRESSING,
    names::EXCLUSIVE_C14N,
    "http://www.w3.org/2001/XMLSchema",
    "http://www.w3.org/2001/04/xmldsig-more#",
    "http://www.w3.org/2009/xmlenc11#",
];

/// The identifier that `text` would be with `http`, if it is a well-known one or begins like an
/// algorithm's.
fn meant(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://")?;
    let with_http = format!("http://{rest}");
    let known = WELL_KNOWN
        .iter()
        .any(|known| with_http == *known || (known.ends_with('#') && with_http.starts_with(known)));
    known.then_some(with_http)
}

fn check(case: &Case<'_>) -> Outcome {
    let Ok(document) = case.document else { return Outcome::NotReached };
    let mut findings = Findings::default();
    let mut look = |text: &str, range: Range<usize>| {
        if let Some(meant) = meant(text) {
            let message = format!("{text:?} is no known identifier; it is written with http");
            let help = "get the file from its source instead of a documentation page";
            findings.push(Finding::new(message).at(range).found(text).expected(meant).help(help));
        }
    };
    for element in document.elements() {
        for declaration in element.namespace_declarations() {
            look(declaration.namespace, declaration.range);
        }
        if let Some(algorithm) = element.attribute("Algorithm") {
            look(algorithm.value(), algorithm.value_range());
        }
    }
    findings.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_namespace_and_an_algorithm() {
        let finding = fires(
            &HTTPS_NAMESPACE,
            with(
                idp(),
                "http://www.w3.org/2000/09/xmldsig#",
                "https://www.w3.org/2000/09/xmldsig#",
            ),
        );
        assert_eq!(finding.expected.unwrap(), "http://www.w3.org/2000/09/xmldsig#");
        let algorithm = with(
            ENTRA,
            "\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"",
            "\"https://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"",
        );
        fires(&HTTPS_NAMESPACE, algorithm);
    }

    #[test]
    fn https_of_a_name_that_is_not_well_known() {
        passes(
            &HTTPS_NAMESPACE,
            with(idp(), " entityID=", " xmlns:x=\"https://www.w3.org/2000/09/other#\" entityID="),
        );
        passes(&HTTPS_NAMESPACE, ENTRA);
    }
}
