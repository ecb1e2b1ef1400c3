//! The verbs that everything which learns shares.
//!
//! Parameters, checked parameters, fitted model and prediction are four types: a model that was
//! not fitted cannot predict because it does not exist.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{Context, LearnError, Matrix, ModelFolderError, Provenance};

/// Named figures of a model, in the spelling of the product (`silhouette`, `stability_ari`, ...).
pub type Metrics = BTreeMap<String, f64>;

/// Parameters that can be refused before any work starts.
pub trait Check {
    /// The same parameters, known to be in range.
    type Valid;
    /// Which parameter is wrong and what it may be.
    type Error;

    /// Refuses parameters that are out of range.
    ///
    /// # Errors
    /// The first parameter that is out of range.
    fn check(self) -> Result<Self::Valid, Self::Error>;
}

/// Checked parameters that learn from data.
pub trait Fit<D: ?Sized> {
    /// What is learned. It keeps no training data.
    type Model;
    /// Why nothing was learned.
    type Error;

    /// Learns. The same data, parameters and seed give the same model.
    ///
    /// # Errors
    /// Data that the method cannot learn from, cancellation, or the deadline.
    fn fit(&self, data: &D, context: &Context<'_>) -> Result<Self::Model, Self::Error>;
}

/// A model that says something about new data.
pub trait Predict<D: ?Sized> {
    /// What it says, one entry per row.
    type Prediction;
    /// Why it cannot.
    type Error;

    /// Predicts for every row.
    ///
    /// # Errors
    /// Rows of another shape than those the model was fitted on.
    fn predict(&self, data: &D) -> Result<Self::Prediction, Self::Error>;
}

/// A fitted change of a table that keeps its rows.
pub trait Transform {
    /// Changes every row: `(n_samples, n_features)` to `(n_samples, n_outputs)`.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when the columns are not those it was fitted on.
    fn transform(&self, records: &Matrix) -> Result<Matrix, LearnError>;

    /// Undoes [`transform`](Self::transform), as far as nothing was lost.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when the columns are not those it produces.
    fn inverse_transform(&self, records: &Matrix) -> Result<Matrix, LearnError>;
}

/// A model that gives its reasons.
pub trait Explain<D: ?Sized> {
    /// The reasons for one row.
    type Explanation;
    /// Why it cannot.
    type Error;

    /// Explains what the model says about one row.
    ///
    /// # Errors
    /// A row of another shape than those the model was fitted on.
    fn explain(&self, row: &D) -> Result<Self::Explanation, Self::Error>;
}

/// A model that is measured on data.
pub trait Evaluate<D: ?Sized> {
    /// Why it cannot.
    type Error;

    /// Its figures on this data.
    ///
    /// # Errors
    /// Data of another shape, or too little of it for the figures to exist.
    fn evaluate(&self, data: &D, context: &Context<'_>) -> Result<Metrics, Self::Error>;
}

/// A model that lives in a folder (see [`save_model`](crate::save_model)).
pub trait Persist: Sized {
    /// Names the kind of model in its file, so that another kind is refused.
    const KIND: &'static str;

    /// Writes the folder, whole or not at all.
    ///
    /// # Errors
    /// The folder cannot be written.
    fn save(&self, folder: &Path, provenance: &Provenance) -> Result<(), ModelFolderError>;

    /// Reads the folder back.
    ///
    /// # Errors
    /// The folder cannot be read, holds another kind, or was written by newer code.
    fn load(folder: &Path) -> Result<Self, ModelFolderError>;
}
