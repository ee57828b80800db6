//! A store in memory, for a service that runs once. It is bounded, and forgets what has expired.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::{ReplayError, ReplayStore};

/// Remembers assertions in memory, and loses them when the program ends: for one that is started
/// again within the hour, use a store that lasts.
///
/// ```
/// use samlkit::replay::{MemoryStore, ReplayStore};
///
/// let store = MemoryStore::new(10_000);
/// let now = "2026-06-01T12:00:00Z".parse()?;
/// let expires = "2026-06-01T13:05:00Z".parse()?;
/// assert_eq!(store.first_use("https://idp/", "_a1", expires, now), Ok(true));
/// assert_eq!(store.first_use("https://idp/", "_a1", expires, now), Ok(false));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Debug)]
pub struct MemoryStore {
    capacity: usize,
    used: Mutex<Used>,
}

/// An issuer and an ID of its.
type Key = Arc<(String, String)>;

#[derive(Debug, Default)]
struct Used {
    known: HashSet<Key>,
    by_expiry: BTreeSet<(DateTime<Utc>, Key)>,
}

impl MemoryStore {
    /// A store for at most so many assertions that count at the same time. One takes a few hundred
    /// octets.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, used: Mutex::default() }
    }
}

impl ReplayStore for MemoryStore {
    fn first_use(
        &self,
        issuer: &str,
        id: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, ReplayError> {
        // Nothing inside can panic and leave it half done.
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let Used { known, by_expiry } = &mut *used;
        while by_expiry.first().is_some_and(|(expires, _)| *expires < now) {
            if let Some((_, key)) = by_expiry.pop_first() {
                known.remove(&key);
            }
        }
        let key: Key = Arc::new((issuer.to_owned(), id.to_owned()));
        if known.contains(&key) {
            return Ok(false);
        }
        if known.len() >= self.capacity {
            return Err(ReplayError::Full { capacity: self.capacity });
        }
        known.insert(Arc::clone(&key));
        by_expiry.insert((expires, key));
        Ok(true)
    }
}
