//! Why a customer is in a segment.

use rapport_domain::LocalizedText;
use rapport_learn::{Explain, LearnError, Matrix};
use serde::{Deserialize, Serialize};

use super::{Assigner, SegmentModel};
use crate::distance::two_nearest;
use crate::portrait::Direction;
use crate::prospects::Prospects;
use crate::rfm::{Rfm, RfmScores};
use crate::{FeatureInfo, SegmentError};

/// Reasons given at most.
const N_REASONS: usize = 5;

/// Why a customer is in a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhyIn {
    /// The segment.
    pub segment: u32,
    /// The segment that comes next; the same if there is only one, by RFM, or without an order.
    pub runner_up: u32,
    /// How clear it is, 0 (between two segments) to 1 (at the center): `1 - d1 / d2` of the
    /// distances to the nearest and the next center; 1 by RFM, which is a table, and without an
    /// order.
    pub margin: f64,
    /// What speaks for the segment, strongest first.
    pub reasons: Vec<Reason>,
}

/// One feature that speaks for a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The feature's name.
    pub feature: String,
    /// What people call it.
    pub label: LocalizedText,
    /// Whether the customer is high or low in it.
    pub direction: Direction,
    /// The customer's value; `None` if it is missing.
    pub value: Option<f64>,
    /// The median of all customers.
    pub usual: f64,
    /// Its part of the decision. With centers: how much it alone brings the customer nearer to the
    /// own center than to the next, in squared distance; over all features these add up to the
    /// difference between the two. By RFM: how far the score is from the middle.
    pub contribution: f64,
}

impl Explain<[f64]> for SegmentModel {
    type Explanation = WhyIn;
    type Error = SegmentError;

    fn explain(&self, row: &[f64]) -> Result<WhyIn, SegmentError> {
        if row.len() != self.features.len() {
            return Err(SegmentError::Learn(LearnError::Shape {
                what: "features",
                expected: self.features.len(),
                found: row.len(),
            }));
        }
        if let Some(prospects) = self.prospects.filter(|prospects| prospects.include(row)) {
            return Ok(self.explain_prospect(row, prospects));
        }
        match &self.assigner {
            Assigner::Centers { centers } => self.explain_by_centers(row, centers),
            Assigner::Rfm { rfm, numbered } => {
                let segment = super::number_of(rfm.segment(row), numbered);
                Ok(self.explain_by_scores(row, rfm, segment))
            }
        }
    }
}

impl SegmentModel {
    /// No order: that is all there is to say.
    fn explain_prospect(&self, row: &[f64], prospects: Prospects) -> WhyIn {
        let segment = self.assigner.n_segments() as u32;
        WhyIn {
            segment,
            runner_up: segment,
            margin: 1.0,
            reasons: vec![self.reason(prospects.column(), row, Direction::Low, 1.0)],
        }
    }

    fn explain_by_centers(&self, row: &[f64], centers: &Matrix) -> Result<WhyIn, SegmentError> {
        let table = Matrix::new(1, row.len(), row.to_vec())?;
        let prepared = self.preparation.transform(&table)?;
        let place = prepared.row(0);
        let nearest = two_nearest(place, centers);
        let own = centers.row(nearest.label as usize);
        let next = centers.row(nearest.runner_up as usize);
        let kept = self
            .preparation
            .kept()
            .iter()
            .zip(place.iter().zip(own).zip(next));
        let reasons = kept.map(|(&column, ((value, own), next))| {
            let contribution = (value - next).powi(2) - (value - own).powi(2);
            // Prepared values have mean zero: the sign tells high from low.
            self.reason(column, row, Direction::of(*value), contribution)
        });
        let ratio = (nearest.first / nearest.second).sqrt();
        Ok(WhyIn {
            segment: nearest.label,
            runner_up: nearest.runner_up,
            // Two centers on one spot leave 0 / 0: nothing is clear then.
            margin: if ratio.is_nan() { 0.0 } else { 1.0 - ratio },
            reasons: strongest(reasons.collect()),
        })
    }

    fn explain_by_scores(&self, row: &[f64], rfm: &Rfm, segment: u32) -> WhyIn {
        let RfmScores {
            recency,
            frequency,
            monetary,
        } = rfm.scores(row);
        let scores = rfm
            .columns()
            .into_iter()
            .zip([recency, frequency, monetary]);
        let reasons = scores.map(|(column, score)| {
            let distance = f64::from(score) - 3.0;
            let direction = Direction::of(row[column] - self.usual[column]);
            self.reason(column, row, direction, distance.abs())
        });
        WhyIn {
            segment,
            runner_up: segment,
            margin: 1.0,
            reasons: strongest(reasons.collect()),
        }
    }

    fn reason(&self, column: usize, row: &[f64], direction: Direction, part: f64) -> Reason {
        let FeatureInfo { name, label, .. } = &self.features[column];
        Reason {
            feature: name.clone(),
            label: label.clone(),
            direction,
            value: Some(row[column]).filter(|value| value.is_finite()),
            usual: self.usual[column],
            contribution: part,
        }
    }
}

/// The reasons that speak for the segment, strongest first.
fn strongest(mut reasons: Vec<Reason>) -> Vec<Reason> {
    reasons.retain(|reason| reason.contribution > 0.0);
    reasons.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    reasons.truncate(N_REASONS);
    reasons
}
