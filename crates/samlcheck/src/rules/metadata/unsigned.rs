//! The rule `metadata.unsigned`.

use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The metadata has no signature.
    ///
    /// ## Why it matters
    /// Nothing in the file shows that it is genuine: it is worth what the way is worth by which it
    /// came. AWS publishes its metadata without one, Entra signs.
    ///
    /// ## How to fix it
    /// Download it over HTTPS from the vendor's own address, and keep the address.
    ///
    /// ## Example
    /// ```text
    /// bad   <EntityDescriptor> without a Signature
    /// good  <EntityDescriptor ID="_1"><Signature/>
    /// ```
    pub static UNSIGNED = "metadata.unsigned" {
        severity: Info,
        sources: [Metadata("3")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let (Some(parts), Ok(document)) = (&case.signed_parts, case.document) else {
        return Outcome::DoesNotApply("the file is no metadata");
    };
    if parts.unsigned.is_empty() {
        return Outcome::Passed;
    }
    let root = document.root();
    Finding::new("the metadata is not signed: it can be trusted as far as the way by which it came")
        .at(root.start_tag_range())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn none() {
        fires(&UNSIGNED, idp());
        fires(&UNSIGNED, group(&[idp(), ENTRA.split_once("?>").unwrap().1.to_owned()]));
    }

    #[test]
    fn one_on_the_root_or_on_each_entity() {
        passes(&UNSIGNED, ENTRA);
        passes(&UNSIGNED, group(&[ENTRA.split_once("?>").unwrap().1.to_owned()]));
    }
}
