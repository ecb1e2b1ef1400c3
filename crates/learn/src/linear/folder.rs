//! Linear models in their folders, with the names that their columns have.

use std::fmt::Write;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{
    Contributions, ElasticNetParams, LinearRegression, LinearScores, LogisticParams,
    LogisticRegression,
};
use crate::{
    Baseline, Dataset, Explain, LearnError, Metrics, ModelFile, ModelFolderError, Persist,
    Provenance, load_model, save_model, stats,
};

/// Columns that the card shows, the strongest first.
const N_SHOWN: usize = 20;

/// A linear model that was fitted on named columns, and what must be known of it later.
///
/// Coefficients alone do not say which column is which: the names travel with them, and the means of
/// the training rows, against which single rows are explained.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedLinear<P, M> {
    /// How it was fitted.
    pub parameters: P,
    /// The model.
    pub model: M,
    /// The seed that it was fitted with.
    pub seed: u64,
    /// Its figures on held-back rows.
    pub metrics: Metrics,
    /// The simple method that it must beat.
    pub baseline: Option<Baseline>,
    columns: Columns,
}

/// The columns of the training rows.
#[derive(Debug, Clone, PartialEq)]
struct Columns {
    names: Vec<String>,
    /// `(n_features,)`.
    means: Vec<f64>,
    /// `(n_features,)`.
    deviations: Vec<f64>,
    n_samples: u64,
    fingerprint: String,
}

/// What `model.json` holds of a linear model.
#[derive(Serialize, Deserialize)]
struct State<M> {
    model: M,
    means: Vec<f64>,
    deviations: Vec<f64>,
}

/// A linear regression on named columns.
pub type NamedRegression = NamedLinear<ElasticNetParams, LinearRegression>;
/// A logistic regression on named columns.
pub type NamedLogistic = NamedLinear<LogisticParams, LogisticRegression>;

/// A model with linear scores that has a folder of its own kind.
pub trait LinearKind: Serialize + DeserializeOwned {
    /// Names the kind of model in its file.
    const KIND: &'static str;

    /// The map from a row to its scores.
    fn linear_scores(&self) -> LinearScores;
}

impl LinearKind for LinearRegression {
    const KIND: &'static str = "linear_regression";

    fn linear_scores(&self) -> LinearScores {
        self.scores()
    }
}

impl LinearKind for LogisticRegression {
    const KIND: &'static str = "logistic_regression";

    fn linear_scores(&self) -> LinearScores {
        self.scores().clone()
    }
}

impl<P, M: LinearKind> NamedLinear<P, M> {
    /// A model beside the rows that it was fitted on.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when it was fitted on other columns.
    pub fn new(parameters: P, model: M, seed: u64, data: &Dataset) -> Result<Self, LearnError> {
        let n_features = model.linear_scores().coefficients.n_columns();
        data.records.require_columns(n_features)?;
        let columns: Vec<Vec<f64>> = (0..n_features)
            .map(|column| data.records.column(column).collect())
            .collect();
        Ok(Self {
            parameters,
            model,
            seed,
            metrics: Metrics::new(),
            baseline: None,
            columns: Columns {
                deviations: columns.iter().map(|c| stats::variance(c).sqrt()).collect(),
                names: data.feature_names.clone(),
                means: columns.iter().map(|column| stats::mean(column)).collect(),
                n_samples: data.records.n_rows() as u64,
                fingerprint: data.fingerprint(),
            },
        })
    }

    /// The columns that rows must have, in this order.
    pub fn feature_names(&self) -> &[String] {
        &self.columns.names
    }

    /// The model for people: its figures and its strongest columns.
    fn card(&self, provenance: &Provenance) -> String {
        let mut card = format!(
            "# {} {}\n\nFitted on {} rows of {} columns, made on {} by Rapport {}.\n",
            M::KIND.replace('_', " "),
            provenance.version,
            self.columns.n_samples,
            self.columns.names.len(),
            provenance.created_at.format("%Y-%m-%d"),
            provenance.code_version,
        );
        for (name, value) in &self.metrics {
            let beside = self.baseline.as_ref().and_then(|baseline| {
                let figure = baseline.metrics.get(name)?;
                Some(format!(" (baseline {}: {figure:.4})", baseline.name))
            });
            let beside = beside.unwrap_or_default();
            writeln!(card, "\n- {name}: {value:.4}{beside}").expect(WRITING);
        }
        card.push_str(
            "\n## Strongest columns\n\n| Column | Score | Per deviation |\n|---|---|---|\n",
        );
        for (column, output, effect) in self.strongest() {
            let name = &self.columns.names[column];
            writeln!(card, "| {name} | {output} | {effect:+.4} |").expect(WRITING);
        }
        card
    }

    /// Column, output and change of the score per deviation of the column, the largest first.
    fn strongest(&self) -> Vec<(usize, usize, f64)> {
        let scores = self.model.linear_scores();
        let mut effects: Vec<(usize, usize, f64)> = Vec::new();
        for (output, coefficients) in scores.coefficients.rows().enumerate() {
            let columns = coefficients
                .iter()
                .zip(&self.columns.deviations)
                .enumerate();
            effects.extend(columns.map(|(column, (b, deviation))| (column, output, b * deviation)));
        }
        effects.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        effects.truncate(N_SHOWN);
        effects
    }
}

const WRITING: &str = "writing to a string cannot fail";

impl<P, M: LinearKind> Explain<[f64]> for NamedLinear<P, M> {
    type Explanation = Contributions;
    type Error = LearnError;

    /// Compared with the means of the training rows.
    fn explain(&self, row: &[f64]) -> Result<Contributions, LearnError> {
        self.model
            .linear_scores()
            .contributions(row, &self.columns.means)
    }
}

impl<P, M> Persist for NamedLinear<P, M>
where
    P: Serialize + DeserializeOwned + Clone,
    M: LinearKind + Clone,
{
    const KIND: &'static str = M::KIND;

    fn save(&self, folder: &Path, provenance: &Provenance) -> Result<(), ModelFolderError> {
        let state = State {
            model: self.model.clone(),
            means: self.columns.means.clone(),
            deviations: self.columns.deviations.clone(),
        };
        let names = self.columns.names.clone();
        let mut file = ModelFile::new(M::KIND, names, self.parameters.clone(), state, provenance);
        file.seed = self.seed;
        file.data.n_samples = self.columns.n_samples;
        file.data.fingerprint.clone_from(&self.columns.fingerprint);
        file.metrics = self.metrics.clone();
        file.baseline.clone_from(&self.baseline);
        save_model(folder, &file, &self.card(provenance))
    }

    fn load(folder: &Path) -> Result<Self, ModelFolderError> {
        let file: ModelFile<P, State<M>> = load_model(folder, M::KIND)?;
        Ok(Self {
            parameters: file.parameters,
            model: file.state.model,
            seed: file.seed,
            metrics: file.metrics,
            baseline: file.baseline,
            columns: Columns {
                deviations: file.state.deviations,
                names: file.feature_names,
                means: file.state.means,
                n_samples: file.data.n_samples,
                fingerprint: file.data.fingerprint,
            },
        })
    }
}
