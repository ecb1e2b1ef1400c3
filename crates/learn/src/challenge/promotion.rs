//! The rule of promotion: better than the champion and better than the baseline.

use serde::{Deserialize, Serialize};

use super::{BettingSequence, ChallengeError, Interval};
use crate::Check;
use crate::runs::{RunSink, Told};

/// Curves of a challenge: the lower and the upper end of what is saved per row.
const AGAINST_CHAMPION: [&str; 2] = [
    "saved_against_champion_lower",
    "saved_against_champion_upper",
];
const AGAINST_BASELINE: [&str; 2] = [
    "saved_against_baseline_lower",
    "saved_against_baseline_upper",
];

/// How a challenge is decided.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ChallengeParams {
    /// Probability of promoting a challenger that is not better, over all looks. Default 0.05.
    pub alpha: f64,
    /// The largest loss of any row; losses run from 0 to it. Default 1, which suits Brier's score.
    pub loss_max: f64,
    /// Rows before a verdict, so that a lucky first day decides nothing. Default 100.
    pub n_min: u64,
}

/// Checked [`ChallengeParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidChallengeParams(ChallengeParams);

impl Default for ChallengeParams {
    fn default() -> Self {
        Self {
            alpha: 0.05,
            loss_max: 1.0,
            n_min: 100,
        }
    }
}

impl Check for ChallengeParams {
    type Valid = ValidChallengeParams;
    type Error = ChallengeError;

    fn check(self) -> Result<ValidChallengeParams, ChallengeError> {
        super::require_alpha(self.alpha)?;
        if !(self.loss_max > 0.0 && self.loss_max.is_finite()) {
            return Err(ChallengeError::Parameter {
                name: "loss_max",
                value: self.loss_max,
                allowed: "the largest loss is a finite number above 0",
            });
        }
        Ok(ValidChallengeParams(self))
    }
}

impl ValidChallengeParams {
    /// Opens the challenge.
    pub fn start(&self) -> Challenge {
        let bound = self.0.loss_max;
        let sequence = || {
            BettingSequence::new(-bound, bound, self.0.alpha)
                .expect("checked parameters make a valid sequence")
        };
        Challenge {
            params: self.0,
            against_champion: sequence(),
            against_baseline: sequence(),
        }
    }
}

/// What the three models lost on one and the same row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Losses {
    /// The new model.
    pub challenger: f64,
    /// The model in service.
    pub champion: f64,
    /// The naive method.
    pub baseline: f64,
}

/// What to do now. Looking more often changes none of the probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Verdict {
    /// The challenger is better than both: put it into service.
    Promote {
        /// Mean loss saved per row against the champion.
        saved: Interval,
    },
    /// Leave the champion where it is.
    Keep(Refusal),
}

/// Why a challenger is not promoted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Too early.
    #[error("{found} rows are too few for a verdict; wait for {needed}")]
    TooFewRows {
        /// Rows seen.
        found: u64,
        /// Rows needed.
        needed: u64,
    },
    /// The champion is better, certainly enough.
    #[error(
        "against the champion the challenger saves {} to {} per row, which is a loss; drop it",
        .saved.lower, .saved.upper
    )]
    WorseThanChampion {
        /// Mean loss saved per row against the champion; all of it below 0.
        saved: Interval,
    },
    /// Nobody is better, certainly enough.
    #[error(
        "against the champion the challenger saves {} to {} per row, which may be nothing; wait for \
         more rows or drop it",
        .saved.lower, .saved.upper
    )]
    NotBetterThanChampion {
        /// Mean loss saved per row against the champion.
        saved: Interval,
    },
    /// Better than a champion that is itself no better than the naive method.
    #[error(
        "the challenger beats the champion, but against the baseline it saves {} to {} per row, which \
         may be nothing; serve the baseline or find a better model",
        .saved.lower, .saved.upper
    )]
    NotBetterThanBaseline {
        /// Mean loss saved per row against the baseline.
        saved: Interval,
    },
}

/// A challenger on trial.
///
/// All three models score the same rows, and the differences of their losses are bet upon. Both
/// comparisons use the whole `alpha`: a challenger that is no better than one of the two is promoted
/// only if that very comparison errs (an intersection-union test, Berger 1982).
///
/// Serializable, so that the trial can run for weeks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    params: ChallengeParams,
    against_champion: BettingSequence,
    against_baseline: BettingSequence,
}

impl Challenge {
    /// Takes the losses of one more row.
    ///
    /// # Errors
    /// [`ChallengeError::OutOfRange`] when a loss is outside of 0 to `loss_max`; nothing is taken
    /// then.
    pub fn observe(&mut self, losses: &Losses) -> Result<(), ChallengeError> {
        for value in [losses.challenger, losses.champion, losses.baseline] {
            if !(0.0..=self.params.loss_max).contains(&value) {
                return Err(ChallengeError::OutOfRange {
                    value,
                    lower: 0.0,
                    upper: self.params.loss_max,
                });
            }
        }
        self.against_champion
            .observe(losses.champion - losses.challenger)?;
        self.against_baseline
            .observe(losses.baseline - losses.challenger)
    }

    /// Mean loss saved per row against the champion.
    pub fn saved_against_champion(&self) -> Interval {
        self.against_champion.interval()
    }

    /// Mean loss saved per row against the baseline.
    pub fn saved_against_baseline(&self) -> Interval {
        self.against_baseline.interval()
    }

    /// Rows seen.
    pub fn n_observed(&self) -> u64 {
        self.against_champion.n_observed()
    }

    /// Tells a run how the challenge stands: both ranges as curves over rows, and the challenge itself,
    /// from which it goes on.
    pub fn tell(&self, run: &dyn RunSink) {
        let step = self.n_observed();
        for (curves, saved) in [
            (AGAINST_CHAMPION, self.saved_against_champion()),
            (AGAINST_BASELINE, self.saved_against_baseline()),
        ] {
            for (metric, value) in curves.into_iter().zip([saved.lower, saved.upper]) {
                run.tell(Told::Point {
                    metric,
                    step,
                    value,
                });
            }
        }
        run.tell(Told::Challenge(self));
    }

    /// What to do, given all rows so far.
    pub fn verdict(&self) -> Verdict {
        let found = self.n_observed();
        let needed = self.params.n_min;
        if found < needed {
            return Verdict::Keep(Refusal::TooFewRows { found, needed });
        }
        let saved = self.saved_against_champion();
        if saved.upper < 0.0 {
            return Verdict::Keep(Refusal::WorseThanChampion { saved });
        }
        if saved.lower <= 0.0 {
            return Verdict::Keep(Refusal::NotBetterThanChampion { saved });
        }
        let against_baseline = self.saved_against_baseline();
        if against_baseline.lower <= 0.0 {
            return Verdict::Keep(Refusal::NotBetterThanBaseline {
                saved: against_baseline,
            });
        }
        Verdict::Promote { saved }
    }
}
