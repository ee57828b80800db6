//! All that a verdict depends on besides the message: both sides, the request that is pending, the time.

use chrono::{DateTime, Utc};

use super::identity_provider::IdentityProvider;
use super::pending_request::PendingRequest;
use super::service_provider::ServiceProvider;

#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) sp: &'a ServiceProvider,
    pub(super) idp: &'a IdentityProvider,
    pub(super) pending: Option<&'a PendingRequest>,
    pub(super) now: DateTime<Utc>,
}

impl<'a> Context<'a> {
    /// The ID of the request that has to be answered, if one is pending.
    pub(super) fn request_id(&self) -> Option<&'a str> {
        self.pending.map(PendingRequest::id)
    }

    /// The URL at which the answer was asked for.
    pub(super) fn asked_at(&self) -> Option<&'a str> {
        self.pending.and_then(PendingRequest::acs_url)
    }

    /// The URLs at which the response may have arrived.
    pub(super) fn acs_urls(&self) -> Vec<String> {
        match self.asked_at().filter(|url| self.is_configured(url)) {
            Some(url) => vec![url.to_owned()],
            None => self.sp.acs_urls.clone(),
        }
    }

    /// Whether the response may have arrived at `url`. The URL at which the answer was asked for chooses
    /// among what is configured and adds nothing, as it may come from a Host header that anybody writes.
    pub(super) fn is_acs(&self, url: &str) -> bool {
        let asked = self.asked_at().filter(|asked| self.is_configured(asked));
        asked.is_none_or(|asked| url == asked) && self.is_configured(url)
    }

    pub(super) fn is_configured(&self, url: &str) -> bool {
        self.sp.acs_urls.iter().any(|known| known == url)
    }

    pub(super) fn is_before(&self, moment: DateTime<Utc>) -> bool {
        moment.signed_duration_since(self.now) > self.sp.clock_skew
    }

    pub(super) fn is_past(&self, moment: DateTime<Utc>) -> bool {
        self.now.signed_duration_since(moment) >= self.sp.clock_skew
    }
}
