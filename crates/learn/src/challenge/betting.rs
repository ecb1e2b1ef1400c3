//! Confidence sequences for bounded means, by betting against every candidate mean.

use serde::{Deserialize, Serialize};

use super::{ChallengeError, Interval, require_alpha};

/// Candidate means are this many steps across the range.
const N_STEPS: usize = 1000;
/// The share of its wealth that a bet risks at most; it keeps the wealth above zero.
const LARGEST_STAKE: f64 = 0.5;

/// Confidence sequence for the mean of independent values in a known range.
///
/// For each candidate mean two gamblers bet that the values lie above or below it. Were the
/// candidate true, their hedged wealth would reach `1 / α` with probability `α` at most, ever; so a
/// candidate against which somebody got that rich is ruled out for good. What is left is an
/// interval that holds the true mean *at all times at once* with probability `1 - α`. It adapts to
/// the variance, without knowing it.
///
/// # Source
/// Waudby-Smith & Ramdas (2024), "Estimating means of bounded random variables by betting", theorem
/// 3 (hedged capital, θ = 1/2) with the predictable plug-in bets of its equation 26.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BettingSequence {
    lower: f64,
    upper: f64,
    alpha: f64,
    bettor: Bettor,
    candidates: Vec<Candidate>,
}

impl BettingSequence {
    /// Nothing seen, so nothing ruled out.
    ///
    /// # Errors
    /// [`ChallengeError::Parameter`] when the range is empty or not finite, or `alpha` is not in
    /// `(0, 1)`.
    pub fn new(lower: f64, upper: f64, alpha: f64) -> Result<Self, ChallengeError> {
        require_alpha(alpha)?;
        if !(lower < upper && lower.is_finite() && upper.is_finite()) {
            return Err(ChallengeError::Parameter {
                name: "upper",
                value: upper,
                allowed: "both ends of the range are finite and the upper one is larger",
            });
        }
        Ok(Self {
            lower,
            upper,
            alpha,
            bettor: Bettor::default(),
            candidates: (0..=N_STEPS)
                .map(|step| Candidate::new(step as f64 / N_STEPS as f64))
                .collect(),
        })
    }

    /// Takes one more value.
    ///
    /// # Errors
    /// [`ChallengeError::OutOfRange`] (also for `NaN`); nothing is taken then.
    pub fn observe(&mut self, value: f64) -> Result<(), ChallengeError> {
        if !(self.lower..=self.upper).contains(&value) {
            return Err(ChallengeError::OutOfRange {
                value,
                lower: self.lower,
                upper: self.upper,
            });
        }
        let share = (value - self.lower) / (self.upper - self.lower);
        let stake = self.bettor.stake(self.alpha);
        let ln_threshold = -self.alpha.ln();
        for candidate in self.candidates.iter_mut().filter(|c| !c.is_ruled_out) {
            candidate.bet(share, stake, ln_threshold);
        }
        self.bettor.learn(share);
        Ok(())
    }

    /// Values seen.
    pub fn n_observed(&self) -> u64 {
        self.bettor.n
    }

    /// Mean of the values seen; the middle of the range before the first.
    pub fn mean(&self) -> f64 {
        let share = if self.bettor.n == 0 {
            0.5
        } else {
            self.bettor.sum / self.bettor.n as f64
        };
        self.lower + share * (self.upper - self.lower)
    }

    /// The means not ruled out so far, a thousandth of the range wider at each end.
    pub fn interval(&self) -> Interval {
        let mut left = self.candidates.iter().filter(|c| !c.is_ruled_out);
        let step = 1.0 / N_STEPS as f64;
        let (low, high) = match left.next() {
            Some(first) => (first.mean, left.next_back().unwrap_or(first).mean),
            // The truth lies between two candidates that are both out: the mean is close to it.
            None => (self.bettor.center(), self.bettor.center()),
        };
        let at = |share: f64| self.lower + share.clamp(0.0, 1.0) * (self.upper - self.lower);
        Interval {
            lower: at(low - step),
            upper: at(high + step),
        }
    }

    /// Whether the given mean is ruled out, for all looks so far at once.
    pub fn rules_out(&self, mean: f64) -> bool {
        !self.interval().contains(mean)
    }
}

/// What the gamblers know before each bet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Bettor {
    n: u64,
    sum: f64,
    /// Sum of squared distances from the running center.
    squares: f64,
}

impl Bettor {
    /// Center of the values seen and one imagined value of 1/2.
    fn center(&self) -> f64 {
        (0.5 + self.sum) / (self.n + 1) as f64
    }

    /// The next bet, before it is capped: `sqrt(2 ln(2 / α) / (σ² t ln(1 + t)))`.
    fn stake(&self, alpha: f64) -> f64 {
        let t = (self.n + 1) as f64;
        let variance = (0.25 + self.squares) / t;
        (2.0 * (2.0 / alpha).ln() / (variance * t * t.ln_1p())).sqrt()
    }

    fn learn(&mut self, share: f64) {
        self.n += 1;
        self.sum += share;
        self.squares += (share - self.center()).powi(2);
    }
}

/// A mean in question, in `[0, 1]`, and the logarithms of the wealth won against it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Candidate {
    mean: f64,
    ln_wealth_above: f64,
    ln_wealth_below: f64,
    is_ruled_out: bool,
}

impl Candidate {
    fn new(mean: f64) -> Self {
        Self {
            mean,
            ln_wealth_above: 0.0,
            ln_wealth_below: 0.0,
            is_ruled_out: false,
        }
    }

    fn bet(&mut self, share: f64, stake: f64, ln_threshold: f64) {
        // Dividing by zero caps nothing, rightly: a value is never below 0 or above 1.
        let above = stake.min(LARGEST_STAKE / self.mean);
        let below = stake.min(LARGEST_STAKE / (1.0 - self.mean));
        self.ln_wealth_above += (above * (share - self.mean)).ln_1p();
        self.ln_wealth_below += (-below * (share - self.mean)).ln_1p();
        // Each gambler starts with half: the hedged wealth is half the larger of the two.
        let ln_hedged = self.ln_wealth_above.max(self.ln_wealth_below) - std::f64::consts::LN_2;
        self.is_ruled_out = ln_hedged >= ln_threshold;
    }
}
