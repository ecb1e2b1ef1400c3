//! The result: one row per customer, one column per feature.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use rapport_domain::{ContactId, Currency, Timestamp};
use sha2::{Digest, Sha256};

use crate::build::DEFINITIONS;
use crate::{Feature, FeatureError};

/// Features of all customers with an event before the instant, by ascending customer id.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureTable {
    /// The instant; nothing at or after it was seen.
    pub as_of: Timestamp,
    /// Currency of the money features; none where nothing was ordered.
    pub currency: Option<Currency>,
    /// Order lines in other currencies: their orders count, their amounts do not.
    pub n_lines_left_out: u64,
    /// `(n_customers,)`
    pub customer_ids: Vec<ContactId>,
    /// `(n_features,)`
    pub features: Vec<Feature>,
    /// `n_features` columns of `(n_customers,)`; NaN where a value is missing.
    pub columns: Vec<Vec<f64>>,
}

impl FeatureTable {
    /// Number of customers.
    pub fn n_customers(&self) -> usize {
        self.customer_ids.len()
    }

    /// Keeps the customers of whom `is_kept` holds, in their order.
    pub fn retain(&mut self, is_kept: impl Fn(ContactId) -> bool) {
        let kept: Vec<bool> = self.customer_ids.iter().map(|&id| is_kept(id)).collect();
        let mut flags = kept.iter();
        self.customer_ids
            .retain(|_| *flags.next().unwrap_or(&false));
        for column in &mut self.columns {
            let mut flags = kept.iter();
            column.retain(|_| *flags.next().unwrap_or(&false));
        }
    }

    /// One feature's values, `(n_customers,)`; none where there is no such feature.
    pub fn column(&self, name: &str) -> Option<&[f64]> {
        let idx = self
            .features
            .iter()
            .position(|feature| feature.name == name)?;
        Some(&self.columns[idx])
    }

    /// One customer's values, `(n_features,)`.
    pub fn row(&self, customer_idx: usize) -> Vec<f64> {
        self.columns
            .iter()
            .map(|column| column[customer_idx])
            .collect()
    }

    /// All values row by row, `(n_customers * n_features,)`.
    pub fn row_major(&self) -> Vec<f64> {
        (0..self.n_customers())
            .flat_map(|idx| self.row(idx))
            .collect()
    }

    /// The table as Arrow: `customer_id`, then a nullable column per feature.
    ///
    /// # Errors
    /// [`FeatureError::Arrow`] where columns have different lengths, which they never have.
    pub fn to_record_batch(&self) -> Result<RecordBatch, FeatureError> {
        let ids: StringArray = self
            .customer_ids
            .iter()
            .map(|id| Some(id.to_string()))
            .collect();
        let mut fields = vec![Field::new("customer_id", DataType::Utf8, false)];
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(ids)];
        for (feature, column) in self.features.iter().zip(&self.columns) {
            fields.push(Field::new(&feature.name, DataType::Float64, true));
            let values: Float64Array = column
                .iter()
                .map(|value| (!value.is_nan()).then_some(*value))
                .collect();
            arrays.push(Arc::new(values));
        }
        Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
    }

    /// SHA-256 over the definitions (SQL, names, units, windows), the instant, ids and values in
    /// hexadecimal: what a score names as its origin.
    pub fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        for sql in DEFINITIONS {
            hasher.update(sql.as_bytes());
            hasher.update([0]);
        }
        hasher.update(self.as_of.as_micros().to_le_bytes());
        hasher.update(
            self.currency
                .map_or_else(String::new, |c| c.code().to_owned()),
        );
        for feature in &self.features {
            for text in [&feature.name, &feature.label.en] {
                hasher.update(text.as_bytes());
                hasher.update([0]);
            }
            hasher.update(feature.unit.as_str().as_bytes());
            hasher.update(feature.window_days.unwrap_or(0).to_le_bytes());
        }
        for id in &self.customer_ids {
            hasher.update(id.as_uuid().as_bytes());
        }
        for value in self.columns.iter().flatten() {
            // All missing values count as one, whatever their bits.
            let bits = if value.is_nan() {
                u64::MAX
            } else {
                value.to_bits()
            };
            hasher.update(bits.to_le_bytes());
        }
        hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn customers_go_with_all_of_their_values() {
        let customer = |n| ContactId(Uuid::from_u128(n));
        let mut table = FeatureTable {
            as_of: Timestamp::from_micros(0),
            currency: None,
            n_lines_left_out: 0,
            customer_ids: vec![customer(1), customer(2), customer(3)],
            features: Vec::new(),
            columns: vec![vec![1.0, 2.0, 3.0], vec![10.0, 20.0, 30.0]],
        };

        table.retain(|id| id != customer(2));

        assert_eq!(table.customer_ids, [customer(1), customer(3)]);
        assert_eq!(table.columns, [[1.0, 3.0], [10.0, 30.0]]);
    }
}
