//! The rule `metadata.name-id-format`.

use samlkit::Value;
use samlkit::metadata::Role;
use samlkit::names::{METADATA, name_id_format};

use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// A `NameIDFormat` is none of those that SAML defines.
    ///
    /// ## Why it matters
    /// Formats are compared character by character. The usual slips are `emailAddress` and
    /// `unspecified` under `SAML:2.0`, which exist only under `SAML:1.1`, `persistent` under
    /// `SAML:1.1`, which exists only under `SAML:2.0`, and `urn:oasis:name:tc`, which a page of AWS
    /// prints. A format that two parties agreed on is no fault.
    ///
    /// ## How to fix it
    /// Write the format as the finding gives it.
    ///
    /// ## Example
    /// ```text
    /// bad   urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress
    /// good  urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress
    /// ```
    pub static NAME_ID_FORMAT = "metadata.name-id-format" {
        severity: Warning,
        sources: [Core("8.3")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    let roles = entity.descriptor.roles.iter().map(Role::common).filter(|r| r.kind.is_saml());
    let formats: Vec<Value<'_>> = roles
        .flat_map(|role| role.element.children())
        .filter(|child| child.is(METADATA, "NameIDFormat"))
        .map(Value::of_element)
        .collect();
    if formats.is_empty() {
        return Outcome::DoesNotApply("the entity lists no NameIDFormat");
    }
    let unknown = formats.iter().filter(|f| !name_id_format::ALL.contains(&f.trimmed()));
    let findings = unknown.map(|format| {
        let message = format!("SAML does not define the NameIDFormat {:?}", format.trimmed());
        let finding = Finding::new(message).at(format.range());
        match meant(format.trimmed()) {
            Some(known) => finding.expected(known).help("correct it on both sides"),
            None => finding.help("make sure that the other side knows this format"),
        }
    });
    findings.collect()
}

/// The format that ends in the same word, whatever case it is in.
fn meant(written: &str) -> Option<&'static str> {
    let last = |format: &str| format.rsplit(':').next().unwrap_or("").to_ascii_lowercase();
    let written = last(written);
    name_id_format::ALL.into_iter().find(|known| last(known) == written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn the_usual_slips_and_one_of_shibboleth() {
        let persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
        for (written, expected) in [
            (
                "urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress",
                Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
            ),
            (
                "urn:oasis:name:tc:SAML:1.1:nameid-format:emailaddress",
                Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
            ),
            ("urn:mace:shibboleth:1.0:nameIdentifier", None),
        ] {
            let finding = fires(&NAME_ID_FORMAT, with(idp(), persistent, written));
            assert_eq!(finding.expected.as_deref(), expected);
        }
    }

    #[test]
    fn all_that_aws_lists_and_white_space() {
        passes(&NAME_ID_FORMAT, AWS_IAM);
        passes(&NAME_ID_FORMAT, with(idp(), "persistent<", "persistent\n<"));
        does_not_apply(&NAME_ID_FORMAT, ENTRA);
    }
}
