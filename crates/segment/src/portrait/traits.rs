//! How far a segment's mean is from everybody's, feature by feature.

use rapport_domain::LocalizedText;
use rapport_learn::{Context, map_parts, stats};
use serde::{Deserialize, Serialize};

use super::Sitting;
use crate::Role;

/// Above or below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Above what is usual.
    High,
    /// Below what is usual.
    Low,
}

impl Direction {
    /// The direction of a difference.
    pub(crate) fn of(difference: f64) -> Self {
        if difference < 0.0 {
            Self::Low
        } else {
            Self::High
        }
    }
}

/// One feature in which a segment differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentTrait {
    /// The feature's name.
    pub feature: String,
    /// What people call it.
    pub label: LocalizedText,
    /// Its unit.
    pub unit: LocalizedText,
    /// What it says about a customer.
    pub role: Role,
    /// Whether the segment is high or low in it.
    pub direction: Direction,
    /// The difference of the means in standard deviations of all customers, after the logarithm
    /// for features that go through one.
    pub z: f64,
    /// Mean of the segment's customers, in the feature's unit.
    pub mean: f64,
    /// Median of the segment's customers.
    pub median: f64,
    /// Mean of all customers.
    pub overall_mean: f64,
    /// Median of all customers.
    pub overall_median: f64,
}

/// The traits of every segment, strongest first.
pub(super) fn all(sitting: &Sitting<'_>, context: &Context<'_>) -> Vec<Vec<SegmentTrait>> {
    let n_used = sitting.preparation.kept().len();
    let by_feature = map_parts(context.threads, 0..n_used, |position| {
        of_feature(sitting, position)
    });
    let mut traits = vec![Vec::with_capacity(n_used); sitting.n_segments];
    for feature in by_feature {
        for (segment, found) in traits.iter_mut().zip(feature) {
            segment.push(found);
        }
    }
    for segment in &mut traits {
        // The sort is stable: equally strong traits keep the order of the features.
        segment.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
    }
    traits
}

/// One feature in every segment.
fn of_feature(sitting: &Sitting<'_>, position: usize) -> Vec<SegmentTrait> {
    let column = sitting.preparation.kept()[position];
    let weight = sitting.preparation.weights()[position];
    let feature = &sitting.features[column];
    let n = sitting.n_segments;
    let (mut sums, mut counts, mut values) = (vec![0.0; n], vec![0.0; n], vec![Vec::new(); n]);
    let prepared = sitting.prepared.column(position);
    let raw = sitting.records.column(column);
    for ((&label, prepared), raw) in sitting.labels.iter().zip(prepared).zip(raw) {
        let segment = label as usize;
        sums[segment] += prepared / weight;
        counts[segment] += 1.0;
        if raw.is_finite() {
            values[segment].push(raw);
        }
    }
    let mut overall: Vec<f64> = values.iter().flatten().copied().collect();
    let overall_mean = stats::mean(&overall);
    let overall_median = stats::median(&mut overall).unwrap_or(0.0);
    let segments = sums.into_iter().zip(counts).zip(&mut values);
    segments
        .map(|((sum, count), values)| {
            let z = sum / count;
            // A segment in which nobody has the feature stands at what gaps were filled with.
            let median = stats::median(values).unwrap_or(overall_median);
            let mean = if values.is_empty() {
                overall_median
            } else {
                stats::mean(values)
            };
            SegmentTrait {
                feature: feature.name.clone(),
                label: feature.label.clone(),
                unit: feature.unit.clone(),
                role: feature.role,
                direction: Direction::of(z),
                z,
                mean,
                median,
                overall_mean,
                overall_median,
            }
        })
        .collect()
}
