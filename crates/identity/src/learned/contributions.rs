//! What each field adds to a pair, so that all parts add up to what is said of it.

use rapport_learn::{Context, Matrix};

use super::comparer::Asked;
use super::ensemble::mean;
use super::{LearnedComparer, Learner};
use crate::{IdentityError, RawColumn};

/// Probabilities closer to 0 and 1 than this are taken for this far away: log odds stay finite.
const CERTAIN: f64 = 1e-9;

/// The log odds of a pair, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// How likely it is the same, 0 to 1.
    pub probability: f64,
    /// What is said of a pair of which nothing is known, in bits.
    pub base: f64,
    /// What each field adds, in bits, in the order of the fields that were learned from.
    pub fields: Vec<(String, f64)>,
    /// What both records as one text each add, and what the network sees in them, in bits.
    pub whole: f64,
}

impl LearnedComparer {
    /// What each field adds to pairs: exact SHAP values of the trees, summed over the features of a field and
    /// brought to the scale of the calibrated log odds. Base, fields and whole add up to these.
    ///
    /// # Shapes and units
    /// `(n_pairs,)`, in the order of the pairs; all but probabilities in bits
    ///
    /// # Errors
    /// As for [`probabilities`](Self::probabilities).
    ///
    /// # Source
    /// Lundberg et al. (2020), "From Local Explanations to Global Understanding with Explainable AI for Trees".
    pub fn contributions(
        &self,
        records: &[RawColumn<'_>],
        pairs: &[(u32, u32)],
        context: &Context<'_>,
    ) -> Result<Vec<Contributions>, IdentityError> {
        let asked = self.describe(records, pairs, context)?;
        let probabilities = self.probabilities_of(&asked, context)?;
        let (base, shares) = self.shares_of_trees(&asked, context)?;
        let fields = self.fields();
        let taken_apart = probabilities.into_iter().enumerate();
        let taken_apart = taken_apart.map(|(at, probability)| {
            let mut sums: Vec<(String, f64)> =
                fields.names.iter().map(|it| (it.clone(), 0.0)).collect();
            let mut whole = 0.0;
            for (&field, &share) in fields.of_features.iter().zip(&shares[at]) {
                match field {
                    Some(field) => sums[field].1 += share,
                    None => whole += share,
                }
            }
            let likely = probability.clamp(CERTAIN, 1.0 - CERTAIN);
            let rest = (likely / (1.0 - likely)).log2() - base - whole;
            let rest = rest - sums.iter().map(|(_, bits)| bits).sum::<f64>();
            // Of trees alone nothing is left but what calibration adds to every pair.
            let (base, whole) = match self.learner() {
                Learner::Trees => (base + rest, whole),
                Learner::Network | Learner::Blend => (base, whole + rest),
            };
            Contributions {
                probability,
                base,
                fields: sums,
                whole,
            }
        });
        Ok(taken_apart.collect())
    }

    /// What trees say of an average pair, and what each feature adds, in bits of calibrated log odds.
    fn shares_of_trees(
        &self,
        asked: &Asked,
        context: &Context<'_>,
    ) -> Result<(f64, Vec<Vec<f64>>), IdentityError> {
        let n_pairs = asked.features.n_rows();
        let scale = self.scale_of_trees();
        let (mut bases, mut all): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
        for trees in &self.ensemble.trees {
            let values = trees.shap(&asked.features, context)?;
            bases.push(vec![values.base[0]]);
            all.push(flat(&values.values[0]));
        }
        let base = mean(bases).first().copied().unwrap_or(0.0) * scale;
        let n_features = asked.features.n_columns();
        let mut shares = vec![vec![0.0; n_features]; n_pairs];
        for (at, value) in mean(all).into_iter().enumerate() {
            shares[at / n_features][at % n_features] = value * scale;
        }
        Ok((base, shares))
    }

    /// By how much a nat of the trees' score moves the calibrated log odds, in bits.
    fn scale_of_trees(&self) -> f64 {
        let calibrated = -self.judged.calibrator.slope() / std::f64::consts::LN_2;
        match (self.learner(), self.ensemble.scales) {
            (Learner::Blend, Some(scales)) => calibrated * 0.5 * -scales.trees.slope(),
            _ => calibrated,
        }
    }

    /// The fields, and for each feature the one that it is of; none for those of whole records.
    fn fields(&self) -> Fields {
        let mut names: Vec<String> = Vec::new();
        let known = self.describer.field_names();
        let of_features = self.names().into_iter().map(|feature| {
            let field = known.iter().find(|field| {
                let rest = feature.strip_prefix(field.as_str());
                rest.is_some_and(|rest| rest.starts_with(": "))
            })?;
            let at = names.iter().position(|name| name == field);
            Some(at.unwrap_or_else(|| {
                names.push(field.clone());
                names.len() - 1
            }))
        });
        let of_features = of_features.collect();
        Fields { names, of_features }
    }
}

struct Fields {
    names: Vec<String>,
    of_features: Vec<Option<usize>>,
}

fn flat(values: &Matrix) -> Vec<f64> {
    (0..values.n_rows())
        .flat_map(|row| values.row(row).iter().copied())
        .collect()
}
