//! Seconds, shared among the trainings of a program.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rapport_learn::{Cancellation, Context, Deadline, Silent};

use super::Arguments;

/// What is left of the seconds and of the trainings that share them.
pub(crate) struct Budget {
    end: Option<Instant>,
    n_left: Cell<u32>,
}

impl Budget {
    /// The seconds that were allowed, for this many trainings.
    pub(crate) fn new(arguments: &Arguments, n_trainings: u32) -> Self {
        let seconds = arguments.seconds.map(Duration::from_secs_f64);
        Self {
            end: seconds.map(|seconds| Instant::now() + seconds),
            n_left: Cell::new(n_trainings),
        }
    }

    /// The surroundings of the next training, whose deadline leaves the others their share.
    pub(crate) fn context<'a>(&self, seed: u64, cancel: &'a Cancellation) -> Context<'a> {
        let context = Context::new(seed, &Silent, cancel);
        let n_left = self.n_left.get().max(1);
        self.n_left.set(n_left - 1);
        match self.end {
            Some(end) => {
                let now = Instant::now();
                let share = end.saturating_duration_since(now) / n_left;
                context.with_deadline(Deadline::new(now + share, &Instant::now))
            }
            None => context,
        }
    }
}
