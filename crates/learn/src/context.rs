//! What a fit is given besides data: seed, threads, deadline, progress and cancellation.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::LearnError;

/// The surroundings of one fit.
///
/// The result depends on the data, the parameters and [`seed`](Self::seed) only: more threads make
/// it faster, never different.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Where all chance comes from.
    pub seed: u64,
    /// How many threads the fit may use, its own included.
    pub threads: NonZeroUsize,
    /// When to give up, if ever.
    pub deadline: Option<Deadline<'a>>,
    /// Where the steps are told.
    pub progress: &'a dyn Progress,
    /// Asked between steps.
    pub cancel: &'a Cancellation,
}

impl<'a> Context<'a> {
    /// One thread and no deadline.
    pub fn new(seed: u64, progress: &'a dyn Progress, cancel: &'a Cancellation) -> Self {
        Self {
            seed,
            threads: NonZeroUsize::MIN,
            deadline: None,
            progress,
            cancel,
        }
    }

    /// The same with this many threads.
    #[must_use]
    pub fn with_threads(self, threads: NonZeroUsize) -> Self {
        Self { threads, ..self }
    }

    /// The same with a deadline.
    #[must_use]
    pub fn with_deadline(self, deadline: Deadline<'a>) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    /// The same with another seed, for a part that must not share its draws with the whole.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Whether to go on; learners ask between steps, at least a few times per second.
    ///
    /// # Errors
    /// [`LearnError::Cancelled`] or [`LearnError::DeadlineExceeded`].
    pub fn proceed(&self) -> Result<(), LearnError> {
        if self.cancel.is_cancelled() {
            return Err(LearnError::Cancelled);
        }
        if self.deadline.is_some_and(|deadline| deadline.is_over()) {
            return Err(LearnError::DeadlineExceeded);
        }
        Ok(())
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("seed", &self.seed)
            .field("threads", &self.threads)
            .field("deadline", &self.deadline)
            .field("cancel", &self.cancel)
            .finish_non_exhaustive()
    }
}

/// An instant after which a fit gives up, and the clock that tells.
///
/// Programs hand in `Instant::now`; tests hand in a clock of their own.
#[derive(Clone, Copy)]
pub struct Deadline<'a> {
    at: Instant,
    now: &'a (dyn Fn() -> Instant + Sync),
}

impl<'a> Deadline<'a> {
    /// A deadline at an instant of the given clock.
    pub fn new(at: Instant, now: &'a (dyn Fn() -> Instant + Sync)) -> Self {
        Self { at, now }
    }

    /// Whether the clock has reached it.
    pub fn is_over(&self) -> bool {
        (self.now)() >= self.at
    }
}

impl fmt::Debug for Deadline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Deadline").field(&self.at).finish()
    }
}

/// A flag that another thread raises to stop a fit. Clones share the flag.
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    /// Asks every fit that holds this flag to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Where long work tells how far it is.
pub trait Progress: Sync {
    /// `done` of `total` parts of the named step are finished; `total` is 0 when unknown.
    fn report(&self, step: &str, done: u64, total: u64);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _step: &str, _done: u64, _total: u64) {}
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn clones_of_a_cancellation_share_the_flag() {
        let cancel = Cancellation::default();
        let context = Context::new(1, &Silent, &cancel);
        assert_eq!(context.proceed(), Ok(()));

        cancel.clone().cancel();

        assert_eq!(context.proceed(), Err(LearnError::Cancelled));
    }

    #[test]
    fn a_deadline_is_told_by_the_clock_that_came_with_it() {
        let start = Instant::now();
        let late = move || start + Duration::from_secs(5);
        let cancel = Cancellation::default();
        let context = Context::new(1, &Silent, &cancel);

        let far = context.with_deadline(Deadline::new(start + Duration::from_secs(6), &late));
        let near = context.with_deadline(Deadline::new(start + Duration::from_secs(5), &late));

        assert_eq!(far.proceed(), Ok(()));
        assert_eq!(near.proceed(), Err(LearnError::DeadlineExceeded));
    }
}
