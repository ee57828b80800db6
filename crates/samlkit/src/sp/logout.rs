//! The verdict on a request to end sessions (saml-core 3.7, saml-profiles 4.4): a request that an
//! identity provider signed, for this service, now. Signed means the query for the Redirect binding
//! and the root element for the POST binding; an unsigned one would let anybody end anybody's
//! session. Whether the sessions exist, and the answer, are not for here, and neither is an encrypted
//! name: it is a refusal.

use chrono::{DateTime, TimeDelta, Utc};
use samlkit_dsig::{Rejection, SignedElement, redirect, verify};
use samlkit_xml::{Document, Error};

use super::identity_provider::IdentityProvider;
use super::service_provider::ServiceProvider;
use super::verified_response::VerifiedNameId;
use crate::binding::{Parameter, Posted, RedirectError, Redirected};
use crate::names::PROTOCOL;
use crate::protocol::LogoutRequest;
use crate::schema::SchemaError;
use crate::value::Value;
use crate::verified::Verified;

/// Seconds after which a request without an end is too old: a browser carries it at once. Otherwise one that was ever seen could be sent again for years.
const MOST_AGE: i64 = 300;

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

/// Sessions that the identity provider asks to end. Only [`ServiceProvider::verify_logout_request`] makes
/// one.
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
    /// It is not as SAML's schema demands.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// Another issuer, or none (saml-profiles 4.4.4.1).
    #[error("the request is issued by {}, expected {expected:?}",
        .found.as_ref().map_or("nobody".to_owned(), |found| format!("{found:?}")))]
    Issuer {
        /// What Issuer says.
        found: Option<String>,
        /// The identity provider's entity ID.
        expected: String,
    },
    /// It is for another place.
    #[error("the request is for {found:?}, expected {}", match .expected.as_slice() {
        [] => "a logout URL, and none is configured (ServiceProviderBuilder::logout_url)".to_owned(),
        urls => urls.join(" or "),
    })]
    Destination {
        /// What Destination says.
        found: String,
        /// The URLs at which the service receives such requests.
        expected: Vec<String>,
    },
    /// It is for no place, which a signed message must name (saml-bindings 3.4.5.2, 3.5.5.2).
    #[error("the request is signed and has no Destination, which it must have then")]
    NoDestination,
    /// It was issued in the future.
    #[error("the request was issued at {at}, {} seconds from now", .ahead.num_seconds())]
    IssuedAhead {
        /// When it says that it was issued.
        at: DateTime<Utc>,
        /// How far that is ahead.
        ahead: TimeDelta,
    },
    /// It says no end, and was issued too long ago.
    #[error("the request was issued at {at}, {} seconds ago, and has no NotOnOrAfter; expected at most \
        {MOST_AGE} seconds", .age.num_seconds())]
    Stale {
        /// When it says that it was issued.
        at: DateTime<Utc>,
        /// How long ago that is.
        age: TimeDelta,
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

impl ServiceProvider {
    /// Judges a request to end sessions: signed by the identity provider, for one of
    /// [`ServiceProvider::logout_urls`], and valid now. Until its end it can be sent again, and would end
    /// sessions that began in between; whoever minds asks a replay store about its ID.
    ///
    /// # Errors
    /// [`LogoutRefusal`].
    pub fn verify_logout_request<'m>(
        &self,
        idp: &IdentityProvider,
        received: impl Into<Received<'m>>,
        now: DateTime<Utc>,
    ) -> Result<LogoutRequested, LogoutRefusal> {
        let context = Context { sp: self, idp, now };
        match received.into() {
            Received::Redirected(message) => {
                expect_request(message.parameter())?;
                let signed = redirect::verify(message.query(), &idp.keys, &self.policy)?;
                let document = signed.document(&self.limits)?;
                context.judge(document.root(), signed.relay_state())
            }
            Received::Posted(message) => {
                expect_request(message.parameter())?;
                let document = Document::parse_with(message.xml(), &self.limits)?;
                let signed = verify(document.root(), &idp.keys, &self.policy)?;
                context.judge(signed.root(), message.relay_state())
            }
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
        let request = Verified::<LogoutRequest<'_>>::read(root)?;
        let issuer = request.issuer.as_ref().map(|issuer| issuer.value.text());
        if issuer != Some(&self.idp.entity_id) {
            let (found, expected) = (issuer.map(str::to_owned), self.idp.entity_id.clone());
            return Err(LogoutRefusal::Issuer { found, expected });
        }
        match &request.destination {
            None => return Err(LogoutRefusal::NoDestination),
            Some(url) if self.sp.logout_urls.iter().any(|known| known == url.text()) => {}
            Some(url) => {
                let (found, expected) = (url.text().to_owned(), self.sp.logout_urls.clone());
                return Err(LogoutRefusal::Destination { found, expected });
            }
        }
        self.times(&request)?;
        let name_id = request.name_id.as_ref();
        let name_id = name_id.filter(|name_id| !name_id.value.text().trim().is_empty());
        let name_id = name_id.ok_or(LogoutRefusal::NoNameId)?;
        let session_indexes = request.session_indexes.iter();
        Ok(LogoutRequested {
            id: request.id.as_ref().map_or(String::new(), |id| id.text().to_owned()),
            issuer: self.idp.entity_id.clone(),
            name_id: VerifiedNameId::new(Some(name_id)),
            session_indexes: session_indexes.map(|index| index.text().to_owned()).collect(),
            relay_state: relay_state.map(str::to_owned),
        })
    }

    /// That both are times is the schema's to say.
    fn times(&self, request: &LogoutRequest<'_>) -> Result<(), LogoutRefusal> {
        let of = |value: &Option<Value<'_>>| value.as_ref().and_then(Value::date_time);
        if let Some(at) = of(&request.issue_instant) {
            let ahead = at.signed_duration_since(self.now);
            if ahead > self.sp.clock_skew {
                return Err(LogoutRefusal::IssuedAhead { at, ahead });
            }
            let age = self.now.signed_duration_since(at);
            let most = TimeDelta::seconds(MOST_AGE).checked_add(&self.sp.clock_skew);
            if request.not_on_or_after.is_none() && most.is_some_and(|most| age >= most) {
                return Err(LogoutRefusal::Stale { at, age });
            }
        }
        if let Some(at) = of(&request.not_on_or_after) {
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
        let sp = ServiceProvider::builder("https://sp.example/").acs("https://sp.example/acs");
        let sp = sp.logout_url(URL).build().unwrap();
        let idp = IdentityProvider::new(IDP, [VerifyingKey::from_pem(CERTIFICATE).unwrap()]);
        sp.verify_logout_request(&idp, received, now.parse().unwrap())
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
        assert_eq!(by_post.name_id().value(), "ada");
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
        let expected = vec![URL.to_owned()];
        let found = "https://other.example/slo".to_owned();
        for (from, to, refusal) in [
            (
                ">https://idp.example/<",
                ">https://idp.example<",
                LogoutRefusal::Issuer {
                    found: Some("https://idp.example".to_owned()),
                    expected: IDP.to_owned(),
                },
            ),
            ("sp.example/slo", "other.example/slo", LogoutRefusal::Destination { found, expected }),
            ("Destination=\"https://sp.example/slo\"", "", LogoutRefusal::NoDestination),
            (">ada<", "> <", LogoutRefusal::NoNameId),
            ("<a:NameID Format=\"f\">ada</a:NameID>", "<a:EncryptedID/>", LogoutRefusal::NoNameId),
        ] {
            assert!(GOOD.contains(from), "{from}");
            assert_eq!(why(&GOOD.replace(from, to)), refusal, "{to}");
        }
        for (from, to, fault) in [
            ("Version=\"2.0\"", "Version=\"2.1\"", "the Version of the LogoutRequest is \"2.1\""),
            ("Version=\"2.0\"", "", "the LogoutRequest has no Version"),
            ("ID=\"_1\"", "ID=\"\"", "the LogoutRequest has no ID"),
            ("<a:Issuer>https://idp.example/</a:Issuer>", "", "the LogoutRequest has no Issuer"),
            ("<a:Issuer>", "<a:Issuer Format=\"f\">", "the Format of the Issuer is \"f\""),
            ("<a:NameID ", "<a:NameID>eve</a:NameID><a:NameID ", "more than one NameID"),
            ("IssueInstant=\"2026-06-01T12:00:00Z\"", "", "the LogoutRequest has no IssueInstant"),
            ("NotOnOrAfter=\"2026-06-01T12:05:00Z\"", "NotOnOrAfter=\"\"", "not a time: \"\""),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let refusal = why(&GOOD.replacen(from, to, 1));
            let LogoutRefusal::Schema(error) = refusal else { panic!("{to}: {refusal}") };
            assert!(error.to_string().contains(fault), "{error}");
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
        // Without an end it is five minutes.
        let unlimited = GOOD.replace(" NotOnOrAfter=\"2026-06-01T12:05:00Z\"", "");
        let at = |now: &str| judge(&redirected(Parameter::Request, &unlimited), now);
        assert!(at("2026-06-01T12:07:59Z").is_ok());
        let stale = at("2026-06-01T12:08:00Z").unwrap_err();
        let LogoutRefusal::Stale { age, .. } = stale else { panic!("{stale}") };
        assert_eq!(age, TimeDelta::seconds(480));
    }
}
