//! What is known of one customer: features with their place among all, and why in a segment.

use rapport_domain::{ContactId, LocalizedText, SegmentId};
use rapport_store::segmentations::{self, Segmentation, Trait, TraitDirection};

use crate::Workspace;
use crate::error::PipelineError;
use crate::features::{self, FeatureValue};

/// Reasons that are told at most.
const REASONS_MAX: usize = 5;

/// What is known of one customer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// Features as the current segmentation saw them; empty before the first.
    pub features: Vec<ProfileFeature>,
    /// The segment that the customer is in, and why.
    pub segment: Option<WhyIn>,
}

/// A feature of one customer.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileFeature {
    /// Name of the feature.
    pub name: String,
    /// Name on the screen.
    pub label: LocalizedText,
    /// What it counts: `days`, `money`, `count` or `share`.
    pub unit: String,
    /// The value; none where the events do not tell.
    pub value: Option<f64>,
    /// Share of customers with a lower value, in `[0, 1]`.
    pub percentile: Option<f64>,
}

/// Why a customer is in a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyIn {
    /// The segment.
    pub segment_id: SegmentId,
    /// Its name.
    pub name: LocalizedText,
    /// Its color.
    pub color: String,
    /// The features in which the customer differs from the average as the segment does, the
    /// strongest of the segment first.
    pub reasons: Vec<Reason>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// Name of the feature.
    pub feature: String,
    /// Name on the screen.
    pub label: LocalizedText,
    /// What it counts.
    pub unit: String,
    /// On which side of the average.
    pub direction: TraitDirection,
    /// The customer's value.
    pub value: f64,
    /// What is usual among all customers.
    pub typical: f64,
}

/// The profile of a customer: features and reasons are those that the current segmentation saw.
///
/// # Errors
/// [`PipelineError`] where the records or the snapshot cannot be read.
pub async fn of(workspace: &Workspace, contact: ContactId) -> Result<Profile, PipelineError> {
    let Some(current) = segmentations::find_current(&workspace.store).await? else {
        return Ok(Profile::default());
    };
    let values = match &current.snapshot {
        Some(path) => features::row_of(workspace, path, contact).await?,
        None => Vec::new(),
    };
    let segment = why_in(workspace, &current, contact, &values).await?;
    let features = values
        .into_iter()
        .map(|value| ProfileFeature {
            name: value.feature.name,
            label: value.feature.label,
            unit: value.feature.unit,
            value: value.value,
            percentile: value.percentile,
        })
        .collect();
    Ok(Profile { features, segment })
}

async fn why_in(
    workspace: &Workspace,
    current: &Segmentation,
    contact: ContactId,
    values: &[FeatureValue],
) -> Result<Option<WhyIn>, PipelineError> {
    let store = &workspace.store;
    let Some(member) = segmentations::find_membership(store, current.id, contact).await? else {
        return Ok(None);
    };
    let Some(segment) = segmentations::find_segment(store, member.segment_id).await? else {
        return Ok(None);
    };
    let reasons = reasons(&segment.traits, values);
    Ok(Some(WhyIn {
        segment_id: segment.id,
        name: segment.name,
        color: segment.color,
        reasons,
    }))
}

fn reasons(traits: &[Trait], values: &[FeatureValue]) -> Vec<Reason> {
    traits
        .iter()
        .filter_map(|of_segment| reason(of_segment, values))
        .take(REASONS_MAX)
        .collect()
}

/// A trait of the segment that the customer shares.
fn reason(of_segment: &Trait, values: &[FeatureValue]) -> Option<Reason> {
    let value = values
        .iter()
        .find(|value| value.feature.name == of_segment.feature)?
        .value?;
    let is_shared = match of_segment.direction {
        TraitDirection::High => value > of_segment.overall,
        TraitDirection::Low => value < of_segment.overall,
    };
    is_shared.then(|| Reason {
        feature: of_segment.feature.clone(),
        label: of_segment.label.clone(),
        unit: of_segment.unit.clone(),
        direction: of_segment.direction,
        value,
        typical: of_segment.overall,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::FeatureLabel;

    fn of_segment(feature: &str, direction: TraitDirection) -> Trait {
        Trait {
            feature: feature.to_owned(),
            label: LocalizedText::new(feature, feature),
            direction,
            z: 1.0,
            typical: 0.0,
            overall: 10.0,
            unit: "days".to_owned(),
        }
    }

    fn value(feature: &str, value: f64) -> FeatureValue {
        let label = LocalizedText::new(feature, feature);
        let feature = FeatureLabel {
            name: feature.to_owned(),
            label,
            unit: "days".to_owned(),
        };
        FeatureValue {
            feature,
            value: Some(value),
            percentile: None,
        }
    }

    #[test]
    fn only_traits_that_the_customer_shares_are_reasons() {
        let traits = [
            of_segment("recency_days", TraitDirection::Low),
            of_segment("frequency", TraitDirection::High),
            of_segment("unknown", TraitDirection::High),
        ];
        let values = [value("recency_days", 3.0), value("frequency", 4.0)];

        let found = reasons(&traits, &values);

        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].feature.as_str(), found[0].value),
            ("recency_days", 3.0)
        );
    }
}
