//! From features as they are to columns that distances may be taken of.
//!
//! Gaps are filled with the median, heavy tails go through a logarithm, the outermost half percent
//! is pulled in, and columns get mean 0 and deviation 1. Before that, columns that say nothing are
//! dropped: constant ones, those missing for most customers, and near copies of an earlier one of
//! the same role.
//! After that, columns of one role are weighed so that together they count what the role does: ten
//! shares of categories must not drown out how often somebody orders.

use std::collections::BTreeMap;

use rapport_learn::transform::{
    Clipper, FittedClipper, FittedImputer, FittedScaler, FittedUnskewer, MedianImputer,
    StandardScaler, Unskewer,
};
use rapport_learn::{Context, Fit, LearnError, Matrix, Transform, stats};
use serde::{Deserialize, Serialize};

use crate::{FeatureInfo, Role, SegmentError};

/// Columns missing for more than this share of customers are dropped.
const MOST_MISSING: f64 = 0.5;
/// Columns that correlate with an earlier one by more than this are dropped.
const DUPLICATE: f64 = 0.95;
/// Columns with more skewness than this go through a logarithm.
const SKEWED: f64 = 1.0;
/// Share of values pulled in at each end.
const TAIL: f64 = 0.005;
/// Rows that correlations are worked out on at most.
const CORRELATED_ROWS: usize = 20_000;

/// What became of one feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureUse {
    /// Its name.
    pub name: String,
    /// What became of it.
    #[serde(flatten)]
    pub fate: FeatureFate,
}

/// Whether a feature takes part in distances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum FeatureFate {
    /// It takes part.
    Used {
        /// Whether through a logarithm.
        log: bool,
        /// What its deviation counts in distances: the weight of its role, shared among the
        /// features of that role.
        weight: f64,
    },
    /// It is the same for everybody.
    Constant,
    /// It is missing for this share of customers, more than half.
    Missing {
        /// That share.
        share: f64,
    },
    /// It says what another one says.
    Duplicate {
        /// The name of the other.
        of: String,
        /// How they correlate.
        correlation: f64,
    },
}

/// The fitted way from features to columns of distances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Preparation {
    n_features: usize,
    kept: Vec<usize>,
    imputer: FittedImputer,
    unskewer: FittedUnskewer,
    clipper: FittedClipper,
    scaler: FittedScaler,
    weights: Vec<f64>,
}

impl Preparation {
    /// Chooses columns and fits their changes; says what became of each.
    ///
    /// # Errors
    /// [`SegmentError::NoUsefulFeature`] when no column is left; cancellation.
    pub(crate) fn fit(
        records: &Matrix,
        features: &[FeatureInfo],
        context: &Context<'_>,
    ) -> Result<(Self, Vec<FeatureUse>), SegmentError> {
        let mut fates: Vec<Option<FeatureFate>> = (0..records.n_columns())
            .map(|column| unfit(records, column))
            .collect();
        let mut preparation = Self::of_columns(records, remaining(&fates), context)?;
        let scaled = preparation.scaled(records)?;
        for (position, &column) in preparation.kept.iter().enumerate() {
            // What few customers have may be gone with the pulled-in tail.
            if is_constant(scaled.column(position)) {
                fates[column] = Some(FeatureFate::Constant);
            }
        }
        let roles: Vec<Role> = preparation
            .kept
            .iter()
            .map(|&column| features[column].role)
            .collect();
        for (position, of, correlation) in duplicates(&scaled, &roles) {
            let of = features[preparation.kept[of]].name.clone();
            fates[preparation.kept[position]] = Some(FeatureFate::Duplicate { of, correlation });
        }
        if fates.iter().filter(|fate| fate.is_none()).count() < preparation.kept.len() {
            preparation = Self::of_columns(records, remaining(&fates), context)?;
        }
        preparation.weigh(features);
        let uses = preparation.uses(features, fates);
        Ok((preparation, uses))
    }

    fn of_columns(
        records: &Matrix,
        kept: Vec<usize>,
        context: &Context<'_>,
    ) -> Result<Self, SegmentError> {
        if kept.is_empty() {
            return Err(SegmentError::NoUsefulFeature);
        }
        let columns = records.select_columns(&kept);
        let imputer = MedianImputer.fit(&columns, context)?;
        let columns = imputer.transform(&columns)?;
        let unskewer = Unskewer { limit: SKEWED }.fit(&columns, context)?;
        let columns = unskewer.transform(&columns)?;
        let clipper = Clipper { tail: TAIL }.fit(&columns, context)?;
        let columns = clipper.transform(&columns)?;
        let scaler = StandardScaler.fit(&columns, context)?;
        Ok(Self {
            n_features: records.n_columns(),
            weights: vec![1.0; kept.len()],
            kept,
            imputer,
            unskewer,
            clipper,
            scaler,
        })
    }

    /// The columns that distances are taken of, `(n_samples, n_kept)`.
    pub(crate) fn transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        let mut columns = self.scaled(records)?;
        for row in columns.rows_mut() {
            for (value, weight) in row.iter_mut().zip(&self.weights) {
                *value *= weight;
            }
        }
        Ok(columns)
    }

    /// The features that take part, by their place among all.
    pub(crate) fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// What each of them weighs.
    pub(crate) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The columns before weighing: mean 0, deviation 1.
    fn scaled(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        records.require_columns(self.n_features)?;
        let columns = self
            .imputer
            .transform(&records.select_columns(&self.kept))?;
        let columns = self.unskewer.transform(&columns)?;
        let columns = self.clipper.transform(&columns)?;
        self.scaler.transform(&columns)
    }

    fn weigh(&mut self, features: &[FeatureInfo]) {
        let mut n_of_role: BTreeMap<Role, usize> = BTreeMap::new();
        for &column in &self.kept {
            *n_of_role.entry(features[column].role).or_default() += 1;
        }
        self.weights = self
            .kept
            .iter()
            .map(|&column| match features[column].role {
                Role::Other => Role::Other.weight().sqrt(),
                role => (role.weight() / n_of_role[&role] as f64).sqrt(),
            })
            .collect();
    }

    fn uses(&self, features: &[FeatureInfo], fates: Vec<Option<FeatureFate>>) -> Vec<FeatureUse> {
        let used = |column: usize| {
            let position = self.kept.iter().position(|&kept| kept == column);
            let position = position.expect("columns without a fate were kept");
            FeatureFate::Used {
                log: self.unskewer.changes(position),
                weight: self.weights[position],
            }
        };
        let fates = fates.into_iter().enumerate();
        features
            .iter()
            .zip(fates)
            .map(|(feature, (column, fate))| FeatureUse {
                name: feature.name.clone(),
                fate: fate.unwrap_or_else(|| used(column)),
            })
            .collect()
    }
}

/// Why a column cannot take part, by itself.
fn unfit(records: &Matrix, column: usize) -> Option<FeatureFate> {
    let present = || records.column(column).filter(|value| value.is_finite());
    let share = 1.0 - present().count() as f64 / records.n_rows() as f64;
    if share > MOST_MISSING {
        return Some(FeatureFate::Missing { share });
    }
    is_constant(present()).then_some(FeatureFate::Constant)
}

fn is_constant(mut values: impl Iterator<Item = f64>) -> bool {
    let first = values.next();
    values.all(|value| Some(value) == first)
}

fn remaining(fates: &[Option<FeatureFate>]) -> Vec<usize> {
    (0..fates.len())
        .filter(|&column| fates[column].is_none())
        .collect()
}

/// Columns that nearly repeat an earlier one of their role that stays: `(column, the earlier,
/// correlation)`. How often and for how much people buy may go together and are two things to say
/// about them all the same.
fn duplicates(scaled: &Matrix, roles: &[Role]) -> Vec<(usize, usize, f64)> {
    let step = scaled.n_rows().div_ceil(CORRELATED_ROWS).max(1);
    let columns: Vec<Vec<f64>> = (0..scaled.n_columns())
        .map(|column| scaled.column(column).step_by(step).collect())
        .collect();
    let mut staying: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for column in 0..columns.len() {
        let of_role = |&&earlier: &&usize| roles[earlier] == roles[column];
        let copied = staying.iter().filter(of_role).find_map(|&earlier| {
            let correlation = stats::correlation(&columns[earlier], &columns[column]);
            (correlation.abs() > DUPLICATE).then_some((column, earlier, correlation))
        });
        match copied {
            Some(duplicate) => found.push(duplicate),
            None => staying.push(column),
        }
    }
    found
}

#[cfg(test)]
mod tests;
