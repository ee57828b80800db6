//! The rule `signature.reformatted`.

use samlkit::dsig::{AlgorithmPolicy, explain};

use crate::case::{Case, SignatureCheck};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The file was formatted after it was signed: with its white space as it must have been, the signed
    /// content has the digest that the signature states.
    ///
    /// ## Why it matters
    /// It explains `signature.digest`: nobody changed a value, an editor, a browser's view or a transport
    /// with other line ends did. A verifier has to refuse it all the same, because a signature is over every
    /// octet; that the digest would fit is no proof of who signed.
    ///
    /// ## How to fix it
    /// Take the message from the payload of the request in the browser's network tools, metadata from the
    /// download itself, and open neither in an editor that formats. AWS does not check the signature of
    /// metadata; it takes a formatted file as well.
    ///
    /// ## Example
    /// ```text
    /// bad   <Issuer/>\n    <Signature>  (an editor put the line end there)
    /// good  <Issuer/><Signature>
    /// ```
    pub static REFORMATTED = "signature.reformatted" {
        severity: Error,
        sources: [XmlSignature("3.2.1")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let Some(document) = case.document.ok().filter(|_| case.kind.is_some()) else {
        return Outcome::DoesNotApply("the document is none of SAML's");
    };
    // With a verdict, the signatures are judged there and not one by one.
    let of_signatures = case.signatures.iter().map(|check| check.element);
    let of_message = SignatureCheck::signed(document).filter(|_| case.signatures.is_empty());
    let mut signed = of_signatures.chain(of_message).peekable();
    if signed.peek().is_none() {
        return Outcome::DoesNotApply("nothing is signed");
    }
    let of_signatures = case.signatures.iter().flat_map(|check| check.failures());
    let rejection = case.verdict.as_ref().and_then(|verdict| verdict.as_ref().err());
    let digest = |rule: &str| rule == "signature.digest";
    let is_changed = of_signatures.map(|failure| failure.rule()).any(digest)
        || rejection.is_some_and(|rejection| rejection.rules().any(digest));
    if !is_changed {
        return Outcome::Passed;
    }
    let findings = signed.filter_map(|element| {
        let how = explain(element, &AlgorithmPolicy::default()).reformatted()?;
        let name = element.name();
        Some(
            Finding::new(format!("<{name}> was formatted after it was signed: {}", how.describe()))
                .at(element.start_tag_range())
                .note("this explains the digest, and is no proof of who signed")
                .help(
                    "take the message from the payload in the browser's network tools, or the \
                     metadata from the download itself, and keep it byte for byte",
                ),
        )
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn pretty_printed() {
        let finding =
            fires(&REFORMATTED, with(ENTRA, "</Signature><Role", "</Signature>\n  <Role"));
        assert!(finding.message.contains("white space was put between elements"));
        let response = String::from_utf8(vector("good-assertion-signed")).unwrap();
        let lines = with(response, "<AttributeStatement>", "\n    <AttributeStatement>\n");
        fires_for(&REFORMATTED, lines, &verdict_on("good-assertion-signed"));
    }

    #[test]
    fn an_entity_in_a_group_that_is_not_signed() {
        let entity = String::from_utf8(signed_by("rsa-2048")).unwrap();
        let formatted = with(&entity, "</KeyDescriptor><", "</KeyDescriptor>\n  <");
        let finding = fires(&REFORMATTED, group(&[formatted]));
        assert!(finding.message.starts_with("<EntityDescriptor> was formatted"));
        passes(&REFORMATTED, group(&[entity]));
    }

    #[test]
    fn as_signed_and_changed() {
        passes(&REFORMATTED, ENTRA);
        passes(&REFORMATTED, with(ENTRA, "The mutable display name", "Another"));
        does_not_apply(&REFORMATTED, idp());
    }
}
