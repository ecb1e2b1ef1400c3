//! Fitted changes of a table: filling gaps, unskewing, clipping, scaling, rotating, binning, and
//! the ways from categories and text to numbers.
//!
//! Each is a pair of types: what to do (`StandardScaler`) and what was fitted
//! (`FittedStandardScaler`), which [`Transform`](crate::Transform)s rows and undoes itself.
//! Statistics leave missing values out and transformations let them pass, except where said.

mod bins;
mod clip;
mod encoder;
mod hashing;
mod impute;
mod levels;
mod modes;
mod one_hot;
mod ordinal;
mod pca;
mod scale;
mod target;
mod tf_idf;
mod unskew;

pub use bins::{FittedQuantileBinner, QuantileBinner, ValidQuantileBinner};
pub use clip::{Clipper, FittedClipper};
pub use encoder::{CategoryEncoding, TableEncoder, TableEncoderParams, ValidTableEncoderParams};
pub use hashing::{NGrams, TextHasher, TextHasherParams};
pub use impute::{FittedImputer, MedianImputer};
pub use modes::{Block, BlockKind, ModeEncoder, ModeEncoderParams, ValidModeEncoderParams};
pub use one_hot::{FittedOneHot, OneHot, Unknown};
pub use ordinal::{FittedFrequency, FittedOrdinal, Frequency, Ordinal};
pub use pca::{Pca, PcaParams};
pub use scale::{FittedScaler, RobustScaler, StandardScaler};
pub use target::{FittedTargetEncoder, Leakproof, Smoothing, TargetEncoder, ValidTargetEncoder};
pub use tf_idf::{FittedTfIdf, TfIdf};
pub use unskew::{FittedUnskewer, Unskewer};

use crate::table::{Categories, TableError};
use crate::{LearnError, Matrix};

/// A fitted change of a column of categories into columns of numbers.
pub trait EncodeCategories {
    /// Names of the columns that come out, `(n_outputs,)`, for a column of this name.
    fn output_names(&self, name: &str) -> Vec<String>;

    /// Encodes every row, `(n_rows, n_outputs)`; `name` is told in errors.
    ///
    /// # Errors
    /// [`TableError::UnknownLevel`] from an encoder that was told to refuse those.
    fn encode(&self, name: &str, categories: &Categories) -> Result<Matrix, TableError>;
}

/// The present values of a column.
fn present(records: &Matrix, column: usize) -> Vec<f64> {
    records
        .column(column)
        .filter(|value| value.is_finite())
        .collect()
}

/// Applies `change(value, column)` to every value of a table of the expected width.
fn map_values(
    records: &Matrix,
    n_columns: usize,
    change: impl Fn(f64, usize) -> f64,
) -> Result<Matrix, LearnError> {
    records.require_columns(n_columns)?;
    let mut changed = records.clone();
    for row in changed.rows_mut() {
        for (column, value) in row.iter_mut().enumerate() {
            *value = change(*value, column);
        }
    }
    Ok(changed)
}

/// Works out one thing per column, on the context's threads.
fn per_column<R: Send>(
    records: &Matrix,
    context: &crate::Context<'_>,
    work: impl Fn(Vec<f64>) -> R + Sync,
) -> Result<Vec<R>, LearnError> {
    context.proceed()?;
    Ok(crate::map_parts(
        context.threads,
        0..records.n_columns(),
        |column| work(present(records, column)),
    ))
}

#[cfg(test)]
mod category_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod text_tests;
