//! Regression with a Gaussian process: Matérn 5/2, a length scale per coordinate.

use super::ascent::Ascent;
use super::cholesky::Cholesky;
use crate::Matrix;

/// Always on the diagonal, so that two points close together leave the matrix positive.
const JITTER: f64 = 1e-8;
/// Prior of the logarithm of each hyper-parameter: its center and deviation.
///
/// Length scales: half of the range times the root of the number of coordinates (Hvarfner et al.
/// 2024, "Vanilla Bayesian Optimization Performs Great in High Dimensions", for that root).
const LN_LENGTH: (f64, f64) = (-0.7, 1.0);
const LN_SIGNAL: (f64, f64) = (0.0, 1.0);
const LN_NOISE: (f64, f64) = (-9.0, 2.0);
/// Where hyper-parameters are looked for, in logarithms.
const LN_LENGTH_BOUNDS: (f64, f64) = (-4.6, 3.0);
const LN_SIGNAL_BOUNDS: (f64, f64) = (-4.0, 5.0);
const LN_NOISE_BOUNDS: (f64, f64) = (-14.0, 0.0);

/// A Gaussian process that has seen points.
#[derive(Debug)]
pub(super) struct GaussianProcess<'a> {
    points: &'a [Vec<f64>],
    kernel: Kernel,
    factor: Cholesky,
    /// `K⁻¹ y`, `(n,)`.
    weights: Vec<f64>,
}

/// What the model says of one point.
#[derive(Debug)]
pub(super) struct Prediction {
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

/// A prediction with its slopes, `(d,)` each.
#[derive(Debug)]
pub(super) struct Slopes {
    pub(super) prediction: Prediction,
    pub(super) mean: Vec<f64>,
    pub(super) deviation: Vec<f64>,
}

impl<'a> GaussianProcess<'a> {
    /// Fits the most plausible hyper-parameters to values of mean 0 and variance 1 and conditions on
    /// them. `None` when the matrix cannot be factored.
    pub(super) fn fit(points: &'a [Vec<f64>], values: &[f64]) -> Option<Self> {
        let n_dimensions = points.first()?.len();
        let priors = priors(n_dimensions);
        let start = priors.iter().map(|prior| prior.0).collect();
        let mut bounds = vec![LN_LENGTH_BOUNDS; n_dimensions];
        bounds.extend([LN_SIGNAL_BOUNDS, LN_NOISE_BOUNDS]);
        let ascent = Ascent {
            n_steps: 30,
            first_step: 0.2,
            longest_step: 1.0,
            bounds,
        };
        let (_, best) = ascent.maximize(start, |ln_parameters| {
            ln_posterior(points, values, &priors, &Kernel::from_ln(ln_parameters))
                .unwrap_or((f64::NEG_INFINITY, Vec::new()))
        });
        let kernel = Kernel::from_ln(&best);
        let factor = Cholesky::new(kernel.matrix(points))?;
        let weights = factor.solve_upper(&factor.solve_lower(values));
        Some(Self {
            points,
            kernel,
            factor,
            weights,
        })
    }

    pub(super) fn predict(&self, at: &[f64]) -> Prediction {
        let covariances = self.covariances(at);
        self.prediction(&covariances, &self.factor.solve_lower(&covariances))
    }

    pub(super) fn slopes(&self, at: &[f64]) -> Slopes {
        let covariances = self.covariances(at);
        let lower = self.factor.solve_lower(&covariances);
        let prediction = self.prediction(&covariances, &lower);
        let solved = self.factor.solve_upper(&lower);
        let mut mean = vec![0.0; at.len()];
        let mut deviation = vec![0.0; at.len()];
        for ((point, weight), solved) in self.points.iter().zip(&self.weights).zip(&solved) {
            let steepness = self.kernel.steepness(at, point);
            for (j, length) in self.kernel.lengths.iter().enumerate() {
                let slope = -steepness * (at[j] - point[j]) / (length * length);
                mean[j] += weight * slope;
                deviation[j] -= solved * slope / prediction.deviation;
            }
        }
        Slopes {
            prediction,
            mean,
            deviation,
        }
    }

    fn covariances(&self, at: &[f64]) -> Vec<f64> {
        self.points
            .iter()
            .map(|point| self.kernel.covariance(at, point))
            .collect()
    }

    fn prediction(&self, covariances: &[f64], lower: &[f64]) -> Prediction {
        let mean = covariances
            .iter()
            .zip(&self.weights)
            .map(|(k, w)| k * w)
            .sum();
        let explained: f64 = lower.iter().map(|value| value * value).sum();
        // At a point already seen the difference can round below zero.
        let variance = (self.kernel.signal - explained).max(JITTER * self.kernel.signal);
        Prediction {
            mean,
            deviation: variance.sqrt(),
        }
    }
}

/// `signal (1 + √5 r + 5/3 r²) exp(-√5 r)`, with `r` the distance in length scales.
#[derive(Debug)]
struct Kernel {
    lengths: Vec<f64>,
    signal: f64,
    noise: f64,
}

impl Kernel {
    /// From the logarithms of the lengths, the signal and the noise.
    fn from_ln(ln_parameters: &[f64]) -> Self {
        let (lengths, rest) = ln_parameters.split_at(ln_parameters.len() - 2);
        Self {
            lengths: lengths.iter().map(|ln| ln.exp()).collect(),
            signal: rest[0].exp(),
            noise: rest[1].exp(),
        }
    }

    fn scaled_distance(&self, a: &[f64], b: &[f64]) -> f64 {
        let squares = a.iter().zip(b).zip(&self.lengths);
        let sum: f64 = squares
            .map(|((a, b), length)| ((a - b) / length).powi(2))
            .sum();
        (5.0 * sum).sqrt()
    }

    fn covariance(&self, a: &[f64], b: &[f64]) -> f64 {
        let s = self.scaled_distance(a, b);
        self.signal * (1.0 + s + s * s / 3.0) * (-s).exp()
    }

    /// `5/3 signal (1 + √5 r) exp(-√5 r)`: times a squared distance in lengths it is the slope by the
    /// logarithm of that length, times a distance over the squared length the negative slope by the
    /// place.
    fn steepness(&self, a: &[f64], b: &[f64]) -> f64 {
        let s = self.scaled_distance(a, b);
        5.0 / 3.0 * self.signal * (1.0 + s) * (-s).exp()
    }

    fn matrix(&self, points: &[Vec<f64>]) -> Matrix {
        let n = points.len();
        let mut matrix = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..=i {
                let covariance = self.covariance(&points[i], &points[j]);
                matrix.row_mut(i)[j] = covariance;
                matrix.row_mut(j)[i] = covariance;
            }
            matrix.row_mut(i)[i] += self.noise + JITTER * self.signal;
        }
        matrix
    }
}

fn priors(n_dimensions: usize) -> Vec<(f64, f64)> {
    let center = LN_LENGTH.0 + 0.5 * (n_dimensions as f64).ln();
    let mut priors = vec![(center, LN_LENGTH.1); n_dimensions];
    priors.extend([LN_SIGNAL, LN_NOISE]);
    priors
}

/// Logarithm of the plausibility of hyper-parameters, up to a constant, and its slopes by their
/// logarithms. `None` when the matrix cannot be factored.
///
/// # Source
/// Rasmussen & Williams (2006), "Gaussian Processes for Machine Learning", equations 5.8 and 5.9.
fn ln_posterior(
    points: &[Vec<f64>],
    values: &[f64],
    priors: &[(f64, f64)],
    kernel: &Kernel,
) -> Option<(f64, Vec<f64>)> {
    let factor = Cholesky::new(kernel.matrix(points))?;
    let weights = factor.solve_upper(&factor.solve_lower(values));
    let fit: f64 = values.iter().zip(&weights).map(|(y, w)| y * w).sum();
    let mut value = -0.5 * fit - factor.half_ln_determinant();
    let mut slopes = likelihood_slopes(points, kernel, &weights, &factor.inverse());
    let ln_parameters = kernel.lengths.iter().chain([&kernel.signal, &kernel.noise]);
    for ((slope, parameter), (center, deviation)) in
        slopes.iter_mut().zip(ln_parameters).zip(priors)
    {
        let distance = (parameter.ln() - center) / deviation;
        value -= 0.5 * distance * distance;
        *slope -= distance / deviation;
    }
    Some((value, slopes))
}

/// `1/2 tr((w wᵀ - K⁻¹) ∂K/∂θ)` for the logarithms of the lengths, the signal and the noise.
fn likelihood_slopes(
    points: &[Vec<f64>],
    kernel: &Kernel,
    weights: &[f64],
    inverse: &Matrix,
) -> Vec<f64> {
    let n_dimensions = kernel.lengths.len();
    let mut slopes = vec![0.0; n_dimensions + 2];
    for i in 0..points.len() {
        let diagonal = weights[i] * weights[i] - inverse.row(i)[i];
        slopes[n_dimensions] += 0.5 * diagonal * kernel.signal * (1.0 + JITTER);
        slopes[n_dimensions + 1] += 0.5 * diagonal * kernel.noise;
        for j in 0..i {
            // Twice half: the matrix is symmetric.
            let pull = weights[i] * weights[j] - inverse.row(i)[j];
            let (a, b) = (&points[i], &points[j]);
            slopes[n_dimensions] += pull * kernel.covariance(a, b);
            let steepness = pull * kernel.steepness(a, b);
            for (slope, ((a, b), length)) in
                slopes.iter_mut().zip(a.iter().zip(b).zip(&kernel.lengths))
            {
                *slope += steepness * ((a - b) / length).powi(2);
            }
        }
    }
    slopes
}

#[cfg(test)]
mod tests;
