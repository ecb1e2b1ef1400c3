//! Coefficients against reference libraries, planted truth, and what all linear models must do.
//!
//! Source of all reference numbers unless said otherwise: scikit-learn 1.9.1 on the rows of
//! `oracle`, run to its tightest tolerance; columns went through `StandardScaler` where we
//! standardize, and its coefficients were brought back to the units of the columns.

mod elastic_net;
mod folder;
mod logistic;
mod svm;

use super::*;
use crate::{Cancellation, Context, Matrix, Silent};

/// Calls `work` with a plain context.
fn with_context<R>(work: impl FnOnce(&Context<'_>) -> R) -> R {
    let cancel = Cancellation::default();
    work(&Context::new(1, &Silent, &cancel))
}

fn assert_close(found: &[f64], expected: &[f64], within: f64) {
    assert_eq!(found.len(), expected.len());
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= within, "{found:?} is not {expected:?}");
    }
}

/// Compares scores with intercepts and coefficients of each output, to 1e-6.
fn assert_scores<const K: usize, const P: usize>(
    found: &LinearScores,
    intercepts: [f64; K],
    coefficients: [[f64; P]; K],
) {
    assert_close(&found.intercepts, &intercepts, 1e-6);
    let expected = Matrix::from_rows(&coefficients);
    assert_close(found.coefficients.values(), expected.values(), 1e-6);
}
