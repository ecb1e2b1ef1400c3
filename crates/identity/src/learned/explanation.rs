//! What speaks for and against a pair, feature by feature.

use rapport_learn::{Context, Matrix};

use super::ensemble::{Ensemble, mean};
use crate::IdentityError;

/// One reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The feature, such as `title: left in right`.
    pub feature: String,
    /// Its value; `NaN` where it is missing.
    pub value: f64,
    /// What it adds to the log odds of the trees, in nats (Lundberg & Lee's SHAP value, exact).
    pub contribution: f64,
}

/// Why a pair is or is not the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// How likely it is the same, 0 to 1.
    pub probability: f64,
    /// What the trees say of an average pair, in nats.
    pub base: f64,
    /// All features that say something, the strongest first. Empty where the network alone is used.
    pub reasons: Vec<Reason>,
}

impl Explanation {
    pub(super) fn new(
        probability: f64,
        ensemble: &Ensemble,
        features: &Matrix,
        names: &[String],
        context: &Context<'_>,
    ) -> Result<Self, IdentityError> {
        let mut bases = Vec::new();
        let mut all = Vec::new();
        for trees in &ensemble.trees {
            let values = trees.shap(features, context)?;
            bases.push(vec![values.base[0]]);
            all.push(values.values[0].row(0).to_vec());
        }
        let reasons = mean(all).into_iter().zip(names).zip(features.row(0));
        let mut reasons: Vec<Reason> = reasons
            .map(|((contribution, name), &value)| Reason {
                feature: name.clone(),
                value,
                contribution,
            })
            .filter(|reason| reason.contribution != 0.0)
            .collect();
        reasons.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        Ok(Self {
            probability,
            base: mean(bases).first().copied().unwrap_or(0.0),
            reasons,
        })
    }
}
