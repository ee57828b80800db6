//! That an assertion is used once (saml-profiles 4.1.4.5). A response is a bearer credential: anybody
//! who has a copy could use it a second time while it is valid. A service provider therefore has to
//! remember what it accepted until then, and a service on several machines has to remember it in
//! one place.
//!
//! [`ReplayStore`] may block, [`AsyncReplayStore`] does not; both ask the same question.
//! [`MemoryStore`] answers both, for a service that runs once; `RedisStore` (feature `redis`) answers
//! the second, for a service on several machines.
//!
//! A store that cannot answer is no reason to accept: an error is a refusal.

mod memory;
#[cfg(feature = "redis")]
mod redis;

pub use self::memory::MemoryStore;
#[cfg(feature = "redis")]
pub use self::redis::{ANSWER_TIMEOUT, CONNECT_TIMEOUT, LONGEST_VALIDITY, RedisStore};

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// How much longer than it is valid an assertion is remembered. An assertion is judged by the time
/// that was read when the request came in, and asked for here later: without a margin, a replay
/// that is judged just before the end and asked for just after it, when the first use has been
/// forgotten, is a first use. The margin covers how long a request may take on the way and how far
/// the clocks of the machines that share a store may differ; no service lets either be ten minutes.
/// It costs the memory of ten minutes' logins.
pub const MARGIN: TimeDelta = TimeDelta::minutes(10);

/// Remembers which assertions were used.
///
/// A call may block, on a lock or on a server. A service that must not block uses an
/// [`AsyncReplayStore`].
pub trait ReplayStore {
    /// Whether this is the first use of the assertion `id` of `issuer`. Of several calls with the
    /// same assertion, at the same time or one after the other, exactly one gets `true`. It has to
    /// be remembered until [`MARGIN`] after `expires`; `now` is the time by which the assertion was
    /// judged.
    ///
    /// # Errors
    /// [`ReplayError`], if the store cannot say.
    fn first_use(
        &self,
        issuer: &str,
        id: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, ReplayError>;
}

/// Remembers which assertions were used, without blocking the thread that asks. It is tied to no
/// runtime; a store may be.
///
/// An implementation may write the method as `async fn`.
pub trait AsyncReplayStore {
    /// What [`ReplayStore::first_use`] answers, later.
    ///
    /// # Errors
    /// [`ReplayError`], if the store cannot say.
    fn first_use(
        &self,
        issuer: &str,
        id: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, ReplayError>> + Send;
}

/// Both traits for a pointer to a store.
macro_rules! through {
    ($($pointer:ty),*) => {$(
        impl<T: ReplayStore + ?Sized> ReplayStore for $pointer {
            fn first_use(
                &self,
                issuer: &str,
                id: &str,
                expires: DateTime<Utc>,
                now: DateTime<Utc>,
            ) -> Result<bool, ReplayError> {
                (**self).first_use(issuer, id, expires, now)
            }
        }

        impl<T: AsyncReplayStore + ?Sized> AsyncReplayStore for $pointer {
            fn first_use(
                &self,
                issuer: &str,
                id: &str,
                expires: DateTime<Utc>,
                now: DateTime<Utc>,
            ) -> impl Future<Output = Result<bool, ReplayError>> + Send {
                (**self).first_use(issuer, id, expires, now)
            }
        }
    )*};
}

through!(&T, Box<T>, Arc<T>);

/// Why a store cannot say whether an assertion was used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The store is full of assertions that it still has to remember.
    #[error("the replay store is full: it holds {capacity} assertions that it has to remember")]
    Full {
        /// How many it holds.
        capacity: usize,
    },
    /// The store was given an address that it cannot use.
    #[error("the address of the replay store cannot be used: {reason}")]
    Address {
        /// What is wrong with it.
        reason: String,
    },
    /// The store could not be reached, or its answer makes no sense.
    #[error("the replay store cannot be asked: {reason}")]
    Unavailable {
        /// What it said.
        reason: String,
    },
    /// The store did not answer in time.
    #[error("the replay store did not answer within {} ms", waited.as_millis())]
    TimedOut {
        /// How long it was waited for.
        waited: Duration,
    },
    /// The server may drop entries when its memory is full, and an entry dropped is a replay
    /// accepted.
    #[error(
        "the replay store may forget what it has to remember: the server's maxmemory-policy is \
         {policy}; expected noeviction"
    )]
    Evicts {
        /// The server's `maxmemory-policy`.
        policy: String,
    },
    /// The server does not say whether it drops entries when its memory is full.
    #[error(
        "the replay store does not say whether it may forget what it has to remember (INFO \
         memory: {reason})"
    )]
    EvictionUnknown {
        /// What it said instead.
        reason: String,
    },
    /// The server has lost entries, and this assertion could be one of them.
    #[error(
        "the replay store has lost what it remembered: an assertion that expires before {until} \
         could have been used already"
    )]
    Lost {
        /// Assertions that expire later were issued after the loss, and are judged as ever.
        until: DateTime<Utc>,
    },
    /// Fewer replicas than asked for have confirmed the entry, so a failover could lose it.
    #[error("{confirmed} replicas of the replay store have confirmed, expected {expected}")]
    TooFewReplicas {
        /// How many have confirmed in time.
        confirmed: u32,
        /// How many were asked for.
        expected: u32,
    },
}

/// Until when an entry is kept: its validity and the [`MARGIN`], and no less than the margin if it
/// has expired already.
fn kept_until(expires: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    expires.max(now).checked_add_signed(MARGIN).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pointer to a store is a store, also where the store's type is not known.
    #[test]
    fn through_pointers() {
        fn ask(store: impl ReplayStore, id: &str) -> bool {
            let now = DateTime::UNIX_EPOCH;
            store.first_use("https://idp/", id, now, now).unwrap()
        }
        let store = Arc::new(MemoryStore::new(10));
        let known: &dyn ReplayStore = &*store;
        assert!(ask(known, "_a"));
        assert!(!ask(Arc::clone(&store), "_a"));
        assert!(!ask(Box::new(known), "_a"));
        let shared: Arc<dyn ReplayStore> = store.clone();
        assert!(!ask(&shared, "_a"));
        assert!(ask(shared, "_b"));
    }

    #[test]
    fn an_entry_is_kept_for_the_margin_at_least() {
        let now = DateTime::UNIX_EPOCH;
        let hour = TimeDelta::hours(1);
        assert_eq!(kept_until(now + hour, now), now + hour + MARGIN);
        assert_eq!(kept_until(now - hour, now), now + MARGIN);
        assert_eq!(kept_until(DateTime::<Utc>::MAX_UTC, now), DateTime::<Utc>::MAX_UTC);
    }
}
