//! What a replay store does a second when 64 logins ask at once, and how long they wait when the
//! Redis server is killed, hangs or comes back empty. The server is one of its own, on the loopback
//! address, so a network's time comes on top: it lengthens a login, and with 64 at once hardly
//! lowers their number.

#![allow(clippy::disallowed_methods, reason = "benchmarks measure time")]

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use samlkit::replay::{AsyncReplayStore, MemoryStore, RedisStore, ReplayError};

/// How many ask at once.
const AT_ONCE: usize = 64;

/// How long each measurement takes.
const TIME: Duration = Duration::from_secs(3);

const IDP: &str = "https://sts.windows.net/7d5f9a34-1c1e-4b52-9a55-2f0a6c1e9b11/";

struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Server {
    fn start(port: u16, arguments: &[&str]) -> Self {
        let folder =
            std::env::temp_dir().join(format!("samlkit-bench-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", ""])
            .args(["--dir", folder.to_str().unwrap()])
            .args(["--repl-diskless-sync-delay", "0"])
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { child, port, folder }
    }

    fn signal(&self, signal: &str) {
        Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
    }

    fn store(&self) -> RedisStore {
        RedisStore::new(&format!("redis://127.0.0.1:{}/", self.port), "bench:").unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// An hour, as Entra ID gives.
fn hour() -> (DateTime<Utc>, DateTime<Utc>) {
    let now = "2026-06-01T12:00:00Z".parse().unwrap();
    (now, now + TimeDelta::hours(1))
}

/// Logins a second, and how long the slowest of a hundred waited.
async fn measure<S: AsyncReplayStore + Send + Sync + 'static>(name: &str, store: S) {
    let store = Arc::new(store);
    let start = Instant::now();
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|task| {
            let (store, name) = (Arc::clone(&store), name.to_owned());
            tokio::spawn(async move {
                let (now, end) = hour();
                let mut times = Vec::new();
                while start.elapsed() < TIME {
                    let id = format!("_{name}-{task}-{}", times.len());
                    let asked = Instant::now();
                    assert_eq!(store.first_use(IDP, &id, end, now).await, Ok(true));
                    times.push(asked.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    times.sort();
    let (middle, slow) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{name:34} {rate:9.0} logins/s, half within {middle:.1?}, 99 % within {slow:.1?}");
}

/// 64 logins at once, of which nobody knows whether they are answered.
async fn ask(name: &str, store: &Arc<RedisStore>, id: &str) {
    let start = Instant::now();
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|task| {
            let (store, id) = (Arc::clone(store), format!("_{id}{task}"));
            let (now, end) = hour();
            tokio::spawn(async move { store.first_use(IDP, &id, end, now).await })
        })
        .collect();
    let mut answers: Vec<Result<bool, ReplayError>> = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    let first = answers.iter().filter(|answer| **answer == Ok(true)).count();
    let said = answers.into_iter().find_map(Result::err).map(|error| format!(": {error}"));
    println!(
        "{name:34} {first} of {AT_ONCE} accepted, in {:.1?}{}",
        start.elapsed(),
        said.unwrap_or_default()
    );
}

async fn all() {
    measure("in memory", MemoryStore::new(100_000_000)).await;
    let server = Server::start(free_port(), &["--appendonly", "no"]);
    measure("Redis, nothing written to disk", server.store()).await;
    let durable = Server::start(free_port(), &["--appendonly", "yes"]);
    measure("Redis, appendonly", durable.store()).await;
    drop(durable);

    let of = format!("127.0.0.1 {}", server.port);
    let replica = Server::start(free_port(), &["--appendonly", "no", "--replicaof", &of]);
    let waits = || server.store().wait_for_replicas(1, Duration::from_secs(1));
    let (now, end) = hour();
    while waits().first_use(IDP, "_replica", end, now).await.is_err() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    measure("Redis, one replica confirms", waits()).await;
    drop(replica);

    let store = Arc::new(server.store());
    ask("the server is well", &store, "well").await;
    server.signal("-STOP");
    ask("it hangs, connection open", &store, "hangs").await;
    ask("it hangs, connection to be made", &store, "hangs").await;
    server.signal("-CONT");
    ask("it goes on", &store, "goes on").await;
    let port = server.port;
    drop(server);
    ask("it is killed", &store, "killed").await;
    let _server = Server::start(port, &["--appendonly", "no"]);
    ask("it comes back empty", &store, "empty").await;
}

fn main() {
    // `cargo test` and `cargo bench` pass arguments that mean nothing here.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.enable_all().build().unwrap().block_on(all());
}
