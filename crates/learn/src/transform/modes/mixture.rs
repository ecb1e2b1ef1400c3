//! A mixture of normal distributions over one column, with no more of them than the data support.
//!
//! Source: Blei & Jordan (2006), "Variational Inference for Dirichlet Process Mixtures"; updates as
//! in Bishop (2006), "Pattern Recognition and Machine Learning", section 10.2, with the priors of
//! scikit-learn's `BayesianGaussianMixture`.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

/// Prior rows per component in the stick-breaking process: small, so that few components stay.
const CONCENTRATION: f64 = 1e-3;
/// Added to variances, relative to that of the whole column.
const LEAST_VARIANCE: f64 = 1e-6;
const MAX_ITERATIONS: usize = 200;
/// The largest change of a component's share of rows at which the fit is done.
const TOLERANCE: f64 = 1e-4;

/// A value and how many rows hold it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tally {
    pub(super) value: f64,
    pub(super) count: f64,
}

/// One normal distribution of a mixture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Component {
    /// Share of the rows.
    pub(super) weight: f64,
    /// Its middle.
    pub(super) mean: f64,
    /// Its standard deviation, above 0.
    pub(super) deviation: f64,
}

impl Component {
    /// Logarithm of weight times density.
    pub(super) fn ln_share(&self, value: f64) -> f64 {
        let z = (value - self.mean) / self.deviation;
        self.weight.ln() - self.deviation.ln() - 0.5 * (TAU.ln() + z * z)
    }
}

/// Fits up to `n_components` normal distributions to values in ascending order, at least two of
/// them distinct, and keeps those with at least `least_weight` of the rows, at any rate the heaviest.
pub(super) fn fit_mixture(
    tallies: &[Tally],
    n_components: usize,
    least_weight: f64,
) -> Vec<Component> {
    let n: f64 = tallies.iter().map(|tally| tally.count).sum();
    let mean = tallies.iter().map(|t| t.count * t.value).sum::<f64>() / n;
    let squares = tallies.iter().map(|t| t.count * (t.value - mean).powi(2));
    let deviation = (squares.sum::<f64>() / n).sqrt();
    let scaled: Vec<Tally> = tallies
        .iter()
        .map(|tally| Tally {
            value: (tally.value - mean) / deviation,
            count: tally.count,
        })
        .collect();
    let posterior = fit_scaled(&scaled, n, n_components);
    let mut components = posterior.components();
    let weights = components.iter().map(|component| component.weight);
    let heaviest = weights.fold(0.0, f64::max);
    components.retain(|component| component.weight >= least_weight.min(heaviest));
    let kept: f64 = components.iter().map(|component| component.weight).sum();
    for component in &mut components {
        component.weight /= kept;
        component.mean = component.mean * deviation + mean;
        component.deviation *= deviation;
    }
    components
}

fn fit_scaled(tallies: &[Tally], n: f64, n_components: usize) -> Posterior {
    let mut shares = equal_slices(tallies, n, n_components);
    let mut posterior = Posterior::of(tallies, &shares, n_components);
    for _ in 0..MAX_ITERATIONS {
        posterior.assign(tallies, &mut shares);
        let next = Posterior::of(tallies, &shares, n_components);
        let changes = posterior.counts.iter().zip(&next.counts);
        let change = changes.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        posterior = next;
        if change < TOLERANCE * n {
            break;
        }
    }
    posterior
}

/// Slices of equally many rows as the first guess: `(n_tallies, n_components)`, ones among zeros.
fn equal_slices(tallies: &[Tally], n: f64, n_components: usize) -> Vec<f64> {
    let mut shares = vec![0.0; tallies.len() * n_components];
    let mut before = 0.0;
    for (tally, row) in tallies.iter().zip(shares.chunks_exact_mut(n_components)) {
        let middle = (before + 0.5 * tally.count) / n;
        row[((middle * n_components as f64) as usize).min(n_components - 1)] = 1.0;
        before += tally.count;
    }
    shares
}

/// What is believed of the components, after seeing which rows they share.
#[derive(Debug)]
struct Posterior {
    /// Rows of each component.
    counts: Vec<f64>,
    means: Vec<f64>,
    /// Expected variances.
    variances: Vec<f64>,
}

impl Posterior {
    /// From the share of each component in each value, `(n_tallies, n_components)`.
    ///
    /// The column is standardized, so the prior says: mean 0 and variance 1, worth one row each.
    fn of(tallies: &[Tally], shares: &[f64], n_components: usize) -> Self {
        let mut counts = vec![10.0 * f64::EPSILON; n_components];
        let mut sums = vec![0.0; n_components];
        for (tally, row) in tallies.iter().zip(shares.chunks_exact(n_components)) {
            for (k, share) in row.iter().enumerate() {
                counts[k] += share * tally.count;
                sums[k] += share * tally.count * tally.value;
            }
        }
        let centers: Vec<f64> = sums.iter().zip(&counts).map(|(s, n)| s / n).collect();
        let mut squares = vec![0.0; n_components];
        for (tally, row) in tallies.iter().zip(shares.chunks_exact(n_components)) {
            for (k, share) in row.iter().enumerate() {
                squares[k] += share * tally.count * (tally.value - centers[k]).powi(2);
            }
        }
        let variance = |k: usize| {
            let n = counts[k];
            let within = squares[k] + n * LEAST_VARIANCE;
            let from_prior = n / (1.0 + n) * centers[k].powi(2);
            (1.0 + within + from_prior) / (1.0 + n)
        };
        Self {
            means: sums
                .iter()
                .zip(&counts)
                .map(|(s, n)| s / (1.0 + n))
                .collect(),
            variances: (0..n_components).map(variance).collect(),
            counts,
        }
    }

    /// Expected logarithms of the weights of the stick-breaking process.
    fn ln_weights(&self) -> Vec<f64> {
        let mut rest: f64 = self.counts.iter().sum();
        let mut ln_left = 0.0;
        self.counts
            .iter()
            .map(|count| {
                rest -= count;
                let (taken, left) = (1.0 + count, CONCENTRATION + rest.max(0.0));
                let all = digamma(taken + left);
                let ln_weight = ln_left + digamma(taken) - all;
                ln_left += digamma(left) - all;
                ln_weight
            })
            .collect()
    }

    /// The share of each component in each value.
    fn assign(&self, tallies: &[Tally], shares: &mut [f64]) {
        let n_components = self.counts.len();
        let ln_weights = self.ln_weights();
        // All that does not depend on the value.
        let levels: Vec<f64> = (0..n_components)
            .map(|k| {
                let n = 1.0 + self.counts[k];
                let spread = std::f64::consts::LN_2 + digamma(0.5 * n) - n.ln() - 1.0 / n;
                ln_weights[k] + 0.5 * (spread - self.variances[k].ln())
            })
            .collect();
        for (tally, row) in tallies.iter().zip(shares.chunks_exact_mut(n_components)) {
            for (k, share) in row.iter_mut().enumerate() {
                let distance = (tally.value - self.means[k]).powi(2) / self.variances[k];
                *share = levels[k] - 0.5 * distance;
            }
            softmax(row);
        }
    }

    fn components(&self) -> Vec<Component> {
        let n: f64 = self.counts.iter().sum();
        let moments = self.means.iter().zip(&self.variances);
        let components = self.counts.iter().zip(moments);
        components
            .map(|(count, (mean, variance))| Component {
                weight: count / n,
                mean: *mean,
                deviation: variance.sqrt(),
            })
            .collect()
    }
}

/// Logarithms of shares become shares, in place.
pub(super) fn softmax(row: &mut [f64]) {
    let top = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for share in row.iter_mut() {
        *share = (*share - top).exp();
    }
    let sum: f64 = row.iter().sum();
    for share in row.iter_mut() {
        *share /= sum;
    }
}

/// The derivative of the logarithm of the gamma function, for `x > 0`.
///
/// Source: Bernardo (1976), "Algorithm AS 103: Psi (Digamma) Function".
fn digamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 8.0 {
        shift -= 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = r * (1.0 / 12.0 - r * (1.0 / 120.0 - r * (1.0 / 252.0 - r * (1.0 / 240.0))));
    shift + x.ln() - 0.5 / x - series
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: `scipy.special.digamma`, SciPy 1.17.
    #[test]
    fn digamma_agrees_with_scipy() {
        for (x, expected) in [
            (1e-3, -1000.5755719318104),
            (0.5, -1.9635100260214235),
            (1.0, -0.5772156649015329),
            (12.5, 2.485195651274586),
        ] {
            let error = (digamma(x) - expected).abs();
            assert!(error < 1e-9 * f64::abs(expected), "{x}: {}", digamma(x));
        }
    }

    /// Equal slices of a normal distribution, as its quantiles.
    fn slices(mean: f64, deviation: f64, n: usize) -> impl Iterator<Item = Tally> {
        (0..n).map(move |i| Tally {
            value: mean + deviation * crate::normal::normal_quantile((i as f64 + 0.5) / n as f64),
            count: 1.0,
        })
    }

    /// Source: `BayesianGaussianMixture(n_components=10, weight_concentration_prior=0.001)`,
    /// scikit-learn 1.9, on the standardized values; components of over 0.5 % of the rows.
    #[test]
    fn three_peaks_are_found_as_scikit_learn_finds_them() {
        let mut tallies: Vec<Tally> = slices(-40.0, 2.0, 600)
            .chain(slices(0.0, 1.0, 300))
            .chain(slices(25.0, 3.0, 100))
            .collect();
        tallies.sort_by(|a, b| a.value.total_cmp(&b.value));

        let mut found = fit_mixture(&tallies, 10, 0.005);

        found.sort_by(|a, b| a.mean.total_cmp(&b.mean));
        assert_eq!(found.len(), 3, "{found:?}");
        let expected = [
            (0.60008, -39.96930, 2.34337),
            (0.29853, -0.07148, 2.09756),
            (0.10139, 24.53709, 5.97150),
        ];
        for (component, (weight, mean, deviation)) in found.iter().zip(expected) {
            assert!((component.weight - weight).abs() < 0.003, "{component:?}");
            assert!((component.mean - mean).abs() < 0.1, "{component:?}");
            assert!(
                (component.deviation / deviation - 1.0).abs() < 0.02,
                "{component:?}"
            );
        }
    }
}
