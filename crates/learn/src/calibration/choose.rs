//! Which calibrator to use, told by rows that none of them has seen.

use serde::{Deserialize, Serialize};

use super::{
    Beta, Calibrate, CalibrationError, Isotonic, Platt, Temperature, log_odds, require_outcomes,
    require_probabilities, sigmoid,
};
use crate::metrics::log_loss;
use crate::split::{Split, k_fold_stratified};
use crate::{Check, Context, Fit, LearnError, Matrix, map_parts};

/// A way to calibrate probabilities of one outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Leave them alone.
    None,
    /// Divide their log-odds by a number.
    Temperature,
    /// Platt scaling of their log-odds.
    Platt,
    /// Beta calibration.
    Beta,
    /// Isotonic calibration, kept short of certainty by `1 / (n_samples + 2)`, the probability of
    /// what was never seen in that many rows (Laplace's rule of succession).
    Isotonic,
}

impl Method {
    /// All of them, the simplest first.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Temperature,
        Self::Platt,
        Self::Beta,
        Self::Isotonic,
    ];

    /// Fits this one.
    ///
    /// # Errors
    /// Lists of different length, a score that is no probability, or outcomes that are all alike.
    pub fn fit(
        self,
        probabilities: &[f64],
        outcomes: &[bool],
    ) -> Result<Calibrator, CalibrationError> {
        require_probabilities(probabilities)?;
        require_outcomes(probabilities, outcomes)?;
        Ok(match self {
            Self::None => Calibrator::None,
            Self::Temperature => {
                // Two classes: the logit of the first stays 0.
                let logits = probabilities.iter().flat_map(|&p| [0.0, log_odds(p)]);
                let logits = Matrix::new(probabilities.len(), 2, logits.collect())?;
                let classes: Vec<u32> = outcomes.iter().copied().map(u32::from).collect();
                Calibrator::Temperature(Temperature::fit(&logits, &classes)?)
            }
            Self::Platt => {
                let scores: Vec<f64> = probabilities.iter().copied().map(log_odds).collect();
                Calibrator::Platt(Platt::fit(&scores, outcomes)?)
            }
            Self::Beta => Calibrator::Beta(Beta::fit(probabilities, outcomes)?),
            Self::Isotonic => {
                let margin = 1.0 / (outcomes.len() as f64 + 2.0);
                let fitted = Isotonic::fit(probabilities, outcomes)?;
                Calibrator::Isotonic(fitted.short_of_certainty(margin))
            }
        })
    }
}

/// A fitted [`Method`]: takes probabilities, gives better ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibrator {
    /// They are fine as they are.
    None,
    /// Of log-odds.
    Temperature(Temperature),
    /// Of log-odds.
    Platt(Platt),
    /// Of probabilities.
    Beta(Beta),
    /// Of probabilities.
    Isotonic(Isotonic),
}

impl Calibrate for Calibrator {
    fn probability(&self, score: f64) -> f64 {
        match self {
            Self::None => score,
            Self::Temperature(fitted) => sigmoid(log_odds(score) / fitted.temperature()),
            Self::Platt(fitted) => fitted.probability(log_odds(score)),
            Self::Beta(fitted) => fitted.probability(score),
            Self::Isotonic(fitted) => fitted.probability(score),
        }
    }

    fn predict(&self, scores: &[f64]) -> Result<Vec<f64>, CalibrationError> {
        require_probabilities(scores)?;
        Ok(scores
            .iter()
            .map(|&score| self.probability(score))
            .collect())
    }
}

/// Chooses among all [`Method`]s by log loss on held-back rows.
///
/// The rows are cut into folds with the same share of both outcomes; each method predicts each
/// fold after fitting the others, and the one of least log loss over all rows is fitted again on
/// all of them. Of equal ones the simplest is taken, so perfect probabilities are left alone.
///
/// ```
/// use rapport_learn::calibration::{ChooseCalibrator, HeldBack, Method};
/// use rapport_learn::{Cancellation, Check, Context, Fit, Silent};
///
/// // Too sure by far: of those said to be certain, one in four did otherwise.
/// let probabilities: Vec<f64> = (0..200).map(|row| [0.01, 0.99][row % 2]).collect();
/// let outcomes: Vec<bool> = (0..200).map(|row| (row % 2 == 1) ^ (row % 8 < 2)).collect();
/// let cancel = Cancellation::default();
///
/// let choice = ChooseCalibrator::default().check()?.fit(
///     &HeldBack { probabilities: &probabilities, outcomes: &outcomes },
///     &Context::new(1, &Silent, &cancel),
/// )?;
///
/// assert_ne!(choice.method, Method::None);
/// # Ok::<(), rapport_learn::calibration::CalibrationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooseCalibrator {
    /// Folds, at least 2; the rarer outcome must occur at least as often.
    pub n_folds: usize,
}

impl Default for ChooseCalibrator {
    /// Five folds.
    fn default() -> Self {
        Self { n_folds: 5 }
    }
}

/// [`ChooseCalibrator`] with a number of folds that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidChooseCalibrator(ChooseCalibrator);

impl Check for ChooseCalibrator {
    type Valid = ValidChooseCalibrator;
    type Error = LearnError;

    fn check(self) -> Result<ValidChooseCalibrator, LearnError> {
        if self.n_folds < 2 {
            return Err(LearnError::Parameter {
                name: "n_folds",
                value: self.n_folds.to_string(),
                allowed: "there are at least 2 folds",
            });
        }
        Ok(ValidChooseCalibrator(self))
    }
}

/// What a model said about rows that it has not learned from, and what happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeldBack<'a> {
    /// `(n_samples,)`, each in `[0, 1]`.
    pub probabilities: &'a [f64],
    /// `(n_samples,)`.
    pub outcomes: &'a [bool],
}

impl HeldBack<'_> {
    fn select(&self, rows: &[usize]) -> (Vec<f64>, Vec<bool>) {
        rows.iter()
            .map(|&row| (self.probabilities[row], self.outcomes[row]))
            .unzip()
    }
}

/// The calibrator to use and the figures that it was chosen by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibratorChoice {
    /// The method of least loss.
    pub method: Method,
    /// It, fitted on all rows.
    pub calibrator: Calibrator,
    /// Every candidate in the order of [`Method::ALL`].
    pub candidates: Vec<CandidateLoss>,
}

/// What one method costs on rows it has not seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CandidateLoss {
    /// Which one.
    pub method: Method,
    /// Mean log loss over all rows, each predicted without its own fold, in nats.
    pub log_loss: f64,
}

impl Fit<HeldBack<'_>> for ValidChooseCalibrator {
    type Model = CalibratorChoice;
    type Error = CalibrationError;

    fn fit(
        &self,
        data: &HeldBack<'_>,
        context: &Context<'_>,
    ) -> Result<CalibratorChoice, CalibrationError> {
        require_probabilities(data.probabilities)?;
        let (n_positive, n_negative) = require_outcomes(data.probabilities, data.outcomes)?;
        let (needed, found) = (self.0.n_folds, n_positive.min(n_negative));
        if found < needed {
            return Err(CalibrationError::TooFewOutcomes { needed, found });
        }
        let strata: Vec<u64> = data.outcomes.iter().copied().map(u64::from).collect();
        let folds = k_fold_stratified(&strata, self.0.n_folds, context.seed)?;
        let candidates = map_parts(context.threads, Method::ALL.into_iter(), |method| {
            cross_fitted_loss(method, data, &folds, context)
        })
        .into_iter()
        .collect::<Result<Vec<CandidateLoss>, CalibrationError>>()?;
        // The first of equal ones: methods come simplest first.
        let method = candidates
            .iter()
            .min_by(|a, b| a.log_loss.total_cmp(&b.log_loss))
            .map_or(Method::None, |best| best.method);
        Ok(CalibratorChoice {
            method,
            calibrator: method.fit(data.probabilities, data.outcomes)?,
            candidates,
        })
    }
}

fn cross_fitted_loss(
    method: Method,
    data: &HeldBack<'_>,
    folds: &[Split],
    context: &Context<'_>,
) -> Result<CandidateLoss, CalibrationError> {
    let mut calibrated = vec![0.0; data.probabilities.len()];
    for fold in folds {
        context.proceed()?;
        let (probabilities, outcomes) = data.select(&fold.train);
        let fitted = method.fit(&probabilities, &outcomes)?;
        for &row in &fold.test {
            calibrated[row] = fitted.probability(data.probabilities[row]);
        }
    }
    let log_loss = log_loss(&calibrated, data.outcomes)?;
    Ok(CandidateLoss { method, log_loss })
}
