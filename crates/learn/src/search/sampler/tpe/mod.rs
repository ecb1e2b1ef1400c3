//! Tree-structured Parzen estimator: propose what is likely among the good and unlikely among the
//! bad.

mod parzen;

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use self::parzen::Parzen;
use super::{Observation, Standing};
use crate::search::{SearchError, Space};

/// Never more trials than this count as good, or the good ones stop being special.
const N_GOOD_MAX: usize = 25;

/// Settings of the Parzen estimator.
///
/// Trials are split into a good tenth and the rest; a density is laid over each, and of some points
/// drawn from the good one the point with the highest ratio is proposed, which maximizes the
/// expected improvement. Densities are joint over all parameters (multivariate), so that values that
/// are only good together are found together. A parameter that a trial lacks counts as evenly spread
/// in it: spaces with conditions need no special case.
///
/// # Source
/// Bergstra et al. (2011), "Algorithms for Hyper-Parameter Optimization"; Watanabe (2023),
/// "Tree-Structured Parzen Estimator: Understanding Its Algorithm Components".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TpeParams {
    /// Trials before it is guided by anything, at least 1. Default 10.
    pub n_startup: usize,
    /// Share of trials that count as good, inside of (0, 1); at most 25 do. Default 0.1.
    pub good_share: f64,
    /// Points drawn per proposal, at least 1. Default 24.
    pub n_candidates: usize,
}

impl Default for TpeParams {
    fn default() -> Self {
        Self {
            n_startup: 10,
            good_share: 0.1,
            n_candidates: 24,
        }
    }
}

impl TpeParams {
    pub(super) fn require_valid(&self) -> Result<(), SearchError> {
        for (name, count) in [
            ("n_startup", self.n_startup),
            ("n_candidates", self.n_candidates),
        ] {
            if count == 0 {
                return Err(SearchError::Setting {
                    name,
                    value: "0".into(),
                    allowed: "it is at least 1",
                });
            }
        }
        if self.good_share > 0.0 && self.good_share < 1.0 {
            return Ok(());
        }
        Err(SearchError::Setting {
            name: "good_share",
            value: self.good_share.to_string(),
            allowed: "a share lies between 0 and 1, both excluded; 0.1 is usual",
        })
    }

    pub(super) fn propose(
        &self,
        space: &Space,
        observations: &[Observation],
        generator: &mut ChaCha8Rng,
    ) -> Vec<f64> {
        let (good, bad) = self.split(observations);
        let good = Parzen::fit(space, &good);
        let bad = Parzen::fit(space, &bad);
        let ratio = |units: &[f64]| {
            let point = space.existing(units);
            good.ln_density(&point) - bad.ln_density(&point)
        };
        (0..self.n_candidates)
            .map(|_| good.sample(generator))
            .map(|units| (ratio(&units), units))
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, units)| units)
            .expect("there is at least one candidate")
    }

    /// The points of the good trials and of the others, each in the order of asking. Running trials
    /// count as bad, so that parallel workers keep apart.
    fn split<'a>(&self, observations: &'a [Observation]) -> (Vec<Point<'a>>, Vec<Point<'a>>) {
        let mut ranked: Vec<usize> = (0..observations.len()).collect();
        ranked.sort_by(|&a, &b| {
            observations[a]
                .standing
                .cmp_rank(observations[b].standing)
                .then(a.cmp(&b))
        });
        let n_of = |wanted: fn(Standing) -> bool| {
            observations.iter().filter(|o| wanted(o.standing)).count()
        };
        let n_ended = n_of(|standing| standing != Standing::Running);
        // A failed trial is never good, however few there are.
        let n_valued = n_of(|s| matches!(s, Standing::Finished(_) | Standing::Stopped { .. }));
        let n_good = ((self.good_share * n_ended as f64).ceil() as usize)
            .min(N_GOOD_MAX)
            .min(n_valued);
        let mut is_good = vec![false; observations.len()];
        ranked[..n_good].iter().for_each(|&idx| is_good[idx] = true);
        let points = |wanted: bool| {
            observations
                .iter()
                .zip(&is_good)
                .filter(|&(_, &good)| good == wanted)
                .map(|(observation, _)| observation.point.as_slice())
                .collect()
        };
        (points(true), points(false))
    }
}

type Point<'a> = &'a [Option<f64>];

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(unit: f64, standing: Standing) -> Observation {
        Observation {
            point: vec![Some(unit)],
            standing,
        }
    }

    #[test]
    fn the_good_are_the_best_tenth_and_never_failed_or_running() {
        let mut observations: Vec<Observation> = (0..15)
            .map(|idx| {
                observation(
                    f64::from(idx) / 15.0,
                    Standing::Finished(f64::from(15 - idx)),
                )
            })
            .collect();
        observations.push(observation(0.1, Standing::Running));
        observations.push(observation(0.2, Standing::Failed));
        observations.push(observation(0.3, Standing::Stopped { step: 4, loss: 0.0 }));

        let (good, bad) = TpeParams::default().split(&observations);

        assert_eq!(good, [[Some(13.0 / 15.0)], [Some(14.0 / 15.0)]]);
        assert_eq!(bad.len(), 16);
    }

    #[test]
    fn stopped_trials_rank_by_how_far_they_came() {
        let near = Standing::Stopped { step: 2, loss: 0.1 };
        let far = Standing::Stopped { step: 8, loss: 0.9 };

        assert!(far.cmp_rank(near).is_lt());
        assert!(Standing::Finished(99.0).cmp_rank(far).is_lt());
        assert!(near.cmp_rank(Standing::Failed).is_lt());
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        let params = TpeParams::default();

        for refused in [
            TpeParams {
                n_startup: 0,
                ..params
            },
            TpeParams {
                n_candidates: 0,
                ..params
            },
            TpeParams {
                good_share: 1.0,
                ..params
            },
        ] {
            assert!(refused.require_valid().is_err());
        }
    }
}
