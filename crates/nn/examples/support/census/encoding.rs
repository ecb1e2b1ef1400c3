//! From a table to what a network takes: standardized numbers and numbers of categories.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::table::{Categories, Kind, Table};
use rapport_learn::transform::{FittedScaler, FittedUnskewer, StandardScaler, Unskewer};
use rapport_learn::{Context, Fit, Matrix, Transform};
use rapport_nn::models::TableBatch;

/// Categories rarer than this are taken together with missing ones as "unknown": a learned row
/// needs rows to learn from.
const MIN_COUNT: usize = 10;

/// How columns are encoded, fitted on training rows.
pub(crate) struct Encoding {
    numeric: Vec<String>,
    unskew: FittedUnskewer,
    scale: FittedScaler,
    categorical: Vec<(String, BTreeMap<String, usize>)>,
}

/// Encoded rows.
pub(crate) struct Rows {
    /// `(n_rows, n_numeric)`
    numeric: Matrix,
    /// Per categorical column the category of each row; 0 is "unknown".
    pub(crate) categories: Vec<Vec<usize>>,
}

impl Encoding {
    pub(crate) fn fit(table: &Table, context: &Context<'_>) -> Result<Self, Box<dyn Error>> {
        let names = |kind| {
            table
                .columns()
                .filter(move |(_, column)| column.kind() == kind)
                .map(|(name, _)| name.to_owned())
        };
        let numeric: Vec<String> = names(Kind::Numeric).collect();
        let raw = numbers(table, &numeric)?;
        let unskew = Unskewer { limit: 2.0 }.fit(&raw, context)?;
        let scale = StandardScaler.fit(&unskew.transform(&raw)?, context)?;
        let categorical = names(Kind::Categorical)
            .map(|name| {
                let known = known(table.categories(&name)?);
                Ok((name, known))
            })
            .collect::<Result<_, Box<dyn Error>>>()?;
        Ok(Self {
            numeric,
            unskew,
            scale,
            categorical,
        })
    }

    pub(crate) fn n_numeric(&self) -> usize {
        self.numeric.len()
    }

    /// Categories of each categorical column, "unknown" among them.
    pub(crate) fn n_categories(&self) -> Vec<usize> {
        let known = self.categorical.iter().map(|(_, known)| known);
        known.map(|known| known.len() + 1).collect()
    }

    pub(crate) fn encode(&self, table: &Table) -> Result<Rows, Box<dyn Error>> {
        let raw = self.raw_numbers(table)?;
        let numeric = self.scale.transform(&self.unskew.transform(&raw)?)?;
        numeric.require_finite()?;
        let categories = self
            .categorical
            .iter()
            .map(|(name, known)| {
                let column = table.categories(name)?;
                let category = |row| column.text(row).and_then(|text| known.get(text));
                Ok((0..table.n_rows())
                    .map(|row| category(row).copied().unwrap_or(0))
                    .collect())
            })
            .collect::<Result<_, Box<dyn Error>>>()?;
        Ok(Rows {
            numeric,
            categories,
        })
    }

    /// The numeric columns as they are, `(n_rows, n_numeric)`.
    pub(crate) fn raw_numbers(&self, table: &Table) -> Result<Matrix, Box<dyn Error>> {
        numbers(table, &self.numeric)
    }
}

fn numbers(table: &Table, names: &[String]) -> Result<Matrix, Box<dyn Error>> {
    let mut matrix = Matrix::zeros(table.n_rows(), names.len());
    for (position, name) in names.iter().enumerate() {
        for (row, value) in matrix.rows_mut().zip(table.numbers(name)?) {
            row[position] = *value;
        }
    }
    Ok(matrix)
}

/// Numbers of the categories that are frequent enough, from 1.
fn known(column: &Categories) -> BTreeMap<String, usize> {
    let mut counts = vec![0; column.levels().len()];
    for code in column.codes().iter().flatten() {
        counts[*code as usize] += 1;
    }
    let frequent = column.levels().iter().zip(counts);
    (1..)
        .zip(frequent.filter(|(_, count)| *count >= MIN_COUNT))
        .map(|(number, (level, _))| (level.clone(), number))
        .collect()
}

impl Rows {
    pub(crate) fn n_rows(&self) -> usize {
        self.numeric.n_rows()
    }

    /// These rows as a batch.
    pub(crate) fn batch(&self, rows: &[usize], device: &Device) -> TableBatch {
        let numbers: Vec<f32> = rows
            .iter()
            .flat_map(|&row| self.numeric.row(row).iter().map(|&value| value as f32))
            .collect();
        let sizes = [rows.len(), self.numeric.n_columns()];
        let column =
            |codes: &Vec<usize>| -> Arc<[usize]> { rows.iter().map(|&row| codes[row]).collect() };
        TableBatch {
            numeric: Some(Tensor::from_data(TensorData::new(numbers, sizes), device)),
            categories: self.categories.iter().map(column).collect(),
        }
    }
}
