//! That an assertion is used once (saml-profiles 4.1.4.5). A response is a bearer credential: whoever
//! has a copy could use it a second time, as long as it counts. A service provider therefore has to
//! remember what it accepted until then, and a service on several machines has to remember it in
//! one place.
//!
//! A store that cannot answer is no reason to accept: an error is a refusal.

mod memory;
#[cfg(feature = "redis")]
mod redis;

pub use self::memory::MemoryStore;
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;

use chrono::{DateTime, Utc};

/// Remembers which assertions were used.
///
/// A call may block, on a lock or on a server. A service that must not block calls it where
/// blocking is allowed, or does the same with a store of its own: everything that it needs is in
/// [`VerifiedResponse`](crate::sp::VerifiedResponse).
pub trait ReplayStore {
    /// Whether this is the first use of the assertion `id` of `issuer`. Of several calls with the
    /// same assertion, at the same time or one after the other, exactly one gets `true`. It has to
    /// be remembered until `expires`; `now` is the time of the call.
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

/// Why a store cannot say whether an assertion was used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The store is full of assertions that still count.
    #[error("the replay store is full: it holds {capacity} assertions that still count")]
    Full {
        /// How many it holds.
        capacity: usize,
    },
    /// The store could not be reached, or its answer makes no sense.
    #[error("the replay store cannot be asked: {reason}")]
    Unavailable {
        /// What it said.
        reason: String,
    },
}
