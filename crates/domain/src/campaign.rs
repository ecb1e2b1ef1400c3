//! Campaigns: outreach to many.

use serde::{Deserialize, Serialize};

use crate::{CampaignId, Money, Timestamp};

/// The way on which a message goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// Phone call.
    Phone,
    /// WeChat or WeCom.
    Wechat,
    /// Letter.
    Post,
}

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignStatus {
    /// Being prepared.
    Draft,
    /// Going out.
    Running,
    /// Over.
    Finished,
}

/// An outreach to many.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// Identifier.
    pub id: CampaignId,
    /// Name.
    pub name: String,
    /// The way on which it goes out.
    pub channel: Channel,
    /// Where it stands.
    pub status: CampaignStatus,
    /// First message.
    pub starts_at: Option<Timestamp>,
    /// Last message.
    pub ends_at: Option<Timestamp>,
    /// What it may cost.
    pub budget: Option<Money>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Latest change of the record.
    pub updated_at: Timestamp,
}
