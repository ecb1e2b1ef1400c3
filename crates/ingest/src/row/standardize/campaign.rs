//! Campaigns.

use super::super::CampaignRow;
use super::{Fault, Standardizer, money};
use crate::Field;
use crate::value::choice::{CAMPAIGN_STATUS, CHANNEL};

/// Reads an outreach.
pub(in crate::row) fn campaign(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<CampaignRow, Fault> {
    let name = values
        .text(cells, Field::Name)?
        .ok_or_else(|| values.missing(Field::Name))?;
    let budget = money(values, cells, Field::Budget)?;
    Ok(CampaignRow {
        line,
        cells: Vec::new(),
        external_id: values.id(cells, Field::ExternalId)?,
        name,
        channel: values.choice(cells, Field::Channel, CHANNEL)?,
        status: values.choice(cells, Field::Status, CAMPAIGN_STATUS)?,
        starts_at: values.instant(cells, Field::StartsAt)?,
        ends_at: values.instant(cells, Field::EndsAt)?,
        currency: values.currency(cells)?.unwrap_or(values.default_currency()),
        budget,
    })
}
