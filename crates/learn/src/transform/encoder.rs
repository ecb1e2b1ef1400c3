//! From a table of numbers and categories to a matrix.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::EncodeCategories;
use super::one_hot::{FittedOneHot, OneHot};
use super::ordinal::{FittedFrequency, FittedOrdinal, Frequency, Ordinal};
use super::target::{FittedTargetEncoder, TargetEncoder};
use crate::table::{Categories, Column, Kind, Table, TableError, Target};
use crate::{Check, Context, Fit, LearnError, Matrix};

/// How the categories of a column become numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CategoryEncoding {
    /// A column per category.
    OneHot(OneHot),
    /// The place in an order.
    Ordinal(Ordinal),
    /// The share of rows.
    Frequency,
    /// The mean target; for more than two classes one column per class.
    Target(TargetEncoder),
}

/// How a table becomes a matrix: numbers pass as they are, missing ones as `NaN`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableEncoderParams {
    /// For columns of categories that are not named below; one-hot by default.
    pub categories: CategoryEncoding,
    /// For single columns.
    pub columns: BTreeMap<String, CategoryEncoding>,
}

impl Default for TableEncoderParams {
    fn default() -> Self {
        Self {
            categories: CategoryEncoding::OneHot(OneHot::default()),
            columns: BTreeMap::new(),
        }
    }
}

/// Checked [`TableEncoderParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidTableEncoderParams(TableEncoderParams);

/// Fitted encodings of a table's columns.
///
/// The columns of a table are found by name, so their order may differ and others may be there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableEncoder {
    columns: Vec<(String, FittedColumn)>,
}

/// What was fitted for one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum FittedColumn {
    Numeric,
    OneHot(FittedOneHot),
    Ordinal(FittedOrdinal),
    Frequency(FittedFrequency),
    /// With what each output is about: nothing, or a class.
    Target(Vec<(String, FittedTargetEncoder)>),
}

impl Check for TableEncoderParams {
    type Valid = ValidTableEncoderParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidTableEncoderParams, LearnError> {
        for encoding in self.columns.values().chain([&self.categories]) {
            if let CategoryEncoding::Target(encoder) = encoding {
                encoder.check()?;
            }
        }
        Ok(ValidTableEncoderParams(self))
    }
}

impl ValidTableEncoderParams {
    /// Learns the encodings and encodes the training rows, `(n_rows, n_outputs)`.
    ///
    /// Encodings by target are out of fold: no row sees its own target. That is why training rows
    /// are encoded here and not by [`TableEncoder::encode`].
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`] or [`TableError::OtherKind`] for a named column that does not
    /// fit, [`TableError::NoTarget`], cancellation or the deadline.
    pub fn fit_encode(
        &self,
        table: &Table,
        context: &Context<'_>,
    ) -> Result<(TableEncoder, Matrix), TableError> {
        for name in self.0.columns.keys() {
            table.categories(name)?;
        }
        let mut columns = Vec::with_capacity(table.names().len());
        let mut blocks = Vec::with_capacity(table.names().len());
        for (name, column) in table.columns() {
            let (fitted, block) = self.fit_column(name, column, table, context)?;
            columns.push((name.to_owned(), fitted));
            blocks.push(block);
        }
        Ok((TableEncoder { columns }, side_by_side(&blocks)?))
    }

    fn fit_column(
        &self,
        name: &str,
        column: &Column,
        table: &Table,
        context: &Context<'_>,
    ) -> Result<(FittedColumn, Matrix), TableError> {
        let categories = match column {
            Column::Numeric(values) => {
                let block = Matrix::new(values.len(), 1, values.clone())?;
                return Ok((FittedColumn::Numeric, block));
            }
            Column::Categorical(categories) => categories,
        };
        let encoding = self.0.columns.get(name).unwrap_or(&self.0.categories);
        let fitted = match encoding {
            CategoryEncoding::OneHot(params) => {
                FittedColumn::OneHot(params.fit(categories, context)?)
            }
            CategoryEncoding::Ordinal(params) => {
                FittedColumn::Ordinal(params.fit(categories, context)?)
            }
            CategoryEncoding::Frequency => {
                FittedColumn::Frequency(Frequency.fit(categories, context)?)
            }
            CategoryEncoding::Target(params) => {
                return fit_target(*params, categories, table, context);
            }
        };
        let block = fitted.encode(name, column)?;
        Ok((fitted, block))
    }
}

impl Fit<Table> for ValidTableEncoderParams {
    type Model = TableEncoder;
    type Error = TableError;

    fn fit(&self, table: &Table, context: &Context<'_>) -> Result<TableEncoder, TableError> {
        Ok(self.fit_encode(table, context)?.0)
    }
}

impl TableEncoder {
    /// Names of the matrix's columns, `(n_outputs,)`.
    pub fn feature_names(&self) -> Vec<String> {
        self.columns
            .iter()
            .flat_map(|(name, fitted)| fitted.output_names(name))
            .collect()
    }

    /// Encodes rows that were not fitted on, `(n_rows, n_outputs)`.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`] or [`TableError::OtherKind`] for a column that is not as it
    /// was, [`TableError::UnknownLevel`] where that was asked for.
    pub fn encode(&self, table: &Table) -> Result<Matrix, TableError> {
        let blocks: Vec<Matrix> = self
            .columns
            .iter()
            .map(|(name, fitted)| fitted.encode(name, table.column(name)?))
            .collect::<Result<_, _>>()?;
        side_by_side(&blocks)
    }
}

impl FittedColumn {
    fn encode(&self, name: &str, column: &Column) -> Result<Matrix, TableError> {
        match (self, column) {
            (Self::Numeric, Column::Numeric(values)) => {
                Ok(Matrix::new(values.len(), 1, values.clone())?)
            }
            (Self::Numeric, Column::Categorical(_)) => Err(TableError::OtherKind {
                name: name.into(),
                expected: Kind::Numeric,
            }),
            (_, Column::Numeric(_)) => Err(TableError::OtherKind {
                name: name.into(),
                expected: Kind::Categorical,
            }),
            (Self::OneHot(fitted), Column::Categorical(c)) => fitted.encode(name, c),
            (Self::Ordinal(fitted), Column::Categorical(c)) => fitted.encode(name, c),
            (Self::Frequency(fitted), Column::Categorical(c)) => fitted.encode(name, c),
            (Self::Target(fitted), Column::Categorical(c)) => {
                let blocks: Vec<Matrix> = fitted
                    .iter()
                    .map(|(_, fitted)| fitted.encode(name, c))
                    .collect::<Result<_, _>>()?;
                side_by_side(&blocks)
            }
        }
    }

    fn output_names(&self, name: &str) -> Vec<String> {
        match self {
            Self::Numeric => vec![name.into()],
            Self::OneHot(fitted) => fitted.output_names(name),
            Self::Ordinal(fitted) => fitted.output_names(name),
            Self::Frequency(fitted) => fitted.output_names(name),
            Self::Target(fitted) => fitted
                .iter()
                .flat_map(|(about, fitted)| fitted.output_names(&format!("{name}{about}")))
                .collect(),
        }
    }
}

fn fit_target(
    params: TargetEncoder,
    categories: &Categories,
    table: &Table,
    context: &Context<'_>,
) -> Result<(FittedColumn, Matrix), TableError> {
    let params = params.check()?;
    let mut fitted = Vec::new();
    let mut blocks = Vec::new();
    for (about, targets) in outputs(table)? {
        let (encoder, encoded) = params.fit_encode(categories, &targets, context)?;
        blocks.push(Matrix::new(encoded.len(), 1, encoded)?);
        fitted.push((about, encoder));
    }
    Ok((FittedColumn::Target(fitted), side_by_side(&blocks)?))
}

/// What to take means of: numbers, the second of two classes, or each of several.
fn outputs(table: &Table) -> Result<Vec<(String, Vec<f64>)>, TableError> {
    let labels = match table.target() {
        None => return Err(TableError::NoTarget),
        Some(Target::Numbers(numbers)) => return Ok(vec![(String::new(), numbers.clone())]),
        Some(Target::Classes(labels)) => labels,
    };
    let indicators = |class: u32| {
        let is_class = labels.codes().iter().map(|&code| code == class);
        is_class.map(|is| f64::from(u8::from(is))).collect()
    };
    if labels.classes().len() == 2 {
        return Ok(vec![(String::new(), indicators(1))]);
    }
    Ok((0..)
        .zip(labels.classes())
        .map(|(class, name)| (format!(":{name}"), indicators(class)))
        .collect())
}

/// Tables of one height next to each other.
fn side_by_side(blocks: &[Matrix]) -> Result<Matrix, TableError> {
    let n_rows = blocks.first().map_or(0, Matrix::n_rows);
    let n_columns = blocks.iter().map(Matrix::n_columns).sum();
    let mut values = Vec::with_capacity(n_rows * n_columns);
    for row in 0..n_rows {
        for block in blocks {
            values.extend_from_slice(block.row(row));
        }
    }
    Ok(Matrix::new(n_rows, n_columns, values)?)
}
