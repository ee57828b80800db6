//! The example driven over HTTP, with responses that the test signs as an identity provider would.

#![allow(clippy::disallowed_methods, reason = "tests read files and know the time")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use samlkit::capture::decode;
use samlkit::dsig::{SignOptions, SigningKey, VerifyingKey, sign};
use samlkit::metadata::Metadata;
use samlkit::sp::{IdentityProvider, ServiceProvider};
use samlkit::xml::Document;
use service_provider::{Configuration, app};

const IDP: &str = "https://idp.example/";
const ME: &str = "https://sp.example/saml";
const ACS: &str = "https://sp.example/saml/acs";

fn file(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/keys");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

/// The service on a port of its own; it ends with the test's process.
fn start() -> SocketAddr {
    let configuration = Configuration {
        sp: ServiceProvider::builder(ME).acs(ACS).build().unwrap(),
        idp: IdentityProvider::new(
            IDP,
            [VerifyingKey::from_pem(&file("rsa-2048.crt.pem")).unwrap()],
        ),
        sign_on_url: "https://idp.example/sso".to_owned(),
    };
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            axum::serve(listener, app(configuration)).await.unwrap();
        });
    });
    receiver.recv().unwrap()
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

fn ask(address: SocketAddr, method: &str, path: &str, cookie: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: sp.example\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Begins a sign-in; gives the ID of the request that went to the identity provider, and the cookie of
/// the browser.
fn begin(address: SocketAddr) -> (String, String) {
    let answer = ask(address, "GET", "/login", "", "");
    assert_eq!(answer.status, 303);
    let url = answer.header("Location").unwrap();
    assert!(url.starts_with("https://idp.example/sso?SAMLRequest="), "{url}");
    let message = decode(url.as_bytes()).unwrap();
    let document = Document::parse(&message.xml).unwrap();
    let request = document.root();
    assert!(request.is("urn:oasis:names:tc:SAML:2.0:protocol", "AuthnRequest"));
    let of = |name| request.attribute(name).unwrap().value();
    assert_eq!((of("AssertionConsumerServiceURL"), of("Version")), (ACS, "2.0"));
    assert_eq!(request.children().next().unwrap().text(), ME);
    let cookie = answer.header("Set-Cookie").unwrap().split(';').next().unwrap();
    (of("ID").to_owned(), cookie.to_owned())
}

/// A form body with a response that an identity provider would give.
fn response(id: &str, request: Option<&str>, user: &str, key: &str) -> String {
    let now: DateTime<Utc> = std::time::SystemTime::now().into();
    let at =
        |minutes: i64| (now + TimeDelta::minutes(minutes)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let answers = request.map_or(String::new(), |id| format!(" InResponseTo=\"{id}\""));
    let xml = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}r\" \
         Version=\"2.0\" IssueInstant=\"{now}\" Destination=\"{ACS}\"{answers}><samlp:Status>\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>\
         <Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
         IssueInstant=\"{now}\"><Issuer>{IDP}</Issuer><Subject><NameID>{user}</NameID>\
         <SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <SubjectConfirmationData{answers} Recipient=\"{ACS}\" NotOnOrAfter=\"{end}\"/>\
         </SubjectConfirmation></Subject><Conditions NotBefore=\"{begin}\" NotOnOrAfter=\"{end}\">\
         <AudienceRestriction><Audience>{ME}</Audience></AudienceRestriction></Conditions>\
         <AuthnStatement AuthnInstant=\"{now}\"><AuthnContext><AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef></AuthnContext>\
         </AuthnStatement></Assertion></samlp:Response>",
        now = at(0),
        begin = at(-5),
        end = at(60),
    );
    let key = SigningKey::from_pem(&file(&format!("{key}.test-only.pem")), None).unwrap();
    let document = Document::parse(xml.as_bytes()).unwrap();
    let signed = sign(&document, id, &key, &SignOptions::default()).unwrap();
    let value = STANDARD.encode(signed);
    let value = value.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("SAMLResponse={value}&RelayState=")
}

#[test]
fn metadata_can_be_read() {
    let answer = ask(start(), "GET", "/saml/metadata", "", "");
    let document = Document::parse(answer.body.as_bytes()).unwrap();
    let entity = Metadata::read(&document).unwrap().entities().next().unwrap();
    let now = std::time::SystemTime::now().into();
    let sp = ServiceProvider::from_metadata(&entity, now).unwrap().build().unwrap();
    assert_eq!((sp.entity_id(), sp.acs_urls()), (ME, &[ACS.to_owned()][..]));
}

#[test]
fn a_user_signs_in_and_out() {
    let address = start();
    assert!(ask(address, "GET", "/", "", "").body.contains("Nobody is signed in"));
    let (request, browser) = begin(address);
    let body = response("_1", Some(&request), "ada@example.com", "rsa-2048");
    let answer = ask(address, "POST", "/saml/acs", &browser, &body);
    assert_eq!(answer.status, 303, "{}", answer.head);
    let cookie = answer.header("Set-Cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    assert!(ask(address, "GET", "/", cookie, "").body.contains("Signed in as ada@example.com"));
    assert!(ask(address, "GET", "/", "session=_other", "").body.contains("Nobody"));
    assert_eq!(ask(address, "POST", "/logout", cookie, "").status, 303);
    assert!(ask(address, "GET", "/", cookie, "").body.contains("Nobody is signed in"));
}

#[test]
fn what_is_no_answer_to_a_request_of_its_own_is_refused() {
    let address = start();
    let (request, browser) = begin(address);
    let good = response("_2", Some(&request), "ada@example.com", "rsa-2048");
    let forged = response("_3", Some(&request), "eve@example.com", "p256");
    let unsolicited = response("_4", None, "ada@example.com", "rsa-2048");
    let of_another = response("_5", Some("_unknown"), "ada@example.com", "rsa-2048");
    for body in [&forged, &unsolicited, &of_another] {
        assert_eq!(ask(address, "POST", "/saml/acs", &browser, body).status, 403);
    }
    // Somebody else's browser, with a login of its own or without one.
    let (_, other) = begin(address);
    for cookie in [other.as_str(), "login=_unknown", ""] {
        assert_eq!(ask(address, "POST", "/saml/acs", cookie, &good).status, 403);
    }
    // Nothing of that used up the request.
    assert_eq!(ask(address, "POST", "/saml/acs", &browser, &good).status, 303);
    let again = ask(address, "POST", "/saml/acs", &browser, &good);
    assert_eq!(again.status, 403);
    assert!(again.header("Set-Cookie").is_none());
    let second = response("_6", Some(&request), "ada@example.com", "rsa-2048");
    assert_eq!(
        ask(address, "POST", "/saml/acs", &browser, &second).status,
        403,
        "answered already"
    );
    for body in ["", "SAMLResponse=", "SAMLRequest=*", "<xml/>", &"x".repeat(100_000)] {
        assert_eq!(ask(address, "POST", "/saml/acs", &browser, body).status, 400, "{body:.20}");
    }
    assert_eq!(ask(address, "POST", "/saml/acs", &browser, "SAMLRequest=AAAA").status, 403);
}

#[test]
fn names_are_escaped_on_the_page() {
    let address = start();
    let (request, browser) = begin(address);
    let body = response("_7", Some(&request), "&lt;script&gt;alert(1)&lt;/script&gt;", "rsa-2048");
    let answer = ask(address, "POST", "/saml/acs", &browser, &body);
    let cookie = answer.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
    let page = ask(address, "GET", "/", &cookie, "").body;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"), "{page}");
}
