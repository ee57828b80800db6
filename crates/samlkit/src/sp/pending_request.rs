//! What has to be remembered of a request until its answer comes: a value to keep in the session of the
//! browser that was sent away, and to take out of it when the browser comes back. It ties the answer to
//! that browser; without it, somebody else's login could be slipped to a user.

use chrono::{DateTime, TimeDelta, Utc};

/// A request that was sent and not answered. With the feature `serde` it can be stored.
///
/// ```
/// use samlkit::sp::PendingRequest;
///
/// let sent = "2026-06-01T12:00:00Z".parse()?;
/// let pending = PendingRequest::new("_4711", sent).with_relay_state("/reports");
/// assert_eq!((pending.id(), pending.relay_state()), ("_4711", Some("/reports")));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PendingRequest {
    id: String,
    sent: DateTime<Utc>,
    acs_url: Option<String>,
    relay_state: Option<String>,
}

impl PendingRequest {
    /// A request with that `ID`, sent at that time.
    pub fn new(id: impl Into<String>, sent: DateTime<Utc>) -> Self {
        Self { id: id.into(), sent, acs_url: None, relay_state: None }
    }

    /// Names the ACS URL to which the answer was asked for, and at which alone it is then taken. It has to
    /// be one of the service provider's.
    #[must_use]
    pub fn with_acs_url(mut self, url: impl Into<String>) -> Self {
        self.acs_url = Some(url.into());
        self
    }

    /// Keeps what was sent as relay state.
    #[must_use]
    pub fn with_relay_state(mut self, relay_state: impl Into<String>) -> Self {
        self.relay_state = Some(relay_state.into());
        self
    }

    /// The `ID`, which the answer has to name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When the request was sent.
    pub fn sent(&self) -> DateTime<Utc> {
        self.sent
    }

    /// The ACS URL to which the answer was asked for; `None` for any of the service provider's.
    pub fn acs_url(&self) -> Option<&str> {
        self.acs_url.as_deref()
    }

    /// What was sent as relay state.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    /// Whether the user has taken longer than `patience` to sign in, so the request is better forgotten.
    pub fn is_stale(&self, patience: TimeDelta, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(self.sent) > patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_has_an_end() {
        let sent: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
        let pending = PendingRequest::new("_1", sent).with_acs_url("https://sp/acs");
        let after = |seconds| sent + TimeDelta::seconds(seconds);
        assert!(!pending.is_stale(TimeDelta::minutes(15), after(900)));
        assert!(pending.is_stale(TimeDelta::minutes(15), after(901)));
        assert_eq!((pending.acs_url(), pending.sent()), (Some("https://sp/acs"), sent));
        assert_eq!((pending.id(), pending.relay_state()), ("_1", None));
        let pending = PendingRequest::new("_1", sent).with_relay_state("/reports");
        assert_eq!((pending.acs_url(), pending.relay_state()), (None, Some("/reports")));
    }
}
