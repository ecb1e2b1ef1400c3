//! Logistic regression on a table: categories as columns of zeros and ones, numbers as they are and
//! once more as bins of equal frequency, so that effects may bend and missing values have a say.

use serde::{Deserialize, Serialize};

use super::{Rows, ScorerError};
use crate::linear::{LogisticParams, LogisticRegression, Penalty};
use crate::metrics::log_loss;
use crate::table::{Categories, Column, Table};
use crate::transform::{
    CategoryEncoding, FittedImputer, FittedQuantileBinner, MedianImputer, OneHot, QuantileBinner,
    TableEncoder, TableEncoderParams,
};
use crate::{Check, Context, Examples, Fit, Matrix, Transform};

/// Bins of a column of numbers.
const N_BINS: usize = 20;
/// Rows that a category needs for a column of its own.
const MIN_COUNT: usize = 20;
/// Strengths of the penalty that are tried, from weak to strong.
const LAMBDAS: [f64; 5] = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1];

/// From a table to columns, and their weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct LinearScorer {
    features: Features,
    regression: LogisticRegression,
    lambda: f64,
}

impl LinearScorer {
    /// Fits with the penalty that has the least log loss on the held-back rows.
    pub(super) fn choose(
        train: Rows<'_>,
        held: Rows<'_>,
        context: &Context<'_>,
    ) -> Result<Self, ScorerError> {
        let (features, records) = Features::fit(train.table, context)?;
        let held_records = features.of(held.table)?;
        let mut best: Option<(f64, f64, LogisticRegression)> = None;
        for lambda in LAMBDAS {
            let regression = regress(&records, train.outcomes, lambda, context)?;
            let loss = log_loss(&happens(&regression, &held_records)?, held.outcomes)?;
            if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
                best = Some((loss, lambda, regression));
            }
        }
        let (_, lambda, regression) = best.expect("at least one penalty is tried");
        Ok(Self {
            features,
            regression,
            lambda,
        })
    }

    /// The same settings on other rows.
    pub(super) fn again(&self, rows: Rows<'_>, context: &Context<'_>) -> Result<Self, ScorerError> {
        let (features, records) = Features::fit(rows.table, context)?;
        Ok(Self {
            regression: regress(&records, rows.outcomes, self.lambda, context)?,
            features,
            lambda: self.lambda,
        })
    }

    pub(super) fn predict(&self, table: &Table) -> Result<Vec<f64>, ScorerError> {
        happens(&self.regression, &self.features.of(table)?)
    }
}

fn regress(
    records: &Matrix,
    outcomes: &[bool],
    lambda: f64,
    context: &Context<'_>,
) -> Result<LogisticRegression, ScorerError> {
    let params = LogisticParams {
        penalty: Penalty::ridge(lambda),
        tolerance: 1e-6,
        ..LogisticParams::new(2)
    };
    let labels: Vec<u32> = outcomes.iter().map(|&outcome| u32::from(outcome)).collect();
    Ok(params
        .check()?
        .fit(&Examples::new(records, &labels), context)?)
}

fn happens(regression: &LogisticRegression, records: &Matrix) -> Result<Vec<f64>, ScorerError> {
    Ok(regression.predict_proba(records)?.column(1).collect())
}

/// From a table to the columns of the regression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Features {
    /// Columns of numbers, in the order of training.
    numeric: Vec<String>,
    numbers: Option<Numbers>,
    encoder: TableEncoder,
}

/// What was learned of the columns of numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Numbers {
    imputer: FittedImputer,
    binner: FittedQuantileBinner,
}

impl Features {
    fn fit(train: &Table, context: &Context<'_>) -> Result<(Self, Matrix), ScorerError> {
        let numeric = train.columns().filter_map(|(name, column)| match column {
            Column::Numeric(_) => Some(name.to_owned()),
            Column::Categorical(_) => None,
        });
        let numeric: Vec<String> = numeric.collect();
        let numbers = if numeric.is_empty() {
            None
        } else {
            let records = numbers_of(train, &numeric)?;
            let imputer = MedianImputer.fit(&records, context)?;
            let binner = QuantileBinner { n_bins: N_BINS }
                .check()?
                .fit(&imputer.transform(&records)?, context)?;
            Some(Numbers { imputer, binner })
        };
        let categories = CategoryEncoding::OneHot(OneHot {
            min_count: MIN_COUNT,
            ..OneHot::default()
        });
        let params = TableEncoderParams {
            categories,
            ..TableEncoderParams::default()
        };
        let widened = widen(train, &numeric, numbers.as_ref())?;
        let (encoder, records) = params.check()?.fit_encode(&widened, context)?;
        let features = Self {
            numeric,
            numbers,
            encoder,
        };
        Ok((features, records))
    }

    fn of(&self, table: &Table) -> Result<Matrix, ScorerError> {
        let widened = widen(table, &self.numeric, self.numbers.as_ref())?;
        Ok(self.encoder.encode(&widened)?)
    }
}

/// The columns of numbers as a matrix.
fn numbers_of(table: &Table, names: &[String]) -> Result<Matrix, ScorerError> {
    let mut matrix = Matrix::zeros(table.n_rows(), names.len());
    for (position, name) in names.iter().enumerate() {
        for (row, value) in matrix.rows_mut().zip(table.numbers(name)?) {
            row[position] = *value;
        }
    }
    Ok(matrix)
}

/// The same table with missing numbers filled in and a column of bins beside each column of numbers.
/// A missing number is a bin of its own.
fn widen(
    table: &Table,
    numeric: &[String],
    numbers: Option<&Numbers>,
) -> Result<Table, ScorerError> {
    let categories = table
        .columns()
        .filter(|(_, column)| matches!(column, Column::Categorical(_)));
    let mut columns: Vec<(String, Column)> = categories
        .map(|(name, column)| (name.to_owned(), column.clone()))
        .collect();
    if let Some(numbers) = numbers {
        let records = numbers_of(table, numeric)?;
        let filled = numbers.imputer.transform(&records)?;
        let bins = numbers.binner.transform(&filled)?;
        for (position, name) in numeric.iter().enumerate() {
            let cells = records.column(position).zip(bins.column(position));
            let bin = cells.map(|(value, bin)| (!value.is_nan()).then(|| format!("bin {bin}")));
            let bin = Column::Categorical(Categories::from_texts(bin));
            columns.push((format!("{name} in bins"), bin));
            let values = filled.column(position).collect();
            columns.push((name.clone(), Column::Numeric(values)));
        }
    }
    Ok(Table::new(columns)?)
}
