//! A web service that lets users sign in with SAML: metadata, the way to the identity provider, the
//! way back, a session. It is an example: sessions are kept in memory, and there is one identity
//! provider.
//!
//! What matters is in `acs`: a response is given to `verify_async` as it came, with the request that this
//! very browser was sent away with, and nothing of it is used unless that says so. A cookie ties the request
//! to the browser, because otherwise somebody could slip their own login to another user.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use samlkit::binding::read_post;
use samlkit::replay::MemoryStore;
use samlkit::sp::{IdentityProvider, PendingRequest, ServiceProvider, VerifiedResponse};

/// How long a user may take to sign in.
const LOGIN_MINUTES: i64 = 15;
/// How long a session lasts, if the identity provider does not end it before.
const SESSION_HOURS: i64 = 8;
/// Assertions that may be in use at the same time.
const ASSERTIONS: usize = 100_000;
/// Sign-ins that may have begun and not ended at the same time.
const LOGINS: usize = 100_000;

/// What the service has to know.
pub struct Configuration {
    /// The service itself; its first ACS URL is the one that requests name.
    pub sp: ServiceProvider,
    /// Whose users may sign in.
    pub idp: IdentityProvider,
    /// Where users sign in: the identity provider's SingleSignOnService with the binding
    /// HTTP-Redirect.
    pub sign_on_url: String,
}

struct Service {
    configuration: Configuration,
    replay: MemoryStore,
    /// The requests that were sent and not answered, by their IDs.
    pending: Mutex<HashMap<String, PendingRequest>>,
    sessions: Mutex<HashMap<String, Session>>,
}

struct Session {
    user: VerifiedResponse,
    ends: DateTime<Utc>,
}

/// The web service.
pub fn app(configuration: Configuration) -> Router {
    let service = Arc::new(Service {
        configuration,
        replay: MemoryStore::new(ASSERTIONS),
        pending: Mutex::default(),
        sessions: Mutex::default(),
    });
    Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/logout", post(logout))
        .route("/saml/metadata", get(metadata))
        .route("/saml/acs", post(acs))
        .with_state(service)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// 128 bits that nobody can guess, as an ID in XML.
fn random_id() -> Result<String, StatusCode> {
    let mut octets = [0; 16];
    getrandom::fill(&mut octets).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(format!("_{}", URL_SAFE_NO_PAD.encode(octets)))
}

fn patience() -> TimeDelta {
    TimeDelta::minutes(LOGIN_MINUTES)
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

fn percent(text: &str) -> String {
    text.replace('%', "%25").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// Who this is, to give to the identity provider.
async fn metadata(State(service): State<Arc<Service>>) -> Response {
    let sp = &service.configuration.sp;
    let services = sp.acs_urls().iter().enumerate().map(|(index, url)| {
        format!(
            "<AssertionConsumerService index=\"{index}\" \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{}\"/>",
            escape(url)
        )
    });
    let xml = format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{}\">\
         <SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}</SPSSODescriptor>\
         </EntityDescriptor>",
        escape(sp.entity_id()),
        services.collect::<String>()
    );
    ([(header::CONTENT_TYPE, "application/samlmetadata+xml")], xml).into_response()
}

/// Sends the user to the identity provider with a request (saml-bindings 3.4).
async fn login(State(service): State<Arc<Service>>) -> Result<Response, StatusCode> {
    let Configuration { sp, sign_on_url, .. } = &service.configuration;
    let now = now();
    let id = random_id()?;
    {
        let mut pending = lock(&service.pending);
        pending.retain(|_, request| !request.is_stale(patience(), now));
        if pending.len() >= LOGINS {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        pending.insert(id.clone(), PendingRequest::new(&id, now));
    }
    let request = format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\" \
         Version=\"2.0\" IssueInstant=\"{}\" AssertionConsumerServiceURL=\"{}\" Destination=\"{}\">\
         <Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer></samlp:AuthnRequest>",
        now.format("%Y-%m-%dT%H:%M:%SZ"),
        escape(sp.acs_urls().first().map_or("", String::as_str)),
        escape(sign_on_url),
        escape(sp.entity_id())
    );
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let deflated = encoder.write_all(request.as_bytes()).and_then(|()| encoder.finish());
    let deflated = deflated.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let value = percent(&STANDARD.encode(deflated));
    let separator = if sign_on_url.contains('?') { '&' } else { '?' };
    let to = Redirect::to(&format!("{sign_on_url}{separator}SAMLRequest={value}"));
    // The answer is posted by a page of the identity provider's, so that SameSite has to be None.
    let cookie = format!("login={id}; Path=/saml/acs; HttpOnly; Secure; SameSite=None");
    Ok(([(header::SET_COOKIE, cookie)], to).into_response())
}

/// Takes the identity provider's answer (saml-bindings 3.5). Why one is refused is for the log and
/// not for whoever sent it.
async fn acs(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, StatusCode> {
    let posted = read_post(&body).map_err(|error| {
        eprintln!("unreadable: {error}");
        StatusCode::BAD_REQUEST
    })?;
    let now = now();
    let pending = cookie(&headers, "login").and_then(|id| lock(&service.pending).get(&id).cloned());
    let pending = pending.filter(|request| !request.is_stale(patience(), now));
    let Configuration { sp, idp, .. } = &service.configuration;
    let verdict = sp.verify_async(idp, &posted, pending.as_ref(), &service.replay, now).await;
    let user = match verdict {
        Ok(user) => user,
        Err(rejection) => {
            eprintln!("refused: {rejection}");
            let reason = rejection.public_reason().to_string();
            return Ok((StatusCode::FORBIDDEN, reason).into_response());
        }
    };
    // Answered, and not to be answered again.
    if pending.is_some_and(|request| lock(&service.pending).remove(request.id()).is_none()) {
        return Err(StatusCode::FORBIDDEN);
    }
    let ends = now + TimeDelta::hours(SESSION_HOURS);
    let ends = user.session_ends().map_or(ends, |end| end.min(ends));
    let session = random_id()?;
    {
        let mut sessions = lock(&service.sessions);
        sessions.retain(|_, session| session.ends > now);
        sessions.insert(session.clone(), Session { user, ends });
    }
    let cookie = format!("session={session}; Path=/; HttpOnly; Secure; SameSite=Lax");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut cookies = cookies.split(';').filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
}

async fn home(State(service): State<Arc<Service>>, headers: HeaderMap) -> Html<String> {
    let now = now();
    let sessions = lock(&service.sessions);
    let session = cookie(&headers, "session").and_then(|id| sessions.get(&id));
    Html(match session.filter(|session| session.ends > now) {
        Some(session) => format!(
            "<p>Signed in as {}.</p><form method=post action=/logout><button>Sign out</button></form>",
            escape(session.user.name_id().value())
        ),
        None => "<p>Nobody is signed in. <a href=/login>Sign in</a></p>".to_owned(),
    })
}

async fn logout(State(service): State<Arc<Service>>, headers: HeaderMap) -> Redirect {
    if let Some(id) = cookie(&headers, "session") {
        lock(&service.sessions).remove(&id);
    }
    Redirect::to("/")
}

#[allow(clippy::disallowed_methods, reason = "a service knows the time")]
fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}
