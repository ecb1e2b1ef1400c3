//! All customers on a plane: the two directions in which they differ most.

use rapport_domain::LocalizedText;
use rapport_learn::transform::{Pca, PcaParams};
use rapport_learn::{Check, Context, Fit, Matrix, Transform};
use serde::{Deserialize, Serialize};

use crate::prepare::Preparation;
use crate::{FeatureInfo, SegmentError};

/// Features named on an axis.
const N_NAMED: usize = 2;

/// One axis of the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// The features that make it, strongest first.
    pub label: LocalizedText,
    /// The share of all differences that it shows.
    pub explained: f64,
}

/// The plane, by principal components.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Plane {
    pca: Pca,
    axes: Vec<Axis>,
}

impl Plane {
    /// Finds the plane.
    pub(crate) fn fit(
        prepared: &Matrix,
        preparation: &Preparation,
        features: &[FeatureInfo],
        context: &Context<'_>,
    ) -> Result<Self, SegmentError> {
        let pca = PcaParams { n_components: 2 }
            .check()?
            .fit(prepared, context)?;
        let labels: Vec<&LocalizedText> = preparation
            .kept()
            .iter()
            .map(|&column| &features[column].label)
            .collect();
        let axes = pca
            .components()
            .rows()
            .zip(pca.explained_ratio())
            .map(|(loadings, explained)| Axis {
                label: axis_label(loadings, &labels),
                explained,
            })
            .collect();
        Ok(Self { pca, axes })
    }

    /// The axes: two, or one when there is only one feature.
    pub(crate) fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// Where each row stands.
    pub(crate) fn places(&self, prepared: &Matrix) -> Result<Vec<[f32; 2]>, SegmentError> {
        let scores = self.pca.transform(prepared)?;
        let place = |row: &[f64]| [row[0] as f32, row.get(1).copied().unwrap_or(0.0) as f32];
        Ok(scores.rows().map(place).collect())
    }
}

fn axis_label(loadings: &[f64], labels: &[&LocalizedText]) -> LocalizedText {
    let mut strongest: Vec<usize> = (0..loadings.len()).collect();
    strongest.sort_by(|&a, &b| loadings[b].abs().total_cmp(&loadings[a].abs()));
    strongest.truncate(N_NAMED);
    let joined = |texts: Vec<&str>| texts.join(" · ");
    LocalizedText::new(
        joined(strongest.iter().map(|&i| labels[i].en.as_str()).collect()),
        joined(strongest.iter().map(|&i| labels[i].zh.as_str()).collect()),
    )
}
