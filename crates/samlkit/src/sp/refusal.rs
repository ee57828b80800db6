//! Why a response is refused: every rule that it breaks, with the values that were compared and the
//! place. The rule's names are those of the catalogue; what to do about each is told by samlcheck.

use std::fmt;
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use samlkit_dsig::{DecryptError, FailureKind};
use samlkit_xml::{ErrorKind, Position};

use crate::replay::ReplayError;
use crate::schema::SchemaFault;

/// One rule that is broken, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// What is wrong.
    pub kind: RefusalKind,
    /// The range in the document's text.
    pub range: Range<usize>,
    /// Where that begins.
    pub position: Position,
}

impl Refusal {
    /// The name of the rule, such as `assertion.audience`.
    pub fn rule(&self) -> &'static str {
        self.kind.rule()
    }
}

/// In what two texts differ that had to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// White space around or in one of them.
    WhiteSpace,
    /// A slash at the end of one of them.
    TrailingSlash,
    /// Upper and lower case.
    Case,
    /// http and https.
    Scheme,
    /// The prefix `spn:`, which Entra puts before an identifier that is no URI.
    Spn,
    /// The host alone, such as another Region.
    Host,
    /// One identifier in the path, such as the tenant.
    Identifier,
    /// More than that.
    Other,
}

impl Difference {
    /// Compares two texts that are not the same.
    ///
    /// ```
    /// use samlkit::sp::Difference;
    ///
    /// assert_eq!(Difference::between("https://a/", "https://a"), Difference::TrailingSlash);
    /// assert_eq!(Difference::between("spn:x", "x"), Difference::Spn);
    /// ```
    pub fn between(found: &str, expected: &str) -> Self {
        let packed = |text: &str| text.split_whitespace().collect::<String>();
        let scheme = |text: &str| {
            let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
            rest.map(str::to_owned)
        };
        let path = |text: &str| Some(scheme(text)?.split_once('/')?.1.to_owned());
        let slash = |text: &str| text.strip_suffix('/').unwrap_or(text).to_owned();
        let spn = |text: &str| text.strip_prefix("spn:").unwrap_or(text).to_owned();
        if packed(found) == packed(expected) {
            Self::WhiteSpace
        } else if slash(found) == slash(expected) {
            Self::TrailingSlash
        } else if found.eq_ignore_ascii_case(expected) {
            Self::Case
        } else if spn(found) == spn(expected) {
            Self::Spn
        } else if scheme(found).is_some() && scheme(found) == scheme(expected) {
            Self::Scheme
        } else if path(found).is_some_and(|path| !path.is_empty()) && path(found) == path(expected)
        {
            Self::Host
        } else if differ_in_identifier(found, expected) {
            Self::Identifier
        } else {
            Self::Other
        }
    }
}

/// Whether one part between slashes differs, and that is a UUID in both.
fn differ_in_identifier(a: &str, b: &str) -> bool {
    let is_uuid =
        |part: &str| part.len() == 36 && part.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split('/').collect(), b.split('/').collect());
    let mut differ = a.iter().zip(&b).filter(|(a, b)| a != b);
    let one = differ.next().is_some_and(|(a, b)| is_uuid(a) && is_uuid(b));
    a.len() == b.len() && one && differ.next().is_none()
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WhiteSpace => "they differ in white space only",
            Self::TrailingSlash => "they differ in the slash at the end only",
            Self::Case => "they differ in upper and lower case only",
            Self::Scheme => "they differ in http and https only",
            Self::Spn => "they differ in the prefix spn: only",
            Self::Host => "they differ in the host only",
            Self::Identifier => "they differ in the identifier only, such as the tenant's",
            Self::Other => "they differ",
        })
    }
}

/// What is wrong with a response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are the values that each message names")]
pub enum RefusalKind {
    /// The document is not well-formed, or over a limit: `xml.*`.
    #[error(transparent)]
    Xml(ErrorKind),
    /// The message came as another parameter than SAMLResponse.
    #[error("the message came as {found}, expected SAMLResponse")]
    Parameter { found: &'static str },
    /// The root is not a Response.
    #[error("the root element is <{found}>, expected a SAML Response")]
    Root { found: String },
    /// A signature is missing or fails: `signature.*`.
    #[error(transparent)]
    Signature(FailureKind),
    /// What is signed is not what would be read.
    #[error("a signed <{signed}> stands where nothing is read from: it was moved to make room")]
    Wrapping { signed: String },

    /// The response, without the assertion in it, is not as SAML's schema has it.
    #[error(transparent)]
    ResponseSchema(SchemaFault),
    #[error("the response has the version {}, expected \"2.0\"", quoted(.found))]
    ResponseVersion { found: Option<String> },
    /// Without a code where the response has none.
    #[error("the identity provider reports {}{}",
        if .codes.is_empty() { "no status code".to_owned() } else { all_of(.codes, " / ") },
        .message.as_ref().map_or(String::new(), |message| format!(": {message:?}")))]
    Status { codes: Vec<String>, message: Option<String> },
    #[error("the response is issued by {found:?}, expected {expected:?}: {difference}")]
    ResponseIssuer { found: String, expected: String, difference: Difference },
    #[error("the response is for {found:?}, expected {}: {difference}", any_of(.expected))]
    Destination { found: String, expected: Vec<String>, difference: Difference },
    /// The caller says that it arrived at a URL which the service provider does not have.
    #[error("the response arrived at {found:?}, which is not a configured ACS URL: expected {}",
        any_of(.configured))]
    AcsNotConfigured { found: String, configured: Vec<String> },
    #[error("the response is signed and has no Destination, which it must have then")]
    NoDestination,
    #[error("the response answers {}, expected {}", request(.found), quoted(.expected))]
    ResponseInResponseTo { found: Option<String>, expected: Option<String> },
    #[error("the response answers no request, and unsolicited responses are not allowed")]
    Unsolicited,

    /// The assertion is not as SAML's schema has it.
    #[error(transparent)]
    AssertionSchema(SchemaFault),
    #[error("the response has no assertion")]
    NoAssertion,
    #[error("the response has {count} assertions, expected one")]
    Assertions { count: usize },
    #[error("the assertion, or the name in it, is encrypted, and no key is given")]
    Encrypted,
    #[error("what is encrypted cannot be used: {0}")]
    Decryption(DecryptError),
    #[error(
        "the encrypted assertion cannot be decrypted, or no trusted key signed what is in it; the answer \
         does not say which of the two, because a stranger could learn the content by asking"
    )]
    Sealed,
    #[error("the assertion has the version {}, expected \"2.0\"", quoted(.found))]
    AssertionVersion { found: Option<String> },
    #[error("the assertion is issued by {}, expected {expected:?}: {difference}", quoted(.found))]
    AssertionIssuer { found: Option<String>, expected: String, difference: Difference },
    #[error("{attribute} is {}, which is no time", quoted(.found))]
    Date { attribute: &'static str, found: Option<String> },
    #[error("the assertion was issued {} from now", length(*.ahead))]
    IssuedAhead { at: DateTime<Utc>, ahead: TimeDelta },
    #[error("the assertion has no Conditions")]
    NoConditions,
    #[error("the assertion counts from {at} on, {} from now", length(*.ahead))]
    NotYetValid { at: DateTime<Utc>, ahead: TimeDelta },
    #[error("the assertion counted until {at}, {} ago", length(*.behind))]
    Expired { at: DateTime<Utc>, behind: TimeDelta },
    #[error("the assertion names no audience")]
    NoAudience,
    #[error("the assertion is for {}, expected {}: {difference}", all_of(.found, " or "),
        all_of(.expected, " or "))]
    Audience { found: Vec<String>, expected: Vec<String>, difference: Difference },
    #[error("the condition <{found}> is not known, so that the assertion must not be relied on")]
    UnknownCondition { found: String },
    #[error("the assertion has no Subject")]
    NoSubject,
    #[error("the Subject has no NameID")]
    NoNameId,
    #[error("the NameID is empty")]
    EmptyNameId,
    #[error("the assertion has no AuthnStatement")]
    NoAuthnStatement,
    #[error("the session ended at {at}, {} ago", length(*.behind))]
    SessionExpired { at: DateTime<Utc>, behind: TimeDelta },
    #[error("the assertion has no ID, so that it cannot be told whether it was used before")]
    NoAssertionId,
    #[error("the assertion {id:?} was used before")]
    Replayed { id: String },
    #[error("whether the assertion was used before cannot be found out: {0}")]
    ReplayUnknown(ReplayError),

    #[error("no confirmation of the subject is a bearer's with data")]
    NoConfirmation,
    #[error("the confirmation is for {}, expected {}: {difference}", quoted(.found),
        any_of(.expected))]
    Recipient { found: Option<String>, expected: Vec<String>, difference: Difference },
    #[error("the confirmation has no NotOnOrAfter")]
    ConfirmationUnlimited,
    #[error("the confirmation counted until {at}, {} ago", length(*.behind))]
    ConfirmationExpired { at: DateTime<Utc>, behind: TimeDelta },
    #[error("the confirmation has a NotBefore, which a bearer's must not have")]
    ConfirmationNotBefore,
    #[error("the confirmation answers {}, expected {}", request(.found), quoted(.expected))]
    ConfirmationInResponseTo { found: Option<String>, expected: Option<String> },
}

impl RefusalKind {
    /// The name of the rule, such as `assertion.audience`.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Xml(kind) => kind.rule(),
            Self::Parameter { .. } => "capture.wrong-parameter",
            Self::Root { .. } => "document.root",
            Self::Signature(kind) => kind.rule(),
            Self::Wrapping { .. } => "signature.wrapping",
            Self::ResponseSchema(_) => "response.schema",
            Self::ResponseVersion { .. } => "response.version",
            Self::Status { .. } => "response.status",
            Self::ResponseIssuer { .. } => "response.issuer",
            Self::Destination { .. } | Self::NoDestination | Self::AcsNotConfigured { .. } => {
                "response.destination"
            }
            Self::ResponseInResponseTo { .. } => "response.in-response-to",
            Self::Unsolicited => "response.unsolicited",
            Self::AssertionSchema(_) => "assertion.schema",
            Self::NoAssertion => "assertion.missing",
            Self::Assertions { .. } => "assertion.multiple",
            Self::Encrypted => "assertion.encrypted",
            Self::Decryption(_) | Self::Sealed => "assertion.decryption",
            Self::AssertionVersion { .. } => "assertion.version",
            Self::AssertionIssuer { .. } => "assertion.issuer",
            Self::Date { .. } => "assertion.date",
            Self::IssuedAhead { .. } => "assertion.issue-instant",
            Self::NoConditions => "assertion.conditions",
            Self::NotYetValid { .. } => "assertion.not-yet-valid",
            Self::Expired { .. } => "assertion.expired",
            Self::NoAudience | Self::Audience { .. } => "assertion.audience",
            Self::UnknownCondition { .. } => "assertion.condition-unknown",
            Self::NoSubject => "assertion.subject",
            Self::NoNameId | Self::EmptyNameId => "assertion.name-id",
            Self::NoAuthnStatement => "assertion.authn-statement",
            Self::SessionExpired { .. } => "assertion.session-expired",
            Self::NoAssertionId | Self::Replayed { .. } | Self::ReplayUnknown(_) => {
                "assertion.replayed"
            }
            Self::NoConfirmation => "subject.confirmation",
            Self::Recipient { .. } => "subject.recipient",
            Self::ConfirmationUnlimited | Self::ConfirmationExpired { .. } => "subject.expired",
            Self::ConfirmationNotBefore => "subject.not-before",
            Self::ConfirmationInResponseTo { .. } => "subject.in-response-to",
        }
    }
}

/// Texts of a message, each in quotes, so that none of them ends a line of a log or hides what follows.
fn all_of(texts: &[String], between: &str) -> String {
    texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(between)
}

/// A text in quotes, or *none*.
fn quoted(text: &Option<String>) -> String {
    text.as_ref().map_or("none".to_owned(), |text| format!("{text:?}"))
}

/// The request that something answers.
fn request(id: &Option<String>) -> String {
    id.as_ref().map_or("no request".to_owned(), |id| format!("the request {id:?}"))
}

/// One of few URLs, or how many there are: a message is read, the values are beside it.
fn any_of(urls: &[String]) -> String {
    match urls {
        [] => "none, as no ACS URL is configured".to_owned(),
        [_] | [_, _] => urls.join(" or "),
        _ => format!("one of the {} ACS URLs", urls.len()),
    }
}

/// A time in words: `3 days`, `5 minutes`, `12 seconds`.
fn length(time: TimeDelta) -> String {
    let (number, unit) = match time.num_seconds() {
        seconds if seconds >= 2 * 86_400 => (time.num_days(), "days"),
        seconds if seconds >= 2 * 3_600 => (time.num_hours(), "hours"),
        seconds if seconds >= 120 => (time.num_minutes(), "minutes"),
        seconds => (seconds, "seconds"),
    };
    format!("{number} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_what_two_texts_differ() {
        let tenants =
            ["7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11", "5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64"];
        let [one, other] = tenants.map(|tenant| format!("https://sts.windows.net/{tenant}/"));
        for (found, expected, difference) in [
            ("https://a/b ", "https://a/b", Difference::WhiteSpace),
            ("https://a/b/", "https://a/b", Difference::TrailingSlash),
            ("https://a/B", "https://a/b", Difference::Case),
            ("spn:app", "app", Difference::Spn),
            ("http://a/b", "https://a/b", Difference::Scheme),
            ("https://eu-west-1.a/b", "https://us-east-1.a/b", Difference::Host),
            (&one, &other, Difference::Identifier),
            ("https://a/", "https://b/", Difference::Other),
            ("", "https://b/", Difference::Other),
        ] {
            assert_eq!(Difference::between(found, expected), difference, "{found} {expected}");
        }
    }

    #[test]
    fn what_is_an_identifier() {
        let one = "7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11";
        let other = "5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64";
        let no_hex = "zd5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11";
        for (found, expected) in [
            // Short, not hexadecimal, one beside a name, two at once, and one in a longer path.
            ("urn/aa/x".to_owned(), "urn/bb/x".to_owned()),
            (format!("urn/{one}/x"), format!("urn/{no_hex}/x")),
            (format!("urn/{one}/x"), "urn/common/x".to_owned()),
            (format!("urn/{one}/{other}"), format!("urn/{other}/{one}")),
            (format!("urn/{one}"), format!("urn/{other}/x")),
        ] {
            let difference = Difference::between(&found, &expected);
            assert_eq!(difference, Difference::Other, "{found} {expected}");
        }
        let difference = Difference::between(&format!("urn/{one}/x"), &format!("urn/{other}/x"));
        assert_eq!(difference, Difference::Identifier);
        assert_eq!(
            difference.to_string(),
            "they differ in the identifier only, such as the tenant's"
        );
    }

    #[test]
    fn how_long_ago() {
        for (seconds, text) in [
            (0, "0 seconds"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (7_199, "119 minutes"),
            (7_200, "2 hours"),
            (172_799, "47 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(length(TimeDelta::seconds(seconds)), text);
        }
    }

    #[test]
    fn values_in_messages() {
        assert_eq!(quoted(&None), "none");
        assert_eq!(quoted(&Some("a\"b".to_owned())), "\"a\\\"b\"");
        assert_eq!(request(&None), "no request");
        assert_eq!(request(&Some("_1".to_owned())), "the request \"_1\"");
        let urls = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(any_of(&urls[..0]), "none, as no ACS URL is configured");
        assert_eq!(any_of(&urls[..1]), "a");
        assert_eq!(any_of(&urls[..2]), "a or b");
        assert_eq!(any_of(&urls), "one of the 3 ACS URLs");
    }
}
