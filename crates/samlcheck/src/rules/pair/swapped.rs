//! The rule `pair.swapped`.

use crate::case::{Case, Side};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The file that is given as the identity provider's holds a service provider, or the other way
    /// round.
    ///
    /// ## Why it matters
    /// Each side needs the metadata of the other, and the two files look alike.
    ///
    /// ## How to fix it
    /// Give the two files the other way round. At the portals: Entra takes the service provider's file,
    /// AWS the identity provider's.
    ///
    /// ## Example
    /// ```text
    /// bad   samlcheck pair --idp aws.xml --sp entra.xml
    /// good  samlcheck pair --idp entra.xml --sp aws.xml
    /// ```
    pub static SWAPPED = "pair.swapped" {
        severity: Error,
        sources: [Metadata("2.4.3, 2.4.4")],
        check: Document(check)
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let (Some(side), Some(metadata)) = (&case.options.side, case.metadata()) else {
        return Outcome::DoesNotApply("the files are no pair");
    };
    let has_idp = metadata.entities().any(|entity| entity.idp_roles().next().is_some());
    let has_sp = metadata.entities().any(|entity| entity.sp_roles().next().is_some());
    let (found, expected) = match side {
        Side::Idp if !has_idp && has_sp => ("a service provider", "an identity provider"),
        Side::Sp(_) if has_idp && !has_sp => ("an identity provider", "a service provider"),
        _ => return Outcome::Passed,
    };
    Finding::new(format!("this is the metadata of {found}, and was given as that of {expected}"))
        .at(metadata.root().start_tag_range())
        .found(found)
        .expected(expected)
        .help("give the two files the other way round")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::rules::testing::*;

    #[test]
    fn both_ways() {
        let idp_side = Options { side: Some(Side::Idp), ..Options::default() };
        fires_for(&SWAPPED, sp(), &idp_side);
        fires_for(&SWAPPED, idp(), &beside(&idp()));
    }

    #[test]
    fn as_they_should_be() {
        passes_for(&SWAPPED, idp(), &Options { side: Some(Side::Idp), ..Options::default() });
        passes_for(&SWAPPED, sp(), &beside(&idp()));
        does_not_apply(&SWAPPED, sp());
    }
}
