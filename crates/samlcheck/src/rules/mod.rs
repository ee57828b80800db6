//! The catalogue. Each rule is a file of its own, in the folder of the first part of its name:
//! `metadata.no-acs` is `metadata/no_acs.rs`. A name never changes its meaning.

pub mod assertion;
pub mod aws_iam;
pub mod capture;
pub mod certificate;
pub mod client_vpn;
pub mod clock;
pub mod config;
pub mod entra;
pub mod identity_center;
pub mod metadata;
pub mod pair;
pub mod response;
pub mod signature;
pub mod subject;
#[cfg(test)]
pub(crate) mod testing;
mod verdict;
pub mod xml;

use samlkit::Value;
use samlkit::assertion::{Assertion, NameId};
use samlkit::names::name_id_format::EMAIL_ADDRESS;

use crate::case::{Case, Entity, Message, Target};
use crate::profile::SpProfile;
use crate::rule::{Finding, Findings, Outcome, Rule};

/// Every rule, in the order of the catalogue.
pub static ALL: [&Rule; 202] = [
    &capture::unrecognized::UNRECOGNIZED,
    &capture::plus_lost::PLUS_LOST,
    &capture::truncated::TRUNCATED,
    &capture::inflate_limit::INFLATE_LIMIT,
    &capture::wrong_parameter::WRONG_PARAMETER,
    &capture::several_messages::SEVERAL_MESSAGES,
    &capture::live_credential::LIVE_CREDENTIAL,
    &capture::html_page::HTML_PAGE,
    &capture::base64url::BASE64URL,
    &capture::repeated_parameter::REPEATED_PARAMETER,
    &xml::syntax::SYNTAX,
    &xml::doctype::DOCTYPE,
    &xml::entity::ENTITY,
    &xml::character::CHARACTER,
    &xml::encoding::ENCODING,
    &xml::attribute::ATTRIBUTE,
    &xml::namespace::NAMESPACE,
    &xml::limit::LIMIT,
    &xml::duplicate_id::DUPLICATE_ID,
    &xml::document_root::DOCUMENT_ROOT,
    &xml::https_namespace::HTTPS_NAMESPACE,
    &xml::comment_in_value::COMMENT_IN_VALUE,
    &signature::missing::MISSING,
    &signature::invalid::INVALID,
    &signature::digest::DIGEST,
    &signature::untrusted_key::UNTRUSTED_KEY,
    &signature::algorithm::ALGORITHM,
    &signature::weak_key::WEAK_KEY,
    &signature::malformed::MALFORMED,
    &signature::reference::REFERENCE,
    &signature::transform::TRANSFORM,
    &signature::placement::PLACEMENT,
    &signature::wrapping::WRAPPING,
    &signature::certificate_expired::CERTIFICATE_EXPIRED,
    &signature::key_rotated::KEY_ROTATED,
    &signature::reformatted::REFORMATTED,
    &signature::tenant_key::TENANT_KEY,
    &certificate::unreadable::UNREADABLE,
    &certificate::expired::EXPIRED,
    &certificate::all_expired::ALL_EXPIRED,
    &certificate::expires_soon::EXPIRES_SOON,
    &certificate::not_yet_valid::NOT_YET_VALID,
    &certificate::weak_key::WEAK_KEY,
    &certificate::key_proves_nothing::KEY_PROVES_NOTHING,
    &certificate::small_exponent::SMALL_EXPONENT,
    &certificate::sha1::SHA1,
    &certificate::rollover::ROLLOVER,
    &certificate::repeated_extension::REPEATED_EXTENSION,
    &metadata::entity_id_missing::ENTITY_ID_MISSING,
    &metadata::entity_id_length::ENTITY_ID_LENGTH,
    &metadata::entity_id_form::ENTITY_ID_FORM,
    &metadata::no_role::NO_ROLE,
    &metadata::too_many_elements::TOO_MANY_ELEMENTS,
    &metadata::role_protocol::ROLE_PROTOCOL,
    &metadata::expired::EXPIRED,
    &metadata::expires_soon::EXPIRES_SOON,
    &metadata::date_invalid::DATE_INVALID,
    &metadata::duplicate_entity::DUPLICATE_ENTITY,
    &metadata::group::GROUP,
    &metadata::unsigned::UNSIGNED,
    &metadata::no_sso_service::NO_SSO_SERVICE,
    &metadata::no_acs::NO_ACS,
    &metadata::acs_index::ACS_INDEX,
    &metadata::acs_binding::ACS_BINDING,
    &metadata::endpoint_url::ENDPOINT_URL,
    &metadata::endpoint_http::ENDPOINT_HTTP,
    &metadata::binding_unknown::BINDING_UNKNOWN,
    &metadata::no_signing_key::NO_SIGNING_KEY,
    &metadata::key_without_use::KEY_WITHOUT_USE,
    &metadata::order::ORDER,
    &metadata::name_id_format::NAME_ID_FORMAT,
    &entra::tenant_placeholder::TENANT_PLACEHOLDER,
    &entra::tenant_keys::TENANT_KEYS,
    &entra::rollover_trap::ROLLOVER_TRAP,
    &entra::custom_certificate::CUSTOM_CERTIFICATE,
    &entra::issuer_with_app_id::ISSUER_WITH_APP_ID,
    &entra::tenant_mismatch::TENANT_MISMATCH,
    &entra::entity_id_form::ENTITY_ID_FORM,
    &entra::cloud::CLOUD,
    &entra::cloud_mismatch::CLOUD_MISMATCH,
    &entra::ws_federation::WS_FEDERATION,
    &entra::error_status::ERROR_STATUS,
    &entra::inbound_code::INBOUND_CODE,
    &entra::groups_overage::GROUPS_OVERAGE,
    &entra::group_ids::GROUP_IDS,
    &entra::mfa::MFA,
    &entra::guest_user::GUEST_USER,
    &entra::pairwise_name_id::PAIRWISE_NAME_ID,
    &entra::session_proxy::SESSION_PROXY,
    &entra::window::WINDOW,
    &entra::encryption::ENCRYPTION,
    &entra::request_id::REQUEST_ID,
    &entra::request_subject::REQUEST_SUBJECT,
    &entra::request_comparison::REQUEST_COMPARISON,
    &entra::request_name_id::REQUEST_NAME_ID,
    &entra::request_scoping::REQUEST_SCOPING,
    &entra::request_passive::REQUEST_PASSIVE,
    &entra::request_binding::REQUEST_BINDING,
    &entra::request_authn_context::REQUEST_AUTHN_CONTEXT,
    &identity_center::entity_id_form::ENTITY_ID_FORM,
    &identity_center::acs_form::ACS_FORM,
    &identity_center::acs_older::ACS_OLDER,
    &identity_center::several_regions::SEVERAL_REGIONS,
    &identity_center::region_mismatch::REGION_MISMATCH,
    &identity_center::wrong_endpoint::WRONG_ENDPOINT,
    &identity_center::swapped_values::SWAPPED_VALUES,
    &identity_center::metadata_size::METADATA_SIZE,
    &identity_center::encryption_key::ENCRYPTION_KEY,
    &identity_center::certificate_size::CERTIFICATE_SIZE,
    &identity_center::name_id_format::NAME_ID_FORMAT,
    &identity_center::format_typo::FORMAT_TYPO,
    &identity_center::name_id_value::NAME_ID_VALUE,
    &identity_center::name_id_case::NAME_ID_CASE,
    &identity_center::encrypted::ENCRYPTED,
    &identity_center::iam_attributes::IAM_ATTRIBUTES,
    &identity_center::single_assertion::SINGLE_ASSERTION,
    &identity_center::request_verification::REQUEST_VERIFICATION,
    &identity_center::access_control::ATTRIBUTE,
    &identity_center::attributes::ATTRIBUTES,
    &aws_iam::bom::BOM,
    &aws_iam::encoding::ENCODING,
    &aws_iam::size::SIZE,
    &aws_iam::key_size::KEY_SIZE,
    &aws_iam::key_count::KEY_COUNT,
    &aws_iam::entity_id::ENTITY_ID,
    &aws_iam::sp_metadata_age::SP_METADATA_AGE,
    &aws_iam::recipient::RECIPIENT,
    &aws_iam::role_missing::ROLE_MISSING,
    &aws_iam::attribute_case::ATTRIBUTE_CASE,
    &aws_iam::role_value::ROLE_VALUE,
    &aws_iam::role_accounts::ROLE_ACCOUNTS,
    &aws_iam::partition::PARTITION,
    &aws_iam::session_name_missing::SESSION_NAME_MISSING,
    &aws_iam::session_name::SESSION_NAME,
    &aws_iam::session_duration::SESSION_DURATION,
    &aws_iam::confirmation_count::CONFIRMATION_COUNT,
    &aws_iam::name_id_missing::NAME_ID_MISSING,
    &aws_iam::attribute_twice::ATTRIBUTE_TWICE,
    &aws_iam::role_length::ROLE_LENGTH,
    &aws_iam::source_identity::SOURCE_IDENTITY,
    &aws_iam::tags::SESSION_TAGS,
    &aws_iam::trust_policy::TRUST_POLICY,
    &aws_iam::audience::AUDIENCE,
    &aws_iam::stale::STALE,
    &aws_iam::response_size::RESPONSE_SIZE,
    &aws_iam::session_end::SESSION_END,
    &client_vpn::entity_id::ENTITY_ID,
    &client_vpn::acs::ACS,
    &client_vpn::redirect_binding::REDIRECT_BINDING,
    &client_vpn::both_signed::BOTH_SIGNED,
    &client_vpn::size::SIZE,
    &client_vpn::name_id_format::NAME_ID_FORMAT,
    &client_vpn::name_id_length::NAME_ID_LENGTH,
    &client_vpn::member_of::MEMBER_OF,
    &client_vpn::attributes::ATTRIBUTES,
    &client_vpn::condition::CONDITION,
    &client_vpn::encrypted::ENCRYPTED,
    &pair::swapped::SWAPPED,
    &pair::binding::BINDING,
    &pair::request_signing::REQUEST_SIGNING,
    &pair::assertion_signing::ASSERTION_SIGNING,
    &pair::name_id_format::NAME_ID_FORMAT,
    &pair::encryption::ENCRYPTION,
    &response::schema::SCHEMA,
    &response::version::VERSION,
    &response::status::STATUS,
    &response::issuer::ISSUER,
    &response::issuer_mismatch::ISSUER_MISMATCH,
    &response::destination::DESTINATION,
    &response::recipient_mismatch::RECIPIENT_MISMATCH,
    &response::in_response_to::IN_RESPONSE_TO,
    &response::unsolicited::UNSOLICITED,
    &assertion::missing::MISSING,
    &assertion::multiple::MULTIPLE,
    &assertion::schema::SCHEMA,
    &assertion::version::VERSION,
    &assertion::issuer::ISSUER,
    &assertion::issue_instant::ISSUE_INSTANT,
    &assertion::date::DATE,
    &assertion::conditions::CONDITIONS,
    &assertion::not_yet_valid::NOT_YET_VALID,
    &assertion::expired::EXPIRED,
    &assertion::audience::AUDIENCE,
    &assertion::condition_unknown::CONDITION_UNKNOWN,
    &assertion::subject::SUBJECT,
    &assertion::name_id::NAME_ID,
    &assertion::white_space::WHITE_SPACE,
    &assertion::authn_statement::AUTHN_STATEMENT,
    &assertion::empty_value::EMPTY_VALUE,
    &assertion::session_expired::SESSION_EXPIRED,
    &assertion::lifetime::LIFETIME,
    &assertion::one_time_use::ONE_TIME_USE,
    &assertion::encrypted::ENCRYPTED,
    &assertion::decryption::DECRYPTION,
    &assertion::replayed::REPLAYED,
    &subject::confirmation::CONFIRMATION,
    &subject::recipient::RECIPIENT,
    &subject::expired::EXPIRED,
    &subject::not_before::NOT_BEFORE,
    &subject::in_response_to::IN_RESPONSE_TO,
    &clock::suspected::SUSPECTED,
    &config::waiver_expired::WAIVER_EXPIRED,
];

/// The outcome of a rule that a service provider has for identity provider metadata: as the rule
/// says where the file is meant for that provider, a hint where nobody said whom it is meant for.
fn for_target(
    case: &Case<'_>,
    entity: &Entity<'_>,
    provider: SpProfile,
    findings: impl FnOnce() -> Findings,
) -> Outcome {
    let root = case.document.map(|document| document.root());
    if root != Ok(entity.descriptor.element) {
        return Outcome::DoesNotApply("AWS takes metadata of one identity provider, not a group");
    }
    match case.target(provider) {
        Target::Other => Outcome::DoesNotApply("the metadata is meant for another provider"),
        Target::Meant => findings().into(),
        Target::Unknown => {
            let name = provider.display().unwrap_or("this service provider");
            findings().into_hints(&format!("matters if the file is for {name}")).into()
        }
    }
}

/// The outcome of a rule that a service provider has for the assertion in a response to it.
fn for_assertion(
    message: &Message<'_>,
    provider: SpProfile,
    check: impl FnOnce(&Assertion<'_>) -> Outcome,
) -> Outcome {
    if message.sp_profile != provider {
        return Outcome::DoesNotApply("the response is for another service provider");
    }
    match message.first_assertion() {
        Some(assertion) => check(assertion),
        None => Outcome::DoesNotApply("the response has no assertion that can be read"),
    }
}

/// [`for_assertion`] of a rule about the user's name.
fn for_name(
    message: &Message<'_>,
    provider: SpProfile,
    check: impl FnOnce(&NameId<'_>) -> Outcome,
) -> Outcome {
    for_assertion(message, provider, |assertion| {
        match assertion.subject.as_ref().and_then(|subject| subject.name_id.as_ref()) {
            Some(name_id) => check(name_id),
            None => Outcome::DoesNotApply("the response has no NameID that can be read"),
        }
    })
}

/// Where Entra's claims are set.
const CLAIMS: &str = "Entra admin center > Enterprise apps > (app) > Single sign-on > Attributes & \
                      Claims";

/// What is wrong with the format of a name that has to be a mail address.
fn not_email_address(name_id: &NameId<'_>) -> Option<Finding> {
    let format = name_id.format.as_ref();
    let found = format.map_or("no Format", Value::text);
    (found != EMAIL_ADDRESS).then(|| {
        Finding::new("the format of the NameID is not emailAddress")
            .at(format.map_or_else(|| name_id.value.range(), Value::range))
            .found(found)
            .expected(EMAIL_ADDRESS)
            .help(format!(
                "choose Name identifier format: Email address: {CLAIMS} > Unique User Identifier"
            ))
    })
}

/// A finding where a response is encrypted for a service provider that does not decrypt.
fn not_encrypted(message: &Message<'_>, provider: SpProfile) -> Outcome {
    if message.sp_profile != provider {
        return Outcome::DoesNotApply("the response is for another service provider");
    }
    let assertion = message.response.unverified().encrypted_assertions.first();
    let subject = message.first_assertion().and_then(|assertion| assertion.subject.as_ref());
    let subject = subject.filter(|subject| subject.has_encrypted_id);
    let place = assertion.map(|assertion| assertion.start_tag_range());
    let finding = place.or_else(|| subject.map(|subject| subject.range.clone())).map(|place| {
        let name = provider.display().unwrap_or("the service provider");
        Finding::new(format!("the response is encrypted, and {name} does not decrypt"))
            .at(place)
            .help("Entra admin center > Enterprise apps > (app) > Token encryption: deactivate it")
    });
    finding.into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;
    use crate::Severity;

    #[test]
    fn each_rule_explains_itself() {
        let mut names = HashSet::new();
        for rule in ALL {
            assert!(names.insert(rule.name), "{} stands twice", rule.name);
            for heading in [
                "\n ## Why it matters\n",
                "\n ## How to fix it\n",
                "\n ## Example\n ```text\n bad   ",
                "\n good  ",
            ] {
                assert!(rule.explanation.contains(heading), "{} lacks {heading:?}", rule.name);
            }
            let first = rule.explanation.trim().lines().next().unwrap_or("");
            assert!(first.ends_with('.') || !first.is_empty(), "{}", rule.name);
        }
    }

    /// What today's portals make, in pairs: Entra's metadata, its byte order mark taken away where AWS IAM
    /// gets it, with that of each service provider of AWS.
    #[test]
    fn a_healthy_pair_has_no_error_and_no_warning() {
        use crate::rules::testing::*;
        use crate::{Options, check};

        let without = ENTRA.trim_start_matches('\u{FEFF}');
        let pairs = [
            (SpProfile::IdentityCenter, ENTRA, IDENTITY_CENTER),
            (SpProfile::AwsIam, without, AWS_IAM),
            (SpProfile::ClientVpn, without, CLIENT_VPN),
        ];
        for (target, idp, sp) in pairs {
            let of_idp = Options { side: Some(crate::case::Side::Idp), ..meant_for(target) };
            for (xml, options) in [(idp, of_idp), (sp, beside(idp))] {
                let report = check("x", xml.as_bytes(), &options, NOW.parse().unwrap());
                let bad = report.findings.iter().filter(|f| f.severity != Severity::Info);
                let bad: Vec<_> = bad.map(|f| (f.rule, &f.message)).collect();
                assert_eq!(bad, [], "{target:?}");
                assert!(report.checks().passed > 30);
            }
        }
    }

    /// Every file of a rule is in [`ALL`] under its own name, and has a test in which the rule
    /// fires and one in which it does not.
    #[test]
    fn each_rule_has_its_file_and_both_tests() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
        let mut files = 0;
        for group in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let Ok(entries) = std::fs::read_dir(&group) else { continue };
            for file in entries.map(|entry| entry.unwrap().path()) {
                let stem = file.file_stem().unwrap().to_str().unwrap().replace('_', "-");
                if stem == "mod" {
                    continue;
                }
                files += 1;
                #[allow(clippy::disallowed_methods, reason = "the test reads the sources")]
                let source = std::fs::read_to_string(&file).unwrap();
                let group = group.file_name().unwrap().to_str().unwrap().replace('_', "-");
                let name = match (group.as_str(), stem.as_str()) {
                    ("xml", "document-root") => "document.root".to_owned(),
                    (group, stem) => format!("{group}.{stem}"),
                };
                assert!(ALL.iter().any(|rule| rule.name == name), "{name} is not in ALL");
                assert!(source.starts_with(&format!("//! The rule `{name}`")), "{name}");
                let fires = ["fires(", "fires_for(", "messages(", "it_fires_"]
                    .iter()
                    .any(|f| source.contains(f));
                let passes =
                    [" passes(", " passes_for(", "it_passes_"].iter().any(|p| source.contains(p));
                assert!(fires && passes, "{name} lacks a test: fires {fires}, passes {passes}");
            }
        }
        assert_eq!(files, ALL.len());
    }

    /// docs/rules.md holds the same texts as the rules.
    #[test]
    fn the_document_of_the_rules_is_in_step() {
        let mut text = String::from(
            "# Rules\n\nWhat `samlcheck` checks, in the order of the catalogue. The texts are those of \
             `samlcheck explain`, and a test keeps this file in step with them.\n",
        );
        for rule in ALL {
            let lines: Vec<String> = rule.lines().map(|l| l.replace("## ", "### ")).collect();
            text.push_str(&format!("\n## {} ({})\n\n", rule.name, rule.severity));
            text.push_str(&lines.join("\n"));
            text.push('\n');
            if !rule.sources.is_empty() {
                text.push_str(&format!("\nSource: {}\n", rule.source_names().join("; ")));
            }
        }
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md");
        #[allow(clippy::disallowed_methods, reason = "the test reads the document")]
        let written = std::fs::read_to_string(file).unwrap_or_default();
        if written != text {
            let new = std::env::temp_dir().join("rules.md");
            #[allow(clippy::disallowed_methods, reason = "tests write what differs")]
            std::fs::write(&new, text).unwrap();
            panic!(
                "docs/rules.md is not in step; read {} before it takes its place",
                new.display()
            );
        }
    }
}
