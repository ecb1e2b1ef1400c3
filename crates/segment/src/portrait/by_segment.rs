//! The values of a feature, segment by segment, and what is usual among them.

use rapport_learn::stats;

use super::Sitting;

/// Present values of one feature.
pub(super) struct BySegment {
    segments: Vec<Vec<f64>>,
    /// Those of everybody who has ordered, or of everybody where that is not told.
    customers: Vec<f64>,
}

impl BySegment {
    /// Sorts the values of a column of the records by segment.
    pub(super) fn of(sitting: &Sitting<'_>, column: usize) -> Self {
        let mut segments = vec![Vec::new(); sitting.n_segments];
        let mut customers = Vec::new();
        let values = sitting.records.column(column);
        for (&label, value) in sitting.labels.iter().zip(values) {
            if !value.is_finite() {
                continue;
            }
            segments[label as usize].push(value);
            if sitting.prospects != Some(label) {
                customers.push(value);
            }
        }
        Self {
            segments,
            customers,
        }
    }

    /// Median of each segment; nothing where nobody has a value.
    pub(super) fn medians(&self) -> Vec<Option<f64>> {
        self.segments.iter().map(|values| median(values)).collect()
    }

    /// Mean of each segment.
    pub(super) fn means(&self) -> Vec<Option<f64>> {
        let mean = |values: &Vec<f64>| (!values.is_empty()).then(|| stats::mean(values));
        self.segments.iter().map(mean).collect()
    }

    /// Median of all customers, 0 where nobody has a value.
    pub(super) fn overall_median(&self) -> f64 {
        median(&self.customers).unwrap_or(0.0)
    }

    /// Mean of all customers, 0 where nobody has a value.
    pub(super) fn overall_mean(&self) -> f64 {
        if self.customers.is_empty() {
            return 0.0;
        }
        stats::mean(&self.customers)
    }
}

fn median(values: &[f64]) -> Option<f64> {
    stats::median(&mut values.to_vec())
}
