//! A segment's portrait as the API shows it.

use std::collections::HashMap;

use rapport_domain::{Contact, ContactId, Currency};
use rapport_store::{Store, StoreError, contacts, segmentations as stored};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wire::{LocalizedText, Money, Reference};

/// One segment with its portrait.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Segment {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Position in the segmentation, from 0.
    pub(crate) idx: u64,
    /// Name made from what sets it apart.
    pub(crate) name: LocalizedText,
    /// What sets it apart, as a sentence.
    pub(crate) description: LocalizedText,
    /// Color, as `#rrggbb`.
    pub(crate) color: String,
    /// Customers in it.
    pub(crate) size: u64,
    /// Their share of all customers, in `[0, 1]`.
    pub(crate) share: f64,
    /// What they spent.
    pub(crate) value: Money,
    /// Their share of all spending.
    pub(crate) value_share: f64,
    /// What sets it apart, strongest first.
    pub(crate) traits: Vec<SegmentTrait>,
    /// Customers closest to its center.
    pub(crate) typical: Vec<TypicalCustomer>,
}

/// On which side of what is usual a value lies.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    /// Above.
    High,
    /// Below.
    Low,
}

/// One feature that sets a segment apart.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentTrait {
    /// Name of the feature.
    pub(crate) feature: String,
    /// What the feature means.
    pub(crate) label: LocalizedText,
    /// Above or below all customers.
    pub(crate) direction: Level,
    /// Distance of the means in standard deviations.
    pub(crate) z: f64,
    /// What is usual in the segment: the median, or the mean where medians hide the difference.
    pub(crate) typical: f64,
    /// The same figure of all customers.
    pub(crate) overall: f64,
    /// Unit of both.
    pub(crate) unit: String,
}

/// A customer close to a segment's center.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TypicalCustomer {
    /// Who.
    pub(crate) contact: Reference,
}

impl Segment {
    /// A segment with the names of its typical customers; without any spending its value is nil in
    /// the workspace's currency.
    fn of(
        segment: stored::Segment,
        names: &HashMap<ContactId, String>,
        currency: Currency,
    ) -> Self {
        let typical = segment.typical.into_iter().filter_map(|id| {
            let contact = Reference::new(id, names.get(&id)?.as_str());
            Some(TypicalCustomer { contact })
        });
        Self {
            id: segment.id.0,
            idx: segment.idx,
            name: segment.name.into(),
            description: segment.description.into(),
            color: segment.color,
            size: segment.size,
            share: segment.share,
            value: segment.value.map_or(Money::new(0, currency), Money::from),
            value_share: segment.value_share,
            traits: segment.traits.into_iter().map(SegmentTrait::from).collect(),
            typical: typical.collect(),
        }
    }
}

impl From<stored::Trait> for SegmentTrait {
    fn from(found: stored::Trait) -> Self {
        Self {
            feature: found.feature,
            label: found.label.into(),
            direction: match found.direction {
                stored::TraitDirection::High => Level::High,
                stored::TraitDirection::Low => Level::Low,
            },
            z: found.z,
            typical: found.typical,
            overall: found.overall,
            unit: found.unit,
        }
    }
}

/// Portraits with the names of typical customers, fetched at once. Customers that were deleted
/// since are left out.
pub(super) async fn portraits(
    store: &Store,
    segments: Vec<stored::Segment>,
    currency: Currency,
) -> Result<Vec<Segment>, StoreError> {
    let ids: Vec<ContactId> = segments
        .iter()
        .flat_map(|s| s.typical.iter().copied())
        .collect();
    let found = contacts::find_many(store, &ids).await?;
    let names = found
        .into_iter()
        .map(|Contact { id, name, .. }| (id, name))
        .collect();
    Ok(segments
        .into_iter()
        .map(|segment| Segment::of(segment, &names, currency))
        .collect())
}
