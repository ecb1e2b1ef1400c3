//! Gaussian process with expected improvement: model the loss itself, and go where it may fall.

mod acquisition;
mod ascent;
mod cholesky;
mod model;
mod outcome;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use self::acquisition::ExpectedImprovement;
use self::ascent::Ascent;
use self::model::GaussianProcess;
use super::quasi::Halton;
use super::{Observation, uniform};
use crate::search::{SearchError, Space};
use crate::standard_normal;

/// Draws around each of the best points so far, to look closely where it is good already.
const N_NEAR: usize = 40;
/// The best points so far that are looked around.
const N_BEST: usize = 5;
/// How far the draws around lie, in units of the range.
const NEAR_DEVIATIONS: [f64; 2] = [0.1, 0.01];
/// Candidates from which the acquisition climbs on.
const N_CLIMBS: usize = 4;
/// Two points closer than this are one and the same trial.
const SAME_POINT: f64 = 1e-9;

/// Settings of the Gaussian process.
///
/// A smooth random function (Matérn 5/2, a length scale per parameter) is fitted to the losses, and
/// the point with the largest expected improvement over the best is proposed. Far fewer trials than
/// the Parzen estimator needs, at milliseconds and more per proposal: for objectives that take
/// seconds or longer.
///
/// # Source
/// Jones, Schonlau & Welch (1998), "Efficient Global Optimization of Expensive Black-Box Functions";
/// Ament et al. (2023), "Unexpected Improvements to Expected Improvement", for its logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GaussianProcessParams {
    /// Trials before it is guided by anything, at least 2. Default 10.
    pub n_startup: usize,
    /// Points spread over the space per proposal, at least 1. Default 300.
    pub n_candidates: usize,
}

impl Default for GaussianProcessParams {
    fn default() -> Self {
        Self {
            n_startup: 10,
            n_candidates: 300,
        }
    }
}

impl GaussianProcessParams {
    pub(super) fn require_valid(&self) -> Result<(), SearchError> {
        let refuse = |name, value: usize, allowed| {
            Err(SearchError::Setting {
                name,
                value: value.to_string(),
                allowed,
            })
        };
        if self.n_startup < 2 {
            return refuse(
                "n_startup",
                self.n_startup,
                "a curve takes at least 2 points",
            );
        }
        if self.n_candidates == 0 {
            return refuse("n_candidates", 0, "it is at least 1");
        }
        Ok(())
    }

    pub(super) fn propose(
        &self,
        space: &Space,
        observations: &[Observation],
        generator: &mut ChaCha8Rng,
    ) -> Vec<f64> {
        let points: Vec<Vec<f64>> = observations.iter().map(place).collect();
        let losses = outcome::filled_losses(observations);
        let warped = outcome::warped(&losses);
        // A matrix that cannot be factored means losses beyond repair; chance still finds some.
        let Some(model) = GaussianProcess::fit(&points, &warped) else {
            return uniform(space, generator);
        };
        let best = warped.iter().copied().fold(f64::INFINITY, f64::min);
        let improvement = ExpectedImprovement::new(&model, best);
        let candidates = self.candidates(space, &points, &warped, generator);
        let proposal = snapped(space, &climb(&improvement, candidates));
        if is_known(&proposal, &points) {
            return uniform(space, generator);
        }
        proposal
    }

    /// Points all over the space and around the best trials.
    fn candidates(
        &self,
        space: &Space,
        points: &[Vec<f64>],
        losses: &[f64],
        generator: &mut ChaCha8Rng,
    ) -> Vec<Vec<f64>> {
        let n_dimensions = space.dimensions().len();
        let halton = Halton::new(n_dimensions, generator.random());
        let mut candidates: Vec<Vec<f64>> = (0..self.n_candidates as u64)
            .map(|idx| halton.point(idx))
            .collect();
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.sort_by(|&a, &b| losses[a].total_cmp(&losses[b]));
        for &idx in order.iter().take(N_BEST) {
            for draw in 0..N_NEAR {
                let deviation = NEAR_DEVIATIONS[draw % NEAR_DEVIATIONS.len()];
                let near = points[idx]
                    .iter()
                    .map(|unit| (unit + deviation * standard_normal(generator)).clamp(0.0, 1.0))
                    .collect();
                candidates.push(near);
            }
        }
        candidates
    }
}

/// The place of a trial; the Gaussian process is refused where a parameter can be absent.
fn place(observation: &Observation) -> Vec<f64> {
    observation
        .point
        .iter()
        .map(|unit| unit.expect("every parameter of a plain space exists"))
        .collect()
}

/// Climbs from the best candidates and returns the highest point reached.
fn climb(improvement: &ExpectedImprovement<'_>, candidates: Vec<Vec<f64>>) -> Vec<f64> {
    let mut scored: Vec<(f64, Vec<f64>)> = candidates
        .into_iter()
        .map(|point| (improvement.value(&point), point))
        .collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    scored.truncate(N_CLIMBS);
    scored
        .into_iter()
        .map(|(_, start)| {
            let ascent = Ascent {
                n_steps: 40,
                first_step: 0.01,
                longest_step: 0.1,
                bounds: vec![(0.0, 1.0); start.len()],
            };
            ascent.maximize(start, |point| improvement.value_and_gradient(point))
        })
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, point)| point)
        .expect("there are candidates")
}

/// The point that the values at this point lie on: whole numbers lie in the middle of their cell.
fn snapped(space: &Space, units: &[f64]) -> Vec<f64> {
    let there: Vec<Option<f64>> = units.iter().copied().map(Some).collect();
    space
        .point(&space.assignment(&there))
        .into_iter()
        .map(|unit| unit.expect("every parameter of a plain space exists"))
        .collect()
}

fn is_known(proposal: &[f64], points: &[Vec<f64>]) -> bool {
    points.iter().any(|point| {
        let mut distances = point.iter().zip(proposal).map(|(a, b)| (a - b).abs());
        distances.all(|distance| distance < SAME_POINT)
    })
}
