//! The rule `xml.duplicate-id`.

use samlkit::xml::Element;

use crate::case::Case;
use crate::rule::{Finding, Findings, Outcome, rule};

rule! {
    /// Two elements carry the same ID.
    ///
    /// ## Why it matters
    /// A signature names what it signs by its ID. With two of them one reader verifies the first and
    /// another uses the second: the classic way to smuggle in an unsigned assertion. IDs are
    /// compared under every name that anybody treats as one: `ID`, `Id`, `id`, `xml:id`.
    ///
    /// ## How to fix it
    /// Get the document from its source again. Files put together by hand from several others need
    /// different IDs; a signed part cannot be given another one.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response ID="_1"><Assertion ID="_1">
    /// good  <Response ID="_1"><Assertion ID="_2">
    /// ```
    pub static DUPLICATE_ID = "xml.duplicate-id" {
        severity: Error,
        sources: [XmlSignature("4.4.3"), Core("1.3.4")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let Ok(document) = case.document else { return Outcome::NotReached };
    let total = document.duplicate_id_count();
    if total == 0 {
        return inside_encrypted(case);
    }
    let findings: Findings =
        document.duplicate_ids().map(|(first, second)| tell(first, second)).collect();
    let more = total.saturating_sub(findings.len());
    findings.and_more(more).into()
}

/// The IDs of an encrypted assertion are known to the verdict only.
fn inside_encrypted(case: &Case<'_>) -> Outcome {
    let rejection = case.verdict.as_ref().and_then(|verdict| verdict.as_ref().err());
    let refusals = rejection.iter().flat_map(|rejection| rejection.refusals());
    let findings = refusals.filter(|refusal| refusal.rule() == "xml.duplicate-id").map(|refusal| {
        let message =
            "an ID inside the encrypted assertion is that of two elements, there or in the file";
        Finding::new(message)
            .at(refusal.range.clone())
            .help("ask whoever encrypts for IDs that are not used again")
    });
    findings.collect()
}

fn tell(first: Element<'_>, second: Element<'_>) -> Finding {
    let mut ids = second.attributes().filter(|a| a.name().local.eq_ignore_ascii_case("id"));
    let same = ids.find(|id| first.attributes().any(|other| other.value() == id.value()));
    let (value, range) = match same {
        Some(id) => (id.value(), id.value_range()),
        None => ("", second.start_tag_range()),
    };
    Finding::new(format!(
        "the ID {value:?} of <{}> is also that of <{}> at {}",
        second.name(),
        first.name(),
        first.position()
    ))
    .at(range)
    .help("get the document from its source again; do not trust a signature in this one")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Options;
    use crate::rules::testing::*;

    #[test]
    fn two_of_different_spelling() {
        let xml = with(idp(), " entityID=", " ID=\"_1\" entityID=");
        let xml = with(xml, "<IDPSSODescriptor ", "<IDPSSODescriptor Id=\"_1\" ");
        let message = fires(&DUPLICATE_ID, xml).message;
        assert_eq!(
            message,
            "the ID \"_1\" of <IDPSSODescriptor> is also that of <EntityDescriptor> at 1:1"
        );
    }

    #[test]
    fn one_inside_an_encrypted_assertion() {
        let options = with_decryption_key("rsa-2048");
        let xml = String::from_utf8(encrypted("aes128-gcm.oaep-mgf1p")).unwrap();
        passes_for(&DUPLICATE_ID, &xml, &options);
        let twice = "<samlp:Extensions ID=\"_a1\"/><samlp:Status>";
        let finding = fires_for(&DUPLICATE_ID, with(xml, "<samlp:Status>", twice), &options);
        assert!(finding.message.contains("encrypted assertion"), "{}", finding.message);
    }

    #[test]
    fn many_are_counted() {
        let extensions: String = (0..20).map(|_| "<Extensions ID='_1'/>").collect();
        let xml = with(idp(), "<KeyDescriptor", &format!("{extensions}<KeyDescriptor"));
        let report = run(&DUPLICATE_ID, xml.as_bytes(), &Options::default());
        let left_out: Vec<_> = report.left_out.iter().map(|left_out| left_out.count).collect();
        assert_eq!((report.findings.len(), left_out), (16, vec![3]));
    }

    #[test]
    fn ids_that_differ_in_case() {
        let xml = with(idp(), " entityID=", " ID=\"_a\" entityID=");
        passes(&DUPLICATE_ID, with(xml, "<IDPSSODescriptor ", "<IDPSSODescriptor ID=\"_A\" "));
    }
}
