//! Histories on a common scale, and back within their ranges.

use rapport_learn::table::TableError;
use rapport_learn::{LearnError, Matrix, stats};
use serde::{Deserialize, Serialize};

use crate::NnError;

/// What was fitted of each feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct SeriesScale {
    features: Vec<Feature>,
    /// Steps of the histories that were fitted, ascending: made ones are as long.
    lengths: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Feature {
    mean: f64,
    deviation: f64,
    lowest: f64,
    highest: f64,
    /// Whether all values are whole numbers.
    is_whole: bool,
}

impl SeriesScale {
    /// From histories of `(n_steps, n_features)`.
    pub(super) fn fit(names: &[String], histories: &[Matrix]) -> Result<Self, NnError> {
        if names.is_empty() {
            return Err(TableError::Empty.into());
        }
        if histories.len() < 2 {
            let (needed, found) = (2, histories.len());
            return Err(LearnError::TooFewRows { needed, found }.into());
        }
        for (history, matrix) in histories.iter().enumerate() {
            matrix.require_columns(names.len())?;
            if matrix.n_rows() == 0 {
                return Err(NnError::EmptyHistory { history });
            }
            if let Some((step, column)) = matrix.first_not_finite() {
                return Err(NnError::StepNotFinite {
                    history,
                    step,
                    feature: names[column].clone(),
                });
            }
        }
        let features = names.iter().enumerate().map(|(column, name)| {
            let values = histories.iter().flat_map(|history| history.column(column));
            Feature::fit(name, &values.collect::<Vec<f64>>())
        });
        let mut lengths: Vec<usize> = histories.iter().map(Matrix::n_rows).collect();
        lengths.sort_unstable();
        Ok(Self {
            features: features.collect::<Result<_, _>>()?,
            lengths,
        })
    }

    /// Steps of the histories that were fitted, ascending.
    pub(super) fn lengths(&self) -> &[usize] {
        &self.lengths
    }

    /// Numbers of a step.
    pub(super) fn n_features(&self) -> usize {
        self.features.len()
    }

    /// One history on the common scale, row after row.
    pub(super) fn apply(&self, history: &Matrix) -> Vec<f32> {
        let features = self.features.iter().cycle();
        let scaled = history.values().iter().zip(features);
        scaled
            .map(|(value, feature)| ((value - feature.mean) / feature.deviation) as f32)
            .collect()
    }

    /// One history back from the common scale, within the ranges that were fitted.
    pub(super) fn undo(&self, steps: &[f32]) -> Result<Matrix, LearnError> {
        let features = self.features.iter().cycle();
        let values = steps.iter().zip(features).map(|(step, feature)| {
            let value = f64::from(*step) * feature.deviation + feature.mean;
            let value = if feature.is_whole {
                value.round()
            } else {
                value
            };
            value.clamp(feature.lowest, feature.highest)
        });
        let n_features = self.features.len();
        Matrix::new(steps.len() / n_features, n_features, values.collect())
    }
}

impl Feature {
    fn fit(name: &str, values: &[f64]) -> Result<Self, NnError> {
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if lowest == highest {
            return Err(TableError::SingleValue {
                name: name.to_owned(),
                value: lowest.to_string(),
            }
            .into());
        }
        Ok(Self {
            mean: stats::mean(values),
            deviation: stats::variance(values).sqrt(),
            lowest,
            highest,
            is_whole: values.iter().all(|value| value.fract() == 0.0),
        })
    }
}
