//! An evaluation as the API shows it.

use std::collections::BTreeMap;

use rapport_store::runs;
use serde::Serialize;
use utoipa::ToSchema;

/// How good the result of a run proved to be.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Evaluation {
    /// Rows.
    n_rows: u64,
    /// Its figures by name.
    metrics: BTreeMap<String, f64>,
    /// The naive method's figures on the same rows.
    baseline: Option<NamedFigures>,
    /// Whether its probabilities are what they say.
    calibration: Option<Calibration>,
    /// Which class was taken for which.
    confusion: Option<Confusion>,
    /// What features weigh, the heaviest first.
    importances: Vec<Importance>,
    /// What it was chosen from.
    candidates: Vec<CandidateFigures>,
}

/// Figures under a name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NamedFigures {
    /// Whose they are.
    name: String,
    /// The figures by name.
    metrics: BTreeMap<String, f64>,
}

/// Whether probabilities are what they say.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Calibration {
    /// The event, as the data name it.
    positive: String,
    /// Expected calibration error, in `[0, 1]`.
    ece: f64,
    /// Stretches that rows fell into, from low to high.
    bins: Vec<CalibrationBin>,
}

/// A stretch of predicted probabilities, and how often the event came.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CalibrationBin {
    /// Lower end.
    lower: f64,
    /// Upper end.
    upper: f64,
    /// Rows in it.
    n: u64,
    /// Mean predicted probability.
    mean_predicted: f64,
    /// Share of rows in which the event came.
    observed: f64,
}

/// Which class was taken for which.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Confusion {
    /// The classes.
    labels: Vec<String>,
    /// Probability from which the event was said to come; none for more than two classes.
    threshold: Option<f64>,
    /// Rows by actual class, then by predicted class.
    counts: Vec<Vec<u64>>,
}

/// What a feature weighs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Importance {
    /// The feature.
    feature: String,
    /// Its weight.
    importance: f64,
}

/// One of those that a model was chosen from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CandidateFigures {
    /// Its name.
    name: String,
    /// Its figures.
    metrics: BTreeMap<String, f64>,
    /// Whether it was chosen.
    is_chosen: bool,
}

impl From<runs::NamedFigures> for NamedFigures {
    fn from(figures: runs::NamedFigures) -> Self {
        Self {
            name: figures.name,
            metrics: figures.metrics,
        }
    }
}

impl From<runs::Calibration> for Calibration {
    fn from(calibration: runs::Calibration) -> Self {
        let bin = |bin: runs::CalibrationBin| CalibrationBin {
            lower: bin.lower,
            upper: bin.upper,
            n: bin.n,
            mean_predicted: bin.mean_predicted,
            observed: bin.observed,
        };
        Self {
            positive: calibration.positive,
            ece: calibration.ece,
            bins: calibration.bins.into_iter().map(bin).collect(),
        }
    }
}

impl From<runs::Evaluation> for Evaluation {
    fn from(found: runs::Evaluation) -> Self {
        let importance = |one: runs::Importance| Importance {
            feature: one.feature,
            importance: one.importance,
        };
        let candidate = |one: runs::CandidateFigures| CandidateFigures {
            name: one.name,
            metrics: one.metrics,
            is_chosen: one.is_chosen,
        };
        Self {
            n_rows: found.n_rows,
            metrics: found.metrics,
            baseline: found.baseline.map(NamedFigures::from),
            calibration: found.calibration.map(Calibration::from),
            confusion: found.confusion.map(|confusion| Confusion {
                labels: confusion.labels,
                threshold: confusion.threshold,
                counts: confusion.counts,
            }),
            importances: found.importances.into_iter().map(importance).collect(),
            candidates: found.candidates.into_iter().map(candidate).collect(),
        }
    }
}
