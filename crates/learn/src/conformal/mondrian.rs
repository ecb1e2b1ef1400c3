//! The promise kept in every group, not only on average over all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::regression::absolute_residuals;
use super::{
    ConformalError, Interval, Level, conformal_quantile, n_calibration_needed, require_length,
};

/// For whom a threshold keeps its promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guarantee {
    /// Among the rows of this group.
    Group,
    /// On average over all rows only: the group had too few of its own.
    Overall,
}

/// How large a score of one group may be to be covered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupThreshold {
    /// The largest covered score.
    pub value: f64,
    /// For whom it holds.
    pub guarantee: Guarantee,
}

/// One conformal quantile per group, of scores of any kind: residuals, `1 - probability` of the
/// true class (with classes as groups: the same coverage for every class), ...
///
/// A group is anything known before the outcome: a region, a segment, a decile of the prediction.
/// Each needs rows of its own ([`n_calibration_needed`], better a few hundred); a group with fewer,
/// or one never seen, gets the threshold of all rows and says so.
///
/// # Source
/// Vovk, Lindsay, Nouretdinov & Gammerman (2003), "Mondrian Confidence Machine".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupThresholds {
    level: Level,
    overall: f64,
    by_group: BTreeMap<u64, f64>,
}

impl GroupThresholds {
    /// Learns the thresholds from calibration rows, `(n_samples,)` each.
    ///
    /// # Errors
    /// Lists of different length, a score that is not finite, or too few rows for the level even
    /// when all groups are put together.
    pub fn fit(scores: &[f64], groups: &[u64], level: Level) -> Result<Self, ConformalError> {
        require_length("groups", scores.len(), groups.len())?;
        let overall = conformal_quantile(scores, level)?;
        let mut scores_of: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for (&score, &group) in scores.iter().zip(groups) {
            scores_of.entry(group).or_default().push(score);
        }
        let needed = n_calibration_needed(level);
        let by_group = scores_of
            .into_iter()
            .filter(|(_, scores)| scores.len() >= needed)
            .map(|(group, scores)| Ok((group, conformal_quantile(&scores, level)?)))
            .collect::<Result<_, ConformalError>>()?;
        Ok(Self {
            level,
            overall,
            by_group,
        })
    }

    /// The threshold of one group.
    pub fn threshold(&self, group: u64) -> GroupThreshold {
        match self.by_group.get(&group) {
            Some(&value) => GroupThreshold {
                value,
                guarantee: Guarantee::Group,
            },
            None => GroupThreshold {
                value: self.overall,
                guarantee: Guarantee::Overall,
            },
        }
    }

    /// The coverage that was promised.
    pub fn level(&self) -> Level {
        self.level
    }
}

/// [`SplitConformal`](super::SplitConformal) with a width per group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MondrianConformal {
    radii: GroupThresholds,
}

impl MondrianConformal {
    /// Learns the widths from calibration rows, `(n_samples,)` each.
    ///
    /// # Errors
    /// Lists of different length, a number that is not finite, or too few rows for the level.
    pub fn fit(
        predicted: &[f64],
        actual: &[f64],
        groups: &[u64],
        level: Level,
    ) -> Result<Self, ConformalError> {
        let residuals = absolute_residuals(predicted, actual)?;
        let radii = GroupThresholds::fit(&residuals, groups, level)?;
        Ok(Self { radii })
    }

    /// The interval around one prediction for a row of this group.
    pub fn interval(&self, predicted: f64, group: u64) -> Interval {
        Interval::around(predicted, self.radii.threshold(group).value)
    }

    /// For whom the intervals of a group keep their promise.
    pub fn guarantee(&self, group: u64) -> Guarantee {
        self.radii.threshold(group).guarantee
    }
}
