//! Campaigns: known by their key at the source, and brought up to date by it.

use std::collections::{BTreeMap, HashSet};

use rapport_domain::{Campaign, CampaignId, CampaignStatus, Channel};
use rapport_ingest::{CampaignRow, ParsedRow};
use rapport_store::campaigns;
use rapport_store::imports::RecordKind;
use uuid::Uuid;

use super::{Assembled, Assembler};
use crate::error::PipelineError;

impl Assembler<'_> {
    pub(super) async fn add_campaigns(
        &self,
        rows: &[ParsedRow],
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let told: Vec<(CampaignId, &CampaignRow)> = rows
            .iter()
            .filter_map(|row| match row {
                ParsedRow::Campaign(row) => Some((self.campaign_id(row), row)),
                _ => None,
            })
            .collect();
        let ids: HashSet<CampaignId> = told.iter().map(|(id, _)| *id).collect();
        let ids: Vec<CampaignId> = ids.into_iter().collect();
        let found = campaigns::find_many(&self.workspace.store, &ids).await?;
        let mut known: BTreeMap<CampaignId, Campaign> =
            found.into_iter().map(|found| (found.id, found)).collect();
        assembled.see(RecordKind::Campaigns, known.keys().copied());
        let mut changed: HashSet<CampaignId> = HashSet::new();
        for (id, row) in told {
            let before = known.get(&id).cloned();
            let campaign = known.entry(id).or_insert_with(|| self.campaign(id, row));
            update(campaign, row);
            if before.as_ref() == Some(&*campaign) {
                assembled.n_unchanged += 1;
            } else {
                campaign.updated_at = self.workspace.clock.now();
                changed.insert(id);
            }
        }
        known.retain(|id, _| changed.contains(id));
        assembled.batch.campaigns = known.into_values().collect();
        Ok(())
    }

    /// The same key of the same source is the same campaign, however often it comes.
    pub(super) fn campaign_id(&self, row: &CampaignRow) -> CampaignId {
        let key = row.external_id.as_ref().unwrap_or(&row.name);
        CampaignId(Uuid::new_v5(&self.source_id.as_uuid(), key.as_bytes()))
    }

    fn campaign(&self, id: CampaignId, row: &CampaignRow) -> Campaign {
        let now = self.workspace.clock.now();
        Campaign {
            id,
            name: row.name.clone(),
            channel: row.channel.unwrap_or(Channel::Email),
            status: CampaignStatus::Finished,
            starts_at: None,
            ends_at: None,
            budget: None,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Takes over what the row tells; what it leaves out stays.
fn update(campaign: &mut Campaign, row: &CampaignRow) {
    campaign.status = row.status.unwrap_or(campaign.status);
    campaign.starts_at = row.starts_at.or(campaign.starts_at);
    campaign.ends_at = row.ends_at.or(campaign.ends_at);
    campaign.budget = row.budget.or(campaign.budget);
}
