//! How many bodies with events may be under way at once: each takes up to 4 MiB, unpacked. No source and no
//! address may have all of the places, and few bodies may take their time on the way.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rapport_domain::SourceId;

/// Bodies under way at once, and those of one holder.
const PLACES: Limits = Limits { all: 96, one: 64 };
/// Bodies that take their time on the way, and those of one holder.
const SLOW_PLACES: Limits = Limits { all: 16, one: 4 };
/// From when on a body counts as one that takes its time.
pub(super) const SLOW_AFTER: Duration = Duration::from_secs(1);

/// Whom a place is counted for: the source whose key the headers show, else the address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Holder {
    /// A source.
    Source(SourceId),
    /// A network.
    Address(String),
}

/// How many there may be.
#[derive(Debug, Clone, Copy)]
struct Limits {
    all: usize,
    one: usize,
}

/// All places; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct EventSlots {
    places: Places,
    slow: Places,
}

impl Default for EventSlots {
    fn default() -> Self {
        Self {
            places: Places::new(PLACES),
            slow: Places::new(SLOW_PLACES),
        }
    }
}

impl EventSlots {
    /// A place for a body; none where there is none for this holder.
    pub(crate) fn enter(&self, holder: Holder) -> Option<EventSlot> {
        self.places.take(holder)
    }

    /// A place for a body that takes its time, beside the one that it has.
    pub(crate) fn linger(&self, holder: Holder) -> Option<EventSlot> {
        self.slow.take(holder)
    }
}

#[derive(Debug, Clone)]
struct Places {
    limits: Limits,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    n_all: usize,
    by_holder: HashMap<Holder, usize>,
}

impl Places {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            taken: Arc::default(),
        }
    }

    fn take(&self, holder: Holder) -> Option<EventSlot> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let n_own = taken.by_holder.get(&holder).copied().unwrap_or_default();
        if taken.n_all >= self.limits.all || n_own >= self.limits.one {
            return None;
        }
        taken.n_all += 1;
        taken.by_holder.insert(holder.clone(), n_own + 1);
        Some(EventSlot {
            places: self.clone(),
            holder,
        })
    }

    fn give_back(&self, holder: &Holder) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.n_all -= 1;
        if let Some(n_own) = taken.by_holder.get_mut(holder) {
            *n_own -= 1;
            if *n_own == 0 {
                taken.by_holder.remove(holder);
            }
        }
    }
}

/// A place that is taken; dropped, it is free again.
#[derive(Debug)]
pub(crate) struct EventSlot {
    places: Places,
    holder: Holder,
}

impl Drop for EventSlot {
    fn drop(&mut self) {
        self.places.give_back(&self.holder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(name: &str) -> Holder {
        Holder::Address(name.to_owned())
    }

    /// Takes all places that somebody gets.
    fn all_of(slots: &EventSlots, name: &str) -> Vec<EventSlot> {
        std::iter::from_fn(|| slots.enter(address(name))).collect()
    }

    #[test]
    fn nobody_gets_all_places_and_places_come_back() {
        let slots = EventSlots::default();

        let greedy = all_of(&slots, "a");
        let others = all_of(&slots, "b");

        assert_eq!((greedy.len(), others.len()), (64, 32));
        assert!(slots.enter(address("c")).is_none());
        drop(greedy);
        assert_eq!(all_of(&slots, "c").len(), 64);
        drop(others);
        let taken = slots.places.taken.lock().unwrap();
        assert!(taken.by_holder.is_empty());
    }

    #[test]
    fn few_take_their_time() {
        let slots = EventSlots::default();
        let lingering: Vec<_> = std::iter::from_fn(|| slots.linger(address("a"))).collect();

        assert_eq!(lingering.len(), 4);
        assert!(slots.linger(address("b")).is_some());
    }
}
