//! Whether what is said to happen with 70 % happens in 70 % of the cases.

use super::MetricError;
use super::input::{require_positive, require_probabilities};
use crate::stats;

/// How probabilities are cut into bins; the number of bins is at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bins {
    /// Bins of one width over `[0, 1]`; some may stay empty.
    EqualWidth(usize),
    /// Bins between quantiles of the probabilities, so that each holds about as many rows. Equal
    /// probabilities share a bin, so heavy ties make fewer bins.
    EqualMass(usize),
}

/// One dot of a calibration plot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliabilityBin {
    /// Mean of the probabilities in the bin: where the dot stands.
    pub mean_probability: f64,
    /// Share of its rows that happened: how high it stands.
    pub observed_share: f64,
    /// Its rows.
    pub n_samples: usize,
}

/// The dots of a calibration plot, ascending; bins without rows are left out.
///
/// A bin holds what lies above its lower edge and up to its upper one, as in scikit-learn's
/// `calibration_curve` (strategies `uniform` and `quantile`).
///
/// # Errors
/// Lists of different length, empty ones, an entry that is no probability, or no bins.
pub fn reliability_curve(
    probabilities: &[f64],
    outcomes: &[bool],
    bins: Bins,
) -> Result<Vec<ReliabilityBin>, MetricError> {
    require_probabilities("reliability curve", probabilities, outcomes.len())?;
    let edges = inner_edges(probabilities, bins)?;
    let mut sums = vec![(0.0, 0usize, 0usize); edges.len() + 1];
    for (&probability, &outcome) in probabilities.iter().zip(outcomes) {
        let bin = edges.partition_point(|&edge| edge < probability);
        let (sum, n_true, n_samples) = &mut sums[bin];
        *sum += probability;
        *n_true += usize::from(outcome);
        *n_samples += 1;
    }
    Ok(sums
        .into_iter()
        .filter(|&(_, _, n_samples)| n_samples > 0)
        .map(|(sum, n_true, n_samples)| ReliabilityBin {
            mean_probability: sum / n_samples as f64,
            observed_share: n_true as f64 / n_samples as f64,
            n_samples,
        })
        .collect())
}

/// Expected calibration error, `[0, 1]`: the mean distance of the dots of [`reliability_curve`]
/// from the diagonal, weighted by their rows.
///
/// For many classes give the probability of the predicted class and whether it was right. The
/// figure shrinks with fewer bins, so compare only what was binned alike.
///
/// # Errors
/// Those of [`reliability_curve`].
///
/// # Source
/// Naeini, Cooper & Hauskrecht (2015), "Obtaining Well Calibrated Probabilities Using Bayesian
/// Binning"; Guo et al. (2017), "On Calibration of Modern Neural Networks".
pub fn ece(probabilities: &[f64], outcomes: &[bool], bins: Bins) -> Result<f64, MetricError> {
    let curve = reliability_curve(probabilities, outcomes, bins)?;
    let sum: f64 = curve
        .iter()
        .map(|bin| bin.n_samples as f64 * (bin.mean_probability - bin.observed_share).abs())
        .sum();
    Ok(sum / outcomes.len() as f64)
}

/// The edges between bins, ascending: one fewer than bins.
fn inner_edges(probabilities: &[f64], bins: Bins) -> Result<Vec<f64>, MetricError> {
    let (Bins::EqualWidth(n_bins) | Bins::EqualMass(n_bins)) = bins;
    require_positive("n_bins", n_bins)?;
    let shares = (1..n_bins).map(|idx| idx as f64 / n_bins as f64);
    Ok(match bins {
        Bins::EqualWidth(_) => shares.collect(),
        Bins::EqualMass(_) => {
            let mut values = probabilities.to_vec();
            shares
                .filter_map(|share| stats::quantile(&mut values, share))
                .collect()
        }
    })
}
