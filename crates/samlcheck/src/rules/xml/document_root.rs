//! The rule `document.root`.

use samlkit::Kind;
use samlkit::xml::Element;

use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The root of the document is not the SAML element that is wanted.
    ///
    /// ## Why it matters
    /// A message inside a SOAP envelope or a wrapper is read by some programs and by others not, and
    /// a signature inside it says nothing about the wrapper. Another message than the one wanted
    /// cannot be judged at all.
    ///
    /// ## How to fix it
    /// Give the inner document alone, byte for byte; for a capture, take the value of the
    /// `SAMLResponse` parameter.
    ///
    /// ## Example
    /// ```text
    /// bad   <soap:Envelope><soap:Body><samlp:Response>
    /// good  <samlp:Response>
    /// ```
    pub static DOCUMENT_ROOT = "document.root" {
        severity: Error,
        sources: [Core("3"), Metadata("2.3")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let Ok(document) = case.document else { return Outcome::NotReached };
    let root = document.root();
    match (case.options.asked_for, case.kind) {
        (Some(wanted), kind) if kind != Some(wanted) => {
            let expected = format!("<{wanted}> of the namespace {:?}", wanted.namespace());
            finding(root, Some(wanted)).expected(expected).into()
        }
        (None, None) => finding(root, None).expected("a SAML document").into(),
        _ => Outcome::Passed,
    }
}

fn finding(root: Element<'_>, wanted: Option<Kind>) -> Finding {
    let found = match root.name().namespace {
        "" => format!("<{}> of no namespace", root.name()),
        namespace => format!("<{}> of the namespace {namespace:?}", root.name()),
    };
    let inner = root.descendants().skip(1).find_map(|element| {
        let kind = Kind::of(element)?;
        (wanted.is_none() || wanted == Some(kind)).then_some((element, kind))
    });
    let finding = Finding::new(format!("the root element is <{}>", root.name()))
        .at(root.start_tag_range())
        .found(found);
    match inner {
        Some((element, kind)) => finding
            .note(format!("a SAML {kind} stands inside it at {}", element.position()))
            .help("give that part alone, byte for byte as it was sent"),
        None => finding.help("check which document this is; download or capture it again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Options;
    use crate::rules::testing::*;

    #[test]
    fn an_envelope_and_another_message() {
        let soap =
            format!("<e:Envelope xmlns:e='urn:soap'><e:Body>{}</e:Body></e:Envelope>", idp());
        let finding = fires(&DOCUMENT_ROOT, soap);
        assert_eq!(finding.message, "the root element is <e:Envelope>");
        assert_eq!(finding.notes, ["a SAML EntityDescriptor stands inside it at 1:40"]);
        let response = Options { asked_for: Some(Kind::Response), ..Options::default() };
        assert!(
            fires_for(&DOCUMENT_ROOT, idp(), &response).expected.unwrap().contains("<Response>")
        );
    }

    #[test]
    fn metadata_and_a_group_of_it() {
        passes(&DOCUMENT_ROOT, idp());
        passes(&DOCUMENT_ROOT, group(&[idp(), sp()]));
    }
}
