//! The rows of exported lists, as the API shows the records.

use rapport_store::{
    Cursor, ListQuery, Page, Store, StoreError, campaigns, companies, contacts, deals, orders,
    products, tasks, tickets,
};
use serde::Serialize;
use serde_json::Value;

use crate::answers::strip;
use crate::routes::campaigns::Campaign;
use crate::routes::companies::Company;
use crate::routes::contacts::Contact;
use crate::routes::deals::Deal;
use crate::routes::orders::Order;
use crate::routes::products::Product;
use crate::routes::tasks::Task;
use crate::routes::tickets::Ticket;
use crate::state::Desk;

/// A list that can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExportedList {
    Contacts,
    Companies,
    Deals,
    Tickets,
    Tasks,
    Products,
    Orders,
    Campaigns,
}

impl ExportedList {
    /// The list of a name, which is that of its route.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "contacts" => Self::Contacts,
            "companies" => Self::Companies,
            "deals" => Self::Deals,
            "tickets" => Self::Tickets,
            "tasks" => Self::Tasks,
            "products" => Self::Products,
            "orders" => Self::Orders,
            "campaigns" => Self::Campaigns,
            _ => return None,
        })
    }

    /// One page of records, without the fields that the user does not see, and where the next one begins.
    pub(super) async fn page(
        self,
        app: &Desk,
        query: &ListQuery,
    ) -> Result<(Vec<Value>, Option<Cursor>), StoreError> {
        let (mut records, next) = self.whole_page(app.store(), query).await?;
        if let Some(object) = self.object() {
            for record in &mut records {
                strip(record, object, &app.access().policy);
            }
        }
        Ok((records, next))
    }

    async fn whole_page(
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
            Self::Products => values::<_, Product>(products::list(store, query).await?),
            Self::Orders => values::<_, Order>(orders::list(store, query).await?),
            Self::Campaigns => values::<_, Campaign>(campaigns::list(store, query).await?),
        })
    }
}

fn values<R, W: From<R> + Serialize>(page: Page<R>) -> (Vec<Value>, Option<Cursor>) {
    let value = |row| serde_json::to_value(W::from(row)).expect("what the API shows is JSON");
    (page.items.into_iter().map(value).collect(), page.next)
}
