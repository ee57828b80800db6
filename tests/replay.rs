//! Replay stores: the same suite for the one in memory and the one on a Redis server, which the
//! tests start on a port of the loopback address and kill in the middle.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use samlkit::dsig::VerifyingKey;
use samlkit::replay::{MemoryStore, RedisStore, ReplayError, ReplayStore};
use samlkit::sp::{Expected, IdentityProvider, ServiceProvider};
use samlkit_tests::{data, read};

const IDP: &str = "https://idp.example/";

fn now() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

/// What every store has to do.
fn suite(store: &(impl ReplayStore + Sync)) {
    let (now, later) = (now(), now() + TimeDelta::hours(1));
    assert_eq!(store.first_use(IDP, "_a", later, now), Ok(true));
    assert_eq!(store.first_use(IDP, "_a", later, now), Ok(false));
    assert_eq!(store.first_use(IDP, "_a", later + TimeDelta::hours(9), now), Ok(false));
    // Another issuer's assertion of that ID is another one, whatever runs together.
    assert_eq!(store.first_use("https://other.example/", "_a", later, now), Ok(true));
    assert_eq!(store.first_use(IDP, "_b", later, now), Ok(true));
    assert_eq!(store.first_use("x", "y:z", later, now), Ok(true));
    assert_eq!(store.first_use("x:y", "z", later, now), Ok(true));
    assert_eq!(store.first_use(IDP, "", later, now), Ok(true));

    // Eight at once: exactly one is first.
    for round in 0..50 {
        let (first, barrier, id) = (AtomicUsize::new(0), Barrier::new(8), format!("_race{round}"));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    barrier.wait();
                    if store.first_use(IDP, &id, later, now).unwrap() {
                        first.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(first.load(Ordering::SeqCst), 1, "{id}");
    }
}

#[test]
fn in_memory() {
    suite(&MemoryStore::new(1_000));
}

#[test]
fn memory_is_bounded_and_forgets_what_has_expired() {
    let store = MemoryStore::new(3);
    let (now, end) = (now(), now() + TimeDelta::minutes(5));
    for id in ["_1", "_2", "_3"] {
        assert_eq!(store.first_use(IDP, id, end, now), Ok(true));
    }
    assert_eq!(store.first_use(IDP, "_4", end, now), Err(ReplayError::Full { capacity: 3 }));
    assert_eq!(store.first_use(IDP, "_1", end, now), Ok(false), "what is known is still known");
    assert_eq!(store.first_use(IDP, "_1", end, end), Ok(false), "to the last moment");
    let after = end + TimeDelta::seconds(1);
    assert_eq!(store.first_use(IDP, "_4", after + TimeDelta::hours(1), after), Ok(true));
    assert_eq!(store.first_use(IDP, "_1", after + TimeDelta::hours(1), after), Ok(true));
}

/// A Redis server of this test's own; killed when it is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// `None`, and a line that says so, where there is no such command.
    fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .inspect_err(|_| eprintln!("SKIPPED: there is no command redis-server"))
            .ok()?;
        let server = Self { child, port };
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(server);
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("redis-server does not listen");
    }

    fn store(&self) -> RedisStore {
        RedisStore::new(&format!("redis://127.0.0.1:{}/", self.port), "test:").unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn on_a_redis_server() {
    let Some(server) = Server::start() else { return };
    suite(&server.store());
    // Another machine asks the same server.
    let later = now() + TimeDelta::hours(1);
    assert_eq!(server.store().first_use(IDP, "_a", later, now()), Ok(false));
}

#[test]
fn a_redis_server_forgets_what_has_expired() {
    let Some(server) = Server::start() else { return };
    let store = server.store();
    let end = now() + TimeDelta::milliseconds(300);
    assert_eq!(store.first_use(IDP, "_a", end, now()), Ok(true));
    assert_eq!(store.first_use(IDP, "_a", end, now()), Ok(false));
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(store.first_use(IDP, "_a", end, now()), Ok(true));
}

#[test]
fn a_server_that_dies_refuses_everybody() {
    let Some(server) = Server::start() else { return };
    let store = server.store();
    let later = now() + TimeDelta::hours(1);
    assert_eq!(store.first_use(IDP, "_a", later, now()), Ok(true));
    drop(server);
    for id in ["_a", "_b"] {
        let answer = store.first_use(IDP, id, later, now());
        assert!(matches!(answer, Err(ReplayError::Unavailable { .. })), "{answer:?}");
    }
    // And so does the service provider, with the rule that says why.
    let rejection = verify(&store).unwrap_err();
    assert_eq!(rejection, ["assertion.replayed"]);
}

/// A good response, given to a service provider with that store.
fn verify(store: &impl ReplayStore) -> Result<String, Vec<&'static str>> {
    let pem = String::from_utf8(read(&data("vectors/responses/idp.pem"))).unwrap();
    let acs = "https://us-east-1.signin.aws/platform/saml/acs/75732d65-6173-742d-312d-059231ef7dc0";
    let entity_id = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-90670f2e63";
    let sp = ServiceProvider::new(entity_id, [acs.to_owned()]);
    let idp = IdentityProvider {
        entity_id: "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/".to_owned(),
        keys: vec![VerifyingKey::from_pem(&pem).unwrap()],
    };
    let bytes = read(&data("vectors/responses/good-assertion-signed.xml"));
    let expected = Expected { request_id: Some("_req-4711"), acs_url: None };
    let verdict = sp.verify_response_once(&idp, &bytes, &expected, store, now());
    verdict.map(|verified| verified.name_id.value).map_err(|rejection| rejection.rules().collect())
}

#[test]
fn a_response_is_accepted_once() {
    let store = MemoryStore::new(10);
    assert_eq!(verify(&store), Ok("ada@example.com".to_owned()));
    assert_eq!(verify(&store), Err(vec!["assertion.replayed"]));
    assert_eq!(verify(&MemoryStore::new(0)), Err(vec!["assertion.replayed"]));
}
