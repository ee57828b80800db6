//! The rule `signature.wrapping`.

use super::super::verdict::enforced;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A signed element stands where nothing is read from, and what stands in its place is not
    /// signed.
    ///
    /// ## Why it matters
    /// That is an attack: a genuine assertion, or the genuine metadata of an entity, was moved aside to
    /// make room for a forged one, in the hope that one reader checks the first and another uses the
    /// second.
    ///
    /// ## How to fix it
    /// Do not fix it. Find out who sent it, and keep the message.
    ///
    /// ## Example
    /// ```text
    /// bad   <Response><Assertion ID="_evil"/>…<Assertion ID="_signed"><Signature/></Assertion>
    /// good  <Response><Assertion ID="_signed"><Signature/></Assertion></Response>
    /// ```
    pub static WRAPPING = "signature.wrapping" {
        severity: Error,
        sources: [Other("Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, 2012")],
        check: Document(check)
    }
}

const HELP: &str = "this is no mistake of a setting: keep the message, and find out who sent it";

fn check(case: &Case<'_>) -> Outcome {
    let Some(parts) = &case.signed_parts else { return enforced(case, "signature.wrapping", HELP) };
    let moved = parts.misplaced.iter().map(|element| {
        let name = element.name();
        Finding::new(format!(
            "a signed <{name}> stands outside the chain of EntitiesDescriptor: it vouches for nothing \
             here, and was moved to make room for what is not signed"
        ))
        .at(element.start_tag_range())
        .help(HELP)
    });
    moved.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_genuine_assertion_moved_aside() {
        for attack in ["xsw1", "wrap-in-status-detail", "wrap-evil-response-around"] {
            fires_for(&WRAPPING, vector(attack), &verdict_on(attack));
        }
    }

    #[test]
    fn both_signed_where_they_belong() {
        passes_for(&WRAPPING, vector("good-both-signed"), &verdict_on("good-both-signed"));
        passes(&WRAPPING, idp());
    }

    #[test]
    fn genuine_metadata_inside_forged_metadata() {
        let genuine = ENTRA.split_once("?>").unwrap().1;
        let hidden = [
            format!("<Extensions>{genuine}</Extensions>"),
            format!("<x:y xmlns:x='urn:x'>{genuine}</x:y>"),
        ];
        for hidden in hidden {
            let forged =
                idp().replacen("<IDPSSODescriptor", &format!("{hidden}<IDPSSODescriptor"), 1);
            fires(&WRAPPING, &forged);
            fires_for(&WRAPPING, &forged, &trusting("active"));
        }
    }
}
