//! A store in memory, for a service that runs once. It is bounded, and forgets what has expired a
//! while ago ([`MARGIN`](super::MARGIN)).

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::{AsyncReplayStore, ReplayError, ReplayStore, kept_until};

/// Remembers assertions in memory, and loses them when the program ends: for one that is started
/// again within the hour, use a store that lasts. Its lock is held for microseconds, so an
/// asynchronous service may use it as well.
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
    by_end: BTreeSet<(DateTime<Utc>, Key)>,
}

impl MemoryStore {
    /// A store for at most so many assertions that have to be remembered at the same time. One
    /// takes a few hundred octets.
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
        let Used { known, by_end } = &mut *used;
        while by_end.first().is_some_and(|(end, _)| *end < now) {
            if let Some((_, key)) = by_end.pop_first() {
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
        by_end.insert((kept_until(expires, now), key));
        Ok(true)
    }
}

impl AsyncReplayStore for MemoryStore {
    async fn first_use(
        &self,
        issuer: &str,
        id: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, ReplayError> {
        ReplayStore::first_use(self, issuer, id, expires, now)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::MARGIN;
    use super::*;

    const IDP: &str = "https://idp.example/";

    fn now() -> DateTime<Utc> {
        "2026-06-01T12:00:00Z".parse().unwrap()
    }

    fn first(store: &MemoryStore, id: &str, expires: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        ReplayStore::first_use(store, IDP, id, expires, now).unwrap()
    }

    #[test]
    fn a_replay_judged_before_the_end_and_asked_for_after_it_is_a_replay() {
        let (store, end) = (MemoryStore::new(10), now() + TimeDelta::hours(1));
        assert!(first(&store, "_a", end, now()));
        let judged = end - TimeDelta::milliseconds(1);
        // Another login forgets what has expired while the replay is on its way.
        let later = end + TimeDelta::seconds(1);
        assert!(first(&store, "_b", later + TimeDelta::hours(1), later));
        assert!(!first(&store, "_a", end, judged));
    }

    #[test]
    fn it_is_bounded_and_forgets_after_the_margin() {
        let (store, end) = (MemoryStore::new(2), now() + TimeDelta::minutes(5));
        assert!(first(&store, "_1", end, now()));
        assert!(first(&store, "_2", end, now()));
        let full = ReplayStore::first_use(&store, IDP, "_3", end, now());
        assert_eq!(full, Err(ReplayError::Full { capacity: 2 }));
        assert!(!first(&store, "_1", end, end + MARGIN), "to the last moment");
        let after = end + MARGIN + TimeDelta::milliseconds(1);
        assert!(first(&store, "_3", after, after));
    }
}
