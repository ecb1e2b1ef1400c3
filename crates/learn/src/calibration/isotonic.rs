//! Isotonic calibration: the best curve that never falls.

use serde::{Deserialize, Serialize};

use super::{Calibrate, CalibrationError, require_finite, require_outcomes};

/// Scores nearer to each other than this are one score, as in scikit-learn (NumPy's `resolution`
/// of `f64`).
const TIE_WIDTH: f64 = 1e-15;

/// The non-decreasing map of least squared error, straight between the scores it has seen and
/// level beyond them.
///
/// Takes any shape, so it needs a thousand rows or more, and says 0 or 1 where the rows at an end
/// were all alike ([`short_of_certainty`](Self::short_of_certainty)): judge it by held-back rows.
///
/// # Source
/// Zadrozny & Elkan (2002), "Transforming classifier scores into accurate multiclass probability
/// estimates"; ties by the secondary method of de Leeuw (1977): rows of one score share one value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Isotonic {
    /// Ascending; at least one.
    scores: Vec<f64>,
    /// One per score, never falling.
    probabilities: Vec<f64>,
}

impl Isotonic {
    /// Fits the map. Scores are `(n_samples,)`, of any scale.
    ///
    /// # Errors
    /// Lists of different length, a score that is not finite, or outcomes that are all alike.
    pub fn fit(scores: &[f64], outcomes: &[bool]) -> Result<Self, CalibrationError> {
        require_finite(scores)?;
        require_outcomes(scores, outcomes)?;
        let (scores, shares, weights) = distinct(scores, outcomes);
        let fitted = isotonic_regression(&shares, &weights);
        // The inner points of a level stretch say nothing.
        let is_corner = |idx: usize| {
            idx == 0
                || idx + 1 == fitted.len()
                || fitted[idx] != fitted[idx - 1]
                || fitted[idx] != fitted[idx + 1]
        };
        let (scores, probabilities) = (0..fitted.len())
            .filter(|&idx| is_corner(idx))
            .map(|idx| (scores[idx], fitted[idx]))
            .unzip();
        Ok(Self {
            scores,
            probabilities,
        })
    }

    /// The same with every probability at least `margin` away from 0 and 1.
    ///
    /// Rows at an end that were all alike do not prove that no other row is otherwise, and one
    /// surprise at a probability of 0 or 1 would outweigh thousands of rows in the log loss.
    ///
    /// # Panics
    /// When the margin is not in `[0, 0.5]`.
    #[must_use]
    pub fn short_of_certainty(mut self, margin: f64) -> Self {
        assert!((0.0..=0.5).contains(&margin), "a margin lies in [0, 0.5]");
        for probability in &mut self.probabilities {
            *probability = probability.clamp(margin, 1.0 - margin);
        }
        self
    }

    /// The corners of the map as `(score, probability)`, ascending.
    pub fn corners(&self) -> impl Iterator<Item = (f64, f64)> {
        self.scores
            .iter()
            .copied()
            .zip(self.probabilities.iter().copied())
    }
}

impl Calibrate for Isotonic {
    fn probability(&self, score: f64) -> f64 {
        let after = self.scores.partition_point(|&corner| corner < score);
        if after == 0 {
            return self.probabilities[0];
        }
        if after == self.scores.len() {
            return self.probabilities[after - 1];
        }
        let (left, right) = (self.scores[after - 1], self.scores[after]);
        let (low, high) = (self.probabilities[after - 1], self.probabilities[after]);
        // Rounding must not lift a point above its right corner.
        (low + (score - left) / (right - left) * (high - low)).min(high)
    }
}

/// The non-decreasing list of least weighted squared distance from `values`, by pooling adjacent
/// violators in linear time.
///
/// `values` and `weights` are `(n,)`, weights above 0; so is the result.
///
/// # Panics
/// When the lists differ in length.
///
/// # Source
/// Barlow, Bartholomew, Bremner & Brunk (1972), "Statistical Inference Under Order Restrictions".
pub fn isotonic_regression(values: &[f64], weights: &[f64]) -> Vec<f64> {
    struct Block {
        mean: f64,
        weight: f64,
        length: usize,
    }

    assert_eq!(values.len(), weights.len(), "one weight per value");
    let mut blocks: Vec<Block> = Vec::new();
    for (&mean, &weight) in values.iter().zip(weights) {
        let mut block = Block {
            mean,
            weight,
            length: 1,
        };
        while let Some(before) = blocks.pop_if(|before| before.mean >= block.mean) {
            let weight = before.weight + block.weight;
            block = Block {
                mean: (before.weight * before.mean + block.weight * block.mean) / weight,
                weight,
                length: before.length + block.length,
            };
        }
        blocks.push(block);
    }
    blocks
        .into_iter()
        .flat_map(|block| std::iter::repeat_n(block.mean, block.length))
        .collect()
}

/// Distinct scores ascending, the share that happened at each, and its number of rows.
fn distinct(scores: &[f64], outcomes: &[bool]) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let mut groups: Vec<(f64, f64, f64)> = Vec::new();
    for row in order {
        let happened = f64::from(u8::from(outcomes[row]));
        match groups.last_mut() {
            Some((score, sum, weight)) if scores[row] - *score < TIE_WIDTH => {
                *sum += happened;
                *weight += 1.0;
            }
            _ => groups.push((scores[row], happened, 1.0)),
        }
    }
    let shares = groups.iter().map(|(_, sum, weight)| sum / weight).collect();
    let weights = groups.iter().map(|&(_, _, weight)| weight).collect();
    let scores = groups.into_iter().map(|(score, _, _)| score).collect();
    (scores, shares, weights)
}
