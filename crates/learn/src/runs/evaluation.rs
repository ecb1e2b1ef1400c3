//! How good a model proved to be on rows that it had not seen.

use crate::metrics::{self, Bins, MetricError};
use crate::{Baseline, Metrics};

/// Stretches of a calibration plot.
const N_BINS: usize = 10;
/// Probability from which the event is said to come.
const THRESHOLD: f64 = 0.5;

/// How good a model proved to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// Rows.
    pub n_rows: u64,
    /// Its figures.
    pub metrics: Metrics,
    /// The naive method's figures on the same rows.
    pub baseline: Option<Baseline>,
    /// Whether its probabilities are what they say.
    pub calibration: Option<Calibration>,
    /// Which class was taken for which.
    pub confusion: Option<Confusion>,
    /// What features weigh, the heaviest first.
    pub importances: Vec<(String, f64)>,
    /// What it was chosen from.
    pub candidates: Vec<CandidateFigures>,
}

/// Whether probabilities are what they say.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The event, as the data name it.
    pub positive: String,
    /// Expected calibration error, in `[0, 1]`.
    pub ece: f64,
    /// Stretches of equal width that rows fell into, from low to high.
    pub bins: Vec<CalibrationBin>,
}

/// A stretch of predicted probabilities, and how often the event came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationBin {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Rows in it.
    pub n: u64,
    /// Mean predicted probability.
    pub mean_predicted: f64,
    /// Share of rows in which the event came.
    pub observed: f64,
}

/// Which class was taken for which.
#[derive(Debug, Clone, PartialEq)]
pub struct Confusion {
    /// The classes.
    pub labels: Vec<String>,
    /// Probability from which the event was said to come; none for more than two classes.
    pub threshold: Option<f64>,
    /// Rows by actual class, then by predicted class.
    pub counts: Vec<Vec<u64>>,
}

/// One of those that a model was chosen from.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateFigures {
    /// Its name.
    pub name: String,
    /// Its figures.
    pub metrics: Metrics,
    /// Whether it was chosen.
    pub is_chosen: bool,
}

impl Evaluation {
    /// Of probabilities that something happens: area under the curve, KS statistic, Brier score,
    /// expected calibration error and log loss, with the calibration plot and the confusion matrix at
    /// one half. `labels` names what did not happen and what did.
    ///
    /// # Errors
    /// No rows, entries that are no probabilities, or only one outcome.
    pub fn of_probabilities(
        probabilities: &[f64],
        outcomes: &[bool],
        labels: [&str; 2],
    ) -> Result<Self, MetricError> {
        Ok(Self {
            n_rows: outcomes.len() as u64,
            metrics: probability_metrics(probabilities, outcomes)?,
            calibration: Some(Calibration {
                positive: labels[1].to_owned(),
                ece: metrics::ece(probabilities, outcomes, Bins::EqualWidth(N_BINS))?,
                bins: bins(probabilities, outcomes)?,
            }),
            confusion: Some(confusion(probabilities, outcomes, labels)),
            ..Self::default()
        })
    }

    /// The same beside the naive method's probabilities of the same rows.
    ///
    /// # Errors
    /// As for [`of_probabilities`](Self::of_probabilities).
    pub fn beside(
        mut self,
        name: &str,
        probabilities: &[f64],
        outcomes: &[bool],
    ) -> Result<Self, MetricError> {
        self.baseline = Some(Baseline {
            name: name.to_owned(),
            metrics: probability_metrics(probabilities, outcomes)?,
        });
        Ok(self)
    }
}

fn probability_metrics(probabilities: &[f64], outcomes: &[bool]) -> Result<Metrics, MetricError> {
    let bins = Bins::EqualWidth(N_BINS);
    let figures = [
        ("auc", metrics::auc(probabilities, outcomes)?),
        ("ks", metrics::ks(probabilities, outcomes)?),
        ("brier", metrics::brier(probabilities, outcomes)?),
        ("ece", metrics::ece(probabilities, outcomes, bins)?),
        ("log_loss", metrics::log_loss(probabilities, outcomes)?),
    ];
    Ok(figures.map(|(name, value)| (name.to_owned(), value)).into())
}

fn bins(probabilities: &[f64], outcomes: &[bool]) -> Result<Vec<CalibrationBin>, MetricError> {
    let curve = metrics::reliability_curve(probabilities, outcomes, Bins::EqualWidth(N_BINS))?;
    let width = 1.0 / N_BINS as f64;
    let bin = |dot: metrics::ReliabilityBin| {
        // A stretch holds what lies above its lower end and up to its upper one, the mean included.
        let place = (dot.mean_probability * N_BINS as f64 - 1e-9).ceil() - 1.0;
        let lower = place.clamp(0.0, N_BINS as f64 - 1.0) * width;
        CalibrationBin {
            lower,
            upper: lower + width,
            n: dot.n_samples as u64,
            mean_predicted: dot.mean_probability,
            observed: dot.observed_share,
        }
    };
    Ok(curve.into_iter().map(bin).collect())
}

fn confusion(probabilities: &[f64], outcomes: &[bool], labels: [&str; 2]) -> Confusion {
    let mut counts = vec![vec![0; 2]; 2];
    for (&probability, &outcome) in probabilities.iter().zip(outcomes) {
        counts[usize::from(outcome)][usize::from(probability >= THRESHOLD)] += 1;
    }
    Confusion {
        labels: labels.map(str::to_owned).to_vec(),
        threshold: Some(THRESHOLD),
        counts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_measured_binned_and_counted() {
        let probabilities = [0.05, 0.1, 0.3, 0.7, 0.95, 0.6];
        let outcomes = [false, false, true, true, true, false];

        let found = Evaluation::of_probabilities(&probabilities, &outcomes, ["no", "yes"]).unwrap();
        let found = found.beside("base_rate", &[0.5; 6], &outcomes).unwrap();

        // Of the nine pairs of a yes and a no, 0.3 against 0.6 alone is the wrong way round.
        assert!((found.metrics["auc"] - 8.0 / 9.0).abs() < 1e-12);
        assert_eq!(found.baseline.unwrap().metrics["auc"], 0.5);
        assert_eq!(found.confusion.unwrap().counts, [[2, 1], [1, 2]]);
        let bins = found.calibration.unwrap().bins;
        assert_eq!((bins[0].lower, bins[0].n), (0.0, 2));
        assert!((bins[1].lower - 0.2).abs() < 1e-12, "{bins:?}");
        assert_eq!(bins.iter().map(|bin| bin.n).sum::<u64>(), 6);
        assert!(
            bins.iter()
                .all(|bin| (bin.lower..=bin.upper + 1e-9).contains(&bin.mean_predicted))
        );
    }

    #[test]
    fn one_outcome_alone_has_no_figures() {
        assert!(Evaluation::of_probabilities(&[0.1], &[true], ["no", "yes"]).is_err());
    }
}
