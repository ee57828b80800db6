//! A store on a Redis server, for a service on several machines: one `SET` with `NX` and an expiry,
//! which the server does as a whole. All questions share one connection, and none waits longer than
//! it was allowed to.
//!
//! A key that the server forgets is a replay accepted. What this store does about that:
//!
//! | the server | this store | unless told otherwise by |
//! |---|---|---|
//! | evicts keys when its memory is full | refuses ([`ReplayError::Evicts`]) | [`RedisStore::allow_eviction`] |
//! | does not say whether it does | refuses ([`ReplayError::EvictionUnknown`]) | [`RedisStore::allow_unknown_eviction`] |
//! | lost its data, went back to an older snapshot | refuses what could have been lost ([`ReplayError::Lost`]) | [`RedisStore::allow_loss`] |
//! | dies before its replica has the key | asks for replicas first, if told to | [`RedisStore::wait_for_replicas`] |
//!
//! Not seen: a policy that is changed while a connection lasts; a loss before this store has asked
//! anything (so a service that is started again begins with what it finds); without waiting for
//! replicas, the loss of what other machines wrote after this one asked last; two primaries at the
//! same time, of which the server's `min-replicas-to-write` stops one. A server for this is one with
//! `maxmemory-policy noeviction` and `appendonly yes`.

mod eviction;
mod loss;
mod server;

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use redis::{FromRedisValue, Pipeline, RedisError, Value};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use self::loss::Losses;
use self::server::{Connection, Server};
use super::{AsyncReplayStore, ReplayError, kept_until};

/// How long reaching the server may take: a name looked up, TCP, TLS, a password and a question,
/// each a fraction of it; a user who waits longer reloads.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long an answer may take. It is a matter of microseconds; the rest is for a server that is
/// writing a snapshot or electing a primary.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// How long after a loss assertions are refused at least, because one of them may have been used
/// before it: an hour, which Entra ID and AD FS give an assertion, and five minutes of clock skew.
/// A longer validity raises it as soon as the store has seen one.
pub const LONGEST_VALIDITY: TimeDelta = TimeDelta::minutes(65);

/// Into how many groups the entries on a Cluster are parted. All of one group are on one server,
/// with a counter that shows whether that server lost something; each is read once after the start.
const GROUPS_ON_A_CLUSTER: u32 = 64;

/// Remembers assertions on a Redis server, on the primary that Sentinel names, or on a Cluster. The
/// server is reached at the first use, and again after an error; while it cannot be, every answer
/// is an error. A call takes no longer than [`RedisStore::connect_within`] and
/// [`RedisStore::answer_within`] say together. It has to be made in a tokio runtime whose time and I/O
/// are enabled.
///
/// Of a Cluster, all primaries are looked at when a connection is made: if one does not answer,
/// everybody is refused until the Cluster has replaced it.
///
/// A user of the server needs no more than `+set +get +incr +info` (and `+wait`, and for a Cluster
/// `+cluster`) and the keys that begin with the prefix.
///
/// ```no_run
/// # use chrono::Utc;
/// # use samlkit::replay::{AsyncReplayStore, ReplayError, RedisStore};
/// # async fn login(expires: chrono::DateTime<Utc>, now: chrono::DateTime<Utc>) -> Result<(), ReplayError> {
/// let store = RedisStore::new("redis://:password@redis.internal/", "saml:")?;
/// assert!(store.first_use("https://idp/", "_a1", expires, now).await?);
/// # Ok(())
/// # }
/// ```
///
/// A service that is not asynchronous gives it a runtime and blocks:
///
/// ```no_run
/// use chrono::{DateTime, Utc};
/// use samlkit::replay::{AsyncReplayStore, RedisStore, ReplayError, ReplayStore};
///
/// struct Blocking {
///     runtime: tokio::runtime::Runtime,
///     store: RedisStore,
/// }
///
/// impl ReplayStore for Blocking {
///     fn first_use(
///         &self,
///         issuer: &str,
///         id: &str,
///         expires: DateTime<Utc>,
///         now: DateTime<Utc>,
///     ) -> Result<bool, ReplayError> {
///         self.runtime.block_on(self.store.first_use(issuer, id, expires, now))
///     }
/// }
/// ```
pub struct RedisStore {
    server: Server,
    prefix: String,
    /// Passwords, to keep them out of errors.
    secrets: Vec<String>,
    connect_within: Duration,
    answer_within: Duration,
    replicas: Option<Replicas>,
    may_evict: bool,
    may_not_say: bool,
    may_lose: bool,
    losses: Losses,
    groups: u32,
    /// Makes the tokens of this store different from those of others.
    nonce: [u64; 2],
    asked: AtomicU64,
    /// The connection in use, or the place where the next one is being made.
    connection: Mutex<Arc<OnceCell<Connection>>>,
}

/// How many replicas have to confirm an entry, and how long they may take.
#[derive(Clone, Copy)]
struct Replicas {
    count: u32,
    within: Duration,
}

impl RedisStore {
    /// A store on the server of that URL, whose keys begin with `prefix`: `redis://127.0.0.1/`,
    /// `redis://user:password@host:6379/0`, or with the feature `redis-tls` `rediss://host/`, whose
    /// certificate has to be one that the system trusts (OpenSSL's store, or what the environment's
    /// `SSL_CERT_FILE` names).
    ///
    /// # Errors
    /// [`ReplayError::Address`] if the URL is not one, or one of something that is not built in.
    pub fn new(url: &str, prefix: impl Into<String>) -> Result<Self, ReplayError> {
        Self::on(prefix.into(), |secrets| Server::single(url, secrets))
    }

    /// A store on the server of that `rediss://` URL, whose certificate has to be issued by one of
    /// those in `ca` (PEM) and by no other.
    ///
    /// # Errors
    /// [`ReplayError::Address`] if the URL or the certificate is not one.
    #[cfg(feature = "redis-tls")]
    pub fn with_ca(url: &str, ca: &[u8], prefix: impl Into<String>) -> Result<Self, ReplayError> {
        Self::on(prefix.into(), |secrets| Server::single_with_ca(url, ca, secrets))
    }

    /// A store on the primary that Sentinel names. `sentinels` are the URLs of Sentinel itself;
    /// `primary` is the URL of the primary with Sentinel's name for it in the place of the host:
    /// `redis://user:password@mymaster/0`, or `rediss:` with the feature `redis-tls`. Which server
    /// that is, is asked for each new connection.
    ///
    /// # Errors
    /// [`ReplayError::Address`] if a URL is not one, or `sentinels` is empty.
    #[cfg(feature = "redis-sentinel")]
    pub fn sentinel(
        sentinels: &[&str],
        primary: &str,
        prefix: impl Into<String>,
    ) -> Result<Self, ReplayError> {
        Self::on(prefix.into(), |secrets| Server::sentinel(sentinels, primary, secrets))
    }

    /// A store on a Cluster, some of whose nodes have these URLs; the others are found. User and
    /// password are the same on all.
    ///
    /// # Errors
    /// [`ReplayError::Address`] if a URL is not one, `nodes` is empty, or there is a brace in
    /// `prefix`: braces say to the Cluster what belongs together.
    #[cfg(feature = "redis-cluster")]
    pub fn cluster(nodes: &[&str], prefix: impl Into<String>) -> Result<Self, ReplayError> {
        let prefix = prefix.into();
        if prefix.contains(['{', '}']) {
            return Err(ReplayError::Address { reason: "a brace in the prefix".to_owned() });
        }
        Self::on(prefix, |secrets| Server::cluster(nodes, secrets))
    }

    /// Waits no longer than this for a connection; otherwise [`CONNECT_TIMEOUT`]. What replicas may
    /// take is added to it.
    #[must_use]
    pub fn connect_within(mut self, time: Duration) -> Self {
        self.connect_within = time;
        self
    }

    /// Waits no longer than this for an answer; otherwise [`ANSWER_TIMEOUT`]. At half of it the question is
    /// sent once more, over a new connection. What replicas may take is added to it.
    #[must_use]
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.answer_within = time;
        self
    }

    /// An assertion is new only if so many replicas have confirmed that they remember it, within
    /// that time (whole milliseconds, at least one): then a failover to one of them loses nothing.
    /// If fewer have, the answer is [`ReplayError::TooFewReplicas`], and the user has to sign in
    /// again, because the primary does remember. While replicas are slow, questions wait for each
    /// other.
    #[must_use]
    pub fn wait_for_replicas(mut self, count: u32, within: Duration) -> Self {
        self.replicas = Some(Replicas { count, within });
        self
    }

    /// Uses a server that evicts keys when its memory is full, which lets a replay pass for each
    /// entry that it evicts. Only for one whose memory is known never to be full.
    #[must_use]
    pub fn allow_eviction(mut self) -> Self {
        self.may_evict = true;
        self
    }

    /// Uses a server that does not say whether it evicts keys, because `INFO` is forbidden or tells
    /// nothing. Only for one that is known not to.
    #[must_use]
    pub fn allow_unknown_eviction(mut self) -> Self {
        self.may_not_say = true;
        self
    }

    /// Goes on as if nothing had happened when the server has lost entries, which lets replays of
    /// what was lost pass.
    #[must_use]
    pub fn allow_loss(mut self) -> Self {
        self.may_lose = true;
        self
    }

    /// The longest validity that an identity provider gives an assertion; otherwise
    /// [`LONGEST_VALIDITY`]. After a loss, assertions are refused for so long, except those that
    /// expire later, because they were issued after it.
    #[must_use]
    pub fn longest_validity(mut self, time: TimeDelta) -> Self {
        self.losses.set_longest(time);
        self
    }

    fn on(
        prefix: String,
        server: impl FnOnce(&mut Vec<String>) -> Result<Server, RedisError>,
    ) -> Result<Self, ReplayError> {
        let mut secrets = Vec::new();
        let server = server(&mut secrets)
            .map_err(|error| ReplayError::Address { reason: without(&secrets, &error) })?;
        let groups = if server.is_cluster() { GROUPS_ON_A_CLUSTER } else { 1 };
        Ok(Self {
            server,
            prefix,
            secrets,
            connect_within: CONNECT_TIMEOUT,
            answer_within: ANSWER_TIMEOUT,
            replicas: None,
            may_evict: false,
            may_not_say: false,
            may_lose: false,
            losses: Losses::new(usize::try_from(groups).unwrap_or(usize::MAX), LONGEST_VALIDITY),
            groups,
            nonce: [random(), random()],
            asked: AtomicU64::new(0),
            connection: Mutex::default(),
        })
    }
}

impl fmt::Debug for RedisStore {
    /// Does not show the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisStore({:?})", self.prefix)
    }
}

impl AsyncReplayStore for RedisStore {
    async fn first_use(
        &self,
        issuer: &str,
        id: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, ReplayError> {
        if tokio::runtime::Handle::try_current().is_err() {
            let reason = "it was not called in a tokio runtime".to_owned();
            return Err(ReplayError::Unavailable { reason });
        }
        let question =
            self.question(issuer, id, kept_until(expires, now).signed_duration_since(now));
        let limit = self.connect_limit().saturating_add(self.answer_limit());
        let asked = async {
            match self.ask(&question, now).await {
                // A connection that the server has closed meanwhile is found out by asking: by an error,
                // or by silence, as a question that is put into its queue at that moment stays there.
                Err(Failure::Connection(_)) => self.ask(&question, now).await,
                Err(Failure::Silence) => {
                    let again = timeout(self.patience(), self.ask(&question, now));
                    again.await.unwrap_or(Err(Failure::Silence))
                }
                other => other,
            }
        };
        let is_first = match timeout(limit, asked).await {
            Ok(Ok(is_first)) => is_first,
            Ok(Err(Failure::Connection(error) | Failure::Final(error))) => return Err(error),
            Ok(Err(Failure::Silence)) => {
                return Err(ReplayError::TimedOut { waited: self.answer_limit() });
            }
            Err(_) => return Err(ReplayError::TimedOut { waited: limit }),
        };
        self.losses.remember(expires, now);
        match self.losses.covers(expires).filter(|_| is_first && !self.may_lose) {
            Some(until) => Err(ReplayError::Lost { until }),
            None => Ok(is_first),
        }
    }
}

/// What is sent for one assertion.
struct Question {
    group: usize,
    /// What the key is set to. If the server has it, this question was the first, also if it had to
    /// be sent twice because the first answer was lost.
    token: String,
    commands: Pipeline,
}

/// Why there is no answer.
enum Failure {
    /// The connection or the server behind it has failed; a new one may do.
    Connection(ReplayError),
    /// None within half of the time for it.
    Silence,
    Final(ReplayError),
}

impl RedisStore {
    fn question(&self, issuer: &str, id: &str, left: TimeDelta) -> Question {
        // The lengths keep two names that run together from being one.
        let name = format!("{}:{issuer}:{id}", issuer.len());
        let group = group(&name, self.groups);
        let key = format!("{}{}{name}", self.prefix, self.tag(group));
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let [high, low] = self.nonce;
        let token = format!("{high:016x}{low:016x}{number:x}");
        let mut commands = redis::pipe();
        let left = left.num_milliseconds().max(1);
        commands.cmd("SET").arg(&key).arg(&token).arg("NX").arg("PX").arg(left).ignore();
        commands.cmd("GET").arg(&key);
        self.count(&mut commands, group);
        Question { group: usize::try_from(group).unwrap_or_default(), token, commands }
    }

    /// Raises a group's counter, after everything else, and waits for replicas.
    fn count(&self, commands: &mut Pipeline, group: u32) {
        let counter = format!("{}{}replay-counter", self.prefix, self.tag(group));
        let start = Losses::start(random());
        commands.cmd("SET").arg(&counter).arg(start).arg("NX").ignore();
        commands.cmd("INCR").arg(&counter);
        if let Some(Replicas { count, within }) = self.replicas {
            // 0 would wait for ever.
            commands.cmd("WAIT").arg(count).arg(milliseconds(within).max(1));
        }
    }

    /// What makes the keys of a group belong together.
    fn tag(&self, group: u32) -> String {
        if self.groups == 1 { String::new() } else { format!("{{{group}}}") }
    }

    async fn ask(&self, question: &Question, now: DateTime<Utc>) -> Result<bool, Failure> {
        let place = Arc::clone(&self.place());
        let connecting = place.get_or_try_init(|| self.connect(now));
        let limit = self.connect_limit();
        let mut connection = timeout(limit, connecting)
            .await
            .map_err(|_| Failure::Final(ReplayError::TimedOut { waited: limit }))?
            .map_err(Failure::Final)?
            .clone();
        let before = self.losses.seen(question.group);
        let answer = match timeout(self.patience(), connection.ask(&question.commands)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                self.leave(&place);
                return Err(Failure::Connection(self.unavailable(&error)));
            }
            Err(_) => {
                self.leave(&place);
                return Err(Failure::Silence);
            }
        };
        self.read(question, before, answer, now).map_err(Failure::Final)
    }

    /// Whether the question was the first, by the server's answers to `GET`, `INCR` and `WAIT`.
    fn read(
        &self,
        question: &Question,
        before: Option<i64>,
        answer: Vec<Value>,
        now: DateTime<Utc>,
    ) -> Result<bool, ReplayError> {
        let mut answer = answer.into_iter();
        let holder: Option<String> = self.value(answer.next())?;
        let is_first = match holder {
            Some(holder) => holder == question.token,
            None => {
                let reason = "it does not remember what it was just told".to_owned();
                return Err(ReplayError::Unavailable { reason });
            }
        };
        match self.counted(question.group, before, answer, now) {
            // What is known to be a replay is one, whatever replicas say.
            Err(ReplayError::TooFewReplicas { .. }) if !is_first => Ok(false),
            counted => counted.map(|()| is_first),
        }
    }

    /// Takes the answers to what [`Self::count`] asks.
    fn counted(
        &self,
        group: usize,
        before: Option<i64>,
        mut answer: std::vec::IntoIter<Value>,
        now: DateTime<Utc>,
    ) -> Result<(), ReplayError> {
        let count: i64 = self.value(answer.next())?;
        if let Some(Replicas { count: expected, .. }) = self.replicas {
            let confirmed: u32 = self.value(answer.next())?;
            if confirmed < expected {
                // A failover may take this back, and that is not a loss.
                return Err(ReplayError::TooFewReplicas { confirmed, expected });
            }
        }
        self.losses.take(group, before, count, now);
        Ok(())
    }

    /// A connection to a server that may be used.
    async fn connect(&self, now: DateTime<Utc>) -> Result<Connection, ReplayError> {
        let error = |error: RedisError| self.unavailable(&error);
        let mut connection = self.server.connect().await.map_err(error)?;
        for group in 0..self.groups {
            let place = usize::try_from(group).unwrap_or_default();
            if self.losses.seen(place).is_none() {
                let mut commands = redis::pipe();
                self.count(&mut commands, group);
                let answer: Vec<Value> = connection.ask(&commands).await.map_err(error)?;
                self.counted(place, None, answer.into_iter(), now)?;
            }
        }
        if !self.may_evict {
            match self.keeps(&mut connection).await {
                Err(ReplayError::EvictionUnknown { .. }) if self.may_not_say => {}
                checked => checked?,
            }
        }
        Ok(connection)
    }

    /// Whether the server keeps what it is given when its memory is full.
    async fn keeps(&self, connection: &mut Connection) -> Result<(), ReplayError> {
        match connection.info_memory().await {
            Ok(answers) => eviction::check(answers),
            // Not allowed, or not known, to the server or to what stands before it.
            Err(error) if matches!(error.code(), Some("NOPERM" | "ERR")) => {
                Err(ReplayError::EvictionUnknown { reason: without(&self.secrets, &error) })
            }
            Err(error) => Err(self.unavailable(&error)),
        }
    }

    fn place(&self) -> std::sync::MutexGuard<'_, Arc<OnceCell<Connection>>> {
        // Nothing inside can panic and leave it half done.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection in that place has failed, so the next question makes a new one, unless another
    /// has begun to.
    fn leave(&self, failed: &Arc<OnceCell<Connection>>) {
        let mut place = self.place();
        if Arc::ptr_eq(&place, failed) {
            *place = Arc::default();
        }
    }

    fn connect_limit(&self) -> Duration {
        self.connect_within.saturating_add(self.replicas_limit())
    }

    fn answer_limit(&self) -> Duration {
        self.answer_within.saturating_add(self.replicas_limit())
    }

    /// How long one of the two times may take that a question is sent.
    fn patience(&self) -> Duration {
        let half = self.answer_within.checked_div(2).unwrap_or_default();
        half.saturating_add(self.replicas_limit())
    }

    fn replicas_limit(&self) -> Duration {
        self.replicas.map_or(Duration::ZERO, |replicas| replicas.within)
    }

    fn value<T: FromRedisValue>(&self, value: Option<Value>) -> Result<T, ReplayError> {
        T::from_redis_value(value.unwrap_or(Value::Nil))
            .map_err(|error| self.unavailable(&error.into()))
    }

    fn unavailable(&self, error: &RedisError) -> ReplayError {
        ReplayError::Unavailable { reason: without(&self.secrets, error) }
    }
}

/// The error's text without passwords: a server that does not know `AUTH` repeats its arguments.
fn without(secrets: &[String], error: &RedisError) -> String {
    secrets.iter().fold(error.to_string(), |text, secret| text.replace(secret, "[password]"))
}

/// The group of an entry: the FNV-1a hash of its name, the same on every machine.
fn group(name: &str, groups: u32) -> u32 {
    let hash = name
        .bytes()
        .fold(0x811c_9dc5, |hash: u32, octet| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193));
    hash.checked_rem(groups).unwrap_or_default()
}

/// 64 bits that no other store has; they need not be secret.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        let store = RedisStore::new("redis://user:s3cret@127.0.0.1/", "x:").unwrap();
        assert_eq!(format!("{store:?}"), r#"RedisStore("x:")"#);
        let said = "ERR unknown command 'AUTH', with args beginning with: 's3cret'";
        let error = RedisError::from((redis::ErrorKind::Extension, "said", said.to_owned()));
        let shown = store.unavailable(&error).to_string();
        assert!(shown.contains("[password]") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn what_is_not_a_url_is_refused_without_repeating_it() {
        for url in ["", "s3cret", "http://s3cret@h/", "redis://:s3cret@/", "redis://:s3cret@h/x"] {
            let error = RedisStore::new(url, "").unwrap_err();
            assert!(matches!(error, ReplayError::Address { .. }), "{url}: {error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn outside_a_runtime_it_refuses() {
        let store = RedisStore::new("redis://127.0.0.1/", "x:").unwrap();
        let now = DateTime::UNIX_EPOCH;
        let mut asked = Box::pin(store.first_use("i", "a", now, now));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let answer = asked.as_mut().poll(&mut context);
        assert!(matches!(answer, std::task::Poll::Ready(Err(ReplayError::Unavailable { .. }))));
    }

    #[test]
    fn groups_are_all_used_and_alike_everywhere() {
        // The published vector of FNV-1a for "a".
        assert_eq!(group("a", u32::MAX), 0xe40c_292c);
        let used: std::collections::HashSet<u32> =
            (0..1_000).map(|n| group(&format!("8:https://:_{n}"), GROUPS_ON_A_CLUSTER)).collect();
        assert_eq!(used.len(), 64);
    }
}
