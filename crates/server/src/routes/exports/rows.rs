//! The rows of exported lists, as the API shows the records; in tables with what it shows beside them, too:
//! what people allow, and the pipelines of deals.

use std::collections::HashMap;

use rapport_domain::{Consent, PipelineId};
use rapport_store::contacts::ContactRow;
use rapport_store::deals::DealRow;
use rapport_store::{
    Cursor, ListQuery, Page, Store, StoreError, campaigns, companies, consents, contacts, deals,
    notes, orders, pipelines, products, tasks, tickets,
};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::routes::campaigns::Campaign;
use crate::routes::companies::Company;
use crate::routes::contacts::Contact;
use crate::routes::deals::Deal;
use crate::routes::notes::Note;
use crate::routes::orders::Order;
use crate::routes::products::Product;
use crate::routes::tasks::Task;
use crate::routes::tickets::Ticket;

/// A list that can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportedList {
    /// People.
    Contacts,
    /// Organizations.
    Companies,
    /// Possible sales.
    Deals,
    /// Requests for help.
    Tickets,
    /// Things to do.
    Tasks,
    /// Texts on records.
    Notes,
    /// What is sold.
    Products,
    /// Purchases.
    Orders,
    /// Outreaches.
    Campaigns,
}

impl ExportedList {
    /// All lists; what others refer to comes first.
    pub const ALL: [Self; 9] = [
        Self::Companies,
        Self::Contacts,
        Self::Products,
        Self::Orders,
        Self::Campaigns,
        Self::Deals,
        Self::Tickets,
        Self::Tasks,
        Self::Notes,
    ];

    /// Its name, which is that of its route.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Companies => "companies",
            Self::Deals => "deals",
            Self::Tickets => "tickets",
            Self::Tasks => "tasks",
            Self::Notes => "notes",
            Self::Products => "products",
            Self::Orders => "orders",
            Self::Campaigns => "campaigns",
        }
    }

    /// What its sheet is called.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Contacts => "Contacts",
            Self::Companies => "Companies",
            Self::Deals => "Deals",
            Self::Tickets => "Tickets",
            Self::Tasks => "Tasks",
            Self::Notes => "Notes",
            Self::Products => "Products",
            Self::Orders => "Orders",
            Self::Campaigns => "Campaigns",
        }
    }

    /// The list of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.name() == name)
    }

    /// One page of records for a table, and where the next one begins.
    pub(super) async fn page_of_table(
        self,
        store: &Store,
        query: &ListQuery,
    ) -> Result<(Vec<Value>, Option<Cursor>), StoreError> {
        match self {
            Self::Contacts => contacts_of(store, contacts::list(store, query).await?).await,
            Self::Deals => deals_of(store, deals::list(store, query).await?).await,
            _ => self.page(store, query).await,
        }
    }

    /// One page of records, and where the next one begins.
    pub(super) async fn page(
        self,
        store: &Store,
        query: &ListQuery,
    ) -> Result<(Vec<Value>, Option<Cursor>), StoreError> {
        Ok(match self {
            Self::Contacts => values::<_, Contact>(contacts::list(store, query).await?),
            Self::Companies => values::<_, Company>(companies::list(store, query).await?),
            Self::Deals => values::<_, Deal>(deals::list(store, query).await?),
            Self::Tickets => values::<_, Ticket>(tickets::list(store, query).await?),
            Self::Tasks => values::<_, Task>(tasks::list(store, query).await?),
            Self::Notes => values::<_, Note>(notes::list(store, query).await?),
            Self::Products => values::<_, Product>(products::list(store, query).await?),
            Self::Orders => values::<_, Order>(orders::list(store, query).await?),
            Self::Campaigns => values::<_, Campaign>(campaigns::list(store, query).await?),
        })
    }
}

/// Contacts with all that they have stated, the earliest first.
async fn contacts_of(
    store: &Store,
    page: Page<ContactRow>,
) -> Result<(Vec<Value>, Option<Cursor>), StoreError> {
    let ids: Vec<_> = page.items.iter().map(|row| row.contact.id).collect();
    let mut stated: HashMap<Uuid, Vec<Consent>> = HashMap::new();
    for consent in consents::list_of_many(store, &ids).await? {
        let of_contact = stated.entry(consent.contact_id.into()).or_default();
        of_contact.push(consent);
    }
    let (mut records, next) = values::<_, Contact>(page);
    for (record, id) in records.iter_mut().zip(ids) {
        let mut stated = stated.remove(&Uuid::from(id)).unwrap_or_default();
        stated.sort_by_key(|consent| (consent.stated_at, consent.id));
        record["consents"] = stated.iter().map(statement).collect();
    }
    Ok((records, next))
}

fn statement(consent: &Consent) -> Value {
    json!({
        "purpose": consent.purpose,
        "channel": consent.channel,
        "status": consent.status,
        "source": consent.source,
        "stated_at": consent.stated_at,
    })
}

/// Deals with their pipelines.
async fn deals_of(
    store: &Store,
    page: Page<DealRow>,
) -> Result<(Vec<Value>, Option<Cursor>), StoreError> {
    let pipelines = pipelines::list(store).await?.into_iter();
    let names: HashMap<PipelineId, String> = pipelines.map(|it| (it.id, it.name)).collect();
    let of: Vec<PipelineId> = page.items.iter().map(|row| row.deal.pipeline_id).collect();
    let (mut records, next) = values::<_, Deal>(page);
    for (record, id) in records.iter_mut().zip(of) {
        record["pipeline"] = json!({ "id": id, "name": names.get(&id) });
    }
    Ok((records, next))
}

fn values<R, W: From<R> + Serialize>(page: Page<R>) -> (Vec<Value>, Option<Cursor>) {
    let value = |row| serde_json::to_value(W::from(row)).expect("what the API shows is JSON");
    (page.items.into_iter().map(value).collect(), page.next)
}
