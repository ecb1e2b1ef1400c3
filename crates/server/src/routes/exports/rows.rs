//! The rows of exported lists, as the API shows the records.

use rapport_store::{
    Cursor, ListQuery, Page, Store, StoreError, campaigns, companies, contacts, deals, notes,
    orders, products, tasks, tickets,
};
use serde::Serialize;
use serde_json::Value;

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

fn values<R, W: From<R> + Serialize>(page: Page<R>) -> (Vec<Value>, Option<Cursor>) {
    let value = |row| serde_json::to_value(W::from(row)).expect("what the API shows is JSON");
    (page.items.into_iter().map(value).collect(), page.next)
}
