//! How far a segment is from everybody, feature by feature.

use rapport_domain::LocalizedText;
use rapport_learn::{Context, map_parts};
use serde::{Deserialize, Serialize};

use super::Sitting;
use super::by_segment::BySegment;
use crate::{Role, Unit};

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
    /// What it counts.
    pub unit: Unit,
    /// What it says about a customer.
    pub role: Role,
    /// Whether the segment is high or low in it.
    pub direction: Direction,
    /// The difference of the means in standard deviations of all customers, after the logarithm
    /// for features that go through one.
    pub z: f64,
    /// What is usual in the segment: the median, or the mean where medians hide the difference
    /// (as of something that most customers never do).
    pub typical: f64,
    /// The same figure of all customers.
    pub overall: f64,
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
    let feature = &sitting.features[column];
    let values = BySegment::of(sitting, column);
    let (medians, means) = (values.medians(), values.means());
    let (overall_median, overall_mean) = (values.overall_median(), values.overall_mean());
    let of_segment = |(idx, z): (usize, f64)| {
        // A segment in which nobody has the feature stands at what gaps were filled with.
        let median = (medians[idx].unwrap_or(overall_median), overall_median);
        let mean = (means[idx].unwrap_or(overall_mean), overall_mean);
        let (typical, overall) = telling(median, mean, z);
        SegmentTrait {
            feature: feature.name.clone(),
            label: feature.label.clone(),
            unit: feature.unit,
            role: feature.role,
            direction: Direction::of(z),
            z,
            typical,
            overall,
        }
    };
    differences(sitting, position)
        .into_iter()
        .enumerate()
        .map(of_segment)
        .collect()
}

/// Means of the prepared column by segment beside that of all who have ordered; prepared values have,
/// weights taken off, deviation 1. A segment that nobody is in does not differ.
fn differences(sitting: &Sitting<'_>, position: usize) -> Vec<f64> {
    let weight = sitting.preparation.weights()[position];
    let (mut sums, mut counts) = (vec![0.0; sitting.n_segments], vec![0.0; sitting.n_segments]);
    for (&label, prepared) in sitting.labels.iter().zip(sitting.prepared.column(position)) {
        sums[label as usize] += prepared / weight;
        counts[label as usize] += 1.0;
    }
    let usual = usual(sitting, position) / weight;
    let difference = |(sum, n): (&f64, f64)| if n > 0.0 { sum / n - usual } else { 0.0 };
    sums.iter().zip(counts).map(difference).collect()
}

/// Mean of the prepared column over those who have ordered: near 0 for the customers that the
/// preparation was made from, but not for those who came later.
fn usual(sitting: &Sitting<'_>, position: usize) -> f64 {
    let values = sitting.labels.iter().zip(sitting.prepared.column(position));
    let of_buyers = values.filter(|(label, _)| sitting.prospects != Some(**label));
    let (sum, n) = of_buyers.fold((0.0, 0.0), |(sum, n), (_, value)| (sum + value, n + 1.0));
    if n > 0.0 { sum / n } else { 0.0 }
}

/// The pair, of the segment and of all, that shows what the difference says.
fn telling(median: (f64, f64), mean: (f64, f64), z: f64) -> (f64, f64) {
    let shows = |(segment, all): (f64, f64)| (segment - all) * z > 0.0;
    if !shows(median) && shows(mean) {
        mean
    } else {
        median
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_shown_only_where_medians_hide_the_difference() {
        assert_eq!(telling((9.0, 3.0), (8.0, 20.0), 0.5), (9.0, 3.0));
        assert_eq!(telling((0.0, 0.0), (0.4, 0.1), 1.2), (0.4, 0.1));
        assert_eq!(telling((1.0, 1.0), (2.0, 2.0), -0.1), (1.0, 1.0));
    }
}
