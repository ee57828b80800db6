//! A store on a Redis server, for a service on several machines: one `SET` with `NX` and an expiry,
//! which the server does as a whole.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use redis::{Client, Connection, RedisError, Value};

use super::{ReplayError, ReplayStore};

/// How long the server may take to answer or to be reached.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Remembers assertions on a Redis server. It keeps one connection, and makes a new one after an
/// error; while there is none, every answer is an error.
pub struct RedisStore {
    client: Client,
    prefix: String,
    connection: Mutex<Option<Connection>>,
}

impl RedisStore {
    /// A store on the server of that URL, such as `redis://127.0.0.1/`, whose keys begin with
    /// `prefix`. The server is reached on the first use.
    ///
    /// # Errors
    /// [`ReplayError::Unavailable`] if the URL is none.
    pub fn new(url: &str, prefix: impl Into<String>) -> Result<Self, ReplayError> {
        let client = Client::open(url).map_err(|error| unavailable(&error))?;
        Ok(Self { client, prefix: prefix.into(), connection: Mutex::new(None) })
    }

    fn connect(&self) -> Result<Connection, RedisError> {
        let connection = self.client.get_connection_with_timeout(TIMEOUT)?;
        connection.set_read_timeout(Some(TIMEOUT))?;
        connection.set_write_timeout(Some(TIMEOUT))?;
        Ok(connection)
    }
}

impl fmt::Debug for RedisStore {
    /// Does not show the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisStore({:?})", self.prefix)
    }
}

impl ReplayStore for RedisStore {
    fn first_use(
        &self,
        issuer: &str,
        id: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, ReplayError> {
        // An expiry of nothing is an error to the server.
        let left = expires.signed_duration_since(now).num_milliseconds().max(1);
        // The lengths keep two names that run together from being one.
        let key = format!("{}{}:{issuer}:{id}", self.prefix, issuer.len());
        let mut kept = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => self.connect().map_err(|error| unavailable(&error))?,
        };
        let mut command = redis::cmd("SET");
        command.arg(&key).arg("1").arg("NX").arg("PX").arg(left);
        // The connection is kept only after an answer, so that none is read for another question.
        let answer: Value = command.query(&mut connection).map_err(|error| unavailable(&error))?;
        *kept = Some(connection);
        match answer {
            Value::Okay => Ok(true),
            Value::Nil => Ok(false),
            other => Err(ReplayError::Unavailable { reason: format!("the answer {other:?}") }),
        }
    }
}

fn unavailable(error: &RedisError) -> ReplayError {
    ReplayError::Unavailable { reason: error.to_string() }
}
