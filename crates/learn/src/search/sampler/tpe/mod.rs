//! Tree-structured Parzen estimator: propose what is likely among the good and unlikely among the
//! bad.

mod parzen;

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use self::parzen::Parzen;
use super::{Observation, Standing};
use crate::search::{Domain, SearchError, Space};

/// Never more trials than this count as good, or the good ones stop being special.
const N_GOOD_MAX: usize = 25;
/// Never more than this share of a group's trials count as good, for the same reason.
const GOOD_SHARE_MAX: f64 = 0.25;

/// Settings of the Parzen estimator.
///
/// Trials are split into a good tenth and the rest; a density is laid over each, and of some points
/// drawn from the good one the point with the highest ratio is proposed, which maximizes the
/// expected improvement.
///
/// Parameters with one condition exist together and form a group. Groups are proposed one after the
/// other, parents first, each from the trials that have it: of those the best are good, as many as a
/// tenth of all trials but at most a quarter of the group's, so that a branch learns from its own
/// trials however it compares with other branches. The density of a
/// group is joint (multivariate): values that are only good together are found together. A category
/// that others depend on is drawn from the good density rather than taken where the ratio is
/// highest, which would never go back to a branch that had begun badly.
///
/// # Source
/// Bergstra et al. (2011), "Algorithms for Hyper-Parameter Optimization"; Watanabe (2023),
/// "Tree-Structured Parzen Estimator: Understanding Its Algorithm Components", with the groups of
/// Optuna's `group` option.
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
        let mut units = vec![0.5; space.dimensions().len()];
        let mut point = vec![None; units.len()];
        for group in space.groups() {
            if !space.exists(group[0], &point) {
                continue;
            }
            let proposal = self.propose_group(space, &group, observations, generator);
            for (&idx, unit) in group.iter().zip(proposal) {
                units[idx] = unit;
                point[idx] = Some(unit);
            }
        }
        units
    }

    /// Places for the parameters of one group.
    fn propose_group(
        &self,
        space: &Space,
        group: &[usize],
        observations: &[Observation],
        generator: &mut ChaCha8Rng,
    ) -> Vec<f64> {
        let dimensions = space.dimensions();
        let domains: Vec<&Domain> = group.iter().map(|&idx| &dimensions[idx].domain).collect();
        let seen: Vec<Seen> = observations
            .iter()
            .filter_map(|observation| Seen::of(observation, group))
            .collect();
        let n_ended = observations
            .iter()
            .filter(|observation| observation.standing != Standing::Running)
            .count();
        let (good, bad) = self.split(&seen, n_ended);
        let good = Parzen::fit(&domains, &good);
        let bad = Parzen::fit(&domains, &bad);
        let candidates: Vec<Vec<f64>> = (0..self.n_candidates)
            .map(|_| good.sample(generator))
            .collect();
        // The branches of the first draw, which is as good as any.
        let is_same_branch = |units: &&Vec<f64>| {
            let places = units.iter().zip(&candidates[0]);
            places.zip(group).all(|((unit, first), &idx)| {
                let domain = &dimensions[idx].domain;
                !space.is_parent(idx) || domain.value_at(*unit) == domain.value_at(*first)
            })
        };
        let ratio = |units: &[f64]| good.ln_density(units) - bad.ln_density(units);
        candidates
            .iter()
            .filter(is_same_branch)
            .map(|units| (ratio(units), units))
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, units)| units.clone())
            .expect("the first candidate is in its own branch")
    }

    /// The points of the good trials and of the others, each in the order of asking. Running trials
    /// count as bad, so that parallel workers keep apart. `n_ended` counts the trials of all groups.
    fn split(&self, seen: &[Seen], n_ended: usize) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let mut ranked: Vec<usize> = (0..seen.len()).collect();
        ranked.sort_by(|&a, &b| {
            let order = seen[a].standing.cmp_rank(seen[b].standing);
            order.then(a.cmp(&b))
        });
        let n_of =
            |wanted: fn(Standing) -> bool| seen.iter().filter(|seen| wanted(seen.standing)).count();
        let n_ended_here = n_of(|standing| standing != Standing::Running);
        // A failed trial is never good, however few there are.
        let n_valued = n_of(|s| matches!(s, Standing::Finished(_) | Standing::Stopped { .. }));
        let share_of = |share: f64, n: usize| (share * n as f64).ceil() as usize;
        let share_max = self.good_share.max(GOOD_SHARE_MAX);
        let n_good = share_of(self.good_share, n_ended)
            .min(share_of(share_max, n_ended_here))
            .min(N_GOOD_MAX)
            .min(n_valued);
        let mut is_good = vec![false; seen.len()];
        ranked[..n_good].iter().for_each(|&idx| is_good[idx] = true);
        let points = |wanted: bool| {
            seen.iter()
                .zip(&is_good)
                .filter(|&(_, &good)| good == wanted)
                .map(|(seen, _)| seen.units.clone())
                .collect()
        };
        (points(true), points(false))
    }
}

/// What a group sees of a trial that has it.
#[derive(Debug)]
struct Seen {
    /// The places of the group's parameters.
    units: Vec<f64>,
    standing: Standing,
}

impl Seen {
    fn of(observation: &Observation, group: &[usize]) -> Option<Self> {
        let places = group.iter().map(|&idx| observation.point[idx]);
        Some(Self {
            units: places.collect::<Option<_>>()?,
            standing: observation.standing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(unit: f64, standing: Standing) -> Seen {
        Seen {
            units: vec![unit],
            standing,
        }
    }

    #[test]
    fn the_good_are_the_best_tenth_and_never_failed_or_running() {
        let mut trials: Vec<Seen> = (0..15)
            .map(|idx| {
                seen(
                    f64::from(idx) / 15.0,
                    Standing::Finished(f64::from(15 - idx)),
                )
            })
            .collect();
        trials.push(seen(0.1, Standing::Running));
        trials.push(seen(0.2, Standing::Failed));
        trials.push(seen(0.3, Standing::Stopped { step: 4, loss: 0.0 }));

        let (good, bad) = TpeParams::default().split(&trials, 17);

        assert_eq!(good, [[13.0 / 15.0], [14.0 / 15.0]]);
        assert_eq!(bad.len(), 16);
    }

    #[test]
    fn a_branch_of_few_trials_has_few_good_ones() {
        let trials: Vec<Seen> = (0..9)
            .map(|idx| seen(0.5, Standing::Finished(f64::from(idx))))
            .collect();

        let n_good = |n_ended| TpeParams::default().split(&trials, n_ended).0.len();

        assert_eq!(n_good(9), 1);
        assert_eq!(n_good(20), 2);
        assert_eq!(n_good(200), 3, "a quarter of the nine");
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
