//! What sets each segment apart, in numbers and in words.

mod describe;
mod naming;
mod traits;

use rapport_domain::LocalizedText;
use rapport_learn::{Context, Matrix};
use serde::{Deserialize, Serialize};

pub use traits::{Direction, SegmentTrait};

use crate::distance::squared_distance;
use crate::prepare::Preparation;
use crate::rfm::RfmSegment;
use crate::{FeatureInfo, SegmentError};

/// Customers named as typical of a segment.
const N_TYPICAL: usize = 5;

/// A segment as people see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentProfile {
    /// Its number: 0 brings the most value.
    pub idx: u32,
    /// Its name, unique within the segmentation.
    pub name: LocalizedText,
    /// A sentence or two.
    pub description: LocalizedText,
    /// Customers in it.
    pub size: usize,
    /// Their share of all customers.
    pub share: f64,
    /// What they are worth together, in the unit of the values handed in.
    pub value: f64,
    /// Their share of the value of all.
    pub value_share: f64,
    /// What sets them apart, strongest first.
    pub traits: Vec<SegmentTrait>,
    /// Rows of the customers nearest to its center, nearest first. Not kept in the model folder:
    /// a model holds no customers.
    #[serde(skip)]
    pub typical_rows: Vec<usize>,
}

/// Everything that portraits are drawn from. All rows are in one order.
pub(crate) struct Sitting<'a> {
    pub(crate) records: &'a Matrix,
    pub(crate) prepared: &'a Matrix,
    pub(crate) features: &'a [FeatureInfo],
    pub(crate) preparation: &'a Preparation,
    pub(crate) values: &'a [f64],
    pub(crate) labels: &'a [u32],
    pub(crate) n_segments: usize,
    /// The names of RFM, segment by segment, if that is the method.
    pub(crate) rfm_names: Option<&'a [RfmSegment]>,
}

/// Draws the portrait of every segment.
pub(crate) fn draw(
    sitting: &Sitting<'_>,
    context: &Context<'_>,
) -> Result<Vec<SegmentProfile>, SegmentError> {
    context.proceed()?;
    let traits = traits::all(sitting, context);
    context.proceed()?;
    let names = match sitting.rfm_names {
        Some(names) => names.iter().map(|segment| segment.name()).collect(),
        None => naming::names(&traits, sitting.features),
    };
    let members = members(sitting);
    let total: f64 = sitting.values.iter().sum();
    let mut profiles = Vec::with_capacity(sitting.n_segments);
    for (((idx, rows), traits), name) in (0..).zip(&members).zip(traits).zip(names) {
        let value: f64 = rows.iter().map(|&row| sitting.values[row]).sum();
        let mut profile = SegmentProfile {
            idx,
            name,
            description: LocalizedText::new("", ""),
            size: rows.len(),
            share: rows.len() as f64 / sitting.labels.len() as f64,
            value,
            value_share: if total > 0.0 { value / total } else { 0.0 },
            traits,
            typical_rows: typical(sitting.prepared, rows),
        };
        profile.description = describe::describe(&profile);
        profiles.push(profile);
    }
    Ok(profiles)
}

/// The rows of each segment, ascending.
fn members(sitting: &Sitting<'_>) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); sitting.n_segments];
    for (row, &label) in sitting.labels.iter().enumerate() {
        members[label as usize].push(row);
    }
    members
}

/// The rows nearest to the mean of the given ones.
fn typical(prepared: &Matrix, rows: &[usize]) -> Vec<usize> {
    let mut center = vec![0.0; prepared.n_columns()];
    for &row in rows {
        for (sum, value) in center.iter_mut().zip(prepared.row(row)) {
            *sum += value / rows.len() as f64;
        }
    }
    let mut near: Vec<(f64, usize)> = rows
        .iter()
        .map(|&row| (squared_distance(prepared.row(row), &center), row))
        .collect();
    near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    near.truncate(N_TYPICAL);
    near.into_iter().map(|(_, row)| row).collect()
}
