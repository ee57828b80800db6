//! The verdict on a request to end sessions (saml-core 3.7, saml-profiles 4.4): a request that an
//! identity provider signed, for this service, now. Signed means the query for the Redirect binding
//! and the root element for the POST binding; an unsigned one would let anybody end anybody's
//! session. Whether the sessions exist, and the answer, are not for here, and neither is an encrypted
//! name: it is a refusal.

use chrono::{DateTime, TimeDelta, Utc};
use samlkit_dsig::{Rejection, SignedElement, redirect, verify};
use samlkit_xml::{Document, Error};

use super::{IdentityProvider, ServiceProvider, VerifiedNameId};
use crate::binding::{Parameter, Posted, RedirectError, Redirected};
use crate::names::PROTOCOL;
use crate::names::name_id_format::ENTITY;
use crate::protocol::LogoutRequest;
use crate::value::Value;
use crate::verified::Verified;

/// A message as it came.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Received<'m> {
    /// In a URL.
    Redirected(&'m Redirected),
    /// In a form.
    Posted(&'m Posted),
}

impl<'m> From<&'m Redirected> for Received<'m> {
    fn from(message: &'m Redirected) -> Self {
        Self::Redirected(message)
    }
}

impl<'m> From<&'m Posted> for Received<'m> {
    fn from(message: &'m Posted) -> Self {
        Self::Posted(message)
    }
}

/// Sessions that the identity provider asks to end. Only [`judge_logout_request`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRequested {
    id: String,
    issuer: String,
    name_id: VerifiedNameId,
    session_indexes: Vec<String>,
    relay_state: Option<String>,
}

impl LogoutRequested {
    /// The request's ID, which the answer has to name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The identity provider's entity ID.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whose sessions.
    pub fn name_id(&self) -> &VerifiedNameId {
        &self.name_id
    }

    /// Which sessions, by the SessionIndex of their assertions; all of them if there is none (3.7.1).
    pub fn session_indexes(&self) -> &[String] {
        &self.session_indexes
    }

    /// The relay state, which has to be sent back with the answer. It is signed in a query and not
    /// in a form.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }
}

/// Why a request to end sessions is refused: the first of the reasons, in the order in which they
/// are listed here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogoutRefusal {
    /// The message came as a response.
    #[error("found the parameter {}, expected {}", .found.name(), Parameter::Request.name())]
    Parameter {
        /// As what it came.
        found: Parameter,
    },
    /// The query's signature.
    #[error(transparent)]
    Query(#[from] RedirectError),
    /// The message is not XML, or over a limit.
    #[error(transparent)]
    Xml(#[from] Error),
    /// The root element's signature.
    #[error(transparent)]
    Signature(#[from] Rejection),
    /// The root is another element.
    #[error("the root element is <{found}>, expected a SAML LogoutRequest")]
    Root {
        /// Its name.
        found: String,
    },
    /// A version other than 2.0.
    #[error("the request has the version {found:?}, expected \"2.0\"")]
    Version {
        /// What Version says.
        found: Option<String>,
    },
    /// No ID, so the answer could not name the request.
    #[error("the request has no ID")]
    NoId,
    /// Another issuer, or none (saml-profiles 4.4.4.1).
    #[error("the request is issued by {found:?}, expected {expected:?}")]
    Issuer {
        /// What Issuer says.
        found: Option<String>,
        /// The identity provider's entity ID.
        expected: String,
    },
    /// An issuer that is not named by its entity ID (saml-profiles 4.4.4.1).
    #[error("the Issuer has the Format {found:?}, expected none or {ENTITY}")]
    IssuerFormat {
        /// What Format says.
        found: String,
    },
    /// It is for another place.
    #[error("the request is for {found:?}, expected {}", .expected.join(" or "))]
    Destination {
        /// What Destination says.
        found: String,
        /// The URLs at which the service receives such requests.
        expected: Vec<String>,
    },
    /// It is for no place, which a signed message must name (saml-bindings 3.4.5.2, 3.5.5.2).
    #[error("the request is signed and has no Destination, which it must have then")]
    NoDestination,
    /// A time that is missing or cannot be read.
    #[error("{attribute} is {found:?}, expected an xs:dateTime in UTC")]
    Date {
        /// The attribute.
        attribute: &'static str,
        /// What it says.
        found: Option<String>,
    },
    /// It was issued in the future.
    #[error("the request was issued at {at}, {} seconds from now", .ahead.num_seconds())]
    IssuedAhead {
        /// When it says that it was issued.
        at: DateTime<Utc>,
        /// How far that is ahead.
        ahead: TimeDelta,
    },
    /// It has expired.
    #[error("the request expired at {at}, {} seconds ago", .behind.num_seconds())]
    Expired {
        /// When.
        at: DateTime<Utc>,
        /// How long ago that is.
        behind: TimeDelta,
    },
    /// It does not say in clear whose sessions it means.
    #[error("the request has no NameID, or an empty or encrypted one")]
    NoNameId,
}

/// Judges a request to end sessions. `urls` are those at which the service receives such requests,
/// `now` is the time to judge at; `sp` says within which limits a message is read, which algorithms
/// are accepted and how far clocks may be apart.
///
/// # Errors
/// [`LogoutRefusal`].
pub fn judge_logout_request<'m>(
    sp: &ServiceProvider,
    urls: &[String],
    idp: &IdentityProvider,
    received: impl Into<Received<'m>>,
    now: DateTime<Utc>,
) -> Result<LogoutRequested, LogoutRefusal> {
    let context = Context { sp, urls, idp, now };
    match received.into() {
        Received::Redirected(message) => {
            expect_request(message.parameter())?;
            let signed = redirect::verify(message.query(), &idp.keys, &sp.policy)?;
            let document = signed.document(&sp.limits)?;
            context.judge(document.root(), signed.relay_state())
        }
        Received::Posted(message) => {
            expect_request(message.parameter())?;
            let document = Document::parse_with(message.xml(), &sp.limits)?;
            let signed = verify(document.root(), &idp.keys, &sp.policy)?;
            context.judge(signed.root(), message.relay_state())
        }
    }
}

fn expect_request(found: Parameter) -> Result<(), LogoutRefusal> {
    match found {
        Parameter::Request => Ok(()),
        Parameter::Response => Err(LogoutRefusal::Parameter { found }),
    }
}

struct Context<'a> {
    sp: &'a ServiceProvider,
    urls: &'a [String],
    idp: &'a IdentityProvider,
    now: DateTime<Utc>,
}

impl Context<'_> {
    fn judge(
        &self,
        root: SignedElement<'_>,
        relay_state: Option<&str>,
    ) -> Result<LogoutRequested, LogoutRefusal> {
        if !root.is(PROTOCOL, "LogoutRequest") {
            return Err(LogoutRefusal::Root { found: root.name().to_string() });
        }
        let version = root.attribute("Version").map(|version| version.value());
        if version != Some("2.0") {
            return Err(LogoutRefusal::Version { found: version.map(str::to_owned) });
        }
        let request = Verified::<LogoutRequest<'_>>::read(root);
        let id = request.id.as_ref().map(Value::text).filter(|id| !id.is_empty());
        let id = id.ok_or(LogoutRefusal::NoId)?;
        self.issuer(&request)?;
        match &request.destination {
            None => return Err(LogoutRefusal::NoDestination),
            Some(url) if self.urls.iter().any(|known| known == url.text()) => {}
            Some(url) => {
                let (found, expected) = (url.text().to_owned(), self.urls.to_vec());
                return Err(LogoutRefusal::Destination { found, expected });
            }
        }
        self.times(&request)?;
        let name_id = request.name_id.as_ref();
        let name_id = name_id.filter(|name_id| !name_id.value.text().trim().is_empty());
        let name_id = name_id.ok_or(LogoutRefusal::NoNameId)?;
        let session_indexes = request.session_indexes.iter();
        Ok(LogoutRequested {
            id: id.to_owned(),
            issuer: self.idp.entity_id.clone(),
            name_id: VerifiedNameId::new(Some(name_id)),
            session_indexes: session_indexes.map(|index| index.text().to_owned()).collect(),
            relay_state: relay_state.map(str::to_owned),
        })
    }

    fn issuer(&self, request: &LogoutRequest<'_>) -> Result<(), LogoutRefusal> {
        let issuer = request.issuer.as_ref();
        let found = issuer.map(|issuer| issuer.value.text());
        if found != Some(&self.idp.entity_id) {
            let (found, expected) = (found.map(str::to_owned), self.idp.entity_id.clone());
            return Err(LogoutRefusal::Issuer { found, expected });
        }
        match issuer.and_then(|issuer| issuer.format.as_ref()).map(Value::text) {
            None | Some(ENTITY) => Ok(()),
            Some(other) => Err(LogoutRefusal::IssuerFormat { found: other.to_owned() }),
        }
    }

    fn times(&self, request: &LogoutRequest<'_>) -> Result<(), LogoutRefusal> {
        let date = |attribute, value: Option<&Value<'_>>| {
            let found = value.map(|value| value.text().to_owned());
            value.and_then(Value::date_time).ok_or(LogoutRefusal::Date { attribute, found })
        };
        let at = date("IssueInstant", request.issue_instant.as_ref())?;
        let ahead = at.signed_duration_since(self.now);
        if ahead > self.sp.clock_skew {
            return Err(LogoutRefusal::IssuedAhead { at, ahead });
        }
        if let Some(until) = &request.not_on_or_after {
            let at = date("NotOnOrAfter", Some(until))?;
            let behind = self.now.signed_duration_since(at);
            if behind >= self.sp.clock_skew {
                return Err(LogoutRefusal::Expired { at, behind });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use samlkit_dsig::parameters::encode;
    use samlkit_dsig::redirect::sign_query;
    use samlkit_dsig::{SignOptions, SigningKey, VerifyingKey, sign};

    use super::*;
    use crate::binding::{read_post, read_redirect};

    const KEY: &str = include_str!("../../../../tests/data/keys/rsa-2048.test-only.pem");
    const CERTIFICATE: &str = include_str!("../../../../tests/data/keys/rsa-2048.crt.pem");
    const IDP: &str = "https://idp.example/";
    const URL: &str = "https://sp.example/slo";
    const GOOD: &str = "<LogoutRequest xmlns=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_1\" Version=\"2.0\" \
         IssueInstant=\"2026-06-01T12:00:00Z\" NotOnOrAfter=\"2026-06-01T12:05:00Z\" \
         Destination=\"https://sp.example/slo\"><a:Issuer>https://idp.example/</a:Issuer>\
         <a:NameID Format=\"f\">ada</a:NameID><SessionIndex>s1</SessionIndex>\
         <SessionIndex>s2</SessionIndex></LogoutRequest>";

    fn key() -> SigningKey {
        SigningKey::from_pem(KEY, None).unwrap()
    }

    fn deflated(xml: &str) -> String {
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(xml.as_bytes()).unwrap();
        encode(&STANDARD.encode(encoder.finish().unwrap()))
    }

    fn redirected(parameter: Parameter, xml: &str) -> Redirected {
        let query = sign_query(parameter, &deflated(xml), Some("state"), &key(), None).unwrap();
        read_redirect(&query).unwrap()
    }

    fn posted(octets: &[u8]) -> Posted {
        let form = format!("SAMLRequest={}&RelayState=state", encode(&STANDARD.encode(octets)));
        read_post(form.as_bytes()).unwrap()
    }

    fn judge<'m>(
        received: impl Into<Received<'m>>,
        now: &str,
    ) -> Result<LogoutRequested, LogoutRefusal> {
        let sp = ServiceProvider::new("https://sp.example/", ["https://sp.example/acs".to_owned()]);
        let idp = IdentityProvider {
            entity_id: IDP.to_owned(),
            keys: vec![VerifyingKey::from_pem(CERTIFICATE).unwrap()],
        };
        judge_logout_request(&sp, &[URL.to_owned()], &idp, received, now.parse().unwrap())
    }

    const NOW: &str = "2026-06-01T12:01:00Z";

    fn why(xml: &str) -> LogoutRefusal {
        judge(&redirected(Parameter::Request, xml), NOW).unwrap_err()
    }

    #[test]
    fn both_bindings() {
        let document = Document::parse(GOOD.as_bytes()).unwrap();
        let signed = sign(&document, "_1", &key(), &SignOptions::default()).unwrap();
        let by_post = judge(&posted(&signed), NOW).unwrap();
        let by_redirect = judge(&redirected(Parameter::Request, GOOD), NOW).unwrap();
        assert_eq!(by_post, by_redirect);
        assert_eq!((by_post.id(), by_post.issuer()), ("_1", IDP));
        assert_eq!(by_post.name_id().value, "ada");
        assert_eq!(by_post.session_indexes(), ["s1", "s2"]);
        assert_eq!(by_post.relay_state(), Some("state"));
    }

    #[test]
    fn a_request_that_nobody_signed() {
        let query = read_redirect(&format!("SAMLRequest={}", deflated(GOOD))).unwrap();
        assert_eq!(judge(&query, NOW), Err(RedirectError::Unsigned.into()));
        let unsigned = judge(&posted(GOOD.as_bytes()), NOW).unwrap_err();
        let LogoutRefusal::Signature(rejection) = unsigned else { panic!("{unsigned}") };
        assert!(rejection.to_string().starts_with("signature.missing"), "{rejection}");
        // The signature of a query says nothing of a form, and the other way round.
        let document = Document::parse(GOOD.as_bytes()).unwrap();
        let signed = sign(&document, "_1", &key(), &SignOptions::default()).unwrap();
        let signed = String::from_utf8(signed).unwrap();
        let query = read_redirect(&format!("SAMLRequest={}", deflated(&signed))).unwrap();
        assert_eq!(judge(&query, NOW), Err(RedirectError::Unsigned.into()));
        let forged = signed.replace(">ada<", ">eve<");
        let forged = judge(&posted(forged.as_bytes()), NOW);
        assert!(matches!(forged, Err(LogoutRefusal::Signature(_))), "{forged:?}");
    }

    #[test]
    fn each_refusal() {
        let response = redirected(Parameter::Response, GOOD);
        let found = Parameter::Response;
        assert_eq!(judge(&response, NOW), Err(LogoutRefusal::Parameter { found }));
        assert!(matches!(why("<a"), LogoutRefusal::Xml(_)));
        assert_eq!(why("<a/>"), LogoutRefusal::Root { found: "a".to_owned() });
        let text = |text: &str| Some(text.to_owned());
        let expected = IDP.to_owned();
        let date = |attribute, found| LogoutRefusal::Date { attribute, found };
        for (from, to, refusal) in [
            ("Version=\"2.0\"", "Version=\"2.1\"", LogoutRefusal::Version { found: text("2.1") }),
            ("Version=\"2.0\"", "", LogoutRefusal::Version { found: None }),
            ("ID=\"_1\"", "ID=\"\"", LogoutRefusal::NoId),
            ("ID=\"_1\"", "", LogoutRefusal::NoId),
            (
                ">https://idp.example/<",
                ">https://idp.example<",
                LogoutRefusal::Issuer {
                    found: text("https://idp.example"),
                    expected: expected.clone(),
                },
            ),
            (
                "<a:Issuer>https://idp.example/</a:Issuer>",
                "",
                LogoutRefusal::Issuer { found: None, expected },
            ),
            (
                "<a:Issuer>",
                "<a:Issuer Format=\"f\">",
                LogoutRefusal::IssuerFormat { found: "f".to_owned() },
            ),
            (
                "sp.example/slo",
                "other.example/slo",
                LogoutRefusal::Destination {
                    found: "https://other.example/slo".to_owned(),
                    expected: vec![URL.to_owned()],
                },
            ),
            ("Destination=\"https://sp.example/slo\"", "", LogoutRefusal::NoDestination),
            ("IssueInstant=\"2026-06-01T12:00:00Z\"", "", date("IssueInstant", None)),
            (
                "IssueInstant=\"2026-06-01T12:00:00Z\"",
                "IssueInstant=\"now\"",
                date("IssueInstant", text("now")),
            ),
            (
                "NotOnOrAfter=\"2026-06-01T12:05:00Z\"",
                "NotOnOrAfter=\"\"",
                date("NotOnOrAfter", text("")),
            ),
            (">ada<", "> <", LogoutRefusal::NoNameId),
            ("<a:NameID Format=\"f\">ada</a:NameID>", "<a:EncryptedID/>", LogoutRefusal::NoNameId),
        ] {
            assert!(GOOD.contains(from), "{from}");
            assert_eq!(why(&GOOD.replace(from, to)), refusal, "{to}");
        }
    }

    /// Three minutes of skew, at the second.
    #[test]
    fn times_at_their_edges() {
        let at = |now: &str| judge(&redirected(Parameter::Request, GOOD), now);
        assert!(at("2026-06-01T11:57:00Z").is_ok());
        let early = at("2026-06-01T11:56:59Z").unwrap_err();
        let LogoutRefusal::IssuedAhead { ahead, .. } = early else { panic!("{early}") };
        assert_eq!(ahead, TimeDelta::seconds(181));
        assert!(at("2026-06-01T12:07:59Z").is_ok());
        let late = at("2026-06-01T12:08:00Z").unwrap_err();
        let LogoutRefusal::Expired { behind, .. } = late else { panic!("{late}") };
        assert_eq!(behind, TimeDelta::seconds(180));
        let unlimited = GOOD.replace(" NotOnOrAfter=\"2026-06-01T12:05:00Z\"", "");
        assert!(judge(&redirected(Parameter::Request, &unlimited), NOW).is_ok());
    }
}
