//! Replay stores: the same suite for the one in memory and the one on Redis: a server, a Cluster,
//! and the primary that Sentinel names, which the tests start on ports of the loopback address, and
//! kill, stop, empty and misconfigure.
//!
//! What the Redis store does a second with 64 logins at once, with and without waiting for a
//! replica, and what becomes of them when the server is killed, hangs or comes back empty, is
//! printed by `cargo bench -p samlkit-benches --bench replay`.

#![allow(clippy::disallowed_methods, reason = "tests write files and measure time")]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use samlkit::binding::{Posted, read_post};
use samlkit::replay::{
    AsyncReplayStore, LONGEST_VALIDITY, MARGIN, MemoryStore, RedisStore, ReplayError, ReplayStore,
};
use samlkit::sp::{Rejection, VerifiedResponse};
use samlkit_tests::{data, read, service_provider, vectors_identity_provider, vectors_request};

const IDP: &str = "https://idp.example/";
const SECOND: Duration = Duration::from_secs(1);

fn now() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn later() -> DateTime<Utc> {
    now() + TimeDelta::hours(1)
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all().build().unwrap().block_on(test)
}

/// Asks for an assertion of [`IDP`] that expires in an hour.
async fn ask(store: &impl AsyncReplayStore, id: &str) -> Result<bool, ReplayError> {
    store.first_use(IDP, id, later(), now()).await
}

/// Asks for 64 assertions at once.
async fn ask_64(store: &Arc<RedisStore>, name: &str) -> Vec<Result<bool, ReplayError>> {
    let mut asked = Vec::new();
    for n in 0..64 {
        let (store, id) = (Arc::clone(store), format!("_{name}{n}"));
        asked.push(tokio::spawn(async move { ask(&store, &id).await }));
    }
    let mut answers = Vec::new();
    for one in asked {
        answers.push(one.await.unwrap());
    }
    answers
}

/// What every store has to do.
async fn suite<S: AsyncReplayStore + Send + Sync + 'static>(store: S) {
    let store = Arc::new(store);
    assert_eq!(ask(&store, "_a").await, Ok(true));
    assert_eq!(ask(&store, "_a").await, Ok(false));
    let longer = later() + TimeDelta::hours(9);
    assert_eq!(store.first_use(IDP, "_a", longer, now()).await, Ok(false));
    // Another issuer's assertion of that ID is another one, whatever runs together.
    for (issuer, id) in [("https://other.example/", "_a"), ("x", "y:z"), ("x:y", "z"), (IDP, "")] {
        assert_eq!(store.first_use(issuer, id, later(), now()).await, Ok(true), "{issuer} {id}");
        assert_eq!(store.first_use(issuer, id, later(), now()).await, Ok(false), "{issuer} {id}");
    }

    // Eight at once: exactly one is first.
    for round in 0..50 {
        let asked: Vec<_> = (0..8)
            .map(|_| {
                let (store, id) = (Arc::clone(&store), format!("_race{round}"));
                tokio::spawn(async move { ask(&store, &id).await.unwrap() })
            })
            .collect();
        let mut first = 0;
        for one in asked {
            first += usize::from(one.await.unwrap());
        }
        assert_eq!(first, 1, "round {round}");
    }
}

/// Waits until a replica of that store's server confirms, which a new one does after a second.
async fn confirmed(store: impl Fn() -> RedisStore) {
    let start = Instant::now();
    let waits = || store().wait_for_replicas(1, Duration::from_millis(100));
    while ask(&waits(), "_confirmed").await.is_err() {
        assert!(start.elapsed() < SECOND * 20, "no replica confirms within 20 seconds");
    }
}

/// An asynchronous store for a caller that blocks.
struct Blocking<S>(S);

impl<S: AsyncReplayStore> ReplayStore for Blocking<S> {
    fn first_use(
        &self,
        issuer: &str,
        id: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, ReplayError> {
        run(self.0.first_use(issuer, id, expires, now))
    }
}

/// A server of this test's own, in a folder of its own; killed when it is dropped.
struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
    arguments: Vec<String>,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    /// `None`, and a line that says so, where there is no such command.
    fn start(arguments: &[&str]) -> Option<Self> {
        let port = free_port();
        let folder =
            std::env::temp_dir().join(format!("samlkit-replay-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self::start_in(
            folder,
            port,
            arguments.iter().map(|&argument| argument.to_owned()).collect(),
        )
    }

    fn start_in(folder: PathBuf, port: u16, arguments: Vec<String>) -> Option<Self> {
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
            .args(["--dir", folder.to_str().unwrap(), "--repl-diskless-sync-delay", "0"])
            .args(&arguments)
            .stdout(Stdio::null())
            .spawn()
            .inspect_err(|_| eprintln!("SKIPPED: there is no command redis-server"))
            .ok()?;
        let server = Self { child, port, folder, arguments };
        wait_until("redis-server listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(server)
    }

    /// Kills it and starts it again, on the same port and with what it has in its folder.
    fn restart(mut self) -> Self {
        self.kill();
        let (folder, arguments) = (self.folder.clone(), self.arguments.clone());
        // What is dropped does not take the folder along.
        self.folder = PathBuf::new();
        Self::start_in(folder, self.port, arguments).unwrap()
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    fn store(&self) -> RedisStore {
        RedisStore::new(&self.url(), "test:").unwrap()
    }

    /// Sends a command and gives the answer as it is.
    fn say(&self, command: &str) -> String {
        say(self.port, command)
    }

    fn signal(&self, signal: &str) {
        let done = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if !self.folder.as_os_str().is_empty() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn say(port: u16, command: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(SECOND * 5)).unwrap();
    stream.write_all(format!("{command}\r\n").as_bytes()).unwrap();
    // The server answers, and closes because nothing more comes.
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.trim().to_owned()
}

#[track_caller]
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < SECOND * 20, "{what}: not within 20 seconds");
        std::thread::sleep(Duration::from_millis(25));
    }
}

#[test]
fn in_memory() {
    run(suite(MemoryStore::new(1_000)));
}

#[test]
fn on_a_redis_server() {
    let Some(server) = Server::start(&[]) else { return };
    run(async {
        suite(server.store()).await;
        // Another machine asks the same server.
        assert_eq!(ask(&server.store(), "_a").await, Ok(false));
        // And so does one that speaks the newer protocol.
        let newer = format!("{}?protocol=resp3", server.url());
        let store = || RedisStore::new(&newer, "test:").unwrap();
        assert_eq!(ask(&store(), "_a").await, Ok(false));
        suite(RedisStore::new(&newer, "newer:").unwrap()).await;
    });
}

#[test]
fn on_redis_a_replay_judged_before_the_end_and_asked_for_after_it_is_a_replay() {
    let Some(server) = Server::start(&[]) else { return };
    run(async {
        let store = server.store();
        let end = now() + TimeDelta::milliseconds(300);
        assert_eq!(store.first_use(IDP, "_a", end, now()).await, Ok(true));
        tokio::time::sleep(Duration::from_millis(600)).await;
        let judged = end - TimeDelta::milliseconds(1);
        assert_eq!(store.first_use(IDP, "_a", end, judged).await, Ok(false));
        // And it is forgotten, once the margin is over.
        let left = server.say(&format!("PTTL test:20:{IDP}:_a"));
        let left: i64 = left.trim_start_matches(':').parse().unwrap();
        let margin = MARGIN.num_milliseconds();
        assert!((margin - 60_000..=margin).contains(&left), "{left}");
    });
}

#[test]
fn a_server_that_dies_refuses_everybody() {
    let Some(mut server) = Server::start(&[]) else { return };
    let store = Arc::new(server.store());
    run(async {
        assert_eq!(ask(&store, "_a").await, Ok(true));
        server.kill();
        let start = Instant::now();
        for answer in ask_64(&store, "dead").await {
            assert!(matches!(answer, Err(ReplayError::Unavailable { .. })), "{answer:?}");
        }
        assert!(start.elapsed() < SECOND, "{:?}", start.elapsed());
    });
    // And so does the service provider, with the rule that says why.
    assert_eq!(verify(&Blocking(store)).unwrap_err(), ["assertion.replayed"]);
}

#[test]
fn a_server_that_comes_back_with_its_data_goes_on() {
    let Some(server) = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]) else {
        return;
    };
    run(async {
        let store = server.store();
        assert_eq!(ask(&store, "_a").await, Ok(true));
        let _server = server.restart();
        // While the server reads its file, it refuses.
        let start = Instant::now();
        let mut answer = ask(&store, "_a").await;
        while answer.is_err() && start.elapsed() < SECOND * 5 {
            answer = ask(&store, "_a").await;
        }
        assert_eq!(answer, Ok(false));
        assert_eq!(ask(&store, "_b").await, Ok(true));
    });
}

#[test]
fn a_server_that_comes_back_empty_refuses_what_may_have_been_used() {
    let Some(server) = Server::start(&[]) else { return };
    run(async {
        let (store, lenient) = (server.store(), server.store().allow_loss());
        assert_eq!(ask(&store, "_a").await, Ok(true));
        assert_eq!(ask(&lenient, "_b").await, Ok(true));
        let _server = server.restart();
        let until = now() + LONGEST_VALIDITY + MARGIN;
        assert_eq!(ask(&store, "_a").await, Err(ReplayError::Lost { until }));
        // It is remembered again, and so a replay for certain.
        assert_eq!(ask(&store, "_a").await, Ok(false));
        assert_eq!(
            store.first_use(IDP, "_c", until, now()).await,
            Err(ReplayError::Lost { until })
        );
        // What expires later was issued after the loss.
        let after = until + TimeDelta::milliseconds(1);
        assert_eq!(store.first_use(IDP, "_d", after, now()).await, Ok(true));
        // Whoever was told that a loss does not matter lets the replay pass.
        assert_eq!(ask(&lenient, "_b").await, Ok(true));
    });
}

#[test]
fn a_server_that_is_emptied_or_goes_back_to_a_snapshot_has_lost_something() {
    let Some(server) = Server::start(&["--dbfilename", "dump.rdb"]) else { return };
    run(async {
        let store = server.store();
        assert_eq!(ask(&store, "_a").await, Ok(true));
        assert_eq!(server.say("FLUSHALL"), "+OK");
        assert!(matches!(ask(&store, "_a").await, Err(ReplayError::Lost { .. })));

        let store = server.store().longest_validity(TimeDelta::minutes(5));
        assert_eq!(ask(&store, "_b").await, Ok(true));
        assert_eq!(server.say("SAVE"), "+OK");
        assert_eq!(ask(&store, "_c").await, Ok(true));
        let _server = server.restart();
        // An hour, although five minutes were expected: it has seen one of an hour.
        let until = later() + MARGIN;
        assert_eq!(ask(&store, "_b").await, Ok(false), "the snapshot has it");
        assert_eq!(ask(&store, "_c").await, Err(ReplayError::Lost { until }));
    });
}

#[test]
fn a_server_that_hangs_is_not_waited_for_and_found_again() {
    let Some(server) = Server::start(&[]) else { return };
    run(async {
        let short = Duration::from_millis(300);
        let impatient = || server.store().connect_within(short).answer_within(short);
        let (store, unconnected) = (Arc::new(impatient()), Arc::new(impatient()));
        assert_eq!(ask(&store, "_a").await, Ok(true));
        server.signal("-STOP");
        for store in [&store, &unconnected] {
            let start = Instant::now();
            for answer in ask_64(store, "hung").await {
                assert_eq!(answer, Err(ReplayError::TimedOut { waited: short }));
            }
            assert!(start.elapsed() < short * 3, "{:?}", start.elapsed());
        }
        server.signal("-CONT");
        assert_eq!(ask(&store, "_a").await, Ok(false));
        assert_eq!(ask(&store, "_b").await, Ok(true));
        assert_eq!(ask(&unconnected, "_c").await, Ok(true));
    });
}

#[test]
fn a_connection_that_the_server_closed_refuses_nobody() {
    let Some(server) = Server::start(&[]) else { return };
    run(async {
        let store = server.store();
        assert_eq!(ask(&store, "_a").await, Ok(true));
        for n in 0..20 {
            server.say("CLIENT KILL TYPE normal");
            assert_eq!(ask(&store, &format!("_{n}")).await, Ok(true), "{n}");
        }
        assert_eq!(ask(&store, "_a").await, Ok(false));
    });
}

#[test]
fn sixty_four_at_once_share_one_connection() {
    let Some(server) = Server::start(&[]) else { return };
    run(async {
        let store = Arc::new(server.store());
        assert!(ask_64(&store, "a").await.into_iter().all(|answer| answer == Ok(true)));
        assert!(ask_64(&store, "a").await.into_iter().all(|answer| answer == Ok(false)));
        let clients = server.say("CLIENT LIST TYPE normal");
        let others = clients.lines().filter(|line| line.contains("cmd=client|list")).count();
        let all = clients.lines().filter(|line| line.starts_with("id=")).count();
        assert_eq!((all, others), (2, 1), "{clients}");
    });
}

/// Between the store and the server: passes everything on, but of the first answer to what
/// contains `cut` nothing, and closes.
fn cutting_proxy(server: u16, cut: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut has_cut = false;
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut server = TcpStream::connect(("127.0.0.1", server)).unwrap();
            let mut buffer = [0; 65_536];
            loop {
                let asked = client.read(&mut buffer).unwrap_or_default();
                if asked == 0 {
                    break;
                }
                let cuts = !has_cut && String::from_utf8_lossy(&buffer[..asked]).contains(cut);
                server.write_all(&buffer[..asked]).unwrap();
                // Long enough for all of a short answer.
                std::thread::sleep(Duration::from_millis(50));
                let answered = server.read(&mut buffer).unwrap();
                if cuts {
                    has_cut = true;
                    break;
                }
                client.write_all(&buffer[..answered]).unwrap();
            }
        }
    });
    port
}

#[test]
fn a_login_whose_answer_is_lost_is_still_the_first() {
    let Some(server) = Server::start(&[]) else { return };
    let port = cutting_proxy(server.port, "_lost");
    run(async {
        let store = RedisStore::new(&format!("redis://127.0.0.1:{port}/"), "test:").unwrap();
        assert_eq!(ask(&store, "_a").await, Ok(true));
        assert_eq!(ask(&store, "_lost").await, Ok(true));
        assert_eq!(ask(&store, "_lost").await, Ok(false));
        assert_eq!(ask(&server.store(), "_lost").await, Ok(false));
    });
}

#[test]
fn a_server_that_evicts_is_refused() {
    let Some(server) = Server::start(&["--maxmemory-policy", "volatile-lru"]) else { return };
    run(async {
        let evicts = Err(ReplayError::Evicts { policy: "volatile-lru".to_owned() });
        assert_eq!(ask(&server.store(), "_a").await, evicts);
        assert_eq!(ask(&server.store().allow_unknown_eviction(), "_a").await, evicts);
        assert_eq!(ask(&server.store().allow_eviction(), "_a").await, Ok(true));
        // It is mended without starting the service again.
        let store = server.store();
        assert_eq!(ask(&store, "_b").await, evicts);
        assert_eq!(server.say("CONFIG SET maxmemory-policy noeviction"), "+OK");
        assert_eq!(ask(&store, "_b").await, Ok(true));
        // Full memory is then a refusal, and the server's own words say so.
        assert_eq!(server.say("CONFIG SET maxmemory 1"), "+OK");
        let full = ask(&store, "_c").await.unwrap_err().to_string();
        assert!(full.contains("maxmemory"), "{full}");
        assert_eq!(server.say("CONFIG SET maxmemory 0"), "+OK");
        assert_eq!(ask(&store, "_c").await, Ok(true));
    });
}

#[test]
fn a_server_that_does_not_say_whether_it_evicts_is_refused() {
    let Some(server) = Server::start(&[]) else { return };
    // What the store needs and nothing more, except for INFO.
    assert_eq!(server.say("ACL SETUSER app on >s3cret ~test:* +set +get +incr"), "+OK");
    let url = format!("redis://app:s3cret@127.0.0.1:{}/", server.port);
    run(async {
        let store = RedisStore::new(&url, "test:").unwrap();
        let answer = ask(&store, "_a").await;
        assert!(matches!(answer, Err(ReplayError::EvictionUnknown { .. })), "{answer:?}");
        let store = RedisStore::new(&url, "test:").unwrap().allow_unknown_eviction();
        assert_eq!(ask(&store, "_a").await, Ok(true));
        assert_eq!(ask(&store, "_a").await, Ok(false));
        assert_eq!(server.say("ACL SETUSER app +info"), "+OK");
        assert_eq!(ask(&RedisStore::new(&url, "test:").unwrap(), "_b").await, Ok(true));
    });
}

#[test]
fn a_wrong_password_is_named_and_not_shown() {
    let Some(server) = Server::start(&["--requirepass", "right"]) else { return };
    run(async {
        let with = |password: &str| {
            let url = format!("redis://:{password}@127.0.0.1:{}/", server.port);
            RedisStore::new(&url, "test:").unwrap()
        };
        assert_eq!(ask(&with("right"), "_a").await, Ok(true));
        let error = ask(&with("s3cret"), "_b").await.unwrap_err();
        assert!(matches!(error, ReplayError::Unavailable { .. }), "{error}");
        assert!(!format!("{error} {error:?} {:?}", with("s3cret")).contains("s3cret"));
        let error = ask(&server.store(), "_b").await.unwrap_err();
        assert!(matches!(error, ReplayError::Unavailable { .. }), "{error}");
    });
}

#[test]
fn replicas_are_waited_for() {
    let Some(primary) = Server::start(&[]) else { return };
    let of = format!("127.0.0.1 {}", primary.port);
    let mut replica = Server::start(&["--replicaof", &of]).unwrap();
    run(async {
        confirmed(|| primary.store()).await;
        let store = primary.store().wait_for_replicas(1, Duration::from_millis(500));
        suite(store).await;
        let store = primary.store().wait_for_replicas(2, Duration::from_millis(50));
        let too_few = |confirmed, expected| ReplayError::TooFewReplicas { confirmed, expected };
        assert_eq!(ask(&store, "_z").await, Err(too_few(1, 2)));
        let store = primary.store().wait_for_replicas(1, Duration::from_millis(500));
        assert_eq!(ask(&store, "_b").await, Ok(true));
        replica.kill();
        let store = store.wait_for_replicas(1, Duration::from_millis(50));
        assert_eq!(ask(&store, "_c").await, Err(too_few(0, 1)));
        assert_eq!(ask(&store, "_b").await, Ok(false), "a replay is one, whatever replicas say");
    });
}

/// A key and a certificate for 127.0.0.1, by itself; `None` where there is no command openssl.
fn certificate(folder: &Path, name: &str) -> Option<(String, String)> {
    let path = |end: &str| folder.join(format!("{name}.{end}")).to_str().unwrap().to_owned();
    let done = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-keyout", &path("key"), "-out", &path("pem")])
        .stderr(Stdio::null())
        .status()
        .inspect_err(|_| eprintln!("SKIPPED: there is no command openssl"))
        .ok()?;
    assert!(done.success());
    Some((path("key"), path("pem")))
}

#[test]
fn over_tls() {
    let folder = std::env::temp_dir().join(format!("samlkit-replay-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let Some((key, pem)) = certificate(&folder, "server") else { return };
    let Some((_, other)) = certificate(&folder, "other") else { return };
    let port = free_port();
    let tls = port.to_string();
    let arguments = ["--tls-port", &tls, "--tls-cert-file", &pem, "--tls-key-file", &key];
    let arguments =
        [&arguments[..], &["--tls-ca-cert-file", &pem, "--tls-auth-clients", "no"]].concat();
    // Debian's and Ubuntu's have it; without, `--tls-port` is an argument that it does not know.
    let version = Command::new("redis-server").args(["--port", "0", "--tls-port", "0"]).output();
    let said = version.map(|output| [output.stdout, output.stderr].concat()).unwrap_or_default();
    if String::from_utf8_lossy(&said).contains("tls-port") {
        eprintln!("SKIPPED: redis-server has no TLS");
        return;
    }
    let Some(_server) = Server::start(&arguments) else { return };
    let url = format!("rediss://127.0.0.1:{port}/");
    let ca = |file: &str| std::fs::read(file).unwrap();
    run(async {
        suite(RedisStore::with_ca(&url, &ca(&pem), "test:").unwrap()).await;
        // Neither another issuer nor the system vouches for that certificate.
        let strangers = RedisStore::with_ca(&url, &ca(&other), "test:").unwrap();
        for store in [strangers, RedisStore::new(&url, "test:").unwrap()] {
            let error = ask(&store, "_b").await.unwrap_err();
            assert!(error.to_string().contains("certificate"), "{error}");
        }
        // And a certificate is only for the host that it names.
        let url = format!("rediss://localhost:{port}/");
        let store = RedisStore::with_ca(&url, &ca(&pem), "test:").unwrap();
        let error = ask(&store, "_b").await.unwrap_err();
        assert!(matches!(error, ReplayError::Unavailable { .. }), "{error}");
    });
    let _ = std::fs::remove_dir_all(&folder);
}

#[test]
fn on_a_cluster() {
    let bus = free_port().to_string();
    let arguments = ["--cluster-enabled", "yes", "--cluster-port", &bus];
    let Some(server) = Server::start(&arguments) else { return };
    assert_eq!(server.say("CLUSTER ADDSLOTSRANGE 0 16383"), "+OK");
    wait_until("the cluster is up", || server.say("CLUSTER INFO").contains("cluster_state:ok"));
    let store = || RedisStore::cluster(&[&server.url()], "test:").unwrap();
    run(async {
        suite(store()).await;
        assert_eq!(ask(&store(), "_a").await, Ok(false));
        // One connection, also where nothing was asked of a group before.
        let one = store();
        assert_eq!(ask(&one, "_b").await, Ok(true));
        assert_eq!(server.say("FLUSHALL"), "+OK");
        let until = now() + LONGEST_VALIDITY + MARGIN;
        assert_eq!(ask(&one, "_a").await, Err(ReplayError::Lost { until }));
        let waits = store().wait_for_replicas(1, Duration::from_millis(5));
        let too_few = ReplayError::TooFewReplicas { confirmed: 0, expected: 1 };
        assert_eq!(ask(&waits, "_d").await, Err(too_few));
        // It hangs, and goes on.
        let short = Duration::from_millis(300);
        let impatient = Arc::new(store().answer_within(short));
        assert_eq!(ask(&impatient, "_e").await, Ok(true));
        server.signal("-STOP");
        let start = Instant::now();
        for answer in ask_64(&impatient, "hung").await {
            assert_eq!(answer, Err(ReplayError::TimedOut { waited: short }));
        }
        assert!(start.elapsed() < short * 3, "{:?}", start.elapsed());
        server.signal("-CONT");
        assert_eq!(ask(&impatient, "_e").await, Ok(false));
        assert_eq!(server.say("CONFIG SET maxmemory-policy allkeys-lfu"), "+OK");
        let evicts = Err(ReplayError::Evicts { policy: "allkeys-lfu".to_owned() });
        assert_eq!(ask(&store(), "_c").await, evicts);
        assert_eq!(ask(&store().allow_eviction(), "_c").await, Ok(true));
    });
    let braces = RedisStore::cluster(&[&server.url()], "{x").unwrap_err();
    assert!(matches!(braces, ReplayError::Address { .. }), "{braces}");
    assert!(matches!(RedisStore::cluster(&[], "x"), Err(ReplayError::Address { .. })));
}

#[test]
fn behind_sentinel() {
    let Some(mut primary) = Server::start(&["--requirepass", "s3cret"]) else { return };
    let of = format!("127.0.0.1 {}", primary.port);
    let replica =
        Server::start(&["--replicaof", &of, "--masterauth", "s3cret", "--requirepass", "s3cret"]);
    let replica = replica.unwrap();
    let url = format!("redis://:s3cret@127.0.0.1:{}/", primary.port);
    run(confirmed(|| RedisStore::new(&url, "test:").unwrap()));
    let configuration = format!(
        "sentinel monitor mymaster {of} 1\nsentinel auth-pass mymaster s3cret\n\
         sentinel down-after-milliseconds mymaster 500\nsentinel failover-timeout mymaster 2000\n"
    );
    let file = replica.folder.join("sentinel.conf");
    std::fs::write(&file, configuration).unwrap();
    let port = free_port();
    let child = Command::new("redis-server")
        .args([file.to_str().unwrap(), "--sentinel", "--port", &port.to_string()])
        .args(["--bind", "127.0.0.1"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let sentinel = Server { child, port, folder: PathBuf::new(), arguments: Vec::new() };
    let knows = || sentinel.say("SENTINEL REPLICAS mymaster").contains(&replica.port.to_string());
    wait_until("Sentinel knows the replica", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    wait_until("Sentinel knows the replica", knows);

    let url = sentinel.url();
    let named = |name: &str| {
        let primary = format!("redis://:s3cret@{name}/");
        RedisStore::sentinel(&[&url], &primary, "test:").unwrap()
    };
    run(async {
        suite(named("mymaster")).await;
        let store = named("mymaster").wait_for_replicas(1, Duration::from_millis(500));
        assert_eq!(ask(&store, "_kept").await, Ok(true));
        primary.kill();
        // From now on the new primary has no replica.
        let store = store.wait_for_replicas(0, Duration::from_millis(1));
        let start = Instant::now();
        let mut answer = ask(&store, "_kept").await;
        while answer.is_err() && start.elapsed() < SECOND * 20 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            answer = ask(&store, "_kept").await;
        }
        assert_eq!(answer, Ok(false), "what a replica confirmed is remembered");
        assert_eq!(ask(&store, "_new").await, Ok(true));
        let error = ask(&named("other"), "_a").await.unwrap_err();
        assert!(matches!(error, ReplayError::Unavailable { .. }), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    });
    assert!(matches!(
        RedisStore::sentinel(&[], "redis://x/", ""),
        Err(ReplayError::Address { .. })
    ));
}

/// A good response, as a browser posts it.
fn good() -> Posted {
    let xml = read(&data("vectors/responses/good-assertion-signed.xml"));
    let value = STANDARD.encode(xml).replace('+', "%2B").replace('=', "%3D");
    read_post(format!("SAMLResponse={value}").as_bytes()).unwrap()
}

/// Who signed in, or the rules that are broken.
fn told(verdict: Result<VerifiedResponse, Rejection>) -> Result<String, Vec<&'static str>> {
    let verdict = verdict.map(|login| login.name_id().value().to_owned());
    verdict.map_err(|rejection| rejection.rules().collect())
}

/// A good response, given to a service provider with that store.
fn verify(store: &impl ReplayStore) -> Result<String, Vec<&'static str>> {
    let (sp, idp) = (service_provider().build().unwrap(), vectors_identity_provider());
    let (posted, pending) = (good(), vectors_request());
    told(sp.verify(&idp, &posted, Some(&pending), store, now()))
}

#[test]
fn a_response_is_accepted_once() {
    let store = MemoryStore::new(10);
    assert_eq!(verify(&store), Ok("ada@example.com".to_owned()));
    assert_eq!(verify(&store), Err(vec!["assertion.replayed"]));
    assert_eq!(verify(&MemoryStore::new(0)), Err(vec!["assertion.replayed"]));
    // Whatever the store is behind.
    let store: Box<dyn ReplayStore> = Box::new(MemoryStore::new(10));
    assert_eq!(verify(&store), Ok("ada@example.com".to_owned()));
    assert_eq!(verify(&store), Err(vec!["assertion.replayed"]));
}

#[test]
fn a_response_is_accepted_once_without_blocking() {
    let (sp, idp) = (service_provider().build().unwrap(), vectors_identity_provider());
    let (posted, pending, store) = (good(), vectors_request(), MemoryStore::new(10));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let verdict =
        || told(runtime.block_on(sp.verify_async(&idp, &posted, Some(&pending), &store, now())));
    assert_eq!(verdict(), Ok("ada@example.com".to_owned()));
    assert_eq!(verdict(), Err(vec!["assertion.replayed"]));
}

/// Only a response signs somebody in.
#[test]
fn a_request_is_no_response() {
    let (sp, idp) = (service_provider().build().unwrap(), vectors_identity_provider());
    let posted = read_post(b"SAMLRequest=PGEvPg%3D%3D").unwrap();
    let verdict = sp.verify(&idp, &posted, None, &MemoryStore::new(1), now());
    assert_eq!(told(verdict), Err(vec!["capture.wrong-parameter"]));
}
