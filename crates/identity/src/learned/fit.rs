//! Fits: per fold without the decisions that are held back, then on all of them.

use std::num::NonZeroUsize;

use rapport_learn::boosting::BoostedTrees;
use rapport_learn::split::Split;
use rapport_learn::{Context, Matrix, map_parts};

use super::ensemble::{Ensemble, Scales, Scores};
use super::held_back::Judged;
use super::network::{Bag, Inputs, Network};
use super::pairs::Decisions;
use super::{LearnedParams, Learner, trees};
use crate::IdentityError;

/// What all fits share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work<'w> {
    /// `(n_pairs, n_features)`.
    pub(super) features: &'w Matrix,
    pub(super) bags: &'w [Bag],
    pub(super) decisions: &'w Decisions,
    pub(super) params: &'w LearnedParams,
}

/// One fit on a part of the decisions.
struct Job {
    seed: u64,
    split: Split,
}

impl Work<'_> {
    /// Judges every learner by decisions that it has not seen.
    pub(super) fn judge(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<(Judged, Option<Scales>)>, IdentityError> {
        let outcomes = &self.decisions.outcomes;
        let mut scores = self.held_back(context)?;
        let trees = Judged::new(Learner::Trees, &scores.trees, outcomes)?;
        if self.params.network.is_none() {
            return Ok(vec![(trees, None)]);
        }
        let network = Judged::new(Learner::Network, &scores.network, outcomes)?;
        let scales = Some(Scales {
            trees: trees.calibrator,
            network: network.calibrator,
        });
        scores.scales = scales;
        let blend = Judged::new(Learner::Blend, &scores.of(Learner::Blend), outcomes)?;
        Ok(vec![(network, None), (trees, None), (blend, scales)])
    }

    /// Log odds of every pair by learners that have not seen it, averaged over the seeds.
    fn held_back(&self, context: &Context<'_>) -> Result<Scores, IdentityError> {
        let mut jobs = Vec::new();
        for seed in self.seeds(context) {
            let splits = self.decisions.folds(self.params.n_folds, seed)?;
            jobs.extend(splits.into_iter().map(|split| Job { seed, split }));
        }
        let n_jobs = jobs.len() as u64;
        let done = std::sync::atomic::AtomicU64::new(0);
        let found = map_parts(context.threads, jobs.iter(), |job| {
            let scores = self.fold(job, &one_thread(context));
            let n_done = 1 + done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            context.progress.report("judging learners", n_done, n_jobs);
            scores
        });
        let n_pairs = self.decisions.pairs.len();
        let n_seeds = self.params.n_seeds as f64;
        let mut sums = Scores {
            trees: vec![0.0; n_pairs],
            network: vec![0.0; n_pairs],
            scales: None,
        };
        for (job, scores) in jobs.iter().zip(found) {
            let scores = scores?;
            for (at, &pair) in job.split.test.iter().enumerate() {
                sums.trees[pair] += scores.trees[at] / n_seeds;
                if let Some(log_odds) = scores.network.get(at) {
                    sums.network[pair] += log_odds / n_seeds;
                }
            }
        }
        Ok(sums)
    }

    /// Log odds of the pairs that one fold holds back.
    fn fold(&self, job: &Job, context: &Context<'_>) -> Result<Scores, IdentityError> {
        let context = &context.with_seed(job.seed);
        let (train, test) = (&job.split.train, &job.split.test);
        let held_back = self.features.select_rows(test);
        let trees = trees::log_odds(&self.trees(train, context)?, &held_back)?;
        let network = match self.network(train, context)? {
            Some(network) => network.log_odds(Inputs {
                bags: self.bags,
                pairs: &pick(&self.decisions.pairs, test),
                features: &held_back,
            })?,
            None => Vec::new(),
        };
        Ok(Scores {
            trees,
            network,
            scales: None,
        })
    }

    /// Fits the learners that are used on all decisions, once per seed.
    pub(super) fn fit(
        &self,
        learner: Learner,
        scales: Option<Scales>,
        context: &Context<'_>,
    ) -> Result<Ensemble, IdentityError> {
        let all: Vec<usize> = (0..self.decisions.pairs.len()).collect();
        let seeds = self.seeds(context);
        let fitted = map_parts(context.threads, seeds.into_iter(), |seed| {
            let context = one_thread(context).with_seed(seed);
            let trees = match learner {
                Learner::Network => None,
                Learner::Trees | Learner::Blend => Some(self.trees(&all, &context)?),
            };
            let network = match learner {
                Learner::Trees => None,
                Learner::Network | Learner::Blend => self.network(&all, &context)?,
            };
            Ok((trees, network))
        });
        let mut ensemble = Ensemble {
            trees: Vec::new(),
            network_params: self.params.network.clone(),
            networks: Vec::new(),
            scales,
        };
        for fit in fitted {
            let (trees, network): (Option<BoostedTrees>, Option<Network>) =
                fit.map_err(|error: IdentityError| error)?;
            ensemble.trees.extend(trees);
            ensemble.networks.extend(network);
        }
        Ok(ensemble)
    }

    fn trees(&self, rows: &[usize], context: &Context<'_>) -> Result<BoostedTrees, IdentityError> {
        let outcomes = pick(&self.decisions.outcomes, rows);
        let params = self.params.trees.check()?;
        trees::fit(
            &params,
            &self.features.select_rows(rows),
            &outcomes,
            context,
        )
    }

    fn network(
        &self,
        rows: &[usize],
        context: &Context<'_>,
    ) -> Result<Option<Network>, IdentityError> {
        let Some(params) = &self.params.network else {
            return Ok(None);
        };
        let inputs = Inputs {
            bags: self.bags,
            pairs: &pick(&self.decisions.pairs, rows),
            features: &self.features.select_rows(rows),
        };
        let outcomes = pick(&self.decisions.outcomes, rows);
        Network::fit(params, inputs, &outcomes, context).map(Some)
    }

    fn seeds(&self, context: &Context<'_>) -> Vec<u64> {
        let n_seeds = self.params.n_seeds as u64;
        (0..n_seeds)
            .map(|at| context.seed.wrapping_add(at))
            .collect()
    }
}

fn pick<T: Copy>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().map(|&row| values[row]).collect()
}

/// Fits run side by side, so that each takes one thread.
fn one_thread<'c>(context: &Context<'c>) -> Context<'c> {
    context.with_threads(NonZeroUsize::MIN)
}
