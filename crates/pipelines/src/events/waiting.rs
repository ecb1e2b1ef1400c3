//! How many events wait in the inbox, as far as this process knows.
//!
//! Events count from before they are written, so that a caller who goes away while they are leaves a
//! number that is too high and never one that is too low: too low would let the inbox fill without
//! end. What is too high is put right by counting, at a moment when nothing is being written.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The count; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting(Arc<Mutex<Count>>);

#[derive(Debug, Default)]
struct Count {
    n_events: u64,
    /// Writes under way.
    n_open: u64,
    /// Writes that have ever begun.
    n_begun: u64,
    /// Whether some that were counted may not have been written.
    is_doubtful: bool,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of events.
    pub(super) fn n_events(&self) -> u64 {
        self.lock().n_events
    }

    /// Events have come; returns how many there are now.
    pub(super) fn add(&self, n_events: u64) -> u64 {
        let mut count = self.lock();
        count.n_events += n_events;
        count.n_events
    }

    /// Events have left; some of them may have come in ways that are not counted.
    pub(super) fn take(&self, n_events: u64) {
        let mut count = self.lock();
        count.n_events = count.n_events.saturating_sub(n_events);
    }

    /// Events are about to be written.
    pub(super) fn expect(&self, n_events: u64) -> Expected {
        let mut count = self.lock();
        count.n_events += n_events;
        count.n_open += 1;
        count.n_begun += 1;
        Expected {
            waiting: self.clone(),
            n_events,
            is_known: false,
        }
    }

    /// What [`Waiting::settle`] needs to be told, where the number is in doubt and nothing is being
    /// written.
    pub(super) fn doubt(&self) -> Option<u64> {
        let count = self.lock();
        (count.is_doubtful && count.n_open == 0).then_some(count.n_begun)
    }

    /// Puts the number right by what was counted since [`Waiting::doubt`], unless anything was written
    /// meanwhile.
    pub(super) fn settle(&self, doubt: u64, n_counted: u64) {
        let mut count = self.lock();
        if count.n_begun == doubt {
            count.n_events = n_counted;
            count.is_doubtful = false;
        }
    }
}

/// Events that are being written. Dropped before it is known what became of them, all of them count.
pub(super) struct Expected {
    waiting: Waiting,
    n_events: u64,
    is_known: bool,
}

impl Expected {
    /// So many of them are new; returns how many wait now.
    pub(super) fn become_known(mut self, n_stored: u64) -> u64 {
        self.is_known = true;
        let mut count = self.waiting.lock();
        let n_not_new = self.n_events.saturating_sub(n_stored);
        count.n_events = count.n_events.saturating_sub(n_not_new);
        count.n_events
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        let mut count = self.waiting.lock();
        count.n_open -= 1;
        count.is_doubtful |= !self.is_known;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_events_is_counted_and_what_nobody_knows_counts_until_it_is_put_right() {
        let waiting = Waiting::default();

        assert_eq!(waiting.expect(5).become_known(3), 3);
        assert_eq!(waiting.doubt(), None);
        drop(waiting.expect(5));

        assert_eq!(waiting.n_events(), 8);
        let doubt = waiting.doubt().unwrap();
        waiting.settle(doubt, 4);
        assert_eq!((waiting.n_events(), waiting.doubt()), (4, None));
    }

    #[test]
    fn a_count_that_others_have_overtaken_is_not_believed() {
        let waiting = Waiting::default();
        drop(waiting.expect(5));
        let doubt = waiting.doubt().unwrap();

        let other = waiting.expect(2);
        assert_eq!(waiting.doubt(), None);
        waiting.settle(doubt, 0);

        assert_eq!(waiting.n_events(), 7);
        assert_eq!(other.become_known(2), 7);
    }
}
