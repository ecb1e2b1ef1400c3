//! Who proposes the next trial. All samplers work on the unit cube, where every range is as long.

mod gp;
mod quasi;
mod tpe;

pub use gp::GaussianProcessParams;
pub use tpe::TpeParams;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use self::quasi::Halton;
use super::{SearchError, Space};
use crate::rng;

/// Up to so many parameters the Gaussian process is the better guide.
const N_DIMENSIONS_GAUSSIAN_MAX: usize = 8;
/// Up to so many trials it is quick: its work grows with their cube.
const N_TRIALS_GAUSSIAN_MAX: usize = 200;

/// A way to propose trials.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampler {
    /// The Gaussian process for up to 8 plain numbers and 200 trials, else the Parzen estimator.
    #[default]
    Auto,
    /// Independent draws.
    Random,
    /// Draws that fill the space evenly (scrambled Halton sequence).
    QuasiRandom,
    /// Tree-structured Parzen estimator: any space, any number of trials.
    Tpe(TpeParams),
    /// Gaussian process with expected improvement: few numbers, few and costly trials. No categories
    /// and no conditions.
    GaussianProcess(GaussianProcessParams),
}

/// What a sampler sees of a trial.
#[derive(Debug, Clone)]
pub(super) struct Observation {
    /// Place in the unit cube; `None` for parameters that are absent.
    pub(super) point: Vec<Option<f64>>,
    pub(super) standing: Standing,
}

/// How a trial compares; losses are better when smaller.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Standing {
    Running,
    Finished(f64),
    Stopped { step: u64, loss: f64 },
    Failed,
}

impl Standing {
    /// Sorts from good to bad: by loss; then those stopped, the farthest first; then failures.
    fn rank(self) -> (u8, std::cmp::Reverse<u64>, f64) {
        match self {
            Self::Finished(loss) => (0, std::cmp::Reverse(0), loss),
            Self::Stopped { step, loss } => (1, std::cmp::Reverse(step), loss),
            Self::Failed => (2, std::cmp::Reverse(0), 0.0),
            Self::Running => (3, std::cmp::Reverse(0), 0.0),
        }
    }

    fn cmp_rank(self, other: Self) -> std::cmp::Ordering {
        let (left, right) = (self.rank(), other.rank());
        (left.0, left.1)
            .cmp(&(right.0, right.1))
            .then(left.2.total_cmp(&right.2))
    }
}

impl Sampler {
    pub(super) fn require_valid(&self, space: &Space) -> Result<(), SearchError> {
        match self {
            Self::Auto | Self::Random | Self::QuasiRandom => Ok(()),
            Self::Tpe(params) => params.require_valid(),
            Self::GaussianProcess(_) if !space.is_plain_numbers() => Err(SearchError::Setting {
                name: "sampler",
                value: "a Gaussian process".into(),
                allowed: "it takes numbers without conditions only; use Auto or Tpe",
            }),
            Self::GaussianProcess(params) => params.require_valid(),
        }
    }

    /// Proposes a point for the trial `id`, given all trials before it.
    pub(super) fn propose(
        &self,
        space: &Space,
        observations: &[Observation],
        seed: u64,
        id: u64,
    ) -> Vec<Option<f64>> {
        let mut generator = rng(seed, &format!("search trial {id}"));
        let units = match self.guide(space, observations.len()) {
            Guide::None => uniform(space, &mut generator),
            Guide::Tpe(params) if !is_start(params.n_startup, observations) => {
                params.propose(space, observations, &mut generator)
            }
            Guide::GaussianProcess(params) if !is_start(params.n_startup, observations) => {
                params.propose(space, observations, &mut generator)
            }
            _ => Halton::new(space.dimensions().len(), seed).point(id),
        };
        space.existing(&units)
    }

    fn guide(self, space: &Space, n_trials: usize) -> Guide {
        let is_small = space.dimensions().len() <= N_DIMENSIONS_GAUSSIAN_MAX
            && n_trials < N_TRIALS_GAUSSIAN_MAX;
        match self {
            Self::Random => Guide::None,
            Self::QuasiRandom => Guide::Evenness,
            Self::Tpe(params) => Guide::Tpe(params),
            Self::GaussianProcess(params) => Guide::GaussianProcess(params),
            Self::Auto if is_small && space.is_plain_numbers() => {
                Guide::GaussianProcess(GaussianProcessParams::default())
            }
            Self::Auto => Guide::Tpe(TpeParams::default()),
        }
    }
}

/// What a proposal goes by, once [`Sampler::Auto`] has made up its mind.
enum Guide {
    None,
    Evenness,
    Tpe(TpeParams),
    GaussianProcess(GaussianProcessParams),
}

/// Whether too little is known to be guided by it.
fn is_start(n_startup: usize, observations: &[Observation]) -> bool {
    let n_known = observations
        .iter()
        .filter(|observation| observation.standing != Standing::Running)
        .count();
    let has_value = observations
        .iter()
        .any(|observation| matches!(observation.standing, Standing::Finished(_)));
    n_known < n_startup || !has_value
}

fn uniform(space: &Space, generator: &mut ChaCha8Rng) -> Vec<f64> {
    space
        .dimensions()
        .iter()
        .map(|_| generator.random())
        .collect()
}
