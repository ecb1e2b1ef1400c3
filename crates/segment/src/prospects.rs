//! People who have not ordered yet: a segment by definition, not by distance.
//!
//! They have no recency, no basket and no pace. Filled in with what is usual they would pass for
//! average buyers, and RFM would call a lead of this morning lost.

use rapport_learn::Matrix;
use serde::{Deserialize, Serialize};

use crate::{FeatureInfo, Role, Unit};

/// The rows of people who have ordered, whom segments are learned from and measured on; all rows where
/// no feature counts orders. People who have not would stand in the middle of everything, where their
/// gaps are filled, and no segment would seem far from another.
pub fn buyers(features: &[FeatureInfo], records: &Matrix) -> Vec<usize> {
    Prospects::buyers(Prospects::by(features), records)
}

/// How people without an order are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prospects {
    /// The column that counts orders.
    column: usize,
}

impl Prospects {
    /// By the feature that counts orders, if the table has one.
    pub(crate) fn by(features: &[FeatureInfo]) -> Option<Self> {
        let column = features
            .iter()
            .position(|f| f.role == Role::Frequency && f.unit == Unit::Count)?;
        Some(Self { column })
    }

    /// The column that counts orders.
    pub(crate) fn column(self) -> usize {
        self.column
    }

    /// Whether somebody with these features has not ordered yet.
    pub(crate) fn include(self, row: &[f64]) -> bool {
        row[self.column] == 0.0
    }

    /// The rows of people who have ordered.
    pub(crate) fn buyers(prospects: Option<Self>, records: &Matrix) -> Vec<usize> {
        let is_buyer = |row: &[f64]| prospects.is_none_or(|prospects| !prospects.include(row));
        let rows = records.rows().enumerate();
        rows.filter(|(_, row)| is_buyer(row))
            .map(|(at, _)| at)
            .collect()
    }
}
