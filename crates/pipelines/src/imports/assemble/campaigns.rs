//! Campaigns: known by their key at the source.

use rapport_domain::{Campaign, CampaignId, CampaignStatus, Channel};
use rapport_ingest::ParsedRow;
use uuid::Uuid;

use super::{Assembled, Assembler};

impl Assembler<'_> {
    pub(super) fn add_campaigns(&self, rows: &[ParsedRow], assembled: &mut Assembled) {
        let now = self.workspace.clock.now();
        for row in rows {
            let ParsedRow::Campaign(row) = row else {
                continue;
            };
            let key = row.external_id.as_ref().unwrap_or(&row.name);
            assembled.batch.campaigns.push(Campaign {
                // The same key of the same source is the same campaign, however often it comes.
                id: CampaignId(Uuid::new_v5(&self.source_id.as_uuid(), key.as_bytes())),
                name: row.name.clone(),
                channel: row.channel.unwrap_or(Channel::Email),
                status: row.status.unwrap_or(CampaignStatus::Finished),
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                budget: row.budget,
                created_at: now,
                updated_at: now,
            });
        }
    }
}
