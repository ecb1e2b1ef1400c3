//! Fitted changes of a table: filling gaps, unskewing, clipping, scaling, rotating.
//!
//! Each is a pair of types: what to do (`StandardScaler`) and what was fitted
//! (`FittedStandardScaler`), which [`Transform`](crate::Transform)s rows and undoes itself.
//! Statistics leave missing values out and transformations let them pass, except where said.

mod clip;
mod impute;
mod pca;
mod scale;
mod unskew;

pub use clip::{Clipper, FittedClipper};
pub use impute::{FittedImputer, MedianImputer};
pub use pca::{Pca, PcaParams};
pub use scale::{FittedScaler, RobustScaler, StandardScaler};
pub use unskew::{FittedUnskewer, Unskewer};

use crate::{LearnError, Matrix};

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
mod tests;
