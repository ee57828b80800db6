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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::sp::tests::{ACS, asked, idp, now, sp};

    #[test]
    fn clocks_three_minutes_apart() {
        let (sp, idp, now) = (sp(), idp(), now());
        let context = Context { sp: &sp, idp: &idp, pending: None, now };
        let after = |seconds| now + TimeDelta::seconds(seconds);
        assert!(!context.is_before(after(180)) && context.is_before(after(181)));
        assert!(!context.is_past(after(-179)) && context.is_past(after(-180)));
    }

    #[test]
    fn where_a_response_may_arrive() {
        let (sp, idp, now) = (sp(), idp(), now());
        let of = |pending: Option<PendingRequest>| {
            let context = Context { sp: &sp, idp: &idp, pending: pending.as_ref(), now };
            let urls = [ACS, "https://sp/other", "https://evil/"];
            (context.acs_urls(), urls.map(|url| context.is_acs(url)))
        };
        let both = (vec![ACS.to_owned(), "https://sp/other".to_owned()], [true, true, false]);
        assert_eq!(of(None), both);
        assert_eq!(of(Some(asked())), both);
        assert_eq!(of(Some(asked().with_acs_url("https://evil/"))), both);
        let one = (vec![ACS.to_owned()], [true, false, false]);
        assert_eq!(of(Some(asked().with_acs_url(ACS))), one);
    }
}
