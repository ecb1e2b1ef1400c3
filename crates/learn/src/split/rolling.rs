//! Back-tests: learn up to an instant, test on what follows, move on.

use crate::LearnError;

/// How far back the rows to learn from reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// To the first row: later folds learn from more.
    Expanding,
    /// This long, in the unit of the times: every fold learns from as much past, and old habits
    /// are forgotten.
    Sliding(i64),
}

/// Where the folds of a back-test lie. All lengths are in the unit of the times, which are
/// microseconds in a [`Dataset`](crate::Dataset); positions in a series serve as well.
///
/// The last test part ends with the latest row, and every earlier one lies one `step` before the
/// next.
///
/// ```
/// use rapport_learn::split::RollingOrigin;
///
/// let months: Vec<i64> = (0..12).collect();
///
/// let folds = RollingOrigin::new(2, 3).gap(1).folds(&months)?;
///
/// assert_eq!(folds[0].train, [0, 1, 2, 3, 4]);
/// assert_eq!(folds[0].test, [6, 7, 8]);
/// assert_eq!(folds[1].test, [9, 10, 11]);
/// # Ok::<(), rapport_learn::LearnError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollingOrigin {
    n_folds: usize,
    horizon: i64,
    step: i64,
    gap: i64,
    window: Window,
}

/// One fold of a back-test. Rows that lie in the gap, before the window or after the test are in
/// neither part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeFold {
    /// The first instant of the test part; features of it may know what was true before this.
    pub cutoff: i64,
    /// Rows to learn from, ascending: all earlier than `cutoff - gap`.
    pub train: Vec<usize>,
    /// Rows to test on, ascending: from the cutoff on for one horizon.
    pub test: Vec<usize>,
}

impl RollingOrigin {
    /// Folds that test on one horizon each, one after the other, without gap, and learn from all
    /// that came before.
    pub fn new(n_folds: usize, horizon: i64) -> Self {
        Self {
            n_folds,
            horizon,
            step: horizon,
            gap: 0,
            window: Window::Expanding,
        }
    }

    /// From one cutoff to the next; less than the horizon lets test parts overlap.
    #[must_use]
    pub fn step(self, step: i64) -> Self {
        Self { step, ..self }
    }

    /// Left out between the rows to learn from and the cutoff: as long as it takes until a row's
    /// outcome is known, or outcomes of the test part's time leak into learning.
    #[must_use]
    pub fn gap(self, gap: i64) -> Self {
        Self { gap, ..self }
    }

    /// How far back learning reaches.
    #[must_use]
    pub fn window(self, window: Window) -> Self {
        Self { window, ..self }
    }

    /// The folds, earliest cutoff first. `times` is `(n_samples,)`, in any order.
    ///
    /// # Errors
    /// [`LearnError::Parameter`] for no folds, lengths below 1 (gap: below 0) or lengths that
    /// reach further back than times do; [`LearnError::TooFewRows`] for a fold with nothing to
    /// learn from or nothing to test on.
    pub fn folds(&self, times: &[i64]) -> Result<Vec<TimeFold>, LearnError> {
        self.require_in_range()?;
        let Some(&latest) = times.iter().max() else {
            return Err(LearnError::TooFewRows {
                needed: 2,
                found: 0,
            });
        };
        (0..self.n_folds)
            .rev()
            .map(|n_later| {
                let cutoff = self
                    .cutoff(latest, n_later)
                    .ok_or_else(|| LearnError::Parameter {
                        name: "n_folds",
                        value: self.n_folds.to_string(),
                        allowed: "so many steps and a horizon fit into the range of times",
                    })?;
                self.fold(times, cutoff)
            })
            .collect()
    }

    /// First instant of the test part that has `n_later` ones after it.
    fn cutoff(&self, latest: i64, n_later: usize) -> Option<i64> {
        let back = i64::try_from(n_later).ok()?.checked_mul(self.step)?;
        // `latest` is the last instant of the last test part: it lies `horizon - 1` into it.
        latest.checked_sub(self.horizon - 1)?.checked_sub(back)
    }

    fn fold(&self, times: &[i64], cutoff: i64) -> Result<TimeFold, LearnError> {
        let train_end = cutoff.saturating_sub(self.gap);
        let train_start = match self.window {
            Window::Expanding => i64::MIN,
            Window::Sliding(length) => train_end.saturating_sub(length),
        };
        let test_end = cutoff.saturating_add(self.horizon - 1);
        let rows = |from: i64, to: i64| -> Vec<usize> {
            (0..times.len())
                .filter(|&row| (from..=to).contains(&times[row]))
                .collect()
        };
        let train = rows(train_start, train_end.saturating_sub(1));
        let test = rows(cutoff, test_end);
        if train.is_empty() || test.is_empty() {
            return Err(LearnError::TooFewRows {
                needed: 2,
                found: train.len() + test.len(),
            });
        }
        Ok(TimeFold {
            cutoff,
            train,
            test,
        })
    }

    fn require_in_range(&self) -> Result<(), LearnError> {
        let least = [
            ("horizon", self.horizon, 1),
            ("step", self.step, 1),
            ("gap", self.gap, 0),
            match self.window {
                Window::Expanding => ("window", 1, 1),
                Window::Sliding(length) => ("window", length, 1),
            },
        ];
        if self.n_folds == 0 {
            return Err(LearnError::Parameter {
                name: "n_folds",
                value: "0".into(),
                allowed: "there is at least 1 fold",
            });
        }
        match least.into_iter().find(|&(_, value, least)| value < least) {
            None => Ok(()),
            Some((name, value, _)) => Err(LearnError::Parameter {
                name,
                value: value.to_string(),
                allowed: "horizon, step and window are at least 1, the gap at least 0",
            }),
        }
    }
}
