//! What hangs on people and companies: consents, notes, tickets, deals, tasks, campaigns, and the custom
//! values that one record alone may have.

use std::collections::{HashMap, HashSet};

use rapport_domain::{
    Campaign, CampaignId, Consent, ConsentId, ContactId, CustomField, CustomValue, CustomValues,
    Deal, DealId, Note, NoteId, ObjectKind, Task, TaskId, Ticket, TicketId,
};
use rapport_store::custom_fields::{self, Holder};
use rapport_store::imports::ImportBatch;
use rapport_store::{StoreError, campaigns, consents, deals, notes, tasks, tickets};
use uuid::Uuid;

use super::{Records, split};

/// What batches make and change of these.
#[derive(Debug, Default)]
pub(super) struct RelatedAhead {
    consents: HashMap<ContactId, Vec<Consent>>,
    notes: HashMap<NoteId, Note>,
    tickets: HashMap<TicketId, Ticket>,
    deals: HashMap<DealId, Deal>,
    tasks: HashMap<TaskId, Task>,
    campaigns: HashMap<CampaignId, Campaign>,
}

impl RelatedAhead {
    pub(super) fn add(&mut self, batch: &ImportBatch) {
        for consent in &batch.consents {
            let stated = self.consents.entry(consent.contact_id).or_default();
            stated.push(consent.clone());
        }
        let notes = batch.notes.iter();
        self.notes.extend(notes.map(|it| (it.id, it.clone())));
        let new = batch.tickets.iter().map(|imported| &imported.ticket);
        let tickets = new.chain(&batch.changed_tickets);
        self.tickets.extend(tickets.map(|it| (it.id, it.clone())));
        let deals = batch.deals.iter().chain(&batch.changed_deals);
        self.deals.extend(deals.map(|it| (it.id, it.clone())));
        let tasks = batch.tasks.iter().chain(&batch.changed_tasks);
        self.tasks.extend(tasks.map(|it| (it.id, it.clone())));
        let campaigns = batch.campaigns.iter();
        self.campaigns
            .extend(campaigns.map(|it| (it.id, it.clone())));
    }
}

impl Records<'_> {
    /// Lists what some contacts allow, in no order.
    pub(in crate::imports) async fn consents(
        &self,
        contacts: &[ContactId],
    ) -> Result<Vec<Consent>, StoreError> {
        let stated = contacts
            .iter()
            .filter_map(|id| self.ahead.related.consents.get(id));
        let stated: Vec<&Consent> = stated.flatten().collect();
        let expected: HashSet<ConsentId> = stated.iter().map(|consent| consent.id).collect();
        let mut found = consents::list_of_many(self.store, contacts).await?;
        found.retain(|consent| !expected.contains(&consent.id));
        found.extend(stated.into_iter().cloned());
        Ok(found)
    }

    /// Finds notes, in no order; those that are not there are left out.
    pub(in crate::imports) async fn notes(&self, ids: &[NoteId]) -> Result<Vec<Note>, StoreError> {
        let (mut found, open) = split(&self.ahead.related.notes, ids);
        found.extend(notes::find_many(self.store, &open).await?);
        Ok(found)
    }

    /// Finds tickets, in no order; those that are not there are left out.
    pub(in crate::imports) async fn tickets(
        &self,
        ids: &[TicketId],
    ) -> Result<Vec<Ticket>, StoreError> {
        let (mut found, open) = split(&self.ahead.related.tickets, ids);
        found.extend(tickets::find_many(self.store, &open).await?);
        Ok(found)
    }

    /// Finds deals, in no order; those that are not there are left out.
    pub(in crate::imports) async fn deals(&self, ids: &[DealId]) -> Result<Vec<Deal>, StoreError> {
        let (mut found, open) = split(&self.ahead.related.deals, ids);
        found.extend(deals::find_many(self.store, &open).await?);
        Ok(found)
    }

    /// Finds tasks, in no order; those that are not there are left out.
    pub(in crate::imports) async fn tasks(&self, ids: &[TaskId]) -> Result<Vec<Task>, StoreError> {
        let (mut found, open) = split(&self.ahead.related.tasks, ids);
        found.extend(tasks::find_many(self.store, &open).await?);
        Ok(found)
    }

    /// Finds campaigns, in no order; those that are not there are left out.
    pub(in crate::imports) async fn campaigns(
        &self,
        ids: &[CampaignId],
    ) -> Result<Vec<Campaign>, StoreError> {
        let (mut found, open) = split(&self.ahead.related.campaigns, ids);
        found.extend(campaigns::find_many(self.store, &open).await?);
        Ok(found)
    }

    /// The records that have some values of a field, by [`custom_fields::key_of`] of the value.
    pub(in crate::imports) async fn holders(
        &self,
        field: &CustomField,
        values: &[CustomValue],
    ) -> Result<HashMap<String, Holder>, StoreError> {
        let stored = custom_fields::holders(self.store, field, values).await?;
        let expected = self.expected_values(field.object);
        let mut found: HashMap<String, Holder> = stored
            .into_iter()
            .filter(|(_, holder)| !expected.contains_key(&holder.id))
            .collect();
        for (id, (name, custom)) in expected {
            if let Some(value) = custom.get(&field.key) {
                let name = name.to_owned();
                found.insert(custom_fields::key_of(value), Holder { id, name });
            }
        }
        Ok(found)
    }

    /// The names and custom values of the records that batches make and change.
    fn expected_values(&self, object: ObjectKind) -> HashMap<Uuid, (&str, &CustomValues)> {
        match object {
            ObjectKind::Contact => {
                let contacts = self.ahead.people.contacts.values();
                let of = contacts.map(|it| (it.id.into(), (it.name.as_str(), &it.custom)));
                of.collect()
            }
            ObjectKind::Company => {
                let companies = self.ahead.companies.companies.values();
                let of = companies.map(|it| (it.id.into(), (it.name.as_str(), &it.custom)));
                of.collect()
            }
            ObjectKind::Ticket => {
                let tickets = self.ahead.related.tickets.values();
                let of = tickets.map(|it| (it.id.into(), (it.subject.as_str(), &it.custom)));
                of.collect()
            }
            ObjectKind::Deal => {
                let deals = self.ahead.related.deals.values();
                let of = deals.map(|it| (it.id.into(), (it.name.as_str(), &it.custom)));
                of.collect()
            }
            ObjectKind::Task => {
                let tasks = self.ahead.related.tasks.values();
                let of = tasks.map(|it| (it.id.into(), (it.title.as_str(), &it.custom)));
                of.collect()
            }
            // Files have no custom values of other objects.
            ObjectKind::Product | ObjectKind::Order | ObjectKind::Campaign => HashMap::new(),
        }
    }
}
