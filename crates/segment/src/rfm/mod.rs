//! RFM: quintiles of recency, frequency and monetary value, and the field's names for them.

mod names;

use rapport_learn::{Matrix, stats};
use serde::{Deserialize, Serialize};

pub use names::RfmSegment;

use crate::{FeatureInfo, Role, SegmentError};

/// Scores by quintile, and named segments from them: the honest baseline beside every learned
/// segmentation.
///
/// Each customer gets 1 to 5 for how recently, how often and for how much they bought, 5 being
/// best; equal values get equal scores, so groups can be larger than a fifth. The mean of the last
/// two, rounded up from a half, and the first choose one of eleven names ([`RfmSegment`]).
///
/// # Source
/// Hughes (1994), "Strategic Database Marketing"; the names are those in common use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rfm {
    columns: [usize; 3],
    cuts: [[f64; 4]; 3],
}

/// One customer's scores, 1 to 5, 5 being best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RfmScores {
    /// How recently they bought.
    pub recency: u8,
    /// How often.
    pub frequency: u8,
    /// For how much.
    pub monetary: u8,
}

impl Rfm {
    /// Finds the quintiles of the first feature of each role.
    ///
    /// # Errors
    /// [`SegmentError::RoleMissing`] when one of the three roles has no feature with values.
    pub fn fit(records: &Matrix, features: &[FeatureInfo]) -> Result<Self, SegmentError> {
        let mut columns = [0; 3];
        let mut cuts = [[0.0; 4]; 3];
        let roles = [Role::Recency, Role::Frequency, Role::Monetary];
        for ((role, column), cuts) in roles.into_iter().zip(&mut columns).zip(&mut cuts) {
            let missing = SegmentError::RoleMissing {
                missing: role.name(),
            };
            let found = features.iter().position(|feature| feature.role == role);
            *column = found.ok_or(missing.clone())?;
            *cuts = quintiles(records, *column).ok_or(missing)?;
        }
        Ok(Self { columns, cuts })
    }

    /// The scores of one row; a missing value scores 1.
    pub fn scores(&self, row: &[f64]) -> RfmScores {
        let passed = |which: usize| {
            let value = row[self.columns[which]];
            let n_passed = self.cuts[which].iter().filter(|&&cut| cut < value).count();
            value.is_finite().then_some(n_passed as u8)
        };
        RfmScores {
            recency: passed(0).map_or(1, |n_passed| 5 - n_passed),
            frequency: passed(1).map_or(1, |n_passed| 1 + n_passed),
            monetary: passed(2).map_or(1, |n_passed| 1 + n_passed),
        }
    }

    /// The named segment of one row.
    pub fn segment(&self, row: &[f64]) -> RfmSegment {
        RfmSegment::of(self.scores(row))
    }

    /// The columns of recency, frequency and monetary value.
    pub(crate) fn columns(&self) -> [usize; 3] {
        self.columns
    }

    /// The number of the segment of each row, in the order of [`RfmSegment::ALL`].
    pub(crate) fn labels(&self, records: &Matrix) -> Vec<u32> {
        records.rows().map(|row| self.segment(row) as u32).collect()
    }
}

/// The values below which 20, 40, 60 and 80 percent of the present values lie.
fn quintiles(records: &Matrix, column: usize) -> Option<[f64; 4]> {
    let mut values: Vec<f64> = records
        .column(column)
        .filter(|value| value.is_finite())
        .collect();
    let mut cuts = [0.0; 4];
    for (cut, share) in cuts.iter_mut().zip([0.2, 0.4, 0.6, 0.8]) {
        *cut = stats::quantile(&mut values, share)?;
    }
    Some(cuts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::shop_features;

    /// Ten customers, each better than the one before in every respect.
    fn ladder() -> Matrix {
        let rows: Vec<[f64; 3]> = (1..=10)
            .map(|i| [100.0 - f64::from(i), f64::from(i), 10.0 * f64::from(i)])
            .collect();
        Matrix::from_rows(&rows)
    }

    #[test]
    fn scores_are_quintiles_and_recency_counts_backwards() {
        let rfm = Rfm::fit(&ladder(), &shop_features()).unwrap();

        let scores: Vec<RfmScores> = ladder().rows().map(|row| rfm.scores(row)).collect();

        let expected = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5];
        for (scores, expected) in scores.iter().zip(expected) {
            assert_eq!(
                (scores.recency, scores.frequency, scores.monetary),
                (expected, expected, expected)
            );
        }
        assert_eq!(rfm.segment(ladder().row(0)), RfmSegment::Lost);
        assert_eq!(rfm.segment(ladder().row(9)), RfmSegment::Champions);
    }

    #[test]
    fn equal_values_get_equal_scores() {
        let rows: Vec<[f64; 3]> = (0..10)
            .map(|i| [5.0, if i < 8 { 1.0 } else { 7.0 }, 20.0])
            .collect();
        let records = Matrix::from_rows(&rows);
        let rfm = Rfm::fit(&records, &shop_features()).unwrap();

        assert_eq!(rfm.scores(records.row(0)).frequency, 1);
        assert_eq!(rfm.scores(records.row(7)).frequency, 1);
        assert_eq!(rfm.scores(records.row(9)).frequency, 5);
        assert_eq!(rfm.scores(records.row(0)).recency, 5);
    }

    #[test]
    fn a_missing_value_scores_one() {
        let rfm = Rfm::fit(&ladder(), &shop_features()).unwrap();

        let scores = rfm.scores(&[f64::NAN, 10.0, f64::NAN]);

        assert_eq!((scores.recency, scores.monetary), (1, 1));
    }

    #[test]
    fn a_role_without_feature_is_named() {
        let refused = Rfm::fit(&ladder(), &shop_features()[..2]);

        assert_eq!(
            refused,
            Err(SegmentError::RoleMissing {
                missing: "monetary"
            })
        );
    }
}
