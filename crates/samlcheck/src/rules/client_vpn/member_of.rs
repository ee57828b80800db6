//! The rule `client-vpn.member-of`.

use samlkit::assertion::AttributeValue;

use crate::Severity;
use crate::case::{Case, Message};
use crate::profile::SpProfile;
use crate::rule::{Finding, Outcome, rule};
use crate::rules::{CLAIMS, for_assertion};

rule! {
    /// The attribute `memberOf`, by which authorization rules know groups, is missing, has another case,
    /// has more than 200 values, or one of over 255 characters.
    ///
    /// ## Why it matters
    /// The name is case-sensitive, and groups after the first 200 are ignored: rules for a group never
    /// match. Without rules for groups it is not needed.
    ///
    /// ## How to fix it
    /// In Entra: *Attributes & Claims*: name the groups claim `memberOf`, and send only the groups
    /// assigned to the application.
    ///
    /// ## Example
    /// ```text
    /// bad   <Attribute Name="memberof">
    /// good  <Attribute Name="memberOf">
    /// ```
    pub static MEMBER_OF = "client-vpn.member-of" {
        severity: Warning,
        sources: [Aws("Client VPN Administrator Guide, single sign-on")],
        check: Response(check)
    }
}

const NAME: &str = "memberOf";
/// Groups that are looked at.
const GROUPS: usize = 200;
/// Characters of a group's name at most.
const CHARACTERS: usize = 255;

fn check(_: &Case<'_>, message: &Message<'_>) -> Outcome {
    for_assertion(message, SpProfile::ClientVpn, |assertion| {
        let is = |exactly: bool| {
            assertion.attributes.iter().find(|attribute| {
                let name = attribute.name.as_ref().map_or("", |name| name.text());
                if exactly { name == NAME } else { name.eq_ignore_ascii_case(NAME) }
            })
        };
        let start = assertion.range.start;
        let range = |attribute: &samlkit::assertion::Attribute<'_>| {
            attribute.name.as_ref().map_or(start..start, |name| name.range())
        };
        match (is(true), is(false)) {
            (Some(attribute), _) if attribute.values.len() > GROUPS => {
                Finding::new("memberOf has more values than Client VPN looks at")
                    .at(range(attribute))
                    .found(format!("{} values", attribute.values.len()))
                    .expected(format!("{GROUPS} at most"))
                    .help(format!("send only the groups assigned to the application: {CLAIMS}"))
                    .into()
            }
            (Some(attribute), _) => {
                let length = |value: &AttributeValue<'_>| value.text.text().chars().count();
                let long = attribute.values.iter().find(|value| length(value) > CHARACTERS);
                let finding = long.map(|value| {
                    Finding::new("a group's name is longer than Client VPN takes")
                        .at(value.text.range())
                        .found(format!("{} characters", length(value)))
                        .expected(format!("{CHARACTERS} at most"))
                        .help(format!("send object IDs: {CLAIMS}"))
                });
                finding.into()
            }
            (None, Some(other)) => Finding::new("Client VPN does not read groups under this name")
                .at(range(other))
                .found(other.name.as_ref().map_or("", |name| name.text()))
                .expected(NAME)
                .help(format!("name the claim memberOf: {CLAIMS}"))
                .into(),
            (None, None) => Finding::new("there is no memberOf: rules for groups cannot match")
                .at(start..start)
                .severity(Severity::Info)
                .help(format!("where rules for groups are in use, add the claim: {CLAIMS}"))
                .into(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn another_case_none_and_too_many() {
        let finding = fires(&MEMBER_OF, with(to_client_vpn(), "memberOf", "memberof"));
        assert_eq!(
            (finding.severity, finding.expected.as_deref()),
            (Severity::Warning, Some(NAME))
        );
        let none = fires(&MEMBER_OF, with(to_client_vpn(), "memberOf", "groups"));
        assert_eq!(none.severity, Severity::Info);
        let groups =
            format!("\"memberOf\">{}", "<AttributeValue>g</AttributeValue>".repeat(GROUPS));
        fires(&MEMBER_OF, with(to_client_vpn(), "\"memberOf\">", &groups));
        fires(&MEMBER_OF, of_length(CHARACTERS + 1));
    }

    /// With a group whose name is so long.
    fn of_length(characters: usize) -> String {
        let value = format!("<AttributeValue>{}</AttributeValue>", "g".repeat(characters));
        with(to_client_vpn(), "\"memberOf\">", &format!("\"memberOf\">{value}"))
    }

    #[test]
    fn just_so_many() {
        passes(&MEMBER_OF, of_length(CHARACTERS));
        passes(&MEMBER_OF, to_client_vpn());
        let more = "<AttributeValue>g</AttributeValue>".repeat(GROUPS - 1);
        passes(&MEMBER_OF, with(to_client_vpn(), "\"memberOf\">", &format!("\"memberOf\">{more}")));
    }
}
