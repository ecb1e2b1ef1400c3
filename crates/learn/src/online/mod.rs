//! Linear models that learn row by row, and forget a row when asked.
//!
//! The order of rows matters only where said. The same rows in the same order give the same model:
//! there is no chance in here.

mod ftrl;
mod least_squares;

pub use ftrl::{Ftrl, FtrlParams, ValidFtrlParams};
pub use least_squares::{
    RecursiveLeastSquares, RecursiveLeastSquaresParams, ValidRecursiveLeastSquaresParams,
};

#[cfg(test)]
mod tests;
