//! What sets each segment apart, in numbers and in words.

mod by_segment;
mod describe;
mod naming;
mod number;
mod stage;
mod traits;

use rapport_domain::LocalizedText;
use rapport_learn::{Context, Matrix};
use serde::{Deserialize, Serialize};

pub use traits::{Direction, SegmentTrait};

use self::describe::Usual;
use self::stage::{Stage, Standing};
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
    /// The segment of people who have not ordered yet, if there is one.
    pub(crate) prospects: Option<u32>,
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
    let standings = Standing::of_all(sitting, &traits);
    let names = names(sitting, &traits, standings.as_deref());
    let usual = Usual::of_all(sitting);
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
        profile.description = match (&standings, &usual) {
            (Some(standings), Some((segments, overall))) => {
                let idx = idx as usize;
                let stage = standings[idx].stage();
                describe::by_stage(&profile, stage, &segments[idx], overall)
            }
            _ => describe::by_traits(&profile),
        };
        profiles.push(profile);
    }
    Ok(profiles)
}

/// The names of RFM where that is the method, names of our own otherwise.
fn names(
    sitting: &Sitting<'_>,
    traits: &[Vec<SegmentTrait>],
    standings: Option<&[Standing]>,
) -> Vec<LocalizedText> {
    let Some(rfm_names) = sitting.rfm_names else {
        return naming::names(traits, standings, sitting.features);
    };
    let mut names: Vec<LocalizedText> = rfm_names.iter().map(|segment| segment.name()).collect();
    if sitting.prospects.is_some() {
        names.push(Stage::Prospect.name(stage::Kind::Customer));
    }
    names
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
