//! Whether a server has lost entries: it was started again without its data, went back to an older
//! snapshot, was emptied, or a replica that did not have everything took its place.
//!
//! Beside the entries stands a counter that every question raises by one. It starts at a random
//! number, so one that was made anew is not taken for the old one. If it is not above what this
//! store saw before it asked, something written in between is gone.
//!
//! What this cannot see: a loss while this store has not yet asked anything, and the loss of the
//! last entries of other machines, if they were written after this store's last question. To wait
//! for replicas prevents the second.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::super::MARGIN;

/// Where counters start: above what questions alone could reach, and far enough under the largest
/// number that the server can count to.
const STARTS: std::ops::Range<i64> = 1 << 32..1 << 62;

/// How many questions may lie between two of this store's. More is another counter.
const NEAR: i64 = 1 << 32;

/// What this store has seen of the counters, one for each group of entries that is stored on one
/// server.
pub(super) struct Losses(Mutex<State>);

struct State {
    /// The highest that was seen, by group.
    seen: Vec<Option<i64>>,
    /// The longest time for which an assertion had still to be remembered.
    longest: TimeDelta,
    /// Assertions that expire by then may be among those lost.
    until: Option<DateTime<Utc>>,
}

impl Losses {
    pub(super) fn new(groups: usize, longest: TimeDelta) -> Self {
        Self(Mutex::new(State { seen: vec![None; groups], longest, until: None }))
    }

    /// Sets the longest validity to expect.
    pub(super) fn set_longest(&mut self, longest: TimeDelta) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).longest = longest;
    }

    /// Where a counter made now starts, from 64 random bits.
    pub(super) fn start(random: u64) -> i64 {
        let span = STARTS.end.saturating_sub(STARTS.start);
        let random = i64::try_from(random >> 2).unwrap_or_default();
        STARTS.start.saturating_add(random.checked_rem(span).unwrap_or_default())
    }

    /// What has been seen of a group's counter; to be taken before the question is sent.
    pub(super) fn seen(&self, group: usize) -> Option<i64> {
        self.state().seen.get(group).copied().flatten()
    }

    /// Takes the counter that came with an answer. `before` is what [`Self::seen`] gave before the
    /// question.
    pub(super) fn take(&self, group: usize, before: Option<i64>, count: i64, now: DateTime<Utc>) {
        let mut state = self.state();
        let goes_on = |before: i64| (1..NEAR).contains(&count.saturating_sub(before));
        if before.is_none_or(goes_on) {
            if let Some(seen) = state.seen.get_mut(group) {
                *seen = (*seen).max(Some(count));
            }
            return;
        }
        let until = now.checked_add_signed(state.longest.checked_add(&MARGIN).unwrap_or(MARGIN));
        state.until = state.until.max(Some(until.unwrap_or(DateTime::<Utc>::MAX_UTC)));
        if let Some(seen) = state.seen.get_mut(group) {
            *seen = Some(count);
        }
    }

    /// Notes how long an assertion has to be remembered.
    pub(super) fn remember(&self, expires: DateTime<Utc>, now: DateTime<Utc>) {
        let mut state = self.state();
        state.longest = state.longest.max(expires.signed_duration_since(now));
    }

    /// The end of the time in which assertions may be among those lost, if one that expires then is
    /// one of them.
    pub(super) fn covers(&self, expires: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.state().until.filter(|until| expires <= *until)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // Nothing inside can panic and leave it half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: TimeDelta = TimeDelta::hours(1);

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    /// A question: what was seen before, and the counter in the answer.
    fn ask(losses: &Losses, count: i64) {
        losses.take(0, losses.seen(0), count, now());
    }

    #[test]
    fn a_counter_that_goes_on_is_no_loss() {
        let losses = Losses::new(1, HOUR);
        let start = Losses::start(7);
        for count in [start, start + 1, start + 2, start + 1_000] {
            ask(&losses, count);
        }
        // Two that were asked at once come in the other order.
        let before = losses.seen(0);
        losses.take(0, before, start + 1_002, now());
        losses.take(0, before, start + 1_001, now());
        assert_eq!(losses.seen(0), Some(start + 1_002));
        assert_eq!(losses.covers(now()), None);
    }

    #[test]
    fn a_counter_that_does_not_is_one() {
        let start = Losses::start(7);
        // The same again; an older snapshot; none; made anew, below and above.
        for count in [start, start - 5, 1, STARTS.start, STARTS.end] {
            let losses = Losses::new(1, HOUR);
            ask(&losses, start);
            ask(&losses, count);
            let until = now() + HOUR + MARGIN;
            assert_eq!(losses.covers(until), Some(until), "{count}");
            assert_eq!(losses.covers(until + TimeDelta::milliseconds(1)), None);
            // It goes on from the new one, and what was lost stays lost.
            ask(&losses, count + 1);
            assert_eq!(losses.covers(until), Some(until));
        }
    }

    #[test]
    fn the_longest_validity_seen_is_the_one_to_expect() {
        let losses = Losses::new(1, HOUR);
        losses.remember(now() + HOUR * 9, now());
        losses.remember(now() + HOUR, now());
        ask(&losses, 5_000_000_000);
        ask(&losses, 5_000_000_000);
        let until = now() + HOUR * 9 + MARGIN;
        assert_eq!(losses.covers(now()), Some(until));
    }

    #[test]
    fn counters_start_in_their_range() {
        for random in [0, 1, u64::MAX / 2, u64::MAX] {
            assert!(STARTS.contains(&Losses::start(random)), "{random}");
        }
    }
}
