//! A campaign as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{CampaignStatus, Channel, Money, Time};

/// An outreach to many.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Campaign {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name.
    pub(crate) name: String,
    /// The way on which it goes out.
    pub(crate) channel: Channel,
    /// Where it stands.
    pub(crate) status: CampaignStatus,
    /// First message.
    pub(crate) starts_at: Option<Time>,
    /// Last message.
    pub(crate) ends_at: Option<Time>,
    /// What it may cost.
    pub(crate) budget: Option<Money>,
    /// When the record was made.
    pub(crate) created_at: Time,
    /// Latest change of the record.
    pub(crate) updated_at: Time,
}

/// A page of campaigns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CampaignList {
    /// The campaigns.
    pub(crate) campaigns: Vec<Campaign>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

impl From<rapport_domain::Campaign> for Campaign {
    fn from(campaign: rapport_domain::Campaign) -> Self {
        Self {
            id: campaign.id.0,
            name: campaign.name,
            channel: campaign.channel.into(),
            status: campaign.status.into(),
            starts_at: campaign.starts_at.map(Time),
            ends_at: campaign.ends_at.map(Time),
            budget: campaign.budget.map(Money::from),
            created_at: Time(campaign.created_at),
            updated_at: Time(campaign.updated_at),
        }
    }
}
