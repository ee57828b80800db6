//! The rule `xml.doctype`.

use super::enforced_by_reader;
use crate::case::Case;
use crate::rule::{Outcome, rule};

rule! {
    /// The document has a document type declaration.
    ///
    /// ## Why it matters
    /// A document type can define entities that read files of the reader, or that grow to fill its
    /// memory, and default attributes that change what was signed. SAML uses none, so its mere
    /// presence is a reason to refuse.
    ///
    /// ## How to fix it
    /// Get the document from its source again. If it really comes like this, treat the sender as
    /// suspect. A page that begins with `<!DOCTYPE html>` is a web page, not metadata: the download
    /// needs a sign-in, or the address is wrong.
    ///
    /// ## Example
    /// ```text
    /// bad   <!DOCTYPE Response SYSTEM "x.dtd"><Response>
    /// good  <Response>
    /// ```
    pub static DOCTYPE = "xml.doctype" {
        severity: Error,
        sources: [Core("5"), Other("SAML2Int")],
        check: Reading(check)
    }
}

const HELP: &str = "get the document from its source again; if it really comes like this, do not \
                    trust who sent it";

fn check(case: &Case<'_>) -> Outcome {
    enforced_by_reader(case, "xml.doctype", HELP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn an_internal_subset() {
        let xml = format!("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>{}", idp());
        assert!(fires(&DOCTYPE, xml).message.contains("document type declaration"));
    }

    #[test]
    fn one_in_a_comment() {
        passes(&DOCTYPE, format!("<!--<!DOCTYPE x>-->{}", idp()));
    }
}
