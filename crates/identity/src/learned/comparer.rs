//! The comparer that learns from decisions.

use rapport_learn::calibration::Calibrate;
use rapport_learn::{Context, Matrix};
use serde::{Deserialize, Serialize};

use super::ensemble::Ensemble;
use super::explanation::Explanation;
use super::features::{Describer, Prepared};
use super::fit::Work;
use super::held_back::Judged;
use super::pairs::{Decisions, only, require_records};
use super::saved::Saved;
use super::{HeldBack, LabelledPair, LearnedParams, Learner};
use crate::{IdentityError, RawColumn};

/// What reviewers' decisions teach about which pairs are the same.
///
/// Pairs are described by some hundreds of numbers: what words, letters, model codes and numbers two values
/// share and lack, weighted by how rare they are in the records of the decisions, per field, across fields and
/// of both records as one text each. Boosted trees and a siamese network learn from them; which of the two,
/// or their blend, is used is decided on decisions that were held back, as are the calibration of its
/// probabilities and the threshold.
///
/// Where nothing has been decided, [`resolve()`](crate::resolve) matches without labels.
///
/// It keeps the hashed words of the records of the decisions and none of their texts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct LearnedComparer {
    pub(super) describer: Describer,
    /// Features that differ between pairs; the others say nothing and are left out.
    pub(super) columns: Vec<usize>,
    pub(super) ensemble: Ensemble,
    pub(super) learner: Learner,
    pub(super) judged: Judged,
    pub(super) held_back: Vec<HeldBack>,
}

impl LearnedComparer {
    /// Learns from decisions on pairs of records.
    ///
    /// # Shapes and units
    /// - `records`: columns of all records, of one source or of several one after the other
    /// - `decisions`: pairs of positions in them; 10 different pairs of either kind at least
    ///
    /// # Errors
    /// [`IdentityError`] for too few decisions of a kind, pairs of records that do not exist, settings that
    /// cannot be, cancellation and the deadline.
    pub fn fit(
        records: &[RawColumn<'_>],
        decisions: &[LabelledPair],
        params: &LearnedParams,
        context: &Context<'_>,
    ) -> Result<Self, IdentityError> {
        params.check()?;
        let (records, decisions) = Decisions::new(records, decisions)?;
        context.progress.report("describing pairs", 0, 0);
        let describer = Describer::fit(&records, &decisions);
        let prepared = describer.prepare(&records, context)?;
        let features = describer.describe(&prepared, &decisions.pairs, context)?;
        let columns = varying(&features);
        let work = Work {
            features: &features.select_columns(&columns),
            bags: &params.bags(&prepared),
            decisions: &decisions,
            params,
        };
        let mut judged = work.judge(context)?;
        let held_back: Vec<HeldBack> = judged.iter().map(|(j, _)| j.held_back.clone()).collect();
        let best = best(&held_back);
        let (judged, scales) = judged.swap_remove(best);
        let learner = judged.held_back.learner;
        Ok(Self {
            describer,
            columns,
            ensemble: work.fit(learner, scales, context)?,
            learner,
            judged,
            held_back,
        })
    }

    /// How likely pairs are the same, `(n_pairs,)`, each in `[0, 1]`.
    ///
    /// Columns of `records` are found by their names; further ones are not looked at.
    ///
    /// # Errors
    /// [`IdentityError`] for a field that was learned from and is not there, pairs of records that do not exist,
    /// cancellation and the deadline.
    pub fn probabilities(
        &self,
        records: &[RawColumn<'_>],
        pairs: &[(u32, u32)],
        context: &Context<'_>,
    ) -> Result<Vec<f64>, IdentityError> {
        let asked = self.describe(records, pairs, context)?;
        self.probabilities_of(&asked, context)
    }

    /// How likely one pair is the same, and what speaks for and against it.
    ///
    /// # Errors
    /// As for [`probabilities`](Self::probabilities).
    pub fn explain(
        &self,
        records: &[RawColumn<'_>],
        pair: (u32, u32),
        context: &Context<'_>,
    ) -> Result<Explanation, IdentityError> {
        let asked = self.describe(records, &[pair], context)?;
        let probability = self.probabilities_of(&asked, context)?[0];
        let names = self.names();
        Explanation::new(
            probability,
            &self.ensemble,
            &asked.features,
            &names,
            context,
        )
    }

    /// From this probability on a pair counts as the same.
    pub fn threshold(&self) -> f64 {
        self.judged.threshold
    }

    /// The learner that did best on decisions that were held back, and is used.
    pub fn learner(&self) -> Learner {
        self.learner
    }

    /// How each learner did on decisions that were held back from it.
    pub fn held_back(&self) -> &[HeldBack] {
        &self.held_back
    }

    /// The names of the features that are looked at.
    pub fn names(&self) -> Vec<String> {
        let all = self.describer.names();
        self.columns.iter().map(|&at| all[at].clone()).collect()
    }

    pub(super) fn describe(
        &self,
        records: &[RawColumn<'_>],
        pairs: &[(u32, u32)],
        context: &Context<'_>,
    ) -> Result<Asked, IdentityError> {
        require_records(records, pairs)?;
        let (records, pairs) = only(records, pairs);
        let prepared = self.describer.prepare(&records, context)?;
        let features = self.describer.describe(&prepared, &pairs, context)?;
        Ok(Asked {
            features: features.select_columns(&self.columns),
            prepared,
            pairs,
        })
    }

    pub(super) fn probabilities_of(
        &self,
        asked: &Asked,
        context: &Context<'_>,
    ) -> Result<Vec<f64>, IdentityError> {
        let Asked {
            features,
            prepared,
            pairs,
        } = asked;
        let scores = self.ensemble.scores(features, prepared, pairs, context)?;
        Ok(self.judged.calibrator.predict(&scores.of(self.learner))?)
    }
}

/// Pairs that are asked for, described.
pub(super) struct Asked {
    /// `(n_pairs, n_features)`.
    pub(super) features: Matrix,
    prepared: Prepared,
    /// Positions among the prepared records.
    pairs: Vec<(u32, u32)>,
}

/// The learner with the highest F1 on held-back decisions.
fn best(held_back: &[HeldBack]) -> usize {
    let by_f1 = (0..held_back.len()).max_by(|&a, &b| held_back[a].f1.total_cmp(&held_back[b].f1));
    by_f1.expect("trees are always tried")
}

/// Features that are not the same number for all pairs.
fn varying(features: &Matrix) -> Vec<usize> {
    let varies = |&column: &usize| {
        let mut values = features.column(column);
        let first = values.next().map(f64::to_bits);
        values.any(|value| Some(value.to_bits()) != first)
    };
    (0..features.n_columns()).filter(varies).collect()
}
