//! The rule `metadata.order`.

use samlkit::names::{ASSERTION, METADATA, SIGNATURE};
use samlkit::xml::{Element, Name};

use super::CORRECT;
use crate::case::Case;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The children of an element stand in an order that the schema does not allow, or one of them
    /// may not stand there at all.
    ///
    /// ## Why it matters
    /// Most readers do not care, strict ones refuse the file. It is a sign of metadata that was put
    /// together by hand.
    ///
    /// ## How to fix it
    /// Put the elements into the order of the schema, as the finding gives it.
    ///
    /// ## Example
    /// ```text
    /// bad   <SingleSignOnService/><KeyDescriptor/>
    /// good  <KeyDescriptor/><SingleSignOnService/>
    /// ```
    pub static ORDER = "metadata.order" {
        severity: Warning,
        sources: [Other("saml-schema-metadata-2.0.xsd")],
        check: Document(check)
    }
}

/// What `SSODescriptorType` begins with; each inner list is one place, whose elements may mix.
macro_rules! sso {
    ($($rest:expr),*) => {
        &[&["Signature"], &["Extensions"], &["KeyDescriptor"], &["Organization"],
          &["ContactPerson"], &["ArtifactResolutionService"], &["SingleLogoutService"],
          &["ManageNameIDService"], &["NameIDFormat"], $($rest),*]
    };
}
/// What other roles begin with.
macro_rules! role {
    ($($rest:expr),*) => {
        &[&["Signature"], &["Extensions"], &["KeyDescriptor"], &["Organization"],
          &["ContactPerson"], $($rest),*]
    };
}

/// Places in order, each with the elements that may stand there.
type Sequence = &'static [&'static [&'static str]];

/// The content models of saml-schema-metadata-2.0.xsd. `RoleDescriptor` is left out: its type says
/// what may follow.
const SEQUENCES: [(&str, Sequence); 12] = [
    (
        "EntitiesDescriptor",
        &[&["Signature"], &["Extensions"], &["EntityDescriptor", "EntitiesDescriptor"]],
    ),
    (
        "EntityDescriptor",
        &[
            &["Signature"],
            &["Extensions"],
            &[
                "RoleDescriptor",
                "IDPSSODescriptor",
                "SPSSODescriptor",
                "AuthnAuthorityDescriptor",
                "AttributeAuthorityDescriptor",
                "PDPDescriptor",
                "AffiliationDescriptor",
            ],
            &["Organization"],
            &["ContactPerson"],
            &["AdditionalMetadataLocation"],
        ],
    ),
    (
        "IDPSSODescriptor",
        sso![
            &["SingleSignOnService"],
            &["NameIDMappingService"],
            &["AssertionIDRequestService"],
            &["AttributeProfile"],
            &["Attribute"]
        ],
    ),
    ("SPSSODescriptor", sso![&["AssertionConsumerService"], &["AttributeConsumingService"]]),
    (
        "AuthnAuthorityDescriptor",
        role![&["AuthnQueryService"], &["AssertionIDRequestService"], &["NameIDFormat"]],
    ),
    (
        "AttributeAuthorityDescriptor",
        role![
            &["AttributeService"],
            &["AssertionIDRequestService"],
            &["NameIDFormat"],
            &["AttributeProfile"],
            &["Attribute"]
        ],
    ),
    ("PDPDescriptor", role![&["AuthzService"], &["AssertionIDRequestService"], &["NameIDFormat"]]),
    (
        "AffiliationDescriptor",
        &[&["Signature"], &["Extensions"], &["AffiliateMember"], &["KeyDescriptor"]],
    ),
    ("KeyDescriptor", &[&["KeyInfo"], &["EncryptionMethod"]]),
    (
        "Organization",
        &[
            &["Extensions"],
            &["OrganizationName"],
            &["OrganizationDisplayName"],
            &["OrganizationURL"],
        ],
    ),
    (
        "ContactPerson",
        &[
            &["Extensions"],
            &["Company"],
            &["GivenName"],
            &["SurName"],
            &["EmailAddress"],
            &["TelephoneNumber"],
        ],
    ),
    (
        "AttributeConsumingService",
        &[&["ServiceName"], &["ServiceDescription"], &["RequestedAttribute"]],
    ),
];

/// The namespace in which the schema has a child of that name.
fn namespace_of(local: &str) -> &'static str {
    match local {
        "Signature" | "KeyInfo" => SIGNATURE,
        "Attribute" => ASSERTION,
        _ => METADATA,
    }
}

fn check(case: &Case<'_>) -> Outcome {
    let metadata = case.document.ok().filter(|_| case.kind.is_some_and(|kind| kind.is_metadata()));
    let Some(document) = metadata else { return Outcome::DoesNotApply("the file is no metadata") };
    let of_metadata = document.elements().filter(|element| element.name().namespace == METADATA);
    let findings = of_metadata.filter_map(|element| {
        let (_, sequence) = SEQUENCES.iter().find(|(name, _)| *name == element.name().local)?;
        misplaced(element, sequence)
    });
    findings.collect()
}

/// The first child that is not where it has to be.
fn misplaced(parent: Element<'_>, sequence: Sequence) -> Option<Finding> {
    let place = |name: &Name<'_>| {
        sequence
            .iter()
            .position(|place| place.contains(&name.local))
            .filter(|_| namespace_of(name.local) == name.namespace)
    };
    let mut reached = 0;
    let mut before: Option<Name<'_>> = None;
    for child in parent.children() {
        let name = child.name();
        let problem = match (place(&name), before) {
            (Some(at), _) if at >= reached => {
                reached = at;
                before = Some(name);
                continue;
            }
            (Some(_), Some(before)) => {
                format!("in <{}> the element <{name}> comes after <{before}>", parent.name())
            }
            _ => format!("the element <{name}> may not stand in <{}>", parent.name()),
        };
        let order: Vec<String> = sequence.iter().map(|place| place.join(" or ")).collect();
        let finding = Finding::new(problem).at(child.start_tag_range());
        return Some(finding.expected(order.join(", ")).help(CORRECT));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_format_after_the_services() {
        let service = "<SingleSignOnService ";
        let format =
            "<NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>";
        let xml = with(idp(), format, "");
        let xml = with(xml, "</IDPSSODescriptor>", &format!("{format}</IDPSSODescriptor>"));
        let finding = fires(&ORDER, &xml);
        assert_eq!(
            finding.message,
            "in <IDPSSODescriptor> the element <NameIDFormat> comes after <SingleSignOnService>"
        );
        let foreign = with(idp(), service, &format!("<x xmlns=''/>{service}"));
        assert!(fires(&ORDER, foreign).message.contains("may not stand"));
    }

    #[test]
    fn all_examples() {
        for xml in [ENTRA, ENTRA_COMMON, IDENTITY_CENTER, AWS_IAM, CLIENT_VPN] {
            passes(&ORDER, xml);
        }
        passes(&ORDER, group(&[idp(), sp(), group(&[idp()])]));
    }
}
