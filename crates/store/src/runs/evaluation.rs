//! How good a model proved to be on rows that it had not seen.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use rapport_domain::{RunId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{artifacts, write};
use crate::{Store, StoreError, codec};

/// Kind of the artifact.
const KIND: &str = "evaluation";

/// Figures under a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedFigures {
    /// Whose they are.
    pub name: String,
    /// The figures by name.
    pub metrics: BTreeMap<String, f64>,
}

/// A stretch of predicted probabilities, and how often the event came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Lower end of the stretch.
    pub lower: f64,
    /// Upper end of the stretch.
    pub upper: f64,
    /// Rows in it.
    pub n: u64,
    /// Mean predicted probability.
    pub mean_predicted: f64,
    /// Share of rows in which the event came.
    pub observed: f64,
}

/// Whether probabilities are what they say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The event, as the data name it.
    pub positive: String,
    /// Expected calibration error, in `[0, 1]`.
    pub ece: f64,
    /// Stretches that rows fell into, from low to high.
    pub bins: Vec<CalibrationBin>,
}

/// Which class was taken for which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// The classes.
    pub labels: Vec<String>,
    /// Probability from which the event was said to come; none for more than two classes.
    pub threshold: Option<f64>,
    /// Rows by actual class, then by predicted class.
    pub counts: Vec<Vec<u64>>,
}

/// What a feature weighs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The feature.
    pub feature: String,
    /// Its weight.
    pub importance: f64,
}

/// One of those that a model was chosen from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidateFigures {
    /// Its name.
    pub name: String,
    /// Its figures.
    pub metrics: BTreeMap<String, f64>,
    /// Whether it was chosen.
    pub is_chosen: bool,
}

/// How good a model proved to be.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evaluation {
    /// Rows.
    pub n_rows: u64,
    /// Its figures by name.
    pub metrics: BTreeMap<String, f64>,
    /// The naive method's figures on the same rows.
    pub baseline: Option<NamedFigures>,
    /// Whether its probabilities are what they say.
    pub calibration: Option<Calibration>,
    /// Which class was taken for which.
    pub confusion: Option<Confusion>,
    /// What features weigh, the heaviest first.
    pub importances: Vec<Importance>,
    /// What it was chosen from.
    pub candidates: Vec<CandidateFigures>,
}

impl Evaluation {
    /// Leaves out figures that are no finite numbers: JSON knows none.
    fn leave_out_gaps(&mut self) {
        let tables = [&mut self.metrics].into_iter();
        let tables = tables.chain(self.baseline.as_mut().map(|named| &mut named.metrics));
        let candidates = self.candidates.iter_mut();
        let tables = tables.chain(candidates.map(|candidate| &mut candidate.metrics));
        tables.for_each(|metrics| metrics.retain(|_, value| value.is_finite()));
        self.importances.retain(|one| one.importance.is_finite());
    }
}

/// Keeps the evaluation of a run; an earlier one is replaced. Figures that are no finite numbers are
/// left out.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such run.
pub async fn save_evaluation(
    store: &Store,
    run: RunId,
    mut evaluation: Evaluation,
    now: Timestamp,
) -> Result<(), StoreError> {
    evaluation.leave_out_gaps();
    let body = codec::to_json(&evaluation);
    store
        .write(move |tx| {
            async move {
                write::touch(tx, run, "has_evaluation = TRUE", now).await?;
                artifacts::save_in(tx, run, KIND.to_owned(), body).await
            }
            .boxed()
        })
        .await
}

/// Finds the evaluation of a run.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_evaluation(store: &Store, run: RunId) -> Result<Option<Evaluation>, StoreError> {
    artifacts::find_artifact(store, run, KIND).await
}
